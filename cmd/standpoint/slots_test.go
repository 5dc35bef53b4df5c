package main

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"standpoint/digest/pipeline"
	"standpoint/digest/store"
)

// atDesk opens the office of a workplace whose schedule is weekly, on Mondays at
// 07:07 in UTC. The time is *now.
func atDesk(t *testing.T, now *time.Time) (o *office, dir string, log *lines) {
	t.Helper()
	dir, config := workplace(t)
	log = &lines{}
	env := &environment{stdout: log, stderr: &screen{out: log}, now: func() time.Time { return *now }}
	write(t, dir, "config.yaml", config+"schedule: {publish: \"7 7 * * 1\"}\n")
	s, err := load(env, filepath.Join(dir, "config.yaml"))
	check(t, err)
	o, err = s.open(t.Context(), env)
	check(t, err)
	t.Cleanup(func() { o.Close() })
	return o, dir, log
}

// nextMonday is Monday after today, 07:07 in UTC: pieces of the workplace are of
// yesterday.
func nextMonday() time.Time {
	now := time.Now().UTC()
	day := time.Date(now.Year(), now.Month(), now.Day(), 7, 7, 0, 0, time.UTC)
	for day = day.AddDate(0, 0, 1); day.Weekday() != time.Monday; {
		day = day.AddDate(0, 0, 1)
	}
	return day
}

// What the schedule calls is what --now calls.
func TestJobs(t *testing.T) {
	t.Parallel()
	slot := nextMonday()
	now := slot.Add(-30 * time.Minute)
	o, dir, log := atDesk(t, &now)
	jobs, err := o.jobs()
	check(t, err)
	o.begin(t.Context())
	jobs[0].Work(t.Context())
	page := filepath.Join(dir, "state", "outbox", "edition-0001", "edition.html")
	if _, err := os.Stat(page); err == nil {
		t.Error("published before its time")
	}
	now = slot.Add(20 * time.Second)
	jobs[1].Work(t.Context())
	if _, err := os.Stat(page); err != nil || strings.Contains(log.String(), "level=ERROR") {
		t.Errorf("%v\n%s", err, log)
	}
	last, err := o.worker.Store.LastSlots(t.Context(), pipeline.PublishJob, 5)
	if err != nil || len(last) != 1 || last[0].State != store.SlotServed || last[0].Edition != 1 {
		t.Errorf("slots %+v, %v", last, err)
	}
}

// A slot that passed while the daemon was stopped, or was being reloaded, is
// made up once, with what the feeds say by then; one that is too old is told.
func TestMissedSlot(t *testing.T) {
	t.Parallel()
	now := nextMonday().Add(-time.Hour)
	o, _, log := atDesk(t, &now)
	var told []store.Slot
	o.tellSlots = func(_ context.Context, slots []store.Slot) { told = append(told, slots...) }
	made := func(times int) {
		t.Helper()
		if n := strings.Count(log.String(), "missed slot made up"); n != times {
			t.Errorf("made up %d times, want %d:\n%s", n, times, log)
		}
	}
	o.begin(t.Context())
	made(0) // before the first look no slot is missed
	now = now.Add(5 * time.Hour)
	o.begin(t.Context())
	o.begin(t.Context())
	made(1)
	if !strings.Contains(log.String(), "edition delivered") {
		t.Errorf("without what the feeds say:\n%s", log)
	}
	now = now.Add(7 * 24 * time.Hour)
	jobs, err := o.jobs()
	check(t, err)
	jobs[0].Work(t.Context()) // a gathering makes up what a publication left
	made(2)
	now = now.Add(3 * 7 * 24 * time.Hour)
	o.begin(t.Context())
	made(3)
	if len(told) != 2 || told[0].State != store.SlotCovered || !strings.Contains(told[0].Why, told[1].Wall[:4]) {
		t.Errorf("told of %+v", told)
	}
	now = now.Add(7*24*time.Hour + 3*24*time.Hour)
	o.begin(t.Context())
	made(3)
	if len(told) != 3 || told[2].State != store.SlotMissed || !strings.Contains(log.String(), "no edition was made") {
		t.Errorf("told of %+v\n%s", told, log)
	}
	var out strings.Builder
	overview, err := o.overview(t.Context(), now)
	check(t, err)
	overview.printSlots(&out, time.UTC)
	for _, want := range []string{" missed: too late to be made up\n", " late, Mon ", " covered: by the run for 20"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("status lacks %q:\n%s", want, &out)
		}
	}
}
