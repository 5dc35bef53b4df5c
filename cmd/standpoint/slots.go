package main

import (
	"context"
	"fmt"
	"time"

	"standpoint/digest/pipeline"
	"standpoint/digest/schedule"
)

// Scheduled runs start a little later than their time, so that not every
// installation asks the same feeds at the same second.
const (
	gatherJitter  = 2 * time.Minute
	publishJitter = 30 * time.Second
)

// staleAfter is how much later than its slot an edition is made of what is
// stored; an edition that is later still reads the feeds first.
const staleAfter = 15 * time.Minute

func (o *office) jobs() ([]schedule.Job, error) {
	gather, err := schedule.Parse(o.Schedule.Gather, o.Location())
	if err != nil {
		return nil, fmt.Errorf("schedule.gather: %w", err)
	}
	publish, err := schedule.Parse(o.Schedule.Publish, o.Location())
	if err != nil {
		return nil, fmt.Errorf("schedule.publish: %w", err)
	}
	for _, change := range clockChanges(publish, o.worker.Now()) {
		o.worker.Log.Warn("a change of the clocks concerns an edition", "publish", publish.String(), "change", change)
	}
	return []schedule.Job{
		{Name: "gather", When: gather, Jitter: gatherJitter, Work: func(ctx context.Context) {
			o.gather(ctx)
			o.serveSlot(ctx)
		}},
		{Name: pipeline.PublishJob, When: publish, Jitter: publishJitter, Work: func(ctx context.Context) {
			o.publishDue(ctx, staleAfter)
		}},
	}, nil
}

func (o *office) gather(ctx context.Context) {
	begun := o.worker.Now()
	_, err := o.worker.Gather(ctx)
	if err != nil && ctx.Err() == nil {
		o.worker.Log.Error("gathering failed", "err", err)
	}
	o.life.done("gather", begun, err)
	o.heedGathered(ctx)
}

// begin is what the daemon does first. A slot that passed while nothing ran gets
// an edition of what the feeds say now.
func (o *office) begin(ctx context.Context) { o.publishDue(ctx, 0) }

// publishDue makes the edition for the slot that is due, or else goes on with
// what was left. It reads the feeds before, if the slot is later than stale.
func (o *office) publishDue(ctx context.Context, stale time.Duration) {
	slots, err := o.slots()
	if err != nil {
		o.worker.Log.Error("publishing failed", "err", err)
		return
	}
	slot, due, err := slots.Look(ctx)
	if err != nil && ctx.Err() == nil {
		o.worker.Log.Error("slots unknown", "err", err)
	}
	if due && o.worker.Now().Sub(slot.At) > stale {
		o.gather(ctx)
	}
	o.serveSlot(ctx)
}

// serveSlot makes the edition for the slot that is due, or else goes on with what
// earlier runs or a deferring server left.
func (o *office) serveSlot(ctx context.Context) {
	if ctx.Err() != nil {
		return
	}
	begun := o.worker.Now()
	var p *pipeline.Published // nil: no slot was due
	slots, err := o.slots()
	if err == nil {
		p, err = slots.Serve(ctx)
	}
	if err != nil && ctx.Err() == nil {
		o.worker.Log.Error("publishing failed", "err", err)
	}
	if p != nil {
		o.life.done("publish", begun, err)
	}
	o.heedPublished(ctx, p, err)
}

// slots keeps the slots of the configuration's schedule.
func (o *office) slots() (*pipeline.Slots, error) {
	when, err := schedule.Parse(o.Schedule.Publish, o.Location())
	if err != nil {
		return nil, fmt.Errorf("schedule.publish: %w", err)
	}
	return &pipeline.Slots{Worker: o.worker, When: when, Most: o.Schedule.MaxLateness.Std(), Tell: o.tellSlots}, nil
}
