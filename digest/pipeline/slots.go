package pipeline

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"standpoint/digest/schedule"
	"standpoint/digest/store"
)

// PublishJob is the name of the job whose slots Slots keeps.
const PublishJob = "publish"

// Slots has editions made at the slots of a schedule: each slot is served once,
// or it is reported. Which slots have come and what became of them is in the
// store, so that neither a restart nor a clock that was set runs one twice or
// drops one in silence.
type Slots struct {
	*Worker
	When schedule.Schedule
	// Most is how late a slot is still made up; less than an hour counts as one.
	Most time.Duration
	// Tell hears of slots that gave no edition of their own, once each: missed,
	// failed, or covered by the run for another. It may be nil.
	Tell func(context.Context, []store.Slot)
}

const (
	// lateAfter is from when on a slot is called late: jitter and a gathering in
	// hand are no delay.
	lateAfter = 15 * time.Minute
	// shortlyBefore is how long before a slot an edition serves it: the operator
	// was quicker, or an earlier slot was made up late.
	shortlyBefore = 3 * time.Hour
)

// Serve has an edition made if a slot is due, and else goes on with what earlier
// runs left. It returns nil when no slot was due. A slot whose run ended with an
// error, or found an edition that waits for approval, is due again at the next call,
// as long as it is not too late; one whose run panicked has failed. A draft serves
// its slot.
func (s *Slots) Serve(ctx context.Context) (*Published, error) {
	slot, due, err := s.Look(ctx)
	if err != nil {
		return nil, err
	}
	if !due {
		_, err := s.Resume(ctx)
		return nil, err
	}
	if late := s.Now().Sub(slot.At); late > lateAfter {
		s.Log.Info("missed slot made up", "slot", slot.Wall, "zone", slot.Zone, "late", late.Round(time.Minute))
	}
	slot.Attempts++
	if err := s.Store.RecordSlots(ctx, slot); err != nil {
		return nil, err
	}
	begun := s.Now()
	var p Published
	err = s.guard(func() (err error) { p, err = s.Publish(ctx); return err }, "slot", slot.Wall)
	stopped := ctx.Err() != nil
	return &p, errors.Join(err, s.outcome(context.WithoutCancel(ctx), slot, begun, p, err, stopped))
}

// outcome records how the run for a slot ended.
func (s *Slots) outcome(ctx context.Context, slot store.Slot, begun time.Time, p Published, ran error, stopped bool) error {
	if ran == nil && p.Edition == nil && p.Waits > 0 {
		// As long as it is not too late, the slot gets its edition when the one
		// before it has been approved.
		slot.Why = fmt.Sprintf("edition %d waits for approval", p.Waits)
		return s.Store.RecordSlots(ctx, slot)
	}
	_, panicked := errors.AsType[*panicError](ran)
	if ran != nil && p.Edition == nil {
		// A fault may have come after the edition was frozen.
		open, err := s.served(ctx, []store.Slot{slot}, s.Now())
		if err != nil || len(open) == 0 {
			return err
		}
		if slot.Why = clip(ran.Error()); stopped {
			slot.Why = "the run was stopped"
		}
		if panicked && !stopped {
			return s.give(ctx, store.SlotFailed, "", slot)
		}
		return s.Store.RecordSlots(ctx, slot)
	}
	slot.Why = ""
	switch {
	case p.Edition != nil:
		slot.Edition = p.Edition.Number
	case p.Held > 0:
		slot.Why = "too few pieces, held over"
	default:
		slot.Why = "nothing new"
	}
	return s.Store.RecordSlots(ctx, settled(slot, begun))
}

// settled is a slot that was served at a time.
func settled(slot store.Slot, at time.Time) store.Slot {
	slot.State, slot.Settled = store.SlotServed, at
	if at.Sub(slot.At) > lateAfter {
		slot.State = store.SlotLate
	}
	return slot
}

// Begin accounts for the slots up to now and makes nothing. A daemon calls it
// first: one that is stopped at once has then said since when slots count.
func (s *Slots) Begin(ctx context.Context) error { return s.note(ctx, s.Now()) }

