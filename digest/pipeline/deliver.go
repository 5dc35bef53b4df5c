package pipeline

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"standpoint/digest/mail"
	"standpoint/digest/store"
)

const (
	firstRetry = 15 * time.Second // after a delivery was deferred; doubled each time
	lastRetry  = time.Hour
	giveUp     = 72 * time.Hour // after freezing, deferred deliveries are given up
)

// Resume finishes the editions that an earlier run left, oldest first.
func (w *Worker) Resume(ctx context.Context) ([]Outcome, error) {
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
	// The ledger is asked even when the run was stopped: the outcome must be told.
	ctx = context.WithoutCancel(ctx)
	o := Outcome{Edition: n}
	var more error
	if o.Finished, more = w.Store.Finish(ctx, n, w.Resend, w.Now()); more == nil {
		o.Count, more = w.Store.Deliveries(ctx, n)
	}
	if err = errors.Join(err, more); err != nil {
		err = fmt.Errorf("deliver edition %d: %w", n, err)
		w.Log.Error("edition not delivered to everybody", "edition", n, "err", err)
		return o, err
	}
	w.Log.Info("edition delivered", "edition", n, "accepted", o.Count[store.Accepted], "refused", o.Count[store.Refused],
		"deferred", o.Count[store.Deferred], "unknown", o.Count[store.Unknown])
	return o, nil
}

func (w *Worker) rounds(ctx context.Context, d Draft) error {
	n := d.Edition.Number
	composer, err := w.Composer(d)
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
	if err := w.Store.GiveUp(ctx, n, w.Now().Add(-giveUp), w.Now()); err != nil {
		return err
	}
	deadline := w.Now().Add(w.RetryFor)
	for {
		if err := w.Store.Recover(ctx, n, w.Resend, w.Now()); err != nil {
			return err
		}
		if err := w.round(ctx, n, composer); err != nil {
			return err
		}
		again, err := w.pause(ctx, n, deadline)
		if err != nil || !again {
			return err
		}
	}
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

// round hands over all that is due now, over several sessions at once. The
// first fault that concerns all readers stops it; so does the end of the
// context, after the readers in hand. A server that grants fewer sessions than
// were asked for is no fault: those that it grants do the work.
func (w *Worker) round(ctx context.Context, edition int, composer *mail.Composer) error {
	total, err := w.Store.Deliveries(ctx, edition)
	if err != nil {
		return err
	}
	r := &round{Worker: w, edition: edition, composer: composer, total: total[store.Planned] + total[store.Deferred]}
	for sessions := max(1, w.Carrier.Sessions); ; sessions = 1 {
		if err := r.all(ctx, sessions); err != nil || len(r.shut) == 0 {
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
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	var wg sync.WaitGroup
	errs := make([]error, sessions)
	for i := range errs {
		wg.Go(func() {
			// What a panic leaves in hand is Recover's, as after a kill.
			errs[i] = r.guard(func() error { return r.hand(ctx) }, "edition", r.edition)
			if errs[i] != nil {
				stop(errs[i])
			}
		})
	}
	wg.Wait()
	return errors.Join(errs...)
}

type round struct {
	*Worker
	edition  int
	composer *mail.Composer
	total    int

	mu   sync.Mutex
	done int
	open int     // sessions that were granted
	shut []error // why others were not
}

// hand claims deliveries and hands them over on a session of its own.
func (r *round) hand(ctx context.Context) error {
	// A reader in hand is finished even when the run is stopped: the hand-over
	// has its own time-outs, and its outcome must reach the ledger.
	work := context.WithoutCancel(ctx)
	var session Session
	defer func() {
		if session != nil {
			session.Close() // what was accepted stays accepted, whatever the server says to QUIT
		}
	}()
	for ctx.Err() == nil {
		d, err := r.Store.Claim(work, r.edition, r.Now())
		if errors.Is(err, store.ErrNoDelivery) {
			return nil
		}
		if err != nil {
			return err
		}
		message, err := r.composer.Message(mail.Recipient{ID: d.Subscriber, Address: d.Address, Name: d.Name, Token: r.Token(d.Subscriber), Return: r.Return(r.edition, d.Subscriber)})
		if err != nil {
			if err := r.Store.Settle(work, d, store.Refused, err.Error(), r.Now(), time.Time{}); err != nil {
				return err
			}
			continue
		}
		if session == nil {
			session, err = r.Carrier.Open(ctx)
			r.opened(err)
			if err != nil {
				session = nil
				return r.Store.Return(work, d, r.Now())
			}
		}
		if err := r.settle(work, d, session.Send(work, message)); err != nil {
			return err
		}
	}
	return nil
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

// settle records how a hand-over ended. It returns an error when the fault is
// not the reader's: then the run stops and the reader keeps his turn.
func (r *round) settle(ctx context.Context, d store.Delivery, sent error) error {
	now := r.Now()
	if _, ours := errors.AsType[*mail.SetupError](sent); ours {
		return errors.Join(sent, r.Store.Return(ctx, d, now))
	}
	state, reply, due, stop := store.Accepted, "", time.Time{}, error(nil)
	if e, ok := errors.AsType[*mail.SendError](sent); ok {
		reply = e.Error()
		switch {
		case e.Policy():
			state, due, stop = store.Deferred, now.Add(lastRetry), sent
		case e.Outcome == mail.Refused:
			state = store.Refused
		case e.Outcome == mail.Unknown:
			// Not at once: the server may still be busy with the first copy.
			state, due = store.Unknown, now.Add(backoff(d.Attempts))
		default:
			state, due = store.Deferred, now.Add(backoff(d.Attempts))
		}
	} else if sent != nil {
		state, reply, due = store.Deferred, sent.Error(), now.Add(backoff(d.Attempts))
	}
	if state != store.Accepted {
		r.Log.Warn("delivery "+string(state), "edition", d.Edition, "subscriber", d.Subscriber, "reply", reply)
	}
	r.mu.Lock()
	r.done++
	r.progress("letters", r.done, r.total)
	r.mu.Unlock()
	return errors.Join(stop, r.Store.Settle(ctx, d, state, reply, now, due))
}

func backoff(attempts int) time.Duration {
	return min(lastRetry, firstRetry<<min(max(attempts-1, 0), 16))
}
