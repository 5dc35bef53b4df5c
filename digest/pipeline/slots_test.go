package pipeline_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"standpoint/digest"
	"standpoint/digest/mail"
	"standpoint/digest/pipeline"
	"standpoint/digest/schedule"
	"standpoint/digest/store"
)

// desk is a world that publishes on Mondays at 07:07, Brussels' time, and has one
// piece. It begins on Monday, 2 March 2026, at 06:00.
type desk struct {
	*world
	slots pipeline.Slots
	told  []store.Slot
}

func newDesk(t *testing.T) *desk {
	d := &desk{world: newWorld(t, 1, "one")}
	d.now = at("2026-03-02 06:00")
	d.slots = pipeline.Slots{Worker: d.Worker, Most: 48 * time.Hour, Tell: func(_ context.Context, s []store.Slot) { d.told = append(d.told, s...) }}
	d.read(t, "7 7 * * 1")
	d.look(t, "")
	d.piece(t, "a")
	return d
}

func at(s string) time.Time {
	zone, err := time.LoadLocation("Europe/Brussels")
	if err != nil {
		panic(err)
	}
	t, err := time.ParseInLocation("2006-01-02 15:04", s, zone)
	if err != nil {
		panic(err)
	}
	return t
}

func (d *desk) read(t *testing.T, expr string) {
	t.Helper()
	var err error
	d.slots.When, err = schedule.Parse(expr, d.Zone)
	must(t, err)
}

// piece gathers a new piece.
func (d *desk) piece(t *testing.T, id string) {
	t.Helper()
	d.web.add("one", item{id: id, published: d.clock().Add(-time.Hour)})
	d.gather(t)
}

func (d *desk) is(now string) { d.wait(at(now).Sub(d.clock())) }

// look wants this slot to be due.
func (d *desk) look(t *testing.T, want string) {
	t.Helper()
	s, due, err := d.slots.Look(t.Context())
	if err != nil || s.Wall != want || due != (want != "") {
		t.Errorf("due %v: %+v, %v, want %q", due, s, err, want)
	}
}

// serve has a slot served, if one is due, and wants so many editions then.
func (d *desk) serve(t *testing.T, editions int) {
	t.Helper()
	if _, err := d.slots.Serve(t.Context()); err != nil {
		t.Error(err)
	}
	if n := len(d.editions(t)); n != editions {
		t.Errorf("%v: %d editions, want %d", d.clock(), n, editions)
	}
}

// want compares the slots in the store, oldest first, as "day state edition".
func (d *desk) want(t *testing.T, want ...string) {
	t.Helper()
	all, err := d.Store.LastSlots(t.Context(), pipeline.PublishJob, 100)
	must(t, err)
	var got []string
	for _, s := range all {
		got = append([]string{fmt.Sprint(s.Wall[5:10], " ", s.State, " ", s.Edition)}, got...)
	}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("slots %q, want %q", got, want)
	}
}

func TestSlotIsServedOnce(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.is("2026-03-02 07:06")
	d.serve(t, 0)
	d.is("2026-03-02 07:07")
	d.serve(t, 1)
	d.piece(t, "b")
	d.serve(t, 1)
	d.is("2026-03-09 07:08")
	d.serve(t, 2)
	d.is("2026-03-16 07:08")
	d.serve(t, 2)
	d.want(t, "03-02 served 1", "03-09 served 2", "03-16 served 0")
	if len(d.told) > 0 {
		t.Errorf("told of %+v", d.told)
	}
}

func TestMissedSlots(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		now  string
		want []string
		told int
	}{
		{"2026-03-02 07:21", []string{"03-02 served 1"}, 0},
		{"2026-03-04 07:07", []string{"03-02 late 1"}, 0},
		{"2026-03-04 07:08", []string{"03-02 missed 0"}, 1},
		{"2026-03-16 09:00", []string{"03-02 covered 0", "03-09 covered 0", "03-16 late 1"}, 2},
		{"2026-03-20 09:00", []string{"03-02 missed 0", "03-09 missed 0", "03-16 missed 0"}, 3},
	} {
		d := newDesk(t)
		d.is(row.now)
		editions := 0
		if strings.HasSuffix(row.want[len(row.want)-1], "1") {
			editions = 1
		}
		d.serve(t, editions)
		d.serve(t, editions)
		d.want(t, row.want...)
		if len(d.told) != row.told {
			t.Errorf("%s: told of %+v", row.now, d.told)
		}
	}
}

// An edition by hand shortly before a slot serves it, and so does one after a
// slot that was missed; one of days before does not.
func TestEditionByHand(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		by, slot string
		state    string
		editions int
	}{
		{"2026-03-02 06:30", "2026-03-02 07:07", "03-02 served 1", 1},
		{"2026-03-02 07:30", "2026-03-02 09:00", "03-02 late 1", 1},
		{"2026-03-06 12:00", "2026-03-06 13:00", "03-02 late 1", 1},
		{"2026-03-02 04:00", "2026-03-02 07:07", "03-02 served 2", 2},
	} {
		d := newDesk(t)
		d.Quiet = digest.Quiet{Least: 1, Send: digest.QuietNote} // which would send an empty one
		d.is(row.by)
		d.publish(t)
		d.is(row.slot)
		d.piece(t, "b")
		d.serve(t, row.editions)
		d.want(t, row.state)
	}
}

