package schedule

import "time"

// Slot is one time at which a schedule has work done.
type Slot struct {
	// Wall is what the wall clock shows, as if it were UTC.
	Wall time.Time
	// At is when that is: the first time that the clock shows it, or, where it
	// never does, the first moment after the change that skips it.
	At time.Time
	// Change says how a change of the clocks concerns the slot.
	Change Change
}

// Change is what a change of the clocks does to a slot.
type Change string

// A regular time comes once; one that is Skipped does not exist on its day; one
// that is Repeated comes twice.
const (
	Regular  Change = ""
	Skipped  Change = "skipped"
	Repeated Change = "repeated"
)

// Name returns the local date and time, as in 2026-03-29T02:30. With the zone it
// names the slot for good.
func (s Slot) Name() string { return s.Wall.Format("2006-01-02T15:04") }

// reading is what the wall clock shows at t, as if it were UTC.
func reading(t time.Time) time.Time {
	return time.Date(t.Year(), t.Month(), t.Day(), t.Hour(), t.Minute(), t.Second(), t.Nanosecond(), time.UTC)
}

// farthest is more than any zone is from UTC.
const farthest = 24 * time.Hour

// place finds when the wall clock of a zone first shows a time, or more.
// time.Date does not promise which of two times it returns.
func place(wall time.Time, zone *time.Location) Slot {
	slot := Slot{Wall: wall}
	for t := wall.Add(-farthest); ; {
		_, end := t.In(zone).ZoneBounds()
		at, exact := shows(t, wall, zone)
		open := end.IsZero()
		switch {
		case !open && !at.Before(end): // not before the next change
		case slot.At.IsZero():
			slot.At = at.In(zone)
			if !exact {
				slot.Change = Skipped
			}
		case exact:
			slot.Change = Repeated
		}
		if open || end.After(wall.Add(farthest)) {
			return slot
		}
		t = end
	}
}

// shows returns the first time from t on at which a clock that is set as at t
// shows wall or more, and whether it then shows wall itself.
func shows(t, wall time.Time, zone *time.Location) (at time.Time, exact bool) {
	_, offset := t.In(zone).Zone()
	at = wall.Add(-time.Duration(offset) * time.Second)
	if at.Before(t) {
		return t, false
	}
	return at, true
}