// Look accounts for all slots up to now and says which one an edition is to be
// made for: the newest that is due. The others that are due are covered by it; if
// it is too late for the newest, all are missed.
func (s *Slots) Look(ctx context.Context) (slot store.Slot, due bool, err error) {
	now := s.Now()
	if err := s.note(ctx, now); err != nil {
		return slot, false, err
	}
	open, err := s.Store.DueSlots(ctx, PublishJob)
	if err == nil {
		open, err = s.served(ctx, open, now)
	}
	if err != nil || len(open) == 0 {
		return slot, false, err
	}
	newest := open[len(open)-1]
	if now.Sub(newest.At) > max(s.Most, time.Hour) {
		return slot, false, s.give(ctx, store.SlotMissed, "too late to be made up", open...)
	}
	return newest, true, s.give(ctx, store.SlotCovered, "by the run for "+newest.Wall, open[:len(open)-1]...)
}

// note writes down the slots that have come since the last time. They are those
// of the schedule that was in force then.
func (s *Slots) note(ctx context.Context, now time.Time) error {
	mark, err := s.Store.SlotMark(ctx, PublishJob)
	if err != nil {
		return err
	}
	when := s.When
	if mark.At.IsZero() {
		// Before the first cut-off no slot was missed.
		if mark.At, _, err = s.Store.LastCutoff(ctx); err != nil {
			return err
		}
		if mark.At.IsZero() || mark.At.After(now) {
			mark.At = now
		}
	} else if zone, err := time.LoadLocation(mark.Zone); err == nil {
		if old, err := schedule.Parse(mark.Spec, zone); err == nil {
			when = old
		}
	}
	if back := mark.At.Sub(now); back > time.Minute {
		s.Log.Warn("the clock was set back", "by", back.Round(time.Second))
	}
	var come []store.Slot
	for slot := range when.Slots(mark.At, now) {
		come = append(come, store.Slot{Wall: slot.Name(), Zone: when.Zone(), At: slot.At})
	}
	return s.Store.NoteSlots(ctx, PublishJob, come, store.SlotMark{Spec: s.When.String(), Zone: s.When.Zone(), At: now})
}

// served settles the slots for which an edition was made, or nothing new found,
// by a run that did not record it: one that was killed, or one by hand. It returns
// the others. A cut-off serves the newest slot before it, and covers older ones.
func (s *Slots) served(ctx context.Context, open []store.Slot, now time.Time) (rest []store.Slot, err error) {
	var done, covered []store.Slot
	used := map[time.Time]string{} // cut-off to the slot that it serves
	for i := len(open) - 1; i >= 0; i-- {
		slot := open[i]
		c, err := s.Store.CutoffFrom(ctx, slot.At.Add(-shortlyBefore), slot.At, now)
		if err != nil {
			return nil, err
		}
		newer, taken := used[c.At]
		switch {
		case c.At.IsZero():
			rest = append(rest, slot)
		case taken:
			slot.Edition, slot.Why = c.Edition, "by the run for "+newer
			covered = append(covered, slot)
		default:
			used[c.At] = slot.Wall
			slot.Edition, slot.Why = c.Edition, ""
			if c.At.Before(slot.At) {
				slot.Why = "edition was made shortly before"
			}
			done = append(done, settled(slot, c.At))
		}
	}
	slices.Reverse(rest)
	slices.Reverse(covered)
	if len(done) > 0 {
		err = s.Store.RecordSlots(ctx, done...)
	}
	return rest, errors.Join(err, s.give(ctx, store.SlotCovered, "", covered...))
}

// give records slots that are given up for a reason, and reports them.
func (s *Slots) give(ctx context.Context, state store.SlotState, why string, slots ...store.Slot) error {
	if len(slots) == 0 {
		return nil
	}
	now := s.Now()
	for i := range slots {
		slots[i].State, slots[i].Settled = state, now
		if tried := slots[i].Why; why != "" && tried != "" {
			slots[i].Why = why + "; the last attempt: " + tried
		} else if why != "" {
			slots[i].Why = why
		}
	}
	if err := s.Store.RecordSlots(ctx, slots...); err != nil {
		return err
	}
	first, last := slots[0], slots[len(slots)-1]
	args := []any{"slots", len(slots), "first", first.Wall, "last", last.Wall, "zone", last.Zone, "why", last.Why}
	if state == store.SlotCovered {
		s.Log.Warn("slots covered by a later run", args...)
	} else {
		s.Log.Error(fmt.Sprintf("slots %s: no edition was made for them", state), args...)
	}
	if s.Tell != nil {
		s.Tell(ctx, slots)
	}
	return nil
}

// clip bounds a reason: servers and systems can be long-winded.
func clip(text string) string {
	const most = 300
	if len(text) <= most {
		return text
	}
	return strings.ToValidUTF8(text[:most], "") + "…"
}
