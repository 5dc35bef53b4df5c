package pipeline_test

import (
	"bytes"
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"standpoint/digest/mail"
	"standpoint/digest/pipeline"
	"standpoint/digest/store"
)

// What a resumed edition hands over must be the same to the byte, or a second
// copy could not be told from another letter (signatures alone have their own time).
func TestResumedLetterIsTheSame(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1, "one")
	w.wait(123456789 * time.Nanosecond)
	a, b := piece("a", 1), piece("b", 2)
	b.published = time.Time{}
	w.web.add("one", a, b)
	w.gather(t)
	var letters [][]byte
	lost := &mail.SendError{Outcome: mail.Unknown, Stage: "end of data", Err: errors.New("connection lost")}
	w.box.onSend = func(_ int, m *mail.Message) error {
		letters = append(letters, m.Bytes())
		return lost
	}
	p := w.publish(t)
	if p.Outcomes[0].Finished || p.Outcomes[0].Count[store.Unknown] != 1 {
		t.Errorf("outcome %+v", p.Outcomes)
	}
	w.wait(time.Hour)
	w.publish(t)
	if len(letters) != 2 || !bytes.Equal(letters[0], letters[1]) {
		t.Errorf("%d letters; they differ", len(letters))
	}
	w.wait(73 * time.Hour) // then they are given up
	if p := w.publish(t); !p.Outcomes[0].Finished || len(letters) != 2 {
		t.Errorf("outcome %+v after %d letters", p.Outcomes, len(letters))
	}
}

func TestUnknownIsOnlyReported(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 2, "one")
	w.Resend = false
	w.web.add("one", piece("a", 1))
	w.gather(t)
	w.box.after = func(*mail.Message) error {
		if len(w.box.letters()) == 1 {
			return &mail.SendError{Outcome: mail.Unknown, Stage: "end of data"}
		}
		return nil
	}
	p := w.publish(t)
	if o := p.Outcomes[0]; !o.Finished || o.Count[store.Unknown] != 1 || o.Count[store.Accepted] != 1 {
		t.Errorf("outcome %+v", o)
	}
	w.wait(time.Hour)
	w.publish(t)
	if n := len(w.box.letters()); n != 2 {
		t.Errorf("%d letters", n)
	}
}

// Deferred readers are tried again within one run, but no longer than RetryFor.
func TestDeferredAreTriedAgain(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 2, "one")
	w.web.add("one", piece("a", 1))
	w.gather(t)
	w.RetryFor = time.Minute
	// A clock that makes the wait before a retry a matter of milliseconds.
	w.Now = func() time.Time { w.wait(5*time.Second - time.Millisecond); return w.clock() }
	tries := 0
	w.box.onSend = func(_ int, m *mail.Message) error {
		if m.Recipient == 1 {
			if tries++; tries < 3 {
				return &mail.SendError{Outcome: mail.Deferred, Stage: "RCPT", Code: 451}
			}
		}
		return nil
	}
	p := w.publish(t)
	if o := p.Outcomes[0]; tries < 2 || o.Count[store.Accepted] == 0 {
		t.Errorf("%d tries, outcome %+v", tries, o)
	}
}

func TestNobodyToRead(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 0, "one")
	a := piece("a", 1)
	w.web.add("one", a)
	w.gather(t)
	if p, err := w.Publish(t.Context()); !errors.Is(err, store.ErrNoReaders) || p.Edition != nil {
		t.Errorf("published %+v, %v", p, err)
	}
	must(t, w.Store.SyncSubscribers(t.Context(), func(yield func(store.Subscriber, error) bool) {
		yield(store.Subscriber{Address: "reader@example.org", Origin: store.FromConfig}, nil)
	}, monday))
	w.publish(t)
	w.wantOnce(t, titles(a), 1)
}

