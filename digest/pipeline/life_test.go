package pipeline_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"testing"
	"time"

	"standpoint/digest/mail"
	"standpoint/digest/pipeline"
	"standpoint/digest/schedule"
	"standpoint/digest/store"
)

// life is a daemon as its machine, its feeds and its mail server treat it.
type life struct {
	t       *testing.T
	yearly  yearly
	random  *rand.Rand
	zone    *time.Location
	when    []schedule.Schedule // for publishing: before and after the change of the config
	changed time.Time
	gather  schedule.Schedule

	dir      string // of the world's store
	world    *world
	grown    time.Time // up to when the outlets have published
	site     *web
	now      time.Time
	last     time.Time // when the daemon looked at its clock last
	events   []event
	pieces   []item
	made     int
	told     map[string]int
	repeated []letter // that a kill let be handed over twice
	killed   int
	kill     bool // the next run for a slot is killed
	down     bool // the mail server
}

// event is what befalls the daemon once.
type event struct {
	at time.Time
	do func()
}

func newLife(t *testing.T, y yearly) *life {
	l := &life{t: t, yearly: y, random: rand.New(rand.NewPCG(y.seed, 1)), site: newWeb(t), told: map[string]int{}}
	var err error
	l.zone, err = time.LoadLocation(y.zone)
	must(t, err)
	l.now, err = time.ParseInLocation(time.DateOnly, y.from, l.zone)
	must(t, err)
	l.now = l.now.Add(12 * time.Hour)
	l.grown = l.now.AddDate(0, 0, -3)
	for _, expr := range append(y.publish, y.gather) {
		s, err := schedule.Parse(expr, l.zone)
		must(t, err)
		l.when = append(l.when, s)
	}
	l.when, l.gather = l.when[:2], l.when[2]
	// In the middle of the two changes, and of a week.
	l.changed = time.Date(l.now.AddDate(0, 0, 50).Year(), 7, 1, 11, 0, 0, 0, l.zone)
	l.start(t.TempDir(), nil)
	return l
}

// start begins a process on a folder.
func (l *life) start(dir string, taken []letter) {
	l.world = worldOn(l.t, l.site, dir, yearReaders, "one", "two", "three")
	l.world.Zone, l.world.box.taken = l.zone, taken
	l.dir = dir
	l.at(l.now)
	l.hook()
	l.wake(true) // the daemon's first deed
}

// hook has the mail server defer a letter now and then.
func (l *life) hook() {
	unhook(l.world)
	sent := 0
	l.world.box.onOpen = func(int) error {
		if l.down {
			return &mail.SetupError{Where: "server", Step: "dial", Err: errors.New("refused")}
		}
		return nil
	}
	l.world.box.onSend = func(int, *mail.Message) error {
		if sent++; sent%7 == 0 {
			return &mail.SendError{Outcome: mail.Deferred, Stage: "RCPT", Code: 451}
		}
		return nil
	}
}

// plan lays out the year: weeks count from 0. The changes of the clocks, in weeks
// 4 and 34 of a year that begins in March, are left alone.
func (l *life) plan(start time.Time) {
	week := func(n int) time.Time { // Sunday noon
		return time.Date(start.Year(), start.Month(), start.Day()+7*n, 12, 0, 0, 0, l.zone)
	}
	slot := func(n int) time.Time { return l.schedule(week(n)).Next(week(n)) }
	add := func(at time.Time, do func()) {
		i := 0
		for i < len(l.events) && !l.events[i].at.After(at) {
			i++
		}
		l.events = append(l.events[:i], append([]event{{at, do}}, l.events[i:]...)...)
	}
	off := func(at time.Time, d time.Duration) { add(at, func() { l.off(d) }) }
	add(l.changed, func() { l.wake(false) }) // SIGHUP: the old config's end, then the new one's begin
	for _, n := range []int{0, 1, 6, 12, 20, 30, 40, 47} {
		add(slot(n).Add(-time.Minute), func() { l.kill = true })
	}
	off(slot(14).Add(-5*time.Hour), 11*time.Hour)
	off(slot(38).Add(-time.Hour), 40*time.Hour)
	off(slot(22).Add(-30*time.Hour), 3*7*24*time.Hour+4*24*time.Hour) // the last slot is too old
	off(slot(26).Add(-2*time.Hour), 2*7*24*time.Hour+9*time.Hour)     // the last slot is not
	by := func(at time.Time) { add(at, func() { l.world.publish(l.t) }) }
	by(slot(9).Add(-80 * time.Minute)) // serves the slot
	by(slot(16).Add(-50 * time.Hour))  // does not
	set := func(at time.Time, d time.Duration) { add(at, func() { l.set(d) }) }
	set(slot(18).Add(-4*time.Hour), 6*time.Hour) // over the slot, and back
	set(slot(18).Add(5*time.Hour), -6*time.Hour)
	set(slot(42).Add(10*time.Minute), -3*time.Hour) // the slot comes again
	set(slot(44).Add(-20*time.Hour), -3*time.Hour)
	set(slot(44).Add(-10*time.Hour), 3*time.Hour)
	add(slot(50).Add(-time.Hour), func() { l.down = true })
	add(slot(50).Add(9*time.Hour), func() { l.down = false })
}

