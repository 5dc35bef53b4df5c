package main

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"standpoint/feeds"
)

// TestFeedReport holds what feeds check says against what came.
func TestFeedReport(t *testing.T) {
	now := time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)
	day := func(n int) feeds.Item {
		return feeds.Item{Title: "T", URL: "https://north.example/a", Authors: []string{"A"}, Published: now.AddDate(0, 0, -n), Text: "Whole.", Language: "en"}
	}
	bare := feeds.Item{Title: "T", Teaser: "Only that."}
	for name, row := range map[string]struct {
		got  feeds.Fetched
		want []string
	}{
		"good": {
			feeds.Fetched{
				Format: "Atom 1.0", Title: "North", Items: []feeds.Item{day(0), day(7), day(14)},
				Validators: feeds.Validators{ETag: "x", LastModified: "y"}, Fresh: time.Hour, FreshBy: "ttl", SkipHours: []int{1, 2},
			},
			[]string{
				"Feed       Atom 1.0  North\n", "Address    https://north.example/feed\n", "Items      3, newest 2 Mar 12:00, oldest 16 Feb 12:00, about 1.0 a week\n",
				"Missing    nothing", "Text       whole pieces", "Language   en\n", "by ETag and Last-Modified", "alone for 1h0m0s (ttl), not to be asked in 2 hours",
			},
		},
		"poor": {
			feeds.Fetched{Items: []feeds.Item{bare, bare, {Text: "Whole."}}, Repaired: true, Validators: feeds.Validators{ETag: "x"}},
			[]string{
				"Items      3, none with a usable date\n", "Missing    1 without title, 3 without date, 3 without author, 3 without link\n",
				"Text       1 whole pieces; of the other 2 ", "is told by ETag:", "Faults     the document is faulty",
			},
		},
		"empty":     {feeds.Fetched{}, []string{"Items      none: the feed is in order, and empty\n", "cannot be told"}},
		"moved":     {feeds.Fetched{FinalURL: "https://new.example/feed", Moved: "https://new.example/feed"}, []string{"has moved for good: use this address: https://new.example/feed\n"}},
		"redirect":  {feeds.Fetched{FinalURL: "https://cdn.example/feed"}, []string{"is redirected, for now, to https://cdn.example/feed\n"}},
		"same":      {feeds.Fetched{FinalURL: "https://NORTH.example:443/feed"}, []string{"Address    https://north.example/feed\n"}},
		"in future": {feeds.Fetched{Items: []feeds.Item{day(-30)}}, []string{"dates to come count"}},
		"cut off":   {feeds.Fetched{Incomplete: true, Repaired: true}, []string{"Faults     the document breaks off"}},
	} {
		if row.got.FinalURL == "" {
			row.got.FinalURL = "https://north.example/feed"
		}
		r := reportOf(row.got, nil)
		r.URL = "https://north.example/feed"
		var b strings.Builder
		check(t, r.print(&b, clock{now, time.UTC}))
		for _, want := range row.want {
			if !strings.Contains(b.String(), want) {
				t.Errorf("%s: no %q in\n%s", name, want, b.String())
			}
		}
	}
	r := reportOf(feeds.Fetched{}, errors.New("strange"))
	if r.Usable || r.reason() != "strange" {
		t.Errorf("an unknown error: %+v", r)
	}
}

func TestReadFeedFile(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "feed.xml", strings.Repeat("x", 10_000))
	got, err := readFeedFile(filepath.Join(dir, "feed.xml"))
	if err != nil || len(got) != 10_000 {
		t.Errorf("%d bytes, %v", len(got), err)
	}
	large := filepath.Join(dir, "large.xml")
	write(t, dir, "large.xml", "")
	check(t, os.Truncate(large, maxFeedFile+1)) // a hole, which takes no room
	if _, err := readFeedFile(large); err == nil || !strings.Contains(err.Error(), "larger than 64 MiB") {
		t.Errorf("a large file: %v", err)
	}
}
