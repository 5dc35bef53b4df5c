package main

import (
	"fmt"
	"io"
	"time"

	"standpoint/digest/schedule"
)

// aYear is how far ahead changes of the clocks are told: all of a year's.
const aYear = 366 * 24 * time.Hour

// checkSchedule prints the next slots of each job, and which of a year's slots a
// change of the clocks moves or could double.
func (s *settings) checkSchedule(w io.Writer, now time.Time) error {
	for _, job := range []struct{ name, expr string }{{"gather", s.Schedule.Gather}, {"publish", s.Schedule.Publish}} {
		when, err := schedule.Parse(job.expr, s.Location())
		if err != nil {
			return usage("schedule.%s: %w", job.name, err)
		}
		fmt.Fprintf(w, "ok  %-12s", job.name)
		at := now
		for i := range 3 {
			at = when.Next(at)
			if i > 0 {
				fmt.Fprint(w, ",")
			}
			fmt.Fprintf(w, " %s", at.Format(slotLayout(at, now)))
		}
		fmt.Fprintln(w)
		for _, change := range clockChanges(when, now) {
			fmt.Fprintf(w, "warning  %s  %q: %s\n", job.name, when, change)
		}
	}
	return nil
}

// slotLayout writes a slot, with its year where that is not plain.
func slotLayout(at, now time.Time) string {
	if at.Sub(now) < 300*24*time.Hour {
		return "Mon 2 Jan 15:04 MST"
	}
	return "Mon 2 Jan 2006 15:04 MST"
}

// clockChanges says in which way changes of the clocks concern a schedule within
// a year: when first for a time that does not exist, and for one that comes twice.
func clockChanges(when schedule.Schedule, now time.Time) []string {
	var out []string
	told := map[schedule.Change]bool{schedule.Regular: true}
	zone := when.Next(now).Location()
	for _, end := now.In(zone).ZoneBounds(); !end.IsZero() && end.Before(now.Add(aYear)); _, end = end.ZoneBounds() {
		for slot := range when.Slots(end.Add(-24*time.Hour), end) {
			if told[slot.Change] || !slot.At.After(now) {
				continue
			}
			told[slot.Change] = true
			out = append(out, moved(slot))
		}
	}
	return out
}

func moved(slot schedule.Slot) string {
	on := slot.Wall.Format("on 2 January 2006 15:04")
	if slot.Change == schedule.Repeated {
		return on + " comes twice; it runs once, at the first, " + at(slot)
	}
	return on + " does not exist; it runs at " + at(slot)
}

// at is when a slot is, with its day where that is another than on the wall.
func at(slot schedule.Slot) string {
	if slot.At.Day() != slot.Wall.Day() {
		return slot.At.Format("15:04 MST on 2 January")
	}
	return slot.At.Format("15:04 MST")
}
