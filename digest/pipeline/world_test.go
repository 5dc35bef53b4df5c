package pipeline_test

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	netmail "net/mail"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"standpoint/digest"
	"standpoint/digest/mail"
	"standpoint/digest/pipeline"
	"standpoint/digest/render"
	"standpoint/digest/stance"
	"standpoint/digest/store"
	"standpoint/digest/topic"
	"standpoint/feeds"
)

var (
	pack  = sync.OnceValues(func() (*topic.Pack, error) { return topic.Builtin("ukraine-security-guarantees") })
	model = sync.OnceValues(func() (*stance.Classifier, error) {
		p, err := pack()
		if err != nil {
			return nil, err
		}
		return stance.Open(p)
	})
	monday = time.Date(2026, 3, 2, 7, 7, 0, 0, time.UTC)
)

// letter is a message that a carrier took over.
type letter struct {
	edition int
	to      int64
	id      string
}

// mailbox is a carrier that takes letters over, or does what its hooks say.
type mailbox struct {
	mu     sync.Mutex
	taken  []letter
	opened int
	onOpen func(n int) error                  // n counts from 1
	onSend func(n int, m *mail.Message) error // before the letter is taken
	after  func(m *mail.Message) error        // and after it was
}

func (b *mailbox) Open(context.Context) (pipeline.Session, error) {
	b.mu.Lock()
	b.opened++
	n := b.opened
	b.mu.Unlock()
	if b.onOpen != nil {
		if err := b.onOpen(n); err != nil {
			return nil, err
		}
	}
	return b, nil
}

func (b *mailbox) Send(_ context.Context, m *mail.Message) error {
	if b.onSend != nil {
		if err := b.onSend(len(b.letters())+1, m); err != nil {
			return err
		}
	}
	b.mu.Lock()
	b.taken = append(b.taken, letter{m.Edition, m.Recipient, m.ID})
	b.mu.Unlock()
	if b.after != nil {
		return b.after(m)
	}
	return nil
}

func (b *mailbox) Close() error { return nil }

func (b *mailbox) letters() []letter {
	b.mu.Lock()
	defer b.mu.Unlock()
	return append([]letter(nil), b.taken...)
}

// world is a worker with all that it works on.
type world struct {
	*pipeline.Worker
	web *web
	box *mailbox

	mu     sync.Mutex
	now    time.Time
	models int // calls of Model
}

// newWorld makes a worker on a new store, with sources of these names and so
// many readers.
func newWorld(t testing.TB, readers int, sources ...string) *world {
	t.Helper()
	return worldOn(t, newWeb(t), t.TempDir(), readers, sources...)
}

// emptyStore is a store's file as the migrations leave it, and renderer what
// fills the built-in templates: hundreds of worlds need both.
var (
	emptyStore = sync.OnceValues(func() ([]byte, error) {
		dir, err := os.MkdirTemp("", "standpoint-")
		if err != nil {
			return nil, err
		}
		defer os.RemoveAll(dir)
		db, err := store.Open(context.Background(), dir)
		if err == nil {
			err = db.Close() // the last one to close empties the write-ahead log
		}
		if err != nil {
			return nil, err
		}
		return os.ReadFile(filepath.Join(dir, store.FileName))
	})
	renderer = sync.OnceValues(func() (*render.Renderer, error) {
		p, err := pack()
		if err != nil {
			return nil, err
		}
		return render.New(p, nil)
	})
)

