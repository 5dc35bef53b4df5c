package main

import (
	"html"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"standpoint/digest"
	"standpoint/digest/store"
	"standpoint/digest/web"
)

// An editor who has not decided yet is no fault until schedule.max_lateness; the
// figures show the draft, and not as an edition that is out.
func TestReadyWithADraft(t *testing.T) {
	t.Parallel()
	now := nextMonday().Add(-time.Hour)
	o, _, link, _ := drafting(t, &now, "required")
	slots, err := o.slots()
	check(t, err)
	check(t, slots.Begin(t.Context()))
	l := newLife(&environment{now: func() time.Time { return now }}, o.worker.Log)
	l.open(o)
	ask := func(path string) string {
		l.done("gather", now, nil)
		w := httptest.NewRecorder()
		web.Operator{Alive: l.alive, Ready: l.ready, Metrics: l.metrics}.Handler().ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, nil))
		return "\n" + w.Body.String()
	}
	for _, want := range []string{"\nstandpoint_draft_waiting 1\n", "\nstandpoint_edition_last_number 0\n", "\nstandpoint_pieces{state=\"published\"} 0\n"} {
		if got := ask("/metrics"); !strings.Contains(got, want) {
			t.Errorf("figures without %q", want)
		}
	}
	late := o.Schedule.MaxLateness.Std()
	at := now.Add(late - 2*time.Hour)
	now = now.Add(late - time.Minute)
	slot := store.Slot{Job: "publish", Wall: at.Format("2006-01-02T15:04"), Zone: "UTC", At: at, State: store.SlotDue, Why: "edition 1 waits for approval"}
	check(t, o.worker.Store.NoteSlots(t.Context(), slot.Job, []store.Slot{slot}, store.SlotMark{Spec: "7 7 * * 1", Zone: "UTC", At: now}))
	if got := ask("/readyz"); got != "\nok\n" {
		t.Errorf("before max_lateness: %s", got)
	}
	now = now.Add(2 * time.Minute)
	if got := ask("/readyz"); !strings.Contains(got, "edition 1 has waited for approval since ") {
		t.Errorf("after max_lateness: %s", got)
	}
	if code := press(t, o, link, url.Values{"do": {"approve"}, "revision": {"1"}}); code != http.StatusSeeOther {
		t.Fatalf("approve: %d", code)
	}
	o.attend(t.Context())
	if got := ask("/metrics"); !strings.Contains(got, "\nstandpoint_draft_waiting 0\n") || !strings.Contains(got, "\nstandpoint_edition_last_number 1\n") {
		t.Error("the figures do not follow")
	}
	if got := ask("/readyz"); strings.Contains(got, "approval since") {
		t.Error(got)
	}
}

// What the operator hears of a late draft is true: a mail that did not go is not
// told as one.
func TestLateDraftSaysWhoKnows(t *testing.T) {
	t.Parallel()
	now := nextMonday().Add(-time.Hour)
	o, _, _, _ := drafting(t, &now, "required")
	for _, row := range []struct {
		a    store.Approval
		want string
	}{
		{store.Approval{}, "No mail about it has reached the editor"},
		{store.Approval{Told: now}, "could not be reminded"},
		{store.Approval{Told: now, Reminded: now}, "The editor was reminded."},
		{store.Approval{Told: now, Reminded: now, State: store.DraftHeld, Why: "one more look"}, "It is held: one more look."},
		{store.Approval{Told: now, Reminded: now, Deadline: now}, "It goes out on "},
	} {
		row.a.Edition, row.a.Drafted = 1, now
		if got := o.lateDraft(row.a).Text; !strings.Contains(got, row.want) {
			t.Errorf("%q, want %q", got, row.want)
		}
	}
}

// A piece that the editor called off the subject leaves the draft, and the page
// still has it, with the way back.
func TestOffTheSubjectAndBack(t *testing.T) {
	t.Parallel()
	now := nextMonday().Add(-time.Hour)
	o, _, link, _ := drafting(t, &now, "required")
	e, err := o.worker.Store.Edition(t.Context(), 1)
	check(t, err)
	piece := e.Sections[slices.IndexFunc(e.Sections, func(s digest.Section) bool { return len(s.Entries) > 0 })].Entries[0]
	item := strconv.FormatInt(piece.Item, 10)
	page := func() string {
		w := httptest.NewRecorder()
		o.readers.ServeHTTP(w, httptest.NewRequest(http.MethodGet, link, nil))
		_, rest, _ := strings.Cut(w.Body.String(), "<h2>Not on the subject</h2>")
		return html.UnescapeString(rest)
	}
	if page() != "" {
		t.Error("there is something off the subject from the start")
	}
	if code := press(t, o, link, url.Values{"do": {"correct"}, "item": {item}, "stance": {"irrelevant"}, "why": {"another war"}, "revision": {"1"}}); code != http.StatusSeeOther {
		t.Fatalf("correct: %d", code)
	}
	o.attend(t.Context())
	if got := page(); !strings.Contains(got, piece.Title) || !strings.Contains(got, "by the editor: another war") || !strings.Contains(got, `value="undo"`) {
		t.Errorf("the page lacks it: %.600s", got)
	}
	if code := press(t, o, link, url.Values{"do": {"undo"}, "item": {item}, "revision": {"2"}}); code != http.StatusSeeOther {
		t.Fatalf("undo: %d", code)
	}
	o.attend(t.Context())
	again, err := o.worker.Store.Edition(t.Context(), 1)
	check(t, err)
	if again.Entries() != e.Entries() || page() != "" {
		t.Errorf("%d entries of %d; %.300s", again.Entries(), e.Entries(), page())
	}
}
