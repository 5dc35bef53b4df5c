package pipeline

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"time"

	"standpoint/digest/store"
)

const (
	firstRetry = 15 * time.Second // after a delivery was deferred; doubled each time
	lastRetry  = time.Hour
	giveUp     = 72 * time.Hour // after freezing, deferred deliveries are given up, where the worker says nothing else
)

// Resume does what is due for a draft that waits, and finishes the editions that an
// earlier run left, oldest first.
func (w *Worker) Resume(ctx context.Context) ([]Outcome, error) {
	// The editor's mail may fail; readers' letters are another matter.
	attended := w.Attend(ctx)
	outcomes, err := w.resume(ctx)
	return outcomes, errors.Join(attended, err)
}

func (w *Worker) resume(ctx context.Context) ([]Outcome, error) {
	numbers, err := w.Store.Unfinished(ctx)
	if err != nil {
		return nil, err
	}
	var outcomes []Outcome
	var errs []error
	for _, n := range numbers {
		w.Log.Info("edition resumed", "edition", n)
		o, err := w.resumeOne(ctx, n)
		o.Shut = isShut(err)
		outcomes = append(outcomes, o)
		errs = append(errs, err)
	}
	return outcomes, errors.Join(errs...)
}

func (w *Worker) resumeOne(ctx context.Context, number int) (Outcome, error) {
	if a, ok, err := w.Store.Approval(ctx, number); err != nil {
		return Outcome{Edition: number}, err
	} else if ok && a.State != store.DraftApproved {
		return Outcome{Edition: number}, &WaitsError{number}
	}
	d, err := w.Reprint(ctx, number)
	if err != nil {
		return Outcome{Edition: number}, err
	}
	return w.deliver(ctx, d)
}

// Reprint renders a frozen edition again.
func (w *Worker) Reprint(ctx context.Context, number int) (Draft, error) {
	e, err := w.Store.Edition(ctx, number)
	if err != nil {
		return Draft{}, err
	}
	e.Window.From, e.Window.To = e.Window.From.In(w.Zone), e.Window.To.In(w.Zone)
	letter, err := w.email(e)
	return Draft{Edition: e, Letter: letter}, err
}

// deliver hands the frozen edition to everybody who has not had it. Deferred
// deliveries are tried again for RetryFor.
func (w *Worker) deliver(ctx context.Context, d Draft) (Outcome, error) {
	n := d.Edition.Number
	err := w.rounds(ctx, d)
	stopped := ctx.Err() != nil && errors.Is(err, context.Canceled) // as it was told: no fault
	// The ledger is asked even when the run was stopped: the outcome must be told.
	ctx = context.WithoutCancel(ctx)
	o := Outcome{Edition: n}
	var more error
	if o.Finished, more = w.Store.Finish(ctx, n, w.Resend, w.Now()); more == nil {
		o.Count, more = w.Store.Deliveries(ctx, n)
	}
	if err = errors.Join(err, more); err != nil {
		err = fmt.Errorf("deliver edition %d: %w", n, err)
		if stopped {
			w.Log.Info("delivery stopped before its end", "edition", n, "err", err)
			return o, err
		}
		w.Log.Error("edition not delivered to everybody", "edition", n, "err", err)
		return o, err
	}
	w.Log.Info("edition delivered", "edition", n, "accepted", o.Count[store.Accepted], "refused", o.Count[store.Refused],
		"deferred", o.Count[store.Deferred], "unknown", o.Count[store.Unknown])
	return o, nil
}

func (w *Worker) rounds(ctx context.Context, d Draft) error {
	n := d.Edition.Number
	shapes, err := w.shapes(d)
	if err != nil {
		return err
	}
	if w.Carrier.Shelve != nil {
		files, err := w.Files(d)
		if err != nil {
			return err
		}
		if err := w.Carrier.Shelve(n, files); err != nil {
			return err
		}
	}
	given, err := w.Store.GiveUp(ctx, n, w.Now().Add(-cmp.Or(w.GiveUp, giveUp)), w.Now())
	if err != nil {
		return err
	}
	if given > 0 {
		w.Log.Warn("deliveries given up: their readers could not be reached for too long", "edition", n, "deliveries", given)
	}
	deadline := w.Now().Add(w.RetryFor)
	for {
		w.fetchReturned(ctx) // who left since is not written to
		if err := w.takeOver(ctx, n); err != nil {
			return err
		}
		if err := w.round(ctx, n, shapes); err != nil {
			return err
		}
		again, err := w.pause(ctx, n, deadline)
		if err != nil || !again {
			return err
		}
	}
}

// takeOver takes in what a process that died has left behind. These letters may
// have arrived, and may come twice, so the log says so whatever becomes of them.
func (w *Worker) takeOver(ctx context.Context, edition int) error {
	left, err := w.Store.Recover(ctx, edition, w.Resend, w.Now())
	if err != nil || len(left) == 0 {
		return err
	}
	follows := "reported; they are the operator's to settle"
	if w.Resend {
		follows = "sent again under the same Message-ID"
	}
	w.Log.Warn("hand-overs were cut short when the program ended, their outcome is unknown",
		"edition", edition, "subscribers", left, "follows", follows)
	return nil
}

// pause waits until a deferred or unknown delivery may be tried again, and says
// whether there is one before the deadline.
func (w *Worker) pause(ctx context.Context, edition int, deadline time.Time) (bool, error) {
	due, err := w.Store.NextDue(ctx, edition, w.Resend)
	if err != nil || due.IsZero() {
		return false, err
	}
	if due.After(deadline) || w.Now().After(deadline) {
		return false, nil
	}
	w.Log.Info("deferred deliveries wait", "edition", edition, "until", due)
	select {
	case <-time.After(due.Sub(w.Now())):
		return true, nil
	case <-ctx.Done():
		return false, nil
	}
}
