package main

import (
	"context"
	"fmt"
	"time"

	"standpoint/digest/pipeline"
	"standpoint/digest/schedule"
	"standpoint/digest/store"
	"standpoint/digest/web"
)

const (
	askTime    = 5 * time.Second  // for the store's answer
	overdue    = time.Hour        // after a slot; jitter, a gathering in hand and the writing itself take some time
	gatherLate = 30 * time.Minute // after a slot of gathering
)

// ready returns the reasons why work is not done as it should be, one line each.
func (l *life) ready(ctx context.Context) []string {
	ctx, cancel := context.WithTimeout(ctx, askTime)
	defer cancel()
	var reasons []string
	add := func(err error) {
		if err != nil {
			reasons = append(reasons, err.Error())
		}
	}
	add(l.alive())
	l.mu.Lock()
	refused, gathered := l.refused, l.gathered
	l.mu.Unlock()
	if refused != nil {
		add(fmt.Errorf("config: the file as it is now was refused, and the one before is in force: %w", refused))
	}
	add(l.ask(func(o *office) error {
		if err := o.lock.Held(); err != nil {
			add(err)
		}
		if err := o.gatheredLately(gathered); err != nil {
			add(err)
		}
		return o.inTime(ctx)
	}))
	return reasons
}

// gatheredLately says that two gatherings were left out since the last.
func (o *office) gatheredLately(last time.Time) error {
	when, err := schedule.Parse(o.Schedule.Gather, o.Location())
	if err != nil {
		return err
	}
	if second := when.Next(when.Next(last)); !second.IsZero() && o.worker.Now().Sub(second) > gatherLate {
		return fmt.Errorf("gather: none has succeeded since %s; see the log", o.clock(last))
	}
	return nil
}

// inTime says that the store does not answer, or that an edition is overdue or has
// waited for its editor for too long.
func (o *office) inTime(ctx context.Context) error {
	slots, err := o.worker.Store.LastSlots(ctx, pipeline.PublishJob, 1)
	if err != nil {
		return fmt.Errorf("store: %w", err)
	}
	a, waits, err := o.worker.Store.OpenDraft(ctx)
	if err != nil {
		return fmt.Errorf("store: %w", err)
	}
	if waits {
		// Behind it no edition is made, and the editor has time to decide.
		now := o.worker.Now()
		inWindow := a.State == store.DraftWaiting && !a.Deadline.IsZero() && now.Sub(a.Told) < o.Approval.Window.Std()+overdue
		if now.Sub(a.Drafted) > o.Schedule.MaxLateness.Std() && !inWindow {
			return fmt.Errorf("edition %d has waited for approval since %s", a.Edition, o.clock(a.Drafted))
		}
		return nil
	}
	for _, s := range slots {
		switch late := o.worker.Now().Sub(s.At); {
		case s.State == store.SlotDue && late > overdue:
			return fmt.Errorf("edition of %s is overdue%s", o.clock(s.At), onlyIf(s.Why != "", ": "+anonymous(s.Why)))
		case s.State == store.SlotMissed || s.State == store.SlotFailed:
			return fmt.Errorf("edition of %s was not made (%s)%s; the next one has its pieces", o.clock(s.At), s.State, onlyIf(s.Why != "", ": "+anonymous(s.Why)))
		}
	}
	return nil
}

// figures are those of the moment, for /metrics.
func (l *life) figures(ctx context.Context, f *web.Figures) error {
	ctx, cancel := context.WithTimeout(ctx, askTime)
	defer cancel()
	alive, ready := 0.0, 0.0
	if l.alive() == nil {
		alive = 1
	}
	if len(l.ready(ctx)) == 0 {
		ready = 1
	}
	f.Gauge("standpoint_alive", alive)
	f.Gauge("standpoint_ready", ready)
	return l.ask(func(o *office) error {
		gather, publish, err := o.next()
		if err != nil {
			return err
		}
		f.Time("standpoint_next_slot_timestamp_seconds", gather, "job", "gather")
		f.Time("standpoint_next_slot_timestamp_seconds", publish, "job", "publish")
		slots, err := o.worker.Store.LastSlots(ctx, pipeline.PublishJob, 1)
		if err != nil {
			return err
		}
		for _, s := range slots {
			f.Time("standpoint_last_slot_timestamp_seconds", s.At, "job", "publish", "state", string(s.State))
		}
		return f.Store(ctx, o.worker.Store, o.worker.Now())
	})
}

// next returns when the jobs are due next.
func (o *office) next() (gather, publish time.Time, err error) {
	var next overview
	err = o.nextRuns(o.worker.Now(), &next)
	return next.NextGather, next.NextPublish, err
}
