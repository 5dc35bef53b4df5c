package pipeline

import (
	"context"
	"errors"
	"fmt"
	"time"

	"standpoint/digest"
	"standpoint/digest/mail"
	"standpoint/digest/store"
)

// Approval says whether an editor sees each edition before readers do. Its zero
// value asks nobody.
type Approval struct {
	Mode   ApprovalMode
	Window time.Duration // with ByWindow: how long the editor has, from when the mail was taken over
	Late   time.Duration // after which the editor is reminded, once; 0: never
	Editor string        // bare address that gets the drafts
	// Post hands a mail for the editor over.
	Post func(ctx context.Context, m *mail.Message, at time.Time) error
}

// ApprovalMode says what a new edition waits for; empty: for nobody.
type ApprovalMode string

// ByWindow sends at a deadline unless the editor holds the edition; ByEditor waits
// for the editor's word.
const (
	ByWindow ApprovalMode = "window"
	ByEditor ApprovalMode = "required"
)

// Deadline is who approves where no person did; Editor is whoever has the link.
const (
	Deadline = "deadline"
	Editor   = "editor"
)

// postponed is how much later an edition is tried again that could not go out at
// its deadline: the operator was told, and may mend it meanwhile.
const postponed = time.Hour

// WaitsError says that an edition waits for its editor, and so is not delivered.
type WaitsError struct{ Edition int }

func (e *WaitsError) Error() string {
	return fmt.Sprintf("edition %d waits for approval: standpoint editions approve %[1]d", e.Edition)
}

// draft stores an edition as a draft and tells the editor.
func (w *Worker) draft(ctx context.Context, d Draft) (store.Approval, error) {
	if err := w.Store.Draft(ctx, d.Edition, d.filings, string(w.Approval.Mode), w.Now()); err != nil {
		return store.Approval{}, err
	}
	w.Log.Info("edition drafted, it waits for approval", "edition", d.Edition.Number, "pieces", d.Edition.Entries(), "mode", w.Approval.Mode)
	// The draft is there whatever becomes of the mail, which is tried again.
	err := w.Attend(ctx)
	a, _, readErr := w.Store.Approval(context.WithoutCancel(ctx), d.Edition.Number)
	return a, errors.Join(err, readErr)
}

// Attend does what is due for the draft that waits: the editor's corrections are
// done, it is composed anew if somebody asked for a change, the editor gets the mail, or is reminded, and at
// its deadline the edition is approved. What fails is tried again at the next
// call. Without a draft it does nothing.
func (w *Worker) Attend(ctx context.Context) error {
	if err := errors.Join(w.Obey(ctx), w.Recompose(ctx)); err != nil {
		return err
	}
	a, ok, err := w.Store.OpenDraft(ctx)
	if err != nil || !ok || ctx.Err() != nil {
		return err
	}
	var told error
	due := a.Mode == string(ByWindow) && a.State == store.DraftWaiting && !a.Deadline.IsZero() && !w.Now().Before(a.Deadline)
	// Nobody is reminded of what is about to go out.
	if late := !due && w.isLate(a); a.Told.IsZero() || late {
		if late {
			w.Log.Warn("an edition has waited for approval for long", "edition", a.Edition, "since", a.Drafted)
		}
		told = w.tellEditor(ctx, a)
	}
	if a.Mode != string(ByWindow) || a.State != store.DraftWaiting || a.Deadline.IsZero() {
		return told
	}
	now := w.Now()
	if back := a.Told.Sub(now); back > 0 {
		// The editor was told while the clock was ahead, and has the whole window.
		w.Log.Warn("the clock was set back: the window of an edition begins anew", "edition", a.Edition, "by", back.Round(time.Second))
		return errors.Join(told, w.Store.RestartWindow(ctx, a.Edition, now, a.Deadline.Add(-back)))
	}
	if now.Before(a.Deadline) {
		return told
	}
	_, err = w.Approve(ctx, a.Edition, a.Revision, Deadline)
	if errors.Is(err, store.ErrRevised) || errors.Is(err, store.ErrNoDraft) || errors.Is(err, store.ErrBusy) {
		return told // somebody was quicker; a correction is done first, at the next call
	}
	if err != nil && ctx.Err() == nil {
		err = errors.Join(err, w.Store.Postpone(ctx, a.Edition, now.Add(postponed), clip(err.Error()), now))
	}
	return errors.Join(told, err)
}

// isLate says that the editor is to be reminded.
func (w *Worker) isLate(a store.Approval) bool {
	return w.Approval.Late > 0 && w.Approval.Editor != "" && !a.Told.IsZero() && a.Reminded.IsZero() && w.Now().Sub(a.Drafted) > w.Approval.Late
}

// Recompose composes the draft that waits anew, from the pieces and the window
// that it has, if that was asked for. Otherwise it does nothing.
func (w *Worker) Recompose(ctx context.Context) error {
	for {
		a, ok, err := w.Store.OpenDraft(ctx)
		if err != nil || !ok || !a.Stale() {
			return err
		}
		e, filings, err := w.again(ctx, a)
		if err != nil {
			return fmt.Errorf("compose edition %d anew: %w", a.Edition, err)
		}
		err = w.Store.Recompose(ctx, e, filings, a.Revision)
		if errors.Is(err, store.ErrRevised) || errors.Is(err, store.ErrNoDraft) {
			continue // by now it is another, or none
		}
		if err == nil {
			w.Log.Info("draft composed anew", "edition", a.Edition, "revision", a.Revision, "pieces", e.Entries())
		}
		return err
	}
}

// again composes a draft from what is left of its pieces.
func (w *Worker) again(ctx context.Context, a store.Approval) (e digest.Edition, filings []digest.Filing, err error) {
	old, err := w.Store.Edition(ctx, a.Edition)
	if err != nil {
		return e, nil, err
	}
	old.Window.From, old.Window.To = old.Window.From.In(w.Zone), old.Window.To.In(w.Zone)
	candidates, err := w.Store.DraftCandidates(ctx, a.Edition)
	if err != nil {
		return e, nil, err
	}
	d := digest.Draft{
		Number: old.Number, Window: old.Window, Feeds: old.Feeds, Seen: old.Pieces.Seen, Other: old.Pieces.OtherLanguages, Quiet: w.Quiet,
	}
	if d.Quiet.Send == digest.QuietNothing {
		d.Quiet = digest.Quiet{} // its pieces are not held over any more
	}
	if err := w.surround(ctx, &d); err != nil {
		return e, nil, err
	}
	e, filings = digest.Compose(w.Pack, d, candidates)
	return e, filings, nil
}
