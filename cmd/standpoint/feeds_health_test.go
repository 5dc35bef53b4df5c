package main

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"standpoint/digest/store"
	"standpoint/feeds"
)

var errFull = errors.New("full")

// TestFeedStates holds each state, and what it says, against a source that is in
// it; a graver state hides a lighter one.
func TestFeedStates(t *testing.T) {
	now := time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)
	ago := func(days int) time.Time { return now.AddDate(0, 0, -days) }
	for name, row := range map[string]struct {
		change func(*store.Health)
		state  feedState
		note   string
	}{
		"ok":     {func(*store.Health) {}, feedOK, ""},
		"new":    {func(h *store.Health) { h.Contacted, h.Items = time.Time{}, -1 }, feedNew, ""},
		"paused": {func(h *store.Health) { h.Paused, h.Gone, h.Failures = ago(1), ago(2), 3 }, feedPaused, "standpoint feeds resume north"},
		"gone":   {func(h *store.Health) { h.Gone, h.Failures, h.FailingSince = ago(2), 1, ago(2) }, feedGone, "standpoint feeds resume north"},
		"failing once": {
			func(h *store.Health) {
				h.Failures, h.FailingSince, h.Class, h.Error = 1, ago(1), feeds.ClassDNS, "fetch north: no such host; mend it"
			},
			feedFailing, "dns: no such host; mend it",
		},
		"failing long": {
			func(h *store.Health) {
				h.Failures, h.FailingSince, h.Class, h.Error = 4, ago(3), feeds.ClassServerError, "fetch north: 503"
				h.Due, h.DueBy = now.Add(3*time.Hour), "Retry-After"
			},
			feedFailing, "5xx, 4 times since 27 Feb 12:00, not asked again before 2 Mar 15:00 (Retry-After): 503",
		},
		"held":         {func(h *store.Health) { h.Held, h.HeldSince = 43, ago(1) }, feedHeld, "43 new pieces are held, far more than usual; to let them through: standpoint feeds release north"},
		"moved":        {func(h *store.Health) { h.Moved = "https://new.example/feed" }, feedMoved, "https://new.example/feed"},
		"empty":        {func(h *store.Health) { h.Items = 0 }, feedEmpty, "no item"},
		"silent":       {func(h *store.Health) { h.Silent, h.Latest = true, ago(90) }, feedSilent, "nothing new"},
		"resting":      {func(h *store.Health) { h.Due, h.DueBy = now.Add(time.Hour), "ttl" }, feedResting, "asked to be left alone until 2 Mar 13:00 (ttl)"},
		"rest is over": {func(h *store.Health) { h.Due, h.DueBy = now, "ttl" }, feedOK, ""},
	} {
		h := store.Health{SourceState: store.SourceState{
			Source: feeds.Source{ID: "north", Name: "North", URL: "https://north.example/feed"}, Contacted: ago(0), Items: 12,
		}}
		row.change(&h)
		f := healthOf(h, clock{now, time.UTC})
		if f.State != row.state || row.note == "" && f.Note != "" || !strings.Contains(f.Note, row.note) {
			t.Errorf("%s: %s, %q", name, f.State, f.Note)
		}
		if strings.Contains(f.Note, "fetch north") {
			t.Errorf("%s: the name stands there twice: %s", name, f.Note)
		}
	}
}

// TestFeedTable holds the table to the width of a terminal, whatever the names.
func TestFeedTable(t *testing.T) {
	now := time.Date(2026, 12, 22, 12, 30, 0, 0, time.UTC)
	h := store.Health{SourceState: store.SourceState{
		Source:    feeds.Source{ID: "long", Name: strings.Repeat("Інститут long ", 20), URL: "https://long.example/"},
		Contacted: now, Failures: 999, FailingSince: now.AddDate(-1, 0, 0), Error: "one\ntwo\x1b[31m", Items: 1,
	}, Weekly: 1234.5, Latest: now}
	var b strings.Builder
	all := []feedHealth{healthOf(h, clock{now, time.UTC})}
	check(t, printFeeds(&b, all, clock{now, time.UTC}, feedHealth.needsCare))
	lines := strings.Split(b.String(), "\n")
	for _, l := range lines[:2] {
		if n := utf8.RuneCountInString(l); n > 100 {
			t.Errorf("%d columns: %s", n, l)
		}
	}
	if !strings.Contains(lines[1], "…  failing  22 Dec 2025") || len(lines) != 5 || !strings.Contains(lines[3], "one two[31m") {
		t.Errorf("got\n%s", b.String())
	}
}

// Folders are headings in the order of the alphabet; within them the config's
// order stays.
func TestFeedTableHasFolders(t *testing.T) {
	var b strings.Builder
	all := []feedHealth{{Name: "One", Folder: "Poland"}, {Name: "Two"}, {Name: "Three", Folder: "Germany"}, {Name: "Four", Folder: "Poland"}}
	check(t, printFeeds(&b, all, clock{time.Now(), time.UTC}, feedHealth.needsCare))
	var got []string
	for l := range strings.Lines(b.String()) {
		name, _, _ := strings.Cut(strings.TrimRight(l, " \n"), "   ")
		got = append(got, strings.TrimRight(name, " "))
	}
	if want := []string{"FEED", "Two", "Germany", "  Three", "Poland", "  One", "  Four"}; !slices.Equal(got, want) {
		t.Errorf("got %q in\n%s", got, b.String())
	}
}

func TestPlain(t *testing.T) {
	var b strings.Builder
	in := "a\tb\n\x1b]0;title\x07 \u202ereversed \u009b2J é\u200d ї \x9b \u2028"
	n, err := plain{&b}.Write([]byte(in))
	if want := "a\tb\n]0;title reversed 2J é\u200d ї \ufffd "; b.String() != want || n != len(in) || err != nil {
		t.Errorf("%q, want %q; %d, %v", b.String(), want, n, err)
	}
	if _, err := (plain{broken{}}).Write([]byte("x")); !errors.Is(err, errFull) {
		t.Errorf("the writer's error is lost: %v", err)
	}
}

type broken struct{}

func (broken) Write([]byte) (int, error) { return 0, errFull }
