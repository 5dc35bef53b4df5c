package pipeline_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"standpoint/digest/mail"
	"standpoint/digest/pipeline"
	"standpoint/digest/store"
)

// editorsDesk is where the editor's mails arrive.
type editorsDesk struct {
	mails []*mail.Message
	fault error
}

// edited gives the world an editor.
func edited(w *world, mode pipeline.ApprovalMode) *editorsDesk {
	d := &editorsDesk{}
	w.Approval = pipeline.Approval{
		Mode: mode, Window: 4 * time.Hour, Late: 48 * time.Hour, Editor: "editor@example.org",
		Post: func(_ context.Context, m *mail.Message, _ time.Time) error {
			if d.fault == nil {
				d.mails = append(d.mails, m)
			}
			return d.fault
		},
	}
	return d
}

// drafted is a world with a draft of two pieces.
func drafted(t testing.TB, readers int, mode pipeline.ApprovalMode) (w *world, d *editorsDesk, a, b item) {
	t.Helper()
	w = newWorld(t, readers, "one")
	d = edited(w, mode)
	a, b = piece("a", 1), piece("b", 2)
	w.web.add("one", a, b)
	w.gather(t)
	p := w.publish(t)
	if p.Draft == nil || p.Edition == nil || p.Draft.Edition != 1 || len(p.Outcomes) != 0 {
		t.Fatalf("published %+v", p)
	}
	return w, d, a, b
}

func (w *world) approval(t testing.TB, edition int) store.Approval {
	t.Helper()
	a, ok, err := w.Store.Approval(t.Context(), edition)
	must(t, err)
	if !ok {
		t.Fatalf("edition %d needed no approval", edition)
	}
	return a
}

func (w *world) approve(t testing.TB, edition int) {
	t.Helper()
	_, err := w.Approve(t.Context(), edition, 0, "operator")
	must(t, err)
}

// resume goes on as the daemon does between slots.
func (w *world) resume(t testing.TB) {
	t.Helper()
	_, err := w.Resume(t.Context())
	must(t, err)
}

func (w *world) did(t testing.TB, edition int, want ...store.ActKind) {
	t.Helper()
	log, err := w.Store.ApprovalLog(t.Context(), edition)
	must(t, err)
	var got []store.ActKind
	for _, a := range log {
		got = append(got, a.What)
	}
	if !slices.Equal(got, want) {
		t.Errorf("log %v, want %v", got, want)
	}
}

func (w *world) letters(t testing.TB, want int) {
	t.Helper()
	if n := len(w.box.letters()); n != want {
		t.Errorf("%d letters, want %d", n, want)
	}
}

func TestWindowPasses(t *testing.T) {
	t.Parallel()
	w, d, a, b := drafted(t, 2, pipeline.ByWindow)
	if at := w.approval(t, 1); !at.Deadline.Equal(monday.Add(4*time.Hour)) || len(d.mails) != 1 {
		t.Errorf("%+v, %d mails", at, len(d.mails))
	}
	w.wait(4*time.Hour - time.Second)
	w.resume(t)
	w.letters(t, 0)
	w.wait(time.Second)
	w.resume(t)
	w.resume(t)
	w.publish(t)
	w.wantOnce(t, titles(a, b), 2)
	w.did(t, 1, store.ActDrafted, store.ActTold, store.ActApproved)
	if got := w.approval(t, 1); got.Who != pipeline.Deadline {
		t.Errorf("approved by %s", got.Who)
	}
	if len(d.mails) != 1 {
		t.Errorf("%d mails to the editor", len(d.mails))
	}
}

func TestHeldDraft(t *testing.T) {
	t.Parallel()
	w, _, a, b := drafted(t, 1, pipeline.ByWindow)
	must(t, w.Hold(t.Context(), 1, "editor", "one more look"))
	w.wait(30 * time.Hour)
	c := piece("c", -29)
	w.web.add("one", c)
	w.gather(t)
	p := w.publish(t)
	if p.Waits != 1 || p.Edition != nil || p.Draft == nil || p.Draft.State != store.DraftHeld {
		t.Errorf("a rival: %+v", p)
	}
	w.letters(t, 0)
	w.approve(t, 1)
	w.approve(t, 1)
	edited(w, "")
	w.publish(t)
	w.wantOnce(t, titles(a, b, c), 1)
	w.did(t, 1, store.ActDrafted, store.ActTold, store.ActHeld, store.ActApproved)
}

func TestRequired(t *testing.T) {
	t.Parallel()
	w, d, a, b := drafted(t, 1, pipeline.ByEditor)
	w.wait(47 * time.Hour)
	w.resume(t)
	if len(d.mails) != 1 {
		t.Errorf("%d mails", len(d.mails))
	}
	w.wait(2 * time.Hour)
	w.resume(t)
	w.wait(200 * time.Hour)
	w.resume(t)
	if len(d.mails) != 2 || d.mails[0].ID == d.mails[1].ID {
		t.Errorf("the editor is reminded once, got %d mails", len(d.mails))
	}
	w.letters(t, 0)
	w.approve(t, 1)
	w.resume(t)
	w.wantOnce(t, titles(a, b), 1)
	w.did(t, 1, store.ActDrafted, store.ActTold, store.ActReminded, store.ActApproved)
	// Deferred letters are given up by the time of the approval, not of the draft.
	if e, err := w.Store.EditionState(t.Context(), 1); err != nil || !e.Frozen.Equal(w.clock()) {
		t.Errorf("frozen %v, %v", e.Frozen, err)
	}
}

