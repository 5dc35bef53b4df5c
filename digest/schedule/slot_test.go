package schedule_test

import (
	"os"
	"slices"
	"testing"
	"time"

	"standpoint/digest/schedule"
)

func location(t testing.TB, name string) *time.Location {
	t.Helper()
	zone, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return zone
}

// TestClockChanges pins single slots, told by hand.
func TestClockChanges(t *testing.T) {
	for _, row := range []struct{ zone, expr, after, want string }{
		{"Europe/Brussels", "30 2 * * 0", "2026-03-28T00:00:00Z", "2026-03-29T02:30 skipped 2026-03-29T03:00:00+02:00"},
		{"Europe/Brussels", "30 2 * * 0", "2026-03-29T01:00:00Z", "2026-04-05T02:30  2026-04-05T02:30:00+02:00"},
		{"Europe/Brussels", "0 3 * * 0", "2026-03-28T00:00:00Z", "2026-03-29T03:00  2026-03-29T03:00:00+02:00"},
		{"Europe/Brussels", "30 2 * * 0", "2026-10-24T00:00:00Z", "2026-10-25T02:30 repeated 2026-10-25T02:30:00+02:00"},
		{"Europe/Brussels", "30 2 * * 0", "2026-10-25T00:30:00Z", "2026-11-01T02:30  2026-11-01T02:30:00+01:00"},
		{"Europe/Brussels", "0 3 * * 0", "2026-10-25T00:30:00Z", "2026-10-25T03:00  2026-10-25T03:00:00+01:00"},
		{"Europe/Kyiv", "30 3 * * SUN", "2026-03-28T00:00:00Z", "2026-03-29T03:30 skipped 2026-03-29T04:00:00+03:00"},
		{"Australia/Lord_Howe", "15 2 * * *", "2026-10-03T00:00:00Z", "2026-10-04T02:15 skipped 2026-10-04T02:30:00+11:00"},
		{"Australia/Lord_Howe", "45 1 * * *", "2026-04-04T00:00:00Z", "2026-04-05T01:45 repeated 2026-04-05T01:45:00+11:00"},
		{"America/Santiago", "0 0 * * 0", "2026-09-05T12:00:00Z", "2026-09-06T00:00 skipped 2026-09-06T01:00:00-03:00"},
		{"Africa/Casablanca", "30 2 * * 0", "2026-02-14T12:00:00Z", "2026-02-15T02:30 repeated 2026-02-15T02:30:00+01:00"},
		{"Pacific/Apia", "7 7 30 12 *", "2011-12-29T00:00:00Z", "2011-12-30T07:07 skipped 2011-12-31T00:00:00+14:00"},
		{"UTC", "0 0 29 2 *", "2026-03-01T00:00:00Z", "2028-02-29T00:00  2028-02-29T00:00:00Z"},
		{"Europe/Brussels", "@every 168h", "2026-03-25T00:00:00Z", "2026-03-30T02:00  2026-03-30T02:00:00+02:00"},
	} {
		s, err := schedule.Parse(row.expr, location(t, row.zone))
		if err != nil {
			t.Fatal(err)
		}
		after, err := time.Parse(time.RFC3339, row.after)
		if err != nil {
			t.Fatal(err)
		}
		slot := s.After(after)
		if got := slot.Name() + " " + string(slot.Change) + " " + slot.At.Format(time.RFC3339); got != row.want {
			t.Errorf("%s in %s after %s: %s, want %s", row.expr, row.zone, row.after, got, row.want)
		}
	}
}

// TestEachWallTimeOnce goes through seven years, half an hour at a time, on the zone's
// own clock, which knows nothing of slots, and asks that each time that the
// expression names is one slot: where the clock shows it, the first time; else at
// once after the change that skips it.
func TestEachWallTimeOnce(t *testing.T) {
	const step = 30 * time.Minute
	start := time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC)
	years := 2 // YEAR=1 goes on for seven
	if os.Getenv("YEAR") != "" {
		years = 7
	}
	end := start.AddDate(years, 0, 0)
	for _, name := range []string{
		"Europe/Kyiv", "Europe/London", "America/New_York", "Australia/Lord_Howe", "Africa/Casablanca",
		"America/Santiago", "Asia/Beirut", "America/Nuuk", "Antarctica/Troll", "UTC",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			zone := location(t, name)
			want, changes := walk(zone, start, end, step)
			s, err := schedule.Parse("*/30 * * * *", zone)
			if err != nil {
				t.Fatal(err)
			}
			last := schedule.Slot{At: start}
			n := 0
			for slot := range s.Slots(start, end.Add(-48*time.Hour)) {
				n++
				if w, ok := want[slot.Wall]; !ok || !w.Equal(slot.At) {
					t.Fatalf("%s is at %v, want %v", slot.Name(), slot.At, w)
				}
				delete(want, slot.Wall)
				if slot.At.Before(last.At) || !slot.Wall.After(last.Wall) {
					t.Fatalf("%s at %v comes after %s at %v", slot.Name(), slot.At, last.Name(), last.At)
				}
				last = slot
			}
			for wall, at := range want {
				if at.After(start) && at.Before(end.Add(-48*time.Hour)) {
					t.Fatalf("%v, at %v, is no slot", wall, at)
				}
			}
			if n < years*365*24*2-48*2-2 || name != "UTC" && changes < years {
				t.Errorf("%d slots, %d changes of the clock: too few to say anything", n, changes)
			}
		})
	}
}

// walk reads a zone's clock at every step and returns when each wall time comes.
func walk(zone *time.Location, start, end time.Time, step time.Duration) (first map[time.Time]time.Time, changes int) {
	first = map[time.Time]time.Time{}
	wall := func(t time.Time) time.Time {
		_, offset := t.In(zone).Zone()
		return t.Add(time.Duration(offset) * time.Second)
	}
	before := wall(start.Add(-step))
	top := before
	for t := start; t.Before(end); t = t.Add(step) {
		shown := wall(t)
		if shown.Sub(before) != step {
			changes++
		}
		before = shown
		for top.Before(shown) { // more than one step: these are skipped
			top = top.Add(step)
			first[top] = t
		}
	}
	return first, changes
}

// Next and After agree with Slots from wherever one starts, in the middle of a
// change too.
func TestNextFromAnywhere(t *testing.T) {
	for _, name := range []string{"Europe/Kyiv", "America/New_York", "Australia/Lord_Howe", "Africa/Casablanca", "America/Santiago", "Asia/Beirut"} {
		zone := location(t, name)
		for _, expr := range []string{"*/20 * * * *", "30 2 * * 0", "0 0 * * *", "@every 7h"} {
			s, err := schedule.Parse(expr, zone)
			if err != nil {
				t.Fatal(err)
			}
			start := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
			all := slices.Collect(s.Slots(start, start.AddDate(1, 0, 20)))
			i := 0
			for at := start; at.Before(start.AddDate(1, 0, 0)); at = at.Add(47 * time.Minute) {
				for !all[i].At.After(at) {
					i++
				}
				if got := s.After(at); got != all[i] || !s.Next(at).Equal(all[i].At) {
					t.Fatalf("%s in %s after %v: %+v, want %+v", expr, name, at, got, all[i])
				}
			}
		}
	}
}
