package pipeline

import (
	"context"
	"errors"
	"fmt"

	"standpoint/digest/store"
)

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

// Obey does the corrections of a draft's pieces that were sent from its page, or
// beside this process, in order.
// One that cannot be done is given up, which the log and the draft's page say.
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
		refused := ""
		if bad := w.guard(func() error { return w.obey(ctx, o) }, "order", o.ID); bad != nil {
			if ctx.Err() != nil {
				break // it is done later
			}
			w.Log.Error("a correction of the draft was not done", "edition", o.Edition, "item", o.Item, "err", bad)
			refused = clip(bad.Error())
		}
		err = w.Store.EndOrder(ctx, o, refused, w.Now())
	}
	return err
}

func (w *Worker) obey(ctx context.Context, o store.Order) error {
	if err := w.Recompose(ctx); err != nil { // so that copies are known
		return err
	}
	copies, err := w.Store.Copies(ctx, o.Item)
	if err == nil && len(copies) == 0 { // it was called off the subject
		copies, err = w.Store.CorrectedWith(ctx, o.Item)
	}
	if err != nil {
		return err
	}
	if o.Undo {
		_, err = w.undoFor(ctx, o, copies)
		if errors.Is(err, store.ErrNotCorrected) {
			err = nil // it was taken back before
		}
		return err
	}
	_, err = w.correctFor(ctx, o, copies)
	return err
}