// With an archive, a week without any reader has its edition all the same, and who
// joins later gets the next one.
func TestNobodyToReadButTheArchive(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 0, "one")
	w.Store.Unread = true
	w.web.add("one", piece("a", 1))
	w.gather(t)
	p := w.publish(t)
	if p.Edition == nil || len(p.Outcomes) != 1 || !p.Outcomes[0].Finished || len(p.Outcomes[0].Count) != 0 {
		t.Fatalf("published %+v", p)
	}
	if left, err := w.Store.Unfinished(t.Context()); err != nil || len(left) > 0 {
		t.Errorf("unfinished %v, %v", left, err)
	}
	must(t, w.Store.SyncSubscribers(t.Context(), func(yield func(store.Subscriber, error) bool) {
		yield(store.Subscriber{Address: "reader@example.org", Origin: store.FromConfig}, nil)
	}, monday))
	w.web.add("one", piece("b", 2))
	w.gather(t)
	p = w.publish(t)
	if n := p.Edition.Entries(); n != 1 || p.Outcomes[0].Count[store.Accepted] != 1 {
		t.Errorf("the next has %d pieces: %+v", n, p.Outcomes)
	}
}

func TestNoWayToLeaveIsFoundBeforeFreezing(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1, "one")
	a := piece("a", 1)
	w.web.add("one", a)
	w.gather(t)
	frame := w.Frame
	w.Frame.Unsubscribe = ""
	if p, err := w.Publish(t.Context()); err == nil || p.Edition != nil {
		t.Errorf("published %+v, %v", p, err)
	}
	w.Frame = frame
	w.publish(t)
	w.wantOnce(t, titles(a), 1)
}

func TestShelfThatIsFull(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1, "one")
	a := piece("a", 1)
	w.web.add("one", a)
	w.gather(t)
	full := errors.New("no space left")
	w.Carrier.Shelve = func(int, mail.Files) error { return full }
	if p, err := w.Publish(t.Context()); !errors.Is(err, full) || p.Edition == nil {
		t.Errorf("published %+v, %v", p, err)
	}
	w.Carrier.Shelve = nil
	w.publish(t)
	w.wantOnce(t, titles(a), 1)
}

// Sessions work at the same time and the letters of each reader stay one.
func TestManySessions(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 40, "one")
	a := piece("a", 1)
	w.web.add("one", a)
	w.gather(t)
	w.Carrier.Sessions = 4
	var mu sync.Mutex
	last := 0
	w.Progress = func(step string, done, total int) {
		mu.Lock()
		defer mu.Unlock()
		if step == "letters" && (done != last+1 || total != 40) {
			t.Errorf("progress %d of %d after %d", done, total, last)
		}
		last = done
	}
	w.publish(t)
	w.wantOnce(t, titles(a), 40)
}

func TestStoppedBeforeItBegan(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1, "one")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := w.Gather(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("gather: %v", err)
	}
	if _, err := w.Publish(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("publish: %v", err)
	}
	if states, err := w.Store.Sources(t.Context()); err != nil || len(states) != 0 {
		t.Errorf("sources: %+v, %v", states, err)
	}
}

// A reader whose letter was deferred and who then left must not keep the run
// waiting for ever.
func TestDeferredReaderWhoLeft(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 2, "one")
	w.web.add("one", piece("a", 1))
	w.gather(t)
	w.box.onSend = func(_ int, m *mail.Message) error {
		if m.Recipient == 2 {
			return &mail.SendError{Outcome: mail.Deferred, Stage: "RCPT", Code: 451}
		}
		return nil
	}
	w.publish(t)
	must(t, w.Store.SyncSubscribers(t.Context(), func(yield func(store.Subscriber, error) bool) {
		yield(store.Subscriber{Address: "reader0@example.org", Origin: store.FromConfig}, nil)
	}, monday))
	w.wait(time.Hour)
	w.RetryFor = time.Minute
	p := w.publish(t)
	if o := p.Outcomes[0]; !o.Finished || o.Count[store.Dropped] != 1 || o.Count[store.Accepted] != 1 {
		t.Errorf("outcome %+v", o)
	}
}

var _ pipeline.Session = (*mailbox)(nil)
