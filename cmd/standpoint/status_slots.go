package main

import (
	"context"
	"fmt"
	"io"
	"time"

	"standpoint/digest/pipeline"
	"standpoint/digest/store"
)

// lastSlots is how many slots status tells of.
const lastSlots = 4

// slotOutcome is what became of a time at which an edition was due.
type slotOutcome struct {
	Slot     string          `json:"slot"` // local date and time
	Zone     string          `json:"zone"`
	At       time.Time       `json:"at"`
	State    store.SlotState `json:"state"`
	Edition  int             `json:"edition"` // 0: none
	Attempts int             `json:"attempts"`
	Settled  *time.Time      `json:"settled"`
	Why      string          `json:"why"`
}

// slots reads the last slots, the newest first.
func (o *overview) slots(ctx context.Context, db *store.DB) error {
	last, err := db.LastSlots(ctx, pipeline.PublishJob, lastSlots)
	for _, s := range last {
		o.Slots = append(o.Slots, slotOutcome{s.Wall, s.Zone, s.At, s.State, s.Edition, s.Attempts, when(s.Settled), s.Why})
	}
	return err
}

func (o overview) printSlots(w io.Writer, zone *time.Location) {
	for _, s := range o.Slots {
		fmt.Fprintf(w, "Slot          %s %s", s.At.In(zone).Format("Mon 2 Jan 2006 15:04"), s.State)
		if s.State == store.SlotLate && s.Settled != nil {
			fmt.Fprintf(w, ", %s", s.Settled.In(zone).Format("Mon 2 Jan 15:04"))
		}
		if s.Edition > 0 {
			fmt.Fprintf(w, ": edition %d", s.Edition)
		}
		if s.State == store.SlotDue && s.Attempts > 0 {
			fmt.Fprintf(w, ", tried %s", count(s.Attempts, "time"))
		}
		if s.Why != "" {
			fmt.Fprintf(w, ": %s", s.Why)
		}
		fmt.Fprintln(w)
	}
}