func (l *life) schedule(at time.Time) schedule.Schedule {
	if at.Before(l.changed) {
		return l.when[0]
	}
	return l.when[1]
}

func (l *life) slots() *pipeline.Slots {
	w := l.world
	return &pipeline.Slots{
		Worker: w.Worker, When: l.schedule(l.now), Most: mostLate,
		Tell: func(_ context.Context, slots []store.Slot) {
			if w == l.world { // and not killed meanwhile
				for _, s := range slots {
					l.told[s.Wall]++
				}
			}
		},
	}
}

// step goes on to whatever comes next.
func (l *life) step(end time.Time) {
	publish, gather := l.schedule(l.last).Next(l.last), l.gather.Next(l.last)
	next := publish
	if gather.Before(next) {
		next = gather
	}
	if len(l.events) > 0 && !l.events[0].at.After(next) {
		e := l.events[0]
		l.events = l.events[1:]
		if e.at.After(l.now) {
			l.at(e.at)
		}
		e.do()
		return
	}
	if next.Before(l.now) { // the clock was set forward
		next = l.now
	}
	if l.at(next); next.Before(end) {
		l.wake(!publish.After(next))
	}
}

// at puts the clock to a time, and lets the daemon look at it.
func (l *life) at(now time.Time) {
	l.now, l.last = now, now
	l.world.mu.Lock()
	l.world.now = now.Add(time.Second)
	l.world.mu.Unlock()
}

// set sets the machine's clock. The daemon looks at it a minute later.
func (l *life) set(d time.Duration) {
	before := l.now
	if l.at(l.now.Add(d)); d > 0 {
		l.last = before
	}
}

// off is an outage. The feeds go on.
func (l *life) off(d time.Duration) {
	l.at(l.now.Add(d))
	must(l.t, l.world.Store.Close())
	l.start(l.dir, l.world.box.letters())
}

// wake is what the daemon does when a slot of one of its jobs has come.
func (l *life) wake(publish bool) {
	l.grow()
	slots := l.slots()
	if publish {
		slot, due, err := slots.Look(l.t.Context())
		must(l.t, err)
		publish = due && l.now.Sub(slot.At) < 15*time.Minute
		if due && l.kill {
			l.cutOff(slots)
			return
		}
	}
	if !publish {
		l.world.gather(l.t)
	}
	if _, err := slots.Serve(l.t.Context()); err != nil && !l.down {
		l.t.Errorf("%v: %v", l.now, err)
	}
}

// cutOff kills the run for a slot somewhere: what is then on the disk is what
// the next process finds.
func (l *life) cutOff(slots *pipeline.Slots) {
	ctx, cancel := context.WithCancel(l.t.Context())
	defer cancel()
	old, dir := l.world, l.t.TempDir()
	var taken []letter
	left, dead := 1+l.random.IntN(45), false
	places(old, func(string) {
		if left--; left > 0 || dead {
			return
		}
		dead, taken = true, old.box.letters()
		for _, suffix := range []string{"", "-wal"} {
			data, err := os.ReadFile(filepath.Join(l.dir, store.FileName+suffix))
			if err := errors.Join(err, os.WriteFile(filepath.Join(dir, store.FileName+suffix), data, 0o600)); err != nil {
				l.t.Error(err)
			}
		}
		l.world = nil // what it does from now on does not count
		cancel()
	})
	_, err := slots.Serve(ctx)
	l.kill = false
	if !dead { // it had ended by then
		must(l.t, err)
		dead = true
		l.world = old
		l.hook()
		return
	}
	l.killed++
	if n := len(taken); n > 0 { // the ledger need not know of this one yet
		l.repeated = append(l.repeated, taken[n-1])
	}
	must(l.t, old.Store.Close())
	l.now = l.now.Add(time.Minute)
	l.start(dir, taken)
}

// grow lets the outlets publish what they have by now.
func (l *life) grow() {
	outlets := []string{"one", "two", "three"}
	for ; l.grown.Before(l.now); l.grown = l.grown.Add(time.Hour) {
		day := l.grown.In(l.zone)
		weekly := day.Weekday() == time.Wednesday && day.Hour() == 12 && day.YearDay()%91 > 7 // but in one week of thirteen
		if !weekly && l.random.Float64()*24 > l.yearly.often {
			continue
		}
		next := item{id: fmt.Sprint(l.made), published: l.grown, full: l.random.IntN(2) == 0, off: !weekly && l.random.IntN(5) == 0}
		if l.made++; !next.off {
			l.pieces = append(l.pieces, next)
		}
		name := outlets[l.random.IntN(len(outlets))]
		l.site.add(name, next)
		// Enough for the longest outage.
		l.site.put(name, func(o *outlet) { o.items = o.items[:min(len(o.items), 6+int(15*l.yearly.often))] })
	}
	l.site.put("two", func(o *outlet) {
		if o.status = 0; l.random.IntN(10) == 0 {
			o.status = http.StatusBadGateway
		}
	})
}
