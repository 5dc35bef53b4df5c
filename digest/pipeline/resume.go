package pipeline

import (
	"context"

	"standpoint/digest/store"
)

// ResumeEdition goes on with one edition, whether it is finished or not: what of
// it is due is handed over.
func (w *Worker) ResumeEdition(ctx context.Context, number int) (Outcome, error) {
	w.Log.Info("edition resumed", "edition", number)
	o, err := w.resumeOne(ctx, number)
	o.Shut = isShut(err)
	return o, err
}

// SettleUnknown ends the hand-overs of an edition whose outcome nobody knows, as
// the operator says: as accepted, or as planned again. It returns how many there
// were. An edition that is open is finished if nothing else is left of it.
func (w *Worker) SettleUnknown(ctx context.Context, number int, accepted bool) (int, error) {
	n, err := w.Store.SettleUnknown(ctx, number, accepted, w.Now())
	if err != nil {
		return n, err
	}
	as := store.Planned
	if accepted {
		as = store.Accepted
	}
	w.Log.Info("unknown deliveries settled by the operator", "edition", number, "deliveries", n, "as", as)
	_, err = w.Store.Finish(ctx, number, w.Resend, w.Now())
	return n, err
}
