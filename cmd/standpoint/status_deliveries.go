package main

import (
	"context"
	"fmt"
	"io"

	"standpoint/digest/store"
)

// shownStandings is how many readers of each state status names; all of them are
// in editions show.
const shownStandings = 3

// deliveries counts the last edition's deliveries, and names a few of the readers
// who have not got it with what was said.
func (o *overview) deliveries(ctx context.Context, s *settings, db *store.DB) (err error) {
	if o.LastEdition == 0 {
		return nil
	}
	if o.Deliveries, err = db.Deliveries(ctx, o.LastEdition); err != nil {
		return err
	}
	for _, state := range toldOf() {
		for d, err := range db.Standings(ctx, o.LastEdition, state, shownStandings) {
			if err != nil {
				return err
			}
			o.Unaccepted = append(o.Unaccepted, s.standing(d))
		}
	}
	return nil
}

// toldOf are the states of which somebody has said something.
func toldOf() []store.DeliveryState {
	return []store.DeliveryState{store.Refused, store.Deferred, store.Unknown}
}

func (o overview) printDeliveries(w io.Writer, times clock) {
	for _, state := range deliveryStates() {
		n := o.Deliveries[state]
		if n == 0 {
			continue
		}
		fmt.Fprintf(w, "Deliveries    %d %s\n", n, state)
		named := 0
		for _, d := range o.Unaccepted {
			if d.State != state {
				continue
			}
			named++
			again := ""
			if d.Due != nil && d.Due.After(times.now) {
				again = ", again at " + times.at(*d.Due)
			}
			fmt.Fprintf(w, "              reader %d after %s%s%s\n", d.Reader, plural(d.Attempts, "try", "tries"), again, prefixed(": ", short(d.Reply, 160)))
		}
		if more := n - named; named > 0 && more > 0 {
			fmt.Fprintf(w, "              and %d more: standpoint editions show %d\n", more, o.LastEdition)
		}
	}
}
