package pipeline_test

import (
	"fmt"
	"os"
	"testing"
	"time"

	"standpoint/digest/pipeline"
	"standpoint/digest/schedule"
	"standpoint/digest/store"
)

// yearly is one simulated year. Its editions come in the hours of the night that
// a change of the clocks skips and doubles.
type yearly struct {
	zone    string
	from    string // a date
	publish []string
	gather  string
	often   float64 // pieces a day
	seed    uint64
}

// TestYear lives a year of 52 editions and more, by the schedule, with a clock of its
// own: changes of the clocks, outages of hours and weeks, restarts in the middle
// of a run, clocks that are set, editions by hand, servers that defer. Each piece
// is in one edition, each edition comes to each reader once, each slot is served
// once or reported. LONG=1 lives a year that has both changes, YEAR=1 twelve in
// three zones, with the year that has a week 53 and the one that has a 29 February.
func TestYear(t *testing.T) {
	t.Parallel()
	kyiv := yearly{zone: "Europe/Kyiv", publish: []string{"30 3 * * 0", "30 3 * * 0"}}
	london := yearly{zone: "Europe/London", publish: []string{"30 1 * * 0", "30 1 * * 0"}}
	york := yearly{zone: "America/New_York", publish: []string{"30 2 * * 0", "30 1 * * 0"}}
	switch {
	case os.Getenv("YEAR") != "":
	case os.Getenv("LONG") == "":
		t.Skip("LONG=1 lives a year")
	default:
		kyiv.from, kyiv.gather, kyiv.often, kyiv.seed = "2026-03-01", "23 7 * * 1,4,6", 0.2, 1
		t.Run("2026", kyiv.run)
		return
	}
	for seed := range uint64(2) {
		for _, y := range []yearly{kyiv, london, york} {
			for _, y.from = range []string{"2026-03-01", "2027-12-27"} {
				y.gather, y.often, y.seed = "23 */6 * * *", 1, seed
				t.Run(fmt.Sprint(y.zone, " ", y.from, " ", seed), y.run)
			}
		}
	}
}

const (
	yearReaders = 2
	yearWeeks   = 60
	mostLate    = 48 * time.Hour
)

func (y yearly) run(t *testing.T) {
	t.Parallel()
	l := newLife(t, y)
	start := l.now
	end := start.AddDate(0, 0, 7*yearWeeks)
	l.plan(start)
	for l.now.Before(end) {
		l.step(end)
	}
	l.settle()
	l.world.wantOnce(t, titles(l.pieces...), yearReaders, l.repeated...)
	l.wantSlots(start, end)
	l.wantChanges(start, end)
	if editions := len(l.world.editions(t)); editions < 52 || l.killed < 3 || len(l.pieces) < 90 {
		t.Errorf("%d editions, %d kills, %d pieces: too few to say anything", editions, l.killed, len(l.pieces))
	}
}

// wantSlots asserts that each slot of the schedules is in the store once, and
// that it was served by an edition of its own, or nothing was new, or it was told.
func (l *life) wantSlots(start, end time.Time) {
	t := l.t
	t.Helper()
	all, err := l.world.Store.LastSlots(t.Context(), pipeline.PublishJob, 1000)
	must(t, err)
	known := map[string]store.Slot{}
	count := map[store.SlotState]int{}
	by := map[int]string{}
	for _, s := range all {
		known[s.Wall] = s
		count[s.State]++
		switch {
		case s.State == store.SlotServed || s.State == store.SlotLate:
			if other := by[s.Edition]; s.Edition != 0 && other != "" && s.Why == "" {
				t.Errorf("edition %d is of slot %s and of %s", s.Edition, other, s.Wall)
			}
			by[s.Edition] = s.Wall
			if l.told[s.Wall] != 0 {
				t.Errorf("slot %s was served and told", s.Wall)
			}
		case s.State == store.SlotDue:
			t.Errorf("slot %s is still due: %+v", s.Wall, s)
		case l.told[s.Wall] != 1:
			t.Errorf("slot %s was told %d times: %+v", s.Wall, l.told[s.Wall], s)
		}
	}
	want := 0
	for i, when := range l.when {
		from, to := start, l.changed
		if i == 1 {
			from, to = l.changed, end
		}
		for slot := range when.Slots(from, to) {
			want++
			if _, ok := known[slot.Name()]; !ok {
				t.Errorf("slot %s is lost", slot.Name())
			}
		}
	}
	if want != len(all) {
		t.Errorf("%d slots, want %d", len(all), want)
	}
	for _, state := range []store.SlotState{store.SlotServed, store.SlotLate, store.SlotCovered, store.SlotMissed} {
		if count[state] == 0 {
			t.Errorf("no slot is %s: %v", state, count)
		}
	}
	t.Logf("%d pieces, slots %v, %d kills", len(l.pieces), count, l.killed)
}

// wantChanges asserts that the slots in the hours of a change were served then.
func (l *life) wantChanges(start, end time.Time) {
	t := l.t
	t.Helper()
	all, err := l.world.Store.LastSlots(t.Context(), pipeline.PublishJob, 1000)
	must(t, err)
	seen := map[schedule.Change]int{}
	for i, when := range l.when {
		from, to := start, l.changed
		if i == 1 {
			from, to = l.changed, end
		}
		for slot := range when.Slots(from, to) {
			if slot.Change == schedule.Regular {
				continue
			}
			seen[slot.Change]++
			for _, s := range all {
				if s.Wall == slot.Name() && (s.State != store.SlotServed || s.Settled.Sub(slot.At) > 5*time.Minute) {
					t.Errorf("%s slot %s, at %v: %+v", slot.Change, s.Wall, slot.At, s)
				}
			}
		}
	}
	if seen[schedule.Skipped] == 0 || seen[schedule.Repeated] == 0 {
		t.Errorf("no slot in the hours of a change: %v", seen)
	}
}

// settle ends the year: whatever is still on its way arrives.
func (l *life) settle() {
	for range 2 {
		l.wake(true)
		l.at(l.now.Add(2 * time.Hour))
	}
	l.site.put("two", func(o *outlet) { o.status = 0 })
	l.world.gather(l.t)
	l.world.publish(l.t)
	l.at(l.now.Add(2 * time.Hour))
	_, err := l.world.Resume(l.t.Context())
	must(l.t, err)
}
