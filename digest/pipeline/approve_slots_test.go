package pipeline_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"standpoint/digest/pipeline"
	"standpoint/digest/schedule"
	"standpoint/digest/store"
)

// A slot is served when its draft is made. One that comes while a draft waits gets
// its edition after the approval, or is reported when it is too late.
func TestSlotsWhileADraftWaits(t *testing.T) {
	t.Parallel()
	const week = 7 * 24 * time.Hour
	w := newWorld(t, 1, "one")
	edited(w, pipeline.ByEditor)
	when, err := schedule.Parse("7 7 * * 1", time.UTC)
	must(t, err)
	var told []store.Slot
	slots := pipeline.Slots{Worker: w.Worker, When: when, Most: 48 * time.Hour, Tell: func(_ context.Context, s []store.Slot) { told = append(told, s...) }}
	serve := func() *pipeline.Published {
		t.Helper()
		p, err := slots.Serve(t.Context())
		must(t, err)
		return p
	}
	bring := func(id string) item {
		i := piece(id, 1)
		i.published = w.clock().Add(-time.Hour)
		w.web.add("one", i)
		w.gather(t)
		return i
	}
	w.wait(-time.Hour)
	must(t, slots.Begin(t.Context()))
	w.wait(time.Hour)
	a := bring("a")
	if p := serve(); p == nil || p.Draft == nil || p.Edition == nil {
		t.Fatalf("%+v", p)
	}
	last, err := w.Store.LastSlots(t.Context(), pipeline.PublishJob, 5)
	if err != nil || len(last) != 1 || last[0].State != store.SlotServed || last[0].Edition != 1 {
		t.Errorf("%+v, %v", last, err)
	}
	w.wait(week)
	b := bring("b")
	if p := serve(); p == nil || p.Waits != 1 || p.Edition != nil {
		t.Errorf("%+v", p)
	}
	last, err = w.Store.LastSlots(t.Context(), pipeline.PublishJob, 1)
	if err != nil || last[0].State != store.SlotDue || !strings.Contains(last[0].Why, "edition 1 waits for approval") {
		t.Errorf("%+v, %v", last, err)
	}
	w.wait(24 * time.Hour)
	w.approve(t, 1)
	if p := serve(); p == nil || p.Edition == nil || p.Edition.Number != 2 || len(p.Outcomes) != 1 {
		t.Errorf("%+v", p)
	}
	w.approve(t, 2)
	w.resume(t)
	w.wantOnce(t, titles(a, b), 1)

	w.wait(week - 24*time.Hour)
	c := bring("c")
	serve()
	w.wait(week)
	d := bring("d")
	serve()
	w.wait(49 * time.Hour)
	if p := serve(); p != nil || len(told) != 1 || told[0].State != store.SlotMissed || !strings.Contains(told[0].Why, "edition 3 waits for approval") {
		t.Errorf("%+v, told of %+v", p, told)
	}
	w.approve(t, 3)
	w.wait(week - 49*time.Hour)
	serve()
	w.approve(t, 4)
	w.resume(t)
	w.wantOnce(t, titles(a, b, c, d), 1)
}

// A draft whose deadline passed long ago goes out, and nobody is told that it
// still waits.
func TestNoReminderOfWhatGoesOut(t *testing.T) {
	t.Parallel()
	w, d, a, b := drafted(t, 1, pipeline.ByWindow)
	w.wait(60 * time.Hour)
	w.resume(t)
	w.wantOnce(t, titles(a, b), 1)
	if len(d.mails) != 1 {
		t.Errorf("%d mails to the editor", len(d.mails))
	}
}
