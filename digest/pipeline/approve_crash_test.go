package pipeline_test

import (
	"context"
	"errors"
	"os"
	"testing"
	"time"

	"standpoint/digest/mail"
	"standpoint/digest/pipeline"
	"standpoint/digest/store"
)

// approvalWorld has two pieces for an edition whose editor has a window.
func approvalWorld(t *testing.T) (w *world, dir string, a, b item) {
	dir = t.TempDir()
	w = worldOn(t, newWeb(t), dir, 2, "one")
	edited(w, pipeline.ByWindow)
	a, b = piece("a", 1), piece("b", 2)
	w.web.add("one", a, b)
	w.gather(t)
	return w, dir, a, b
}

// approvalStory makes a draft, changes it in both ways, and lets its deadline pass.
func approvalStory(ctx context.Context, t *testing.T, w *world, a, b item) error {
	if _, err := w.Publish(ctx); err != nil {
		return err
	}
	if _, err := w.Correct(ctx, w.known(t, a), "settle", "so"); err != nil {
		return err
	}
	if err := w.Drop(ctx, 1, 0, w.known(t, b)[0].ID, "editor", "no"); err != nil {
		return err
	}
	w.wait(5 * time.Hour)
	_, err := w.Resume(ctx)
	return err
}

// wantApproved goes on after the story was cut off, and asserts that each reader
// gets the edition once, without what was dropped.
func (w *world) wantApproved(t *testing.T, a, b item, repeated ...letter) {
	t.Helper()
	w.wait(10 * time.Minute)
	before := len(w.box.letters())
	p := w.publish(t)
	if p.Draft != nil && before > 0 {
		t.Error("a draft was sent")
	}
	want := titles(a, b)
	dropped, err := w.Store.DroppedFrom(t.Context(), 1)
	must(t, err)
	if len(dropped) > 0 {
		want = titles(a)
	}
	w.wait(6 * time.Hour)
	w.publish(t)
	w.publish(t)
	w.wantOnce(t, want, 2, repeated...)
}

// A process that is killed at any place while a draft is made, mailed, corrected,
// approved or delivered.
func TestKilledWhileADraftWaits(t *testing.T) {
	t.Parallel()
	w, dir, a, b := approvalWorld(t)
	snaps := snapshots(t, w, dir, func() { must(t, approvalStory(t.Context(), t, w, a, b)) })
	w.wantOnce(t, titles(a), 2)
	if len(snaps) < 10 {
		t.Errorf("only %d places", len(snaps))
	}
	for _, s := range snaps {
		t.Run(s.place, func(t *testing.T) {
			again := worldOn(t, w.web, s.dir, 2, "one")
			edited(again, pipeline.ByWindow)
			again.box.taken = s.taken
			var repeated []letter
			if s.sent {
				repeated = s.taken[len(s.taken)-1:]
			}
			again.wantApproved(t, a, b, repeated...)
		})
	}
}

// A run that is told to end at any place of the same.
func TestStoppedWhileADraftWaits(t *testing.T) {
	t.Parallel()
	step := 5
	if os.Getenv("YEAR") != "" {
		step = 2
	}
	for k := 1; ; k += step {
		w, _, a, b := approvalWorld(t)
		ctx, cancel := context.WithCancel(t.Context())
		n, stopped := 0, ""
		hook := func(place string) {
			if n++; n == k {
				stopped = place
				cancel()
			}
		}
		places(w, hook)
		w.Approval.Post = func(context.Context, *mail.Message, time.Time) error { hook("post"); return ctx.Err() }
		err := approvalStory(ctx, t, w, a, b)
		cancel()
		unhook(w)
		edited(w, pipeline.ByWindow)
		if stopped == "" {
			must(t, err)
			if k < 10 {
				t.Errorf("only %d places", k)
			}
			return
		}
		if w.wantApproved(t, a, b); t.Failed() {
			t.Fatalf("stopped at %d, %s", k, stopped)
		}
	}
}

// The mail server fails once in each way, at each hand-over after the approval.
func TestCarrierFailsAfterApproval(t *testing.T) {
	t.Parallel()
	for _, fault := range []error{
		&mail.SetupError{Where: "server", Step: "dial", Err: errors.New("refused")},
		&mail.SendError{Outcome: mail.Deferred, Stage: "RCPT", Code: 451},
	} {
		w, _, a, b := approvalWorld(t)
		w.publish(t)
		w.box.onSend = func(int, *mail.Message) error { w.box.onSend = nil; return fault }
		w.approve(t, 1)
		if _, err := w.Resume(t.Context()); err != nil && !errors.Is(err, fault) {
			t.Error(err)
		}
		w.wait(2 * time.Hour)
		w.resume(t)
		w.wantOnce(t, titles(a, b), 2)
		if got := w.approval(t, 1); got.State != store.DraftApproved {
			t.Errorf("%+v", got)
		}
	}
}