// A slot whose run ended with an error is tried again while it is not too late.
func TestSlotOfAFailedRun(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	fault := errors.New("a fault of the renderer's")
	d.box.onOpen = func(int) error { return &mail.SetupError{Where: "server", Step: "dial", Err: fault} }
	d.is("2026-03-02 07:07")
	if _, err := d.slots.Serve(t.Context()); !errors.Is(err, fault) {
		t.Errorf("got %v", err)
	}
	d.want(t, "03-02 served 1") // frozen, on its way
	d.is("2026-03-09 07:07")
	d.piece(t, "b")
	for range 2 { // the first edition cannot leave, and no rival is made
		if _, err := d.slots.Serve(t.Context()); !errors.Is(err, fault) {
			t.Errorf("got %v", err)
		}
	}
	d.want(t, "03-02 served 1", "03-09 due 0")
	d.look(t, "2026-03-09T07:07")
	d.box.onOpen = nil
	d.is("2026-03-09 11:00")
	d.serve(t, 2)
	d.want(t, "03-02 served 1", "03-09 late 2")
	all, err := d.Store.LastSlots(t.Context(), pipeline.PublishJob, 1)
	if err != nil || all[0].Attempts != 3 || all[0].Why != "" {
		t.Errorf("%+v, %v", all, err)
	}
}

func TestSlotThatStaysDueIsMissed(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.is("2026-03-02 07:07")
	ctx, cancel := context.WithCancel(t.Context())
	d.Worker.Now = func() time.Time { cancel(); return d.clock() } // a stop in the middle
	d.slots.Look(t.Context())
	if _, err := d.slots.Serve(ctx); err == nil {
		t.Error("the stop is not seen")
	}
	d.Worker.Now = d.clock
	d.want(t, "03-02 due 0")
	d.is("2026-03-05 07:07")
	d.serve(t, 0)
	d.want(t, "03-02 missed 0")
	if len(d.told) != 1 || !strings.HasPrefix(d.told[0].Why, "too late to be made up") {
		t.Errorf("told of %+v", d.told)
	}
}

// A run that panics costs its slot, and not the next.
func TestSlotOfARunThatPanics(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	sender := d.Sender
	d.Renderer, d.Sender = nil, mail.Sender{}
	d.is("2026-03-02 07:07")
	if _, err := d.slots.Serve(t.Context()); err == nil || !strings.Contains(err.Error(), "fault") {
		t.Errorf("got %v", err)
	}
	d.want(t, "03-02 failed 0")
	if len(d.told) != 1 {
		t.Errorf("told of %+v", d.told)
	}
	r, err := renderer()
	must(t, err)
	d.Renderer, d.Sender = r, sender
	d.serve(t, 0)
	d.is("2026-03-09 07:07")
	d.serve(t, 1)
	d.want(t, "03-02 failed 0", "03-09 served 1")
}

// Neither a clock that is set forward nor one that is set back runs a slot twice
// or loses one.
func TestClockIsSet(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.is("2026-03-02 07:07")
	d.serve(t, 1)
	d.is("2026-03-02 05:00")
	d.piece(t, "b")
	d.serve(t, 1)
	d.is("2026-03-02 07:07")
	d.serve(t, 1) // served in the first pass
	d.is("2026-03-30 12:00")
	d.serve(t, 2) // weeks ahead: one run
	d.want(t, "03-02 served 1", "03-09 covered 0", "03-16 covered 0", "03-23 covered 0", "03-30 late 2")
	d.is("2026-03-08 12:00")
	d.piece(t, "c")
	d.serve(t, 2)
	d.want(t, "03-02 served 1", "03-30 late 2")
	d.is("2026-03-09 07:07")
	if _, due, err := d.slots.Look(t.Context()); !due || err != nil {
		t.Errorf("a slot that was noted while the clock was ahead does not come again: %v", err)
	}
	d.serve(t, 3)
	d.want(t, "03-02 served 1", "03-09 served 3", "03-30 late 2")
}

// What passed while the program was off goes by the schedule that was in force;
// the new one counts from now on.
func TestScheduleIsChanged(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.is("2026-03-03 12:00")
	d.read(t, "0 9 * * 2") // a Tuesday's slot has passed, by the new schedule alone
	d.look(t, "2026-03-02T07:07")
	d.serve(t, 1)
	d.is("2026-03-09 08:00")
	d.look(t, "")
	d.is("2026-03-10 09:00")
	d.look(t, "2026-03-10T09:00")
}

// A daemon on a store that never had one owes what was due since the last
// cut-off, and before any cut-off nothing.
func TestFirstLook(t *testing.T) {
	t.Parallel()
	d := &desk{world: newWorld(t, 1, "one")}
	d.slots = pipeline.Slots{Worker: d.Worker, Most: 48 * time.Hour}
	d.read(t, "7 7 * * 1")
	d.is("2026-03-01 12:00")
	d.piece(t, "a")
	d.publish(t)
	d.is("2026-03-02 12:00")
	d.look(t, "2026-03-02T07:07")
}
