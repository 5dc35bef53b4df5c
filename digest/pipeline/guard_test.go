package pipeline_test

import (
	"context"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"standpoint/digest/mail"
	"standpoint/digest/stance"
	"standpoint/digest/store"
)

// logged collects what the worker logs.
func logged(w *world) func() string {
	var mu sync.Mutex
	var b strings.Builder
	w.Log = slog.New(slog.NewTextHandler(writer(func(line []byte) {
		mu.Lock()
		defer mu.Unlock()
		b.Write(line)
	}), nil))
	return func() string {
		mu.Lock()
		defer mu.Unlock()
		return b.String()
	}
}

func TestPanicWhileJudging(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1, "one")
	log := logged(w)
	bad, good := piece("bad", 2), piece("good", 1)
	w.web.add("one", bad)
	whole := w.Model
	w.Model = func() (*stance.Classifier, error) { return nil, nil } // it panics when it is asked
	if g := w.gather(t); g.Broken != 1 || g.Judged != 0 || g.Relevant != 0 || g.Read() != 1 {
		t.Errorf("gathered %+v", g)
	}
	for _, want := range []string{"source=one", "/one/bad", "guard.go", "report"} {
		if !strings.Contains(log(), want) {
			t.Errorf("the log does not say %q:\n%s", want, log())
		}
	}
	w.Model = whole
	w.web.add("one", good)
	w.wait(time.Hour)
	if g := w.gather(t); g.Broken != 0 || g.Judged != 1 {
		t.Errorf("gathered again %+v", g)
	}
	w.publish(t)
	w.wantOnce(t, titles(good), 1)
}

// The operator's word stands, whatever becomes of the program's.
func TestPanicBeneathACorrection(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1, "one")
	a := piece("a", 1)
	a.full = true
	w.web.add("one", a)
	w.gather(t)
	w.correct(t, a, "settle")
	w.web.put("one", func(o *outlet) { o.items[0].heading = "Another title for Ukraine and its guarantees" })
	whole := w.Model
	w.Model = func() (*stance.Classifier, error) { return nil, nil } // it panics when it is asked
	w.wait(time.Hour)
	if g := w.gather(t); g.Broken != 1 {
		t.Fatalf("gathered %+v", g)
	}
	if v := w.known(t, a)[0].Verdict; v.By != stance.ByOperator || v.Stance != "settle" || len(v.Evidence) != 0 {
		t.Errorf("%+v", v)
	}
	w.Model = whole
	w.undo(t, a)
	if v := w.known(t, a)[0].Verdict; v.Relevant {
		t.Errorf("after the undo: %+v", v)
	}
}

func TestPanicAtASource(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1, "bad", "empty")
	log := logged(w)
	a := piece("a", 1)
	w.web.add("bad", a)
	whole := w.Pack
	w.Pack = nil // it panics when a piece is screened
	g := w.gather(t)
	if len(g.Failed) != 1 || g.Failed[0].Source.ID != "bad" || !strings.Contains(g.Failed[0].Err.Error(), "report") || g.Read() != 1 {
		t.Errorf("gathered %+v", g)
	}
	if !strings.Contains(log(), "stack=") {
		t.Errorf("the log has no stack:\n%s", log())
	}
	states, err := w.Store.Sources(t.Context())
	must(t, err)
	if states[0].Failures != 1 {
		t.Errorf("stored: %+v", states[0])
	}
	w.Pack = whole
	w.wait(time.Hour)
	w.gather(t)
	w.publish(t)
	w.wantOnce(t, titles(a), 1)
}

func TestPanicWhileHandingOver(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 3, "one")
	a := piece("a", 1)
	w.web.add("one", a)
	w.gather(t)
	w.box.onSend = func(n int, _ *mail.Message) error {
		if n == 2 {
			panic("bad letter")
		}
		return nil
	}
	p, err := w.Publish(t.Context())
	if err == nil || !strings.Contains(err.Error(), "bad letter") || p.Outcomes[0].Count[store.Accepted] != 1 {
		t.Errorf("published %+v, %v", p, err)
	}
	w.box.onSend = nil
	w.wait(time.Hour)
	log := logged(w)
	w.publish(t)
	w.wantOnce(t, titles(a), 3)
	for _, want := range []string{"level=WARN", "their outcome is unknown", "subscribers=[2]", "sent again under the same Message-ID"} {
		if !strings.Contains(log(), want) {
			t.Errorf("the log does not say %q of the letter that was in hand:\n%s", want, log())
		}
	}
}

// Who ends a run in order finds no error in the log.
func TestStoppedRunIsNoFault(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 3, "one")
	w.web.add("one", piece("a", 1))
	w.gather(t)
	log := logged(w)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	w.box.onSend = func(int, *mail.Message) error { cancel(); return nil }
	if _, err := w.Publish(ctx); err == nil {
		t.Error("a run that was stopped says that it is done")
	}
	if strings.Contains(log(), "level=ERROR") || !strings.Contains(log(), "delivery stopped before its end") {
		t.Errorf("the log of a run that was stopped in order:\n%s", log())
	}
}

// What was not asked for was not read.
func TestGatheringCutShort(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1, "one", "two", "three")
	w.Parallel = 1
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	w.web.listen(func(place string) {
		if place == "request /two/feed" {
			cancel()
		}
	})
	g, err := w.Gather(ctx)
	if err == nil || g.Read() != 1 || g.Sources != 3 || len(g.Failed) != 0 {
		t.Errorf("read %d, %+v, %v", g.Read(), g, err)
	}
}

func TestPublishTellsWhatItWaitsFor(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1, "one")
	a, b := piece("a", 1), piece("b", -1)
	w.web.add("one", a)
	w.gather(t)
	w.box.onOpen = func(int) error { return &mail.SetupError{Where: "server", Step: "dial", Err: context.DeadlineExceeded} }
	if p, err := w.Publish(t.Context()); err == nil || p.Edition == nil || p.Waits != 0 {
		t.Errorf("the first: %+v, %v", p, err)
	}
	w.web.add("one", b)
	w.wait(2 * time.Hour)
	w.gather(t)
	if p, err := w.Publish(t.Context()); err == nil || p.Edition != nil || p.Waits != 1 {
		t.Errorf("behind it: %+v, %v", p, err)
	}
	w.box.onOpen = nil
	w.wait(2 * time.Hour)
	if p := w.publish(t); p.Edition == nil || p.Edition.Number != 2 || p.Waits != 0 {
		t.Errorf("when it left: %+v", p)
	}
}
