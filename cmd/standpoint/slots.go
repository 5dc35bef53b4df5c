package main

import (
	"context"
	"fmt"
	"time"

	"standpoint/digest/schedule"
)

// Scheduled runs start a little later than their time, so that not every
// installation asks the same feeds at the same second.
const (
	gatherJitter  = 2 * time.Minute
	publishJitter = 30 * time.Second
)

func (o *office) jobs() ([]schedule.Job, error) {
	gather, err := schedule.Parse(o.Schedule.Gather, o.Location())
	if err != nil {
		return nil, fmt.Errorf("schedule.gather: %w", err)
	}
	publish, err := schedule.Parse(o.Schedule.Publish, o.Location())
	if err != nil {
		return nil, fmt.Errorf("schedule.publish: %w", err)
	}
	return []schedule.Job{
		{Name: "gather", When: gather, Jitter: gatherJitter, Work: func(ctx context.Context) {
			if _, err := o.worker.Gather(ctx); err != nil && ctx.Err() == nil {
				o.worker.Log.Error("gathering failed", "err", err)
			}
			o.catchUp(ctx)
		}},
		{Name: "publish", When: publish, Jitter: publishJitter, Work: o.publishDue},
	}, nil
}

func (o *office) publishDue(ctx context.Context) {
	if _, err := o.worker.Publish(ctx); err != nil && ctx.Err() == nil {
		o.worker.Log.Error("publishing failed", "err", err)
	}
}

// begin is what the daemon does first. A slot that passed while nothing ran
// gets an edition of what the feeds say now.
func (o *office) begin(ctx context.Context) {
	if o.missed(ctx) {
		if _, err := o.worker.Gather(ctx); err != nil && ctx.Err() == nil {
			o.worker.Log.Error("gathering failed", "err", err)
		}
	}
	o.catchUp(ctx)
}

// catchUp publishes what a stop, a reload or a fault kept from its slot, and
// else goes on with what was left.
func (o *office) catchUp(ctx context.Context) {
	if !o.missed(ctx) {
		o.resume(ctx)
		return
	}
	if ctx.Err() == nil {
		o.worker.Log.Info("missed slot made up")
		o.publishDue(ctx)
	}
}

// missed says whether a slot for publishing has passed since the last cut-off;
// a quiet week has one too. Before the first cut-off none is missed.
func (o *office) missed(ctx context.Context) bool {
	last, _, err := o.worker.Store.LastCutoff(ctx)
	if err != nil {
		if ctx.Err() == nil {
			o.worker.Log.Error("last cut-off unknown", "err", err)
		}
		return false
	}
	publish, err := schedule.Parse(o.Schedule.Publish, o.Location())
	return err == nil && !last.IsZero() && !publish.Next(last).After(o.worker.Now())
}

// resume goes on with what an earlier run or a deferring server left.
func (o *office) resume(ctx context.Context) {
	if _, err := o.worker.Resume(ctx); err != nil && ctx.Err() == nil {
		o.worker.Log.Error("resuming failed", "err", err)
	}
}
