package main

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"standpoint/digest/store"
	"standpoint/feeds"
)

// feedState is a source's health in a word.
type feedState string

// A source is in the first of these states that fits.
const (
	feedPaused  feedState = "paused"  // by the operator
	feedGone    feedState = "gone"    // answered 410
	feedFailing feedState = "failing" // the last try brought no feed
	feedHeld    feedState = "held"    // more new pieces than can be right
	feedMoved   feedState = "moved"   // is read at another address than the config's
	feedNew     feedState = "new"     // was never read
	feedEmpty   feedState = "empty"   // the last document had no item
	feedSilent  feedState = "silent"  // nothing new for longer than its rhythm allows
	feedResting feedState = "resting" // asked to be left alone for a while
	feedOK      feedState = "ok"
)

// feedHealth is what status and feeds list tell of a source.
type feedHealth struct {
	ID           feeds.SourceID `json:"id"`
	Name         string         `json:"name"`
	Folder       string         `json:"folder"`
	URL          string         `json:"url"`
	State        feedState      `json:"state"`
	Since        *time.Time     `json:"since"` // of the state, where it has a beginning
	Note         string         `json:"note"`  // the state in words, and the mend
	LastRead     *time.Time     `json:"last_read"`
	Failures     int            `json:"failures"` // in a row
	FailingSince *time.Time     `json:"failing_since"`
	Class        feeds.Class    `json:"class"`
	Error        string         `json:"error"`
	MovedTo      string         `json:"moved_to"`
	NotBefore    *time.Time     `json:"not_before"` // when it may be asked again
	AskedBy      string         `json:"asked_by"`   // what set NotBefore
	Held         int            `json:"held"`
	Weekly       float64        `json:"pieces_a_week"`
	Newest       *time.Time     `json:"newest"`
}

// health lists the sources of the config with what the store knows of them.
func (s *settings) health(known []store.Health, now time.Time) []feedHealth {
	out := []feedHealth{}
	times := clock{now, s.Location()}
	for _, source := range s.FeedSources() {
		state := store.Health{}
		if i := slices.IndexFunc(known, func(k store.Health) bool { return k.ID == source.ID }); i >= 0 {
			state = known[i]
		}
		state.Source = source
		out = append(out, healthOf(state, times))
	}
	return out
}

func healthOf(h store.Health, times clock) feedHealth {
	state, since := stateOf(h, times.now)
	out := feedHealth{
		ID: h.ID, Name: h.Name, Folder: h.Folder, URL: feeds.Redact(h.URL), State: state, Since: when(since),
		LastRead: when(h.Contacted), Failures: h.Failures, FailingSince: when(h.FailingSince), Class: h.Class, Error: line(h.Error),
		MovedTo: feeds.Redact(h.Moved), Held: h.Held, Weekly: h.Weekly, Newest: when(h.Latest),
	}
	if h.Due.After(times.now) {
		out.NotBefore, out.AskedBy = when(h.Due), h.DueBy
	}
	out.Note = out.words(times)
	return out
}

// stateOf judges a source's health, and says since when it is so.
func stateOf(h store.Health, now time.Time) (feedState, time.Time) {
	switch {
	case !h.Paused.IsZero():
		return feedPaused, h.Paused
	case !h.Gone.IsZero():
		return feedGone, h.Gone
	case h.Failures > 0:
		return feedFailing, h.FailingSince
	case h.Held > 0:
		return feedHeld, h.HeldSince
	case h.Contacted.IsZero():
		return feedNew, time.Time{}
	case h.Moved != "":
		return feedMoved, time.Time{}
	case h.Items == 0:
		return feedEmpty, time.Time{}
	case h.Silent:
		return feedSilent, h.Latest
	case h.Due.After(now):
		return feedResting, h.Contacted
	}
	return feedOK, time.Time{}
}

