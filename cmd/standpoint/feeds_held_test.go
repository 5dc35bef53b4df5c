package main

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"standpoint/digest/store"
	"standpoint/feeds"
)

// flood makes a state folder in which the feed of North has brought a piece a
// week, and then many at once.
func flood(t *testing.T, dir string, now time.Time, many int) {
	t.Helper()
	north := feeds.Source{ID: "north", Name: "North", URL: "https://north.example/feed"}
	db, err := store.Open(t.Context(), filepath.Join(dir, "state"))
	check(t, err)
	check(t, db.SetSources(t.Context(), []feeds.Source{north}))
	visit := func(at time.Time, n int) store.Visited {
		v := store.Visit{Contact: store.Contact{Source: north.ID, At: at}, Oldest: at.AddDate(0, 0, -8)}
		for i := range n {
			v.Items = append(v.Items, feeds.Item{
				Title: fmt.Sprintf("Security guarantees for Ukraine %s %d", at.Format(time.DateOnly), i),
				URL:   fmt.Sprintf("https://north.example/%s/%d", at.Format(time.DateOnly), i), Published: at,
			})
		}
		got, err := db.RecordVisit(t.Context(), v)
		check(t, err)
		return got
	}
	for week := range 7 {
		visit(now.AddDate(0, 0, 7*week-43), 1)
	}
	if got := visit(now, many); got.Held != many {
		t.Fatalf("%d held, want %d", got.Held, many)
	}
	check(t, db.Close())
}

// TestHeldFeed lists a held feed, explains one of its pieces, and lets them
// through, or not.
func TestHeldFeed(t *testing.T) {
	const config = "topic: ./pack\nmail: {from: d@example.org}\nsubscribers: [a@example.org]\nsources:\n  - {name: North, url: \"https://north.example/feed\"}\n"
	now := time.Now()
	piece := "https://north.example/" + now.Format(time.DateOnly) + "/3"
	for name, row := range map[string]struct {
		args []string
		said string
		fate string
	}{
		"release": {nil, "40 held pieces of North: let through", "waiting: text and verdict are still to come"},
		"discard": {[]string{"--discard"}, "40 held pieces of North: will enter no edition", "left out: it was held, and discarded"},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			write(t, dir, "config.yaml", config)
			smallPack(t, filepath.Join(dir, "pack"))
			flood(t, dir, now, 40)
			path := filepath.Join(dir, "config.yaml")
			want := func(text string, args ...string) {
				t.Helper()
				status, out, errs := standpoint(t, append(args, "--config", path)...)
				if status != 0 || !strings.Contains(out, text) {
					t.Errorf("%v: status %d, no %q in\n%s%s", args, status, text, out, errs)
				}
			}
			want("North  held ", "feeds", "list")
			want("North: 40 new pieces are held, far more than usual; to let them through: standpoint feeds release north", "status")
			want("Fate       held: ", "explain", piece)
			want(row.said, append([]string{"feeds", "release", "NORTH"}, row.args...)...)
			want("Fate       "+row.fate, "explain", piece)
			want("North has no pieces on hold.", "feeds", "release", "north")
			want("North  ok ", "feeds", "list")
		})
	}
}
