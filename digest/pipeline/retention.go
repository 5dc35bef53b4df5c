package pipeline

import "context"

// forget drops texts that are older than they are kept, and what people asked for
// and did not confirm: that was promised them, be there a web side by now or not. A
// fault of it is no fault of an edition: the next run tries again.
func (w *Worker) forget(ctx context.Context) {
	if err := w.ForgetRequests(ctx); err != nil && ctx.Err() == nil {
		w.Log.Warn("unconfirmed requests not forgotten", "err", err)
	}
	if w.KeepTexts <= 0 || ctx.Err() != nil {
		return
	}
	now := w.Now()
	n, err := w.Store.Forget(ctx, now.Add(-w.KeepTexts), now)
	switch {
	case ctx.Err() != nil:
	case err != nil:
		w.Log.Warn("old texts not dropped", "err", err)
	case n > 0:
		w.Log.Info("old texts dropped", "pieces", n)
	}
}

// ForgetRequests deletes what people asked for and did not confirm within a week.
func (w *Worker) ForgetRequests(ctx context.Context) error {
	n, err := w.Store.ForgetRequests(ctx, w.Now())
	if n > 0 {
		w.Log.Info("unconfirmed requests forgotten", "requests", n)
	}
	return err
}