// words says what the state means, and what the operator can do.
func (f feedHealth) words(times clock) string {
	switch f.State {
	case feedPaused:
		return fmt.Sprintf("you let it rest; to have it read again: standpoint feeds resume %s", f.ID)
	case feedGone:
		return fmt.Sprintf("the site says that it is gone for good (410); remove it, or once it is back: standpoint feeds resume %s", f.ID)
	case feedFailing:
		return f.failing(times)
	case feedHeld:
		return fmt.Sprintf("%s held, far more than usual; to let them through: standpoint feeds release %s (or drop them: --discard)", plural(f.Held, "new piece is", "new pieces are"), f.ID)
	case feedMoved:
		return fmt.Sprintf("has moved for good and is read at its new address; write it into the config: %s", f.MovedTo)
	case feedEmpty:
		return "its last document had no item in it"
	case feedSilent:
		return "has had nothing new for far longer than ever before; look whether the site has another feed: standpoint feeds check " + f.URL
	case feedResting:
		return fmt.Sprintf("asked to be left alone until %s%s", times.at(*f.NotBefore), inBrackets(f.AskedBy))
	case feedNew, feedOK:
	}
	return ""
}

func (f feedHealth) failing(times clock) string {
	text := string(f.Class)
	if text == "" {
		text = "error"
	}
	if f.Failures > 1 && f.FailingSince != nil {
		text = fmt.Sprintf("%s, %d times since %s", text, f.Failures, times.at(*f.FailingSince))
	}
	if f.NotBefore != nil {
		text += fmt.Sprintf(", not asked again before %s%s", times.at(*f.NotBefore), inBrackets(f.AskedBy))
	}
	// The line begins with the source's name already.
	reason := f.Error
	for _, op := range []string{"fetch", "parse"} {
		reason = strings.TrimPrefix(reason, fmt.Sprintf("%s %s: ", op, f.ID))
	}
	return text + ": " + reason
}

func inBrackets(s string) string {
	if s == "" {
		return ""
	}
	return " (" + s + ")"
}

// needsCare says whether the operator should know of a state.
func (f feedHealth) needsCare() bool {
	switch f.State {
	case feedFailing, feedGone, feedHeld, feedMoved, feedEmpty, feedSilent:
		return true
	case feedPaused, feedNew, feedResting, feedOK:
	}
	return false
}

// printFeeds prints the sources as a table of at most 100 columns, folder by
// folder, and below it a line for each that there is something to say about.
func printFeeds(w io.Writer, all []feedHealth, times clock, noted func(feedHealth) bool) error {
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "FEED\tSTATE\tSINCE\tLAST READ\tA WEEK\tNEWEST")
	at := func(t *time.Time, write func(time.Time) string, never string) string {
		if t == nil {
			return never
		}
		return write(*t)
	}
	all, folder := byFolder(all), ""
	for _, f := range all {
		if f.Folder != folder {
			folder = f.Folder
			fmt.Fprintf(table, "%s\t\t\t\t\t\n", short(folder, 34))
		}
		indent := ""
		if folder != "" {
			indent = "  "
		}
		weekly := "–"
		if f.LastRead != nil {
			weekly = fmt.Sprintf("%.1f", f.Weekly)
		}
		fmt.Fprintf(table, "%s%s\t%s\t%s\t%s\t%s\t%s\n", indent, short(f.Name, 34-len(indent)), f.State, at(f.Since, times.at, "–"),
			at(f.LastRead, times.at, "never"), weekly, at(f.Newest, times.day, "–"))
	}
	if err := table.Flush(); err != nil {
		return err
	}
	first := true
	for _, f := range all {
		if f.Note == "" || !noted(f) {
			continue
		}
		if first {
			fmt.Fprintln(w)
		}
		first = false
		if _, err := fmt.Fprintf(w, "%s: %s\n", line(f.Name), f.Note); err != nil {
			return err
		}
	}
	return nil
}

// byFolder puts the sources of each folder together, those without one first,
// and keeps the config's order within them.
func byFolder(all []feedHealth) []feedHealth {
	sorted := slices.Clone(all)
	slices.SortStableFunc(sorted, func(a, b feedHealth) int { return strings.Compare(a.Folder, b.Folder) })
	return sorted
}
