package main

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"standpoint/feeds"
)

// feedReport is what feeds check finds out about one feed.
type feedReport struct {
	Name   string `json:"name,omitempty"` // of the source; empty for an address or a file
	URL    string `json:"url,omitempty"`
	File   string `json:"file,omitempty"`
	Usable bool   `json:"usable"`

	Format     string     `json:"format"`
	Title      string     `json:"title"`
	Language   string     `json:"language"`
	Items      int        `json:"items"`
	Newest     *time.Time `json:"newest"`
	Oldest     *time.Time `json:"oldest"`
	NoDate     int        `json:"without_date"`
	NoAuthor   int        `json:"without_author"`
	NoLink     int        `json:"without_link"`
	NoTitle    int        `json:"without_title"`
	Whole      int        `json:"whole_pieces"`
	Teasers    int        `json:"teasers"`
	Repaired   bool       `json:"repaired"`
	Incomplete bool       `json:"incomplete"`

	FinalURL     string `json:"final_url,omitempty"`
	MovedTo      string `json:"moved_to,omitempty"`
	ETag         bool   `json:"etag"`
	LastModified bool   `json:"last_modified"`
	Rest         int    `json:"rest_seconds"` // how long it asks not to be asked again
	RestBy       string `json:"rest_by"`
	SkipHours    []int  `json:"skip_hours,omitempty"`

	Class      feeds.Class `json:"class,omitempty"`
	Error      string      `json:"error,omitempty"`
	Mend       string      `json:"mend,omitempty"`
	Advertised []string    `json:"advertised,omitempty"` // feeds that a web page offers

	languages map[string]int // → items
}

// reportOf describes what a visit brought.
func reportOf(f feeds.Fetched, err error) feedReport {
	r := newReport()
	for _, item := range f.Items {
		r.count(item)
	}
	r.read(f, err)
	return *r
}

func newReport() *feedReport { return &feedReport{languages: map[string]int{}} }

// read takes in what is known of the whole feed, its items apart.
func (r *feedReport) read(f feeds.Fetched, err error) {
	if err != nil {
		r.Error = line(err.Error())
		if e, ok := errors.AsType[*feeds.Error](err); ok {
			r.Class, r.Error, r.Mend, r.Advertised = e.Class, line(e.Detail), line(e.Mend), e.Feeds
		}
		return
	}
	r.Usable, r.Format, r.Title, r.Repaired, r.Incomplete = true, f.Format, f.Title, f.Repaired, f.Incomplete
	r.FinalURL, r.MovedTo = feeds.Redact(f.FinalURL), feeds.Redact(f.Moved)
	r.ETag, r.LastModified = f.Validators.ETag != "", f.Validators.LastModified != ""
	r.Rest, r.SkipHours = int(f.Fresh/time.Second), f.SkipHours
	if r.Rest > 0 {
		r.RestBy = f.FreshBy
	}
	most := 0
	for language, n := range r.languages {
		if n > most || n == most && language < r.Language {
			r.Language, most = language, n
		}
	}
}

// count takes in an item.
func (r *feedReport) count(item feeds.Item) {
	r.Items++
	r.languages[item.Language]++
	add := func(n *int, is bool) {
		if is {
			*n++
		}
	}
	add(&r.NoDate, item.Published.IsZero())
	add(&r.NoAuthor, len(item.Authors) == 0)
	add(&r.NoLink, item.URL == "")
	add(&r.NoTitle, item.Title == "")
	add(&r.Whole, item.Text != "")
	add(&r.Teasers, item.Text == "" && item.Teaser != "")
	if t := item.Published; !t.IsZero() {
		if r.Newest == nil || t.After(*r.Newest) {
			r.Newest = &t
		}
		if r.Oldest == nil || t.Before(*r.Oldest) {
			r.Oldest = &t
		}
	}
}

func (r feedReport) reason() string {
	if r.Mend == "" {
		return r.Error
	}
	return r.Error + "; " + r.Mend
}

