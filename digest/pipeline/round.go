package pipeline

import (
	"cmp"
	"context"
	"errors"
	"sync"
	"time"

	"standpoint/digest/store"
)

// lastWords is how long a letter in hand may take after the run was told to end.
const lastWords = 5 * time.Second

var errTold = errors.New("the run was told to end")

// round hands over what is due now, over several sessions at once.
type round struct {
	*Worker
	edition int
	shapes  *shapes
	gate    *gate
	total   int

	mu     sync.Mutex
	done   int
	open   int                // sessions that were granted
	shut   []error            // why others were not
	failed int                // hand-overs in a row that were not accepted
	doubts []store.Settlement // refusals since a letter was last accepted
	retry  time.Time          // when to look for deferred deliveries that are due; zero: there are none
	fetch  time.Time          // when to look into the maildirs

	fetching bool // a session reads them
}

// round hands over all that is due now, over several sessions at once. The
// first fault that concerns all readers stops it; so does the end of the
// context, after the readers in hand. A server that grants fewer sessions than
// were asked for is no fault: those that it grants do the work.
func (w *Worker) round(ctx context.Context, edition int, shapes *shapes) error {
	total, err := w.Store.Deliveries(ctx, edition)
	if err != nil {
		return err
	}
	doubts, err := w.Store.Doubted(ctx, edition)
	if err != nil {
		return err
	}
	sessions := max(1, w.Carrier.Sessions)
	r := &round{
		Worker: w, edition: edition, shapes: shapes, gate: newGate(w.Limits, sessions), doubts: doubts,
		total: total[store.Planned] + total[store.Deferred], fetch: w.Now().Add(fetchEvery),
	}
	for ; ; sessions = 1 {
		err := r.all(ctx, sessions)
		if err = errors.Join(err, r.resolve(context.WithoutCancel(ctx), err != nil, ctx.Err() != nil)); err != nil || len(r.shut) == 0 {
			return err
		}
		if r.open == 0 {
			return errors.Join(r.shut...)
		}
		w.Log.Warn("server granted fewer sessions", "edition", edition, "open", r.open, "err", errors.Join(r.shut...))
		// What the others had claimed may have come back too late to be taken.
		r.open, r.shut = 0, nil
	}
}

// all runs so many sessions to their ends.
func (r *round) all(ctx context.Context, sessions int) error {
	// A letter in hand is finished even when the run is stopped. A fault that
	// another session found leaves it the mail's own time-outs; who ends the
	// whole run waits for seconds only.
	work, end := outlive(ctx, cmp.Or(r.LastWords, lastWords))
	defer end()
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	var wg sync.WaitGroup
	errs := make([]error, sessions)
	for i := range errs {
		wg.Go(func() {
			c := &courier{round: r, work: work, permit: permit{gate: r.gate}}
			// What a panic leaves in hand is Recover's, as after a kill.
			errs[i] = r.guard(func() error { defer c.close(); return c.run(ctx) }, "edition", r.edition)
			if errs[i] != nil {
				stop(errs[i])
			}
		})
	}
	wg.Wait()
	return errors.Join(errs...)
}

// outlive returns a context that ends so long after the other.
func outlive(ctx context.Context, by time.Duration) (context.Context, func()) {
	work, cancel := context.WithCancelCause(context.WithoutCancel(ctx))
	go func() {
		select {
		case <-ctx.Done():
		case <-work.Done():
			return
		}
		select {
		case <-time.After(by):
			cancel(errTold)
		case <-work.Done():
		}
	}()
	return work, func() { cancel(nil) }
}

// opened counts a session, or the reason why there is none.
func (r *round) opened(err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if err != nil {
		r.shut = append(r.shut, err)
		return
	}
	r.open++
}

// fetchEvery is how often maildirs are read while an edition goes out.
const fetchEvery = time.Minute

// fetchDue says to one of the sessions that the maildirs are to be read: who leaves
// by mail during a round of hours is not written to any more.
func (r *round) fetchDue() bool {
	if len(r.Maildirs) == 0 {
		return false
	}
	now := r.Now()
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.fetching || now.Before(r.fetch) {
		return false
	}
	r.fetching = true
	return true
}

func (r *round) fetchNow(ctx context.Context) {
	defer func() {
		r.mu.Lock()
		defer r.mu.Unlock()
		r.fetching, r.fetch = false, r.Now().Add(fetchEvery)
	}()
	r.fetchReturned(ctx)
}

// replan plans deferred deliveries again that have become due meanwhile: a round
// may take hours. It looks once in a while, since that reads the whole edition.
func (r *round) replan(ctx context.Context) error {
	now := r.Now()
	r.mu.Lock()
	due := !r.retry.IsZero() && !now.Before(r.retry)
	if due {
		r.retry = now.Add(firstRetry)
	}
	r.mu.Unlock()
	if !due {
		return nil
	}
	return r.Store.Replan(ctx, r.edition, now)
}
