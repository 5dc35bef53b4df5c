package pipeline

import (
	"context"
	"errors"
	"time"

	"standpoint/digest/store"
)

// doubt keeps a refusal in mind until a letter is accepted after it: a server that
// refuses everybody, in the words for an address that does not exist, says nothing
// about the readers. MaxErrors bounds how many there are. The ledger has it, too,
// for the run that follows on a kill.
func (r *round) doubt(s store.Settlement) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.doubts = append(r.doubts, s)
}

func (r *round) takeDoubts() []store.Settlement {
	r.mu.Lock()
	defer r.mu.Unlock()
	doubts := r.doubts
	r.doubts = nil
	return doubts
}

// believe takes the refusals so far for the readers' own, since the server does
// take letters: bad addresses are suppressed.
func (r *round) believe(ctx context.Context) error {
	doubts := r.takeDoubts()
	if len(doubts) == 0 {
		return nil
	}
	return r.Store.Believe(ctx, doubts, r.Now())
}

// resolve decides on the refusals after which nothing was accepted. Where a fault
// stopped the run they may be part of it: their readers get another turn, after
// all others. So they do where the run was told to end before anybody was accepted.
func (r *round) resolve(ctx context.Context, stopped, told bool) error {
	if len(r.doubts) == 0 {
		return nil
	}
	some, err := r.Store.AcceptedSince(ctx, r.edition, time.Time{})
	switch {
	case err != nil:
		return err
	case stopped, told && !some:
		var errs []error
		for _, s := range r.takeDoubts() {
			errs = append(errs, r.Store.Reopen(ctx, s.Delivery, r.Now().Add(lastRetry), r.Now()))
		}
		return errors.Join(errs...)
	case some:
		return r.believe(ctx)
	}
	r.Log.Warn("nobody's letter was accepted, so no refused address is suppressed", "edition", r.edition, "refused", len(r.takeDoubts()))
	return nil
}
