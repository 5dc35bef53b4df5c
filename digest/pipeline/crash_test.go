package pipeline_test

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"standpoint/digest/mail"
	"standpoint/digest/stance"
	"standpoint/digest/store"
)

// places calls hook wherever a run can be seen from outside: at each look at
// the clock, log line, report of progress, request, opening of a session, and
// before and after each letter is taken over. Between two of these the run does
// one thing.
func places(w *world, hook func(place string)) {
	w.Parallel = 1 // so that nothing happens elsewhere meanwhile
	w.Now = func() time.Time { hook("now"); return w.clock() }
	w.Log = slog.New(slog.NewTextHandler(writer(func(b []byte) {
		_, line, _ := strings.Cut(string(b), "msg=")
		hook("log " + line)
	}), nil))
	w.Progress = func(step string, _, _ int) { hook("progress " + step) }
	trained := w.Model
	w.Model = func() (*stance.Classifier, error) { hook("model"); return trained() }
	w.web.listen(hook)
	w.box.onOpen = func(int) error { hook("open"); return nil }
	w.box.onSend = func(int, *mail.Message) error { hook("send"); return nil }
	w.box.after = func(*mail.Message) error { hook("sent"); return nil }
	w.Carrier.Shelve = func(int, mail.Files) error { hook("shelve"); return nil }
}

type writer func([]byte)

func (f writer) Write(b []byte) (int, error) { f(b); return len(b), nil }

// unhook lets the worker be.
func unhook(w *world) {
	w.web.listen(nil)
	w.box.onOpen, w.box.onSend, w.box.after, w.Progress, w.Carrier.Shelve = nil, nil, nil, nil, nil
	w.Now, w.Log = w.clock, slog.New(slog.NewTextHandler(io.Discard, nil))
}

const crashReaders = 3

// crashWorld has a dead feed, pieces of every kind, and one edition behind it,
// of which a piece was corrected.
func crashWorld(t testing.TB, dir string) (w *world, want []string) {
	w = worldOn(t, newWeb(t), dir, crashReaders, "one", "two", "dead")
	w.web.put("dead", func(o *outlet) { o.status = 500 })
	before := piece("before", 5)
	w.web.add("one", before)
	w.gather(t)
	w.publish(t)
	w.correct(t, before, "settle")
	w.wait(7 * 24 * time.Hour)
	a, b, c, off := piece("a", -160), piece("b", -161), piece("c", -162), piece("off", -163)
	b.full, off.off = true, true
	c.status = 503
	copied := before
	copied.published, copied.link = w.clock(), w.web.URL+"/one/before"
	w.web.add("one", a, off)
	w.web.add("two", b, c, copied)
	return w, titles(before, a, b, c)
}

func run(ctx context.Context, w *world) error {
	_, err := w.Gather(ctx)
	if err == nil {
		_, err = w.Publish(ctx)
	}
	return err
}

// snapshot is a store as a process that is killed leaves it, and what the mail
// server has taken by then.
type snapshot struct {
	place string
	dir   string
	taken []letter
	sent  bool // a letter was taken over, and the ledger does not know it yet
}

// snapshots takes the store's files at each place of some work, each state once.
func snapshots(t *testing.T, w *world, dir string, work func()) (snaps []snapshot) {
	seen := map[[sha256.Size]byte]bool{}
	places(w, func(place string) {
		s := snapshot{fmt.Sprintf("%d %s", len(snaps), place), t.TempDir(), w.box.letters(), place == "sent"}
		sum := sha256.New()
		fmt.Fprint(sum, s.taken)
		for _, suffix := range []string{"", "-wal"} { // the index of the log is made again
			data, err := os.ReadFile(filepath.Join(dir, store.FileName+suffix))
			if err != nil && !errors.Is(err, os.ErrNotExist) {
				t.Error(err)
			}
			sum.Write(data)
			if err := os.WriteFile(filepath.Join(s.dir, store.FileName+suffix), data, 0o600); err != nil {
				t.Error(err)
			}
		}
		if key := [sha256.Size]byte(sum.Sum(nil)); !seen[key] {
			seen[key] = true
			snaps = append(snaps, s)
		}
	})
	work()
	unhook(w)
	return snaps
}

