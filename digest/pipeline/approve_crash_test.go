package pipeline_test

import (
	"context"
	"errors"
	"log/slog"
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
	if os.Getenv("LONG") == "" {
		t.Skip("long: see make long")
	}
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

// A run that ends right after a correction, before it comes to say that its order is
// done, leaves one word and one line in the log of who did what.
func TestStoppedBetweenCorrectionAndItsOrdersEnd(t *testing.T) {
	t.Parallel()
	w, _, a, b := approvalWorld(t)
	w.publish(t)
	filed, undone := w.known(t, a)[0].ID, w.known(t, b)[0].ID
	_, err := w.Correct(t.Context(), w.known(t, b), "settle", "so")
	must(t, err)
	must(t, w.Store.Order(t.Context(), store.Order{Edition: 1, Item: filed, Stance: "settle", Why: "so", Who: pipeline.Editor, At: w.clock()}, 0))
	must(t, w.Store.Order(t.Context(), store.Order{Edition: 1, Item: undone, Undo: true, Who: pipeline.Editor, At: w.clock()}, 0))
	log := w.Log
	for range 2 {
		ctx, cancel := context.WithCancel(t.Context())
		w.Log = slog.New(atMessage{"draft composed anew", cancel})
		if err := w.Obey(ctx); ctx.Err() == nil {
			t.Fatalf("the run was not stopped: %v", err)
		}
	}
	w.Log = log
	must(t, w.Obey(t.Context()))
	for item, want := range map[int64]store.ActKind{filed: store.ActCorrected, undone: store.ActUndone} {
		acts, err := w.Store.ApprovalLog(t.Context(), 1)
		must(t, err)
		n := 0
		for _, act := range acts {
			if act.Item == item && act.Who == pipeline.Editor {
				if n++; act.What != want {
					t.Errorf("%+v", act)
				}
			}
		}
		words, err := w.Store.CorrectionsOf(t.Context(), item)
		if n != 1 || len(words) != 1 || err != nil {
			t.Errorf("%s: %d times in the log, %d words on the piece, %v", want, n, len(words), err)
		}
	}
	if left, err := w.Store.Orders(t.Context(), 1); len(left) > 0 || err != nil {
		t.Errorf("orders left: %+v, %v", left, err)
	}
}

// atMessage is a log that does something at a message.
type atMessage struct {
	text string
	do   func()
}

func (h atMessage) Enabled(context.Context, slog.Level) bool { return true }
func (h atMessage) WithAttrs([]slog.Attr) slog.Handler       { return h }
func (h atMessage) WithGroup(string) slog.Handler            { return h }
func (h atMessage) Handle(_ context.Context, r slog.Record) error {
	if r.Message == h.text {
		h.do()
	}
	return nil
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