func worldOn(t testing.TB, site *web, dir string, readers int, sources ...string) *world {
	t.Helper()
	if !store.Exists(dir) {
		empty, err := emptyStore()
		must(t, err)
		must(t, os.WriteFile(filepath.Join(dir, store.FileName), empty, 0o600))
	}
	db, err := store.Open(t.Context(), dir)
	must(t, err)
	t.Cleanup(func() { db.Close() })
	must(t, db.SyncSubscribers(t.Context(), func(yield func(store.Subscriber, error) bool) {
		for i := range readers {
			if !yield(store.Subscriber{Address: fmt.Sprintf("reader%d@example.org", i), Origin: store.FromConfig}, nil) {
				return
			}
		}
	}, monday))
	p, err := pack()
	must(t, err)
	r, err := renderer()
	must(t, err)
	zone, err := time.LoadLocation("Europe/Brussels")
	must(t, err)
	client := feeds.NewClient(feeds.Options{AllowPrivate: true, PerHost: 8, Timeout: 10 * time.Second, Pause: time.Millisecond})
	t.Cleanup(client.Close)
	w := &world{web: site, box: &mailbox{}, now: monday}
	w.Worker = &pipeline.Worker{
		Store: db, Pack: p, Log: slog.New(slog.NewTextHandler(io.Discard, nil)), Now: w.clock,
		Model: func() (*stance.Classifier, error) {
			w.models++
			return model()
		},
		Train: func([]stance.Correction) (*stance.Classifier, error) { return model() },
		Feeds: client, Lookback: 8 * 24 * time.Hour, Parallel: 4, Pages: true,
		Renderer: r, Frame: render.Frame{Sender: "Standpoint", Unsubscribe: "digest+unsubscribe@example.org"},
		Sender: mail.Sender{From: netmail.Address{Name: "Standpoint", Address: "digest@example.org"}},
		Zone:   zone, Carrier: pipeline.Carrier{Open: w.box.Open, Sessions: 1}, Resend: true,
	}
	for _, name := range sources {
		site.put(name, func(*outlet) {})
		w.Sources = append(w.Sources, site.source(name))
	}
	return w
}

func (w *world) clock() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.now
}

func (w *world) wait(d time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.now = w.now.Add(d)
}

func (w *world) gather(t testing.TB) pipeline.Gathered {
	t.Helper()
	g, err := w.Gather(t.Context())
	must(t, err)
	return g
}

func (w *world) publish(t testing.TB) pipeline.Published {
	t.Helper()
	p, err := w.Publish(t.Context())
	must(t, err)
	return p
}

// editions reads all frozen editions.
func (w *world) editions(t testing.TB) []digest.Edition {
	t.Helper()
	_, last, err := w.Store.LastCutoff(t.Context())
	must(t, err)
	var out []digest.Edition
	for n := range last {
		e, err := w.Store.Edition(t.Context(), n+1)
		must(t, err)
		out = append(out, e)
	}
	return out
}

// wantOnce asserts the promise: each piece is in exactly one edition, and each
// edition was taken over for each reader exactly once. Letters in repeated may
// have been taken over twice, as the same message.
func (w *world) wantOnce(t testing.TB, titles []string, readers int, repeated ...letter) {
	t.Helper()
	in := map[string]int{}
	editions := w.editions(t)
	for _, e := range editions {
		for _, s := range e.Sections {
			for _, en := range s.Entries {
				in[en.Title]++
			}
		}
	}
	for _, title := range titles {
		if in[title] != 1 {
			t.Errorf("%q is in %d editions", title, in[title])
		}
		delete(in, title)
	}
	for title := range in {
		t.Errorf("%q does not belong in an edition", title)
	}
	taken := map[letter]int{}
	for _, l := range w.box.letters() {
		taken[l]++
	}
	for _, l := range repeated {
		if taken[l] == 2 {
			taken[l] = 1
		}
	}
	for l, n := range taken {
		if n != 1 {
			t.Errorf("edition %d was handed over to reader %d %d times as %s", l.edition, l.to, n, l.id)
		}
	}
	if want := len(editions) * readers; len(taken) != want {
		t.Errorf("%d letters of %d editions for %d readers: %v", len(taken), len(editions), readers, taken)
	}
	if open, err := w.Store.Unfinished(t.Context()); err != nil || len(open) != 0 {
		t.Errorf("unfinished editions: %v, %v", open, err)
	}
	for i := 1; i < len(editions); i++ {
		if from, to := editions[i].Window.From, editions[i-1].Window.To; from.Before(to) {
			t.Errorf("the window of edition %d begins at %v, before the one before it ended, %v", i+1, from, to)
		}
	}
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func titles(items ...item) []string {
	var out []string
	for _, i := range items {
		out = append(out, i.title())
	}
	return out
}