// TestKilledAtEveryStep takes the store's files at each place of a run, as a
// kill at that place would leave them, and lets a new worker go on with each.
func TestKilledAtEveryStep(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	w, want := crashWorld(t, dir)
	snaps := snapshots(t, w, dir, func() { must(t, run(t.Context(), w)) })
	w.wantOnce(t, want, crashReaders)
	w.wantCorrections(t, 0, 1)
	if len(snaps) < 16 {
		t.Errorf("only %d places", len(snaps))
	}
	for _, s := range snaps {
		t.Run(s.place, func(t *testing.T) {
			again := worldOn(t, w.web, s.dir, crashReaders, "one", "two", "dead")
			again.box.taken = s.taken
			again.wait(7*24*time.Hour + 10*time.Minute)
			must(t, run(t.Context(), again))
			var repeated []letter
			if s.sent {
				repeated = s.taken[len(s.taken)-1:]
			}
			again.wantOnce(t, want, crashReaders, repeated...)
			again.wantCorrections(t, 0, 1)
		})
	}
}

// TestStoppedAtEveryStep ends the context at each place of a run in turn, as
// SIGTERM does; the next run goes on. Nobody gets a letter twice, since a
// letter in hand is finished.
func TestStoppedAtEveryStep(t *testing.T) {
	t.Parallel()
	step := 7
	if os.Getenv("YEAR") != "" {
		step = 2 // what lies between two places is the same for both
	}
	for k := 1; ; k += step {
		w, want := crashWorld(t, t.TempDir())
		ctx, cancel := context.WithCancel(t.Context())
		n, stopped := 0, ""
		places(w, func(place string) {
			if n++; n == k {
				stopped = place
				cancel()
			}
		})
		err := run(ctx, w)
		cancel()
		unhook(w)
		if stopped == "" {
			must(t, err)
			w.wantOnce(t, want, crashReaders)
			if k < 20 {
				t.Errorf("only %d places", k)
			}
			return
		}
		w.wait(10 * time.Minute)
		if err := run(t.Context(), w); err != nil {
			t.Errorf("after the stop at %d %s: %v", k, stopped, err)
		}
		w.wantOnce(t, want, crashReaders)
		w.wantCorrections(t, 0, 1)
		if t.Failed() {
			t.Fatalf("stopped at %d, %s", k, stopped)
		}
	}
}

// TestCarrierFailsAtEveryStep lets each opening and each hand-over fail once in
// every way there is.
func TestCarrierFailsAtEveryStep(t *testing.T) {
	t.Parallel()
	setup := &mail.SetupError{Where: "server", Step: "dial", Err: errors.New("refused")}
	for _, each := range []struct {
		name  string
		fault error
		open  bool // at the opening, not at the hand-over
		after bool // the letter was taken over all the same
		stops bool
	}{
		{name: "no session", fault: setup, open: true, stops: true},
		{name: "no way to the server", fault: setup, stops: true},
		{name: "policy", fault: &mail.SendError{Outcome: mail.Refused, Stage: "RCPT", Code: 550, Enhanced: "5.7.1"}, stops: true},
		{name: "deferred", fault: &mail.SendError{Outcome: mail.Deferred, Stage: "RCPT", Code: 451}},
		{name: "no SendError", fault: errors.New("odd")},
		{name: "unknown, not taken", fault: &mail.SendError{Outcome: mail.Unknown, Stage: "end of data"}},
		{name: "unknown, taken", fault: &mail.SendError{Outcome: mail.Unknown, Stage: "end of data"}, after: true},
	} {
		t.Run(each.name, func(t *testing.T) {
			for k := 1; k <= crashReaders; k++ {
				w := newWorld(t, crashReaders, "one")
				a := piece("a", 1)
				w.web.add("one", a)
				w.gather(t)
				n := 0
				fail := func() error {
					if n++; n == k {
						return each.fault
					}
					return nil
				}
				switch {
				case each.open:
					w.box.onOpen = func(int) error { return fail() }
				case each.after:
					w.box.after = func(*mail.Message) error { return fail() }
				default:
					w.box.onSend = func(int, *mail.Message) error { return fail() }
				}
				if _, err := w.Publish(t.Context()); each.stops && n >= k && !errors.Is(err, each.fault) || !each.stops && err != nil {
					t.Errorf("fault %d: %v", k, err)
				}
				var repeated []letter
				if each.after {
					repeated = w.box.letters()[k-1 : k]
				}
				w.wait(2 * time.Hour)
				w.publish(t)
				w.wantOnce(t, titles(a), crashReaders, repeated...)
			}
		})
	}
}