// What nobody was told of goes out to nobody, and nothing is mailed twice.
func TestEditorCannotBeMailed(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1, "one")
	d := edited(w, pipeline.ByWindow)
	d.fault = errors.New("no way")
	a := piece("a", 1)
	w.web.add("one", a)
	w.gather(t)
	if p, err := w.Publish(t.Context()); !errors.Is(err, d.fault) || p.Edition == nil {
		t.Errorf("%+v, %v", p, err)
	}
	w.wait(10 * time.Hour)
	if _, err := w.Resume(t.Context()); !errors.Is(err, d.fault) {
		t.Error(err)
	}
	d.fault = nil
	w.resume(t)
	if at := w.approval(t, 1); !at.Deadline.Equal(w.clock().Add(4 * time.Hour)) {
		t.Errorf("%+v", at)
	}
	w.letters(t, 0)
	w.wait(4 * time.Hour)
	w.resume(t)
	w.wantOnce(t, titles(a), 1)
}

func TestReadersComeAndGoWhileADraftWaits(t *testing.T) {
	t.Parallel()
	w, _, _, _ := drafted(t, 2, pipeline.ByEditor)
	must(t, w.Store.SyncSubscribers(t.Context(), func(yield func(store.Subscriber, error) bool) {
		for _, at := range []string{"reader1@example.org", "new@example.org"} {
			if !yield(store.Subscriber{Address: at, Origin: store.FromConfig}, nil) {
				return
			}
		}
	}, monday))
	w.approve(t, 1)
	w.resume(t)
	var to []int64
	for _, l := range w.box.letters() {
		to = append(to, l.to)
	}
	if len(to) != 2 || !slices.Contains(to, 2) || slices.Contains(to, 1) {
		t.Errorf("letters to %v", to)
	}
}

// A clock that was wrong when the draft was made does not hold it for a year, and
// one that is set back sends nothing early or twice.
func TestClockSetBackWhileADraftWaits(t *testing.T) {
	t.Parallel()
	w, _, a, b := drafted(t, 1, pipeline.ByWindow)
	w.wait(-300 * 24 * time.Hour)
	w.resume(t)
	if at := w.approval(t, 1); !at.Deadline.Equal(w.clock().Add(4 * time.Hour)) {
		t.Errorf("deadline %v", at.Deadline)
	}
	w.Approval.Window = time.Hour // the editor was told of another
	w.wait(4*time.Hour - time.Second)
	w.resume(t)
	w.letters(t, 0)
	w.wait(time.Second)
	w.resume(t)
	w.wait(-2 * time.Hour)
	w.resume(t)
	w.wantOnce(t, titles(a, b), 1)
}

// A letter that breaks rules of mail by the time of the approval waits, and that
// is said; when it is mended it goes.
func TestPreflightAtApproval(t *testing.T) {
	t.Parallel()
	w, _, a, b := drafted(t, 1, pipeline.ByWindow)
	frame := w.Frame
	w.Frame.Unsubscribe = ""
	if _, err := w.Approve(t.Context(), 1, 0, "editor"); err == nil {
		t.Error("approved")
	}
	w.wait(5 * time.Hour)
	if _, err := w.Resume(t.Context()); err == nil {
		t.Error("nothing is said")
	}
	w.resume(t) // for an hour nobody asks again
	w.Frame = frame
	w.letters(t, 0)
	w.wait(time.Hour)
	w.resume(t)
	w.wantOnce(t, titles(a, b), 1)
	w.did(t, 1, store.ActDrafted, store.ActTold, store.ActRefused, store.ActApproved)
}

func TestResumedDraft(t *testing.T) {
	t.Parallel()
	w, _, _, _ := drafted(t, 1, pipeline.ByEditor)
	waits := &pipeline.WaitsError{}
	if _, err := w.ResumeEdition(t.Context(), 1); !errors.As(err, &waits) || waits.Edition != 1 {
		t.Errorf("%v", err)
	}
	if _, err := w.SettleUnknown(t.Context(), 1, true); err != nil {
		t.Error(err)
	}
	w.letters(t, 0)
	if e, err := w.Store.EditionState(t.Context(), 1); err != nil || !e.Finished.IsZero() {
		t.Errorf("%+v, %v", e, err)
	}
}

// The mail has the page's link, or the commands, and no reader's token.
func TestEditorMail(t *testing.T) {
	t.Parallel()
	_, d, a, _ := drafted(t, 1, pipeline.ByWindow)
	text := string(d.mails[0].Bytes())
	for _, want := range []string{"To: <editor@example.org>", "For approval: edition 1", "standpoint editions approve 1", "Monday 2 March 2026 at 12:07 CET", a.title()} {
		if !strings.Contains(strings.ReplaceAll(text, "=\r\n", ""), want) {
			t.Errorf("lacks %q", want)
		}
	}
	for _, never := range []string{"List-Unsubscribe", "List-Id", "reader0"} {
		if strings.Contains(text, never) {
			t.Errorf("has %q", never)
		}
	}
}

// Two who approve at once approve once.
func TestApprovedFromTwoPlaces(t *testing.T) {
	t.Parallel()
	w, _, a, b := drafted(t, 3, pipeline.ByEditor)
	done := make(chan error)
	for _, who := range []string{"editor", "operator", "deadline", "editor"} {
		go func() {
			_, err := w.Approve(context.WithoutCancel(t.Context()), 1, 0, who)
			done <- err
		}()
	}
	for range 4 {
		must(t, <-done)
	}
	w.resume(t)
	w.wantOnce(t, titles(a, b), 3)
	w.did(t, 1, store.ActDrafted, store.ActTold, store.ActApproved)
}