// print explains the feed to a person.
func (r feedReport) print(w io.Writer, times clock) error {
	if !r.Usable {
		return r.offer(w)
	}
	rows := []struct{ what, text string }{
		{"Feed", strings.TrimSpace(r.Format + "  " + line(r.Title))},
		{"Address", r.way()},
		{"Items", r.items(times)},
		{"Missing", r.missing()},
		{"Text", r.text()},
		{"Language", r.Language},
		{"Unchanged", r.validators()},
		{"Asks", r.asks()},
		{"Faults", r.faults()},
	}
	for _, row := range rows {
		if row.text == "" {
			continue
		}
		if _, err := fmt.Fprintf(w, "%-10s %s\n", row.what, row.text); err != nil {
			return err
		}
	}
	return nil
}

// way says where the feed is.
func (r feedReport) way() string {
	switch {
	case r.MovedTo != "":
		return "has moved for good: use this address: " + r.MovedTo
	case feeds.Clean(r.FinalURL) != feeds.Clean(r.URL):
		return "is redirected, for now, to " + r.FinalURL
	}
	return r.URL
}

func (r feedReport) items(times clock) string {
	if r.Items == 0 {
		return "none: the feed is in order, and empty"
	}
	text := fmt.Sprint(r.Items)
	if r.Newest == nil {
		return text + ", none with a usable date"
	}
	text += fmt.Sprintf(", newest %s, oldest %s", times.at(*r.Newest), times.at(*r.Oldest))
	if span := r.Newest.Sub(*r.Oldest); r.Items > 2 && span > 48*time.Hour {
		text += fmt.Sprintf(", about %.1f a week", float64(r.Items-1)/(span.Hours()/(7*24)))
	}
	if r.Newest.After(times.now.Add(time.Hour)) {
		text += "; dates to come count as the day they are first seen"
	}
	return text
}

func (r feedReport) missing() string {
	var parts []string
	for _, each := range []struct {
		n    int
		what string
	}{{r.NoTitle, "title"}, {r.NoDate, "date"}, {r.NoAuthor, "author"}, {r.NoLink, "link"}} {
		if each.n > 0 && r.Items > 0 {
			parts = append(parts, fmt.Sprintf("%d without %s", each.n, each.what))
		}
	}
	if len(parts) == 0 && r.Items > 0 {
		return "nothing: each item has title, date, author and link"
	}
	return strings.Join(parts, ", ")
}

func (r feedReport) text() string {
	switch {
	case r.Items == 0:
		return ""
	case r.Whole == r.Items:
		return "whole pieces: no page needs to be read"
	case r.Whole > 0:
		return fmt.Sprintf("%d whole pieces; of the other %d the pages are read if they may be on the subject", r.Whole, r.Items-r.Whole)
	case r.Teasers > 0:
		return "teasers only: the pages of pieces that may be on the subject are read"
	}
	return "titles only: the pages of pieces that may be on the subject are read"
}

func (r feedReport) validators() string {
	switch {
	case r.File != "":
		return ""
	case r.ETag && r.LastModified:
		return "is told by ETag and Last-Modified: asking again costs little"
	case r.ETag:
		return "is told by ETag: asking again costs little"
	case r.LastModified:
		return "is told by Last-Modified: asking again costs little"
	}
	return "cannot be told: the server gives neither ETag nor Last-Modified, so all is sent each time"
}

func (r feedReport) asks() string {
	var parts []string
	if r.Rest > 0 {
		parts = append(parts, fmt.Sprintf("to be left alone for %v (%s)", time.Duration(r.Rest)*time.Second, r.RestBy))
	}
	if n := len(r.SkipHours); n > 0 {
		parts = append(parts, fmt.Sprintf("not to be asked in %s of the day in GMT (skipHours)", count(n, "hour")))
	}
	return strings.Join(parts, ", ")
}

func (r feedReport) faults() string {
	switch {
	case r.Incomplete:
		return "the document breaks off; the items that came whole are used"
	case r.Repaired:
		return "the document is faulty; it was repaired before it could be read"
	}
	return ""
}

// offer names the feeds that a web page advertises, and how to add one.
func (r feedReport) offer(w io.Writer) error {
	if len(r.Advertised) == 0 {
		return nil
	}
	fmt.Fprintf(w, "This is a web page. It offers:\n")
	for _, address := range r.Advertised {
		fmt.Fprintf(w, "  %s\n", line(feeds.Redact(address)))
	}
	first := line(feeds.Redact(r.Advertised[0]))
	_, err := fmt.Fprintf(w, "Try it: standpoint feeds check %s\nTo add it, put this under sources in the config:\n  - name: %s\n    url: %s\n", first, hostOf(first), first)
	return err
}
