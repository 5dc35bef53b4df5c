package web

import (
	"context"
	"time"

	"standpoint/digest/store"
)

// Store adds what a store holds. Readers are counted, never named.
func (f *Figures) Store(ctx context.Context, db *store.DB, now time.Time) error {
	t, err := db.Tally(ctx, now)
	if err != nil {
		return err
	}
	byState(f, "standpoint_feeds", "state", map[string]int{
		"read": t.Sources - t.Failing - t.Paused - t.Gone, "failing": t.Failing, "paused": t.Paused, "gone": t.Gone,
	})
	f.Gauge("standpoint_pieces_seen", float64(t.Pieces))
	byState(f, "standpoint_pieces", "state", map[string]int{
		"relevant": t.Relevant, "published": t.Published, "ready": t.Ready, "waiting": t.Waiting, "held": t.Held,
	})
	waits := 0.0
	if t.Draft > 0 {
		waits = 1
	}
	f.Gauge("standpoint_draft_waiting", waits)
	f.Gauge("standpoint_edition_last_number", float64(t.Edition))
	f.Time("standpoint_edition_last_timestamp_seconds", t.Frozen)
	f.Time("standpoint_cutoff_last_timestamp_seconds", t.Cutoff)
	f.Gauge("standpoint_editions_unfinished", float64(t.Unfinished))
	deliveries := map[store.DeliveryState]int{
		store.Planned: 0, store.HandingOver: 0, store.Accepted: 0, store.Refused: 0, store.Deferred: 0, store.Unknown: 0, store.Dropped: 0,
	}
	for state, n := range t.Deliveries {
		deliveries[state] = n
	}
	byState(f, "standpoint_deliveries", "state", deliveries)
	byState(f, "standpoint_subscribers", "state", t.Readers)
	byState(f, "standpoint_suppressed", "reason", t.Suppressed)
	byState(f, "standpoint_reports", "kind", t.Reports)
	return nil
}
