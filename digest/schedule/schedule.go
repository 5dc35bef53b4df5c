// Package schedule keeps time: it reads cron expressions and runs the daemon's
// jobs when they are due, one at a time. It is the one owner of robfig/cron,
// which it uses as a clock only.
//
// It refuses an expression that never fires and one that carries its own time
// zone. It promises that a job that panics is logged and runs again at its next
// time, and that two jobs never overlap.
package schedule

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/robfig/cron/v3"
)

// Schedule is a parsed cron expression in a time zone. The zero Schedule never
// fires.
type Schedule struct {
	zone *time.Location
	spec cron.Schedule
}

// Parse reads a standard cron expression of five fields (minute, hour, day of
// month, month, weekday with 0 for Sunday) or a descriptor such as @weekly, to
// be read in the zone. The error says what is wrong and how to mend it.
func Parse(expr string, zone *time.Location) (s Schedule, err error) {
	// cron v3.0.1 panics on some expressions with a time zone prefix.
	defer func() {
		if r := recover(); r != nil {
			s, err = Schedule{}, fmt.Errorf("%q is no cron expression", expr)
		}
	}()
	if strings.TrimSpace(expr) == "" {
		return Schedule{}, errors.New(`is empty: give five fields, e.g. "7 7 * * 1" for Mondays at 07:07`)
	}
	if strings.Contains(expr, "TZ=") {
		return Schedule{}, fmt.Errorf("%q names a time zone: set the key zone instead", expr)
	}
	if rest, ok := strings.CutPrefix(strings.TrimSpace(expr), "@every"); ok {
		if d, err := time.ParseDuration(strings.TrimSpace(rest)); err != nil || d < time.Minute {
			return Schedule{}, fmt.Errorf("%q: @every takes a duration of one minute or more, e.g. \"@every 3h\"", expr)
		}
	}
	spec, err := cron.ParseStandard(expr)
	if err != nil {
		return Schedule{}, fmt.Errorf("%q is no cron expression (%s): give five fields, minute hour day month weekday", expr, err)
	}
	// Any fixed date serves: cron looks five years ahead, and leap days recur within that.
	if spec.Next(time.Date(2026, time.January, 1, 0, 0, 0, 0, time.UTC)).IsZero() {
		return Schedule{}, fmt.Errorf("%q never fires: no such date exists", expr)
	}
	return Schedule{zone: zone, spec: spec}, nil
}

// Next returns the first run after t, in the schedule's zone.
func (s Schedule) Next(t time.Time) time.Time {
	if s.spec == nil {
		return time.Time{}
	}
	return s.spec.Next(t.In(s.zone))
}
