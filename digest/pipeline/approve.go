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
	if late := w.isLate(a); a.Told.IsZero() || late {
		if late {
			w.Log.Warn("an edition has waited for approval for long", "edition", a.Edition, "since", a.Drafted)
		}
		told = w.tellEditor(ctx, a)
	}
	if a.Mode != string(ByWindow) || a.State != store.DraftWaiting || a.Deadline.IsZero() {
		return told
	}
	now := w.Now()
	if latest := now.Add(w.Approval.Window); w.Approval.Window > 0 && a.Deadline.After(latest) {
		w.Log.Warn("the clock was set back, or the window made shorter: an edition has a new deadline", "edition", a.Edition, "deadline", latest)
		return errors.Join(told, w.Store.Postpone(ctx, a.Edition, latest, "", now))
	}
	if now.Before(a.Deadline) {
		return told
	}
	_, err = w.Approve(ctx, a.Edition, a.Revision, Deadline)
	if errors.Is(err, store.ErrRevised) || errors.Is(err, store.ErrNoDraft) {
		return told // somebody was quicker
	}
	if err != nil && ctx.Err() == nil {
		err = errors.Join(err, w.Store.Postpone(ctx, a.Edition, now.Add(postponed), clip(err.Error()), now))
	}
	return errors.Join(told, err)
}

// isLate says that the editor is to be reminded.
func (w *Worker) isLate(a store.Approval) bool {
	return w.Approval.Late > 0 && !a.Told.IsZero() && a.Reminded.IsZero() && w.Now().Sub(a.Drafted) > w.Approval.Late
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

// Approve ends the wait of a draft, if its letter may be sent: its deliveries are
// planned, and the next run hands them over. With a revision other than 0 it
// fails with store.ErrRevised where the draft is another by now. To approve what
// is approved does nothing. A draft without any piece is withdrawn.
func (w *Worker) Approve(ctx context.Context, edition, revision int, who string) (store.Decision, error) {
	for {
		if err := w.Recompose(ctx); err != nil {
			return store.Decision{}, err
		}
		a, ok, err := w.Store.Approval(ctx, edition)
		if err == nil && !ok {
			err = fmt.Errorf("edition %d: %w", edition, store.ErrNoDraft)
		}
		if err != nil {
			return store.Decision{}, err
		}
		if !a.Open() {
			return store.Decision{Already: true, Withdrawn: a.State == store.DraftWithdrawn}, nil
		}
		if revision != 0 && revision != a.Revision {
			return store.Decision{}, fmt.Errorf("edition %d: %w", edition, store.ErrRevised)
		}
		e, err := w.Store.Edition(ctx, edition)
		if err == nil && e.Due() {
			err = w.vetEdition(ctx, edition)
		}
		if err != nil {
			return store.Decision{}, err
		}
		d, err := w.Store.Approve(ctx, edition, a.Revision, e.Due(), who, w.Now())
		if errors.Is(err, store.ErrStale) || revision == 0 && errors.Is(err, store.ErrRevised) {
			continue
		}
		if err == nil && !d.Already {
			w.Log.Info("edition approved", "edition", edition, "by", who, "deliveries", d.Planned, "withdrawn", d.Withdrawn)
		}
		return d, err
	}
}

// vetEdition holds the letter of a stored edition against the rules of mail.
func (w *Worker) vetEdition(ctx context.Context, edition int) error {
	d, err := w.Reprint(ctx, edition)
	if err != nil {
		return err
	}
	return w.vet(ctx, d)
}

// Hold stops a draft's deadline until somebody approves it.
func (w *Worker) Hold(ctx context.Context, edition int, who, why string) error {
	err := w.Store.Hold(ctx, edition, who, why, w.Now())
	if err == nil {
		w.Log.Info("edition held", "edition", edition, "by", who)
	}
	return err
}

// Drop takes an entry, known by one of its pieces, out of a draft for good, and
// composes the draft anew. Revision 0 stands for any.
func (w *Worker) Drop(ctx context.Context, edition, revision int, item int64, who, why string) error {
	for {
		if err := w.Recompose(ctx); err != nil {
			return err
		}
		err := w.Store.Drop(ctx, edition, revision, item, who, why, w.Now())
		if errors.Is(err, store.ErrStale) {
			continue
		}
		if err != nil {
			return err
		}
		w.Log.Info("piece dropped", "edition", edition, "item", item, "by", who)
		return w.Recompose(ctx)
	}
}

// Restore puts an entry back that was dropped, and composes the draft anew.
func (w *Worker) Restore(ctx context.Context, edition, revision int, item int64, who string) error {
	if err := w.Store.Restore(ctx, edition, revision, item, who, w.Now()); err != nil {
		return err
	}
	return w.Recompose(ctx)
}

// Obey does the corrections that the editor sent from the draft's page, in order.
// One that cannot be done is logged and given up.
func (w *Worker) Obey(ctx context.Context) error {
	a, ok, err := w.Store.OpenDraft(ctx)
	if err != nil || !ok {
		return err
	}
	orders, err := w.Store.Orders(ctx, a.Edition)
	for _, o := range orders {
		if err != nil || ctx.Err() != nil {
			break
		}
		if bad := w.guard(func() error { return w.obey(ctx, o) }, "order", o.ID); bad != nil {
			if ctx.Err() != nil {
				break // it is done later
			}
			w.Log.Error("the editor's correction was not done", "edition", o.Edition, "item", o.Item, "err", bad)
		}
		err = w.Store.EndOrder(ctx, o.ID)
	}
	return err
}

func (w *Worker) obey(ctx context.Context, o store.Order) error {
	if err := w.Recompose(ctx); err != nil { // so that copies are known
		return err
	}
	copies, err := w.Store.Copies(ctx, o.Item)
	if err == nil && len(copies) == 0 {
		var k store.Known
		if k, _, err = w.Store.Item(ctx, o.Item); err == nil {
			copies = []store.Known{k}
		}
	}
	if err != nil {
		return err
	}
	if o.Undo {
		_, err = w.UndoBy(ctx, Editor, copies)
		if errors.Is(err, store.ErrNotCorrected) {
			err = nil // it was taken back before
		}
		return err
	}
	_, err = w.CorrectBy(ctx, Editor, copies, o.Stance, o.Why)
	return err
}
