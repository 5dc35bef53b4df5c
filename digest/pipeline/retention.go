package pipeline

import "context"

// forget drops texts that are older than they are kept. A fault of it is no fault
// of an edition: the next run tries again.
func (w *Worker) forget(ctx context.Context) {
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
