// Package schedule keeps time: it says at which slots a cron expression has work
// done, and runs the daemon's jobs when they are due, one at a time. It is the
// one owner of robfig/cron, which it uses as a clock only.
//
// It refuses an expression that never fires and one that carries its own time
// zone. It promises that each time that an expression names on the wall clock is
// one slot, however the clocks are changed; that a job that panics is logged and
// runs again at its next slot; and that two jobs never overlap.
package schedule

import (
	"errors"
	"fmt"
	"iter"
	"strings"
	"time"

	"github.com/robfig/cron/v3"
)

// Schedule is a parsed cron expression in a time zone. The zero Schedule never
// fires.
type Schedule struct {
	expr  string
	zone  *time.Location
	spec  cron.Schedule
	every time.Duration // of an @every expression, which knows no wall clock; else 0
}

// Parse reads a standard cron expression of five fields (minute, hour, day of
// month, month, weekday with 0 for Sunday) or a descriptor such as @weekly, to
// be read in the zone. The error says what is wrong and how to mend it.
//
// "@every 3h" stands for the multiples of that span since Monday, 1 January of
// the year 1, in UTC, so that a restart does not shift it.
func Parse(expr string, zone *time.Location) (s Schedule, err error) {
	// cron v3.0.1 panics on some expressions with a time zone prefix.
	defer func() {
		if r := recover(); r != nil {
			s, err = Schedule{}, fmt.Errorf("%q is no cron expression", expr)
		}
	}()
	expr = strings.TrimSpace(expr)
	if expr == "" {
		return Schedule{}, errors.New(`is empty: give five fields, e.g. "7 7 * * 1" for Mondays at 07:07`)
	}
	if strings.Contains(expr, "TZ=") {
		return Schedule{}, fmt.Errorf("%q names a time zone: set the key zone instead", expr)
	}
	if rest, ok := strings.CutPrefix(expr, "@every"); ok {
		d, err := time.ParseDuration(strings.TrimSpace(rest))
		if err != nil || d < time.Minute {
			return Schedule{}, fmt.Errorf("%q: @every takes a duration of one minute or more, e.g. \"@every 3h\"", expr)
		}
		return Schedule{expr: expr, zone: zone, every: d}, nil
	}
	spec, err := cron.ParseStandard(expr)
	if err != nil {
		return Schedule{}, fmt.Errorf("%q is no cron expression (%s): give five fields, minute hour day month weekday", expr, err)
	}
	// Any fixed date serves: cron looks five years ahead, and leap days recur within that.
	if spec.Next(time.Date(2026, time.January, 1, 0, 0, 0, 0, time.UTC)).IsZero() {
		return Schedule{}, fmt.Errorf("%q never fires: no such date exists", expr)
	}
	return Schedule{expr: expr, zone: zone, spec: spec}, nil
}

// String returns the expression, without the zone.
func (s Schedule) String() string { return s.expr }

// Zone returns the time zone's name.
func (s Schedule) Zone() string { return s.zone.String() }

// Next returns the time of the first slot after t, in the schedule's zone; zero
// when there is none.
func (s Schedule) Next(t time.Time) time.Time { return s.After(t).At }

// After returns the first slot after t; zero when there is none. Where a change
// of the clocks brings several at one time, it is the earliest on the wall clock.
func (s Schedule) After(t time.Time) Slot {
	for slot := range s.slots(t) {
		return slot
	}
	return Slot{}
}

// Slots returns the slots after one time and up to another, in their order.
func (s Schedule) Slots(after, until time.Time) iter.Seq[Slot] {
	return func(yield func(Slot) bool) {
		for slot := range s.slots(after) {
			if slot.At.After(until) || !yield(slot) {
				return
			}
		}
	}
}

// slots returns all slots after t.
func (s Schedule) slots(t time.Time) iter.Seq[Slot] {
	return func(yield func(Slot) bool) {
		if s.every > 0 {
			for at := t.Truncate(s.every).Add(s.every).In(s.zone); yield(Slot{Wall: reading(at), At: at}); at = at.Add(s.every) {
			}
			return
		}
		if s.spec == nil {
			return
		}
		// The expression is read on a wall clock that nobody changes: UTC's. What
		// it shows at t has come by t, so no slot is left out.
		for wall := s.spec.Next(reading(t.In(s.zone))); !wall.IsZero(); wall = s.spec.Next(wall) {
			// In the second pass of a repeated hour the slots of the first are over.
			if slot := place(wall, s.zone); slot.At.After(t) && !yield(slot) {
				return
			}
		}
	}
}
