package render

import (
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"standpoint/digest"
	"standpoint/digest/topic"
)

// maxSubject is the longest subject in characters (S36).
const maxSubject = 60

// subject says what is inside, number first.
func subject(e digest.Edition) string {
	what := count(e.Entries(), "piece")
	if e.Entries() == 0 {
		what = "no new pieces"
	}
	name := clean(e.Topic, maxTitle)
	// A name that is a common noun within the question is one within the
	// subject; whether another is a proper noun cannot be known.
	word, _, _ := strings.Cut(name, " ")
	if strings.Contains(e.Question, lowerFirst(word)) {
		name = lowerFirst(name)
	}
	s := fmt.Sprintf("No. %d: %s", e.Number, what)
	if name != "" {
		s += " on " + name
	}
	return cut(s, maxSubject)
}

// preheader says what the subject does not: how the pieces stand, and the week.
// It is 40 to 100 characters long (S35).
func preheader(e digest.Edition, v *letterView) string {
	var camps []string
	for _, t := range v.Camps {
		if t.N > 0 {
			camps = append(camps, fmt.Sprintf("%s %d", t.Short, t.N))
		}
	}
	p := v.Week + ", " + v.Days
	if len(camps) > 0 {
		p = strings.Join(camps, ", ") + " · " + p
	}
	if utf8.RuneCountInString(p) < 40 {
		p += " · " + feedsRead(e.Feeds)
	}
	return cut(p, 100)
}

// counts is the week in one sentence, with every camp in it, and no adjective.
func counts(e digest.Edition) string {
	n := e.Entries()
	if n == 0 {
		return fmt.Sprintf("No new pieces. %s", feedsRead(e.Feeds))
	}
	// Words for small numbers, but never words and figures in one sentence.
	say := func(i int) string { return figure(i, n) }
	outlets := map[string]bool{}
	var some, none []string
	for _, s := range e.Sections {
		for _, en := range s.Entries {
			if o := clean(en.Outlet, maxName); o != "" {
				outlets[o] = true
			}
		}
		switch {
		case s.Stance == topic.Unsure && len(s.Entries) > 0:
			some = append(some, say(len(s.Entries))+" not sorted")
		case s.Stance == topic.Unsure:
		case len(s.Entries) > 0:
			some = append(some, say(len(s.Entries))+" under "+label(s.Name))
		default:
			none = append(none, label(s.Name))
		}
	}
	out := fmt.Sprintf("%s new %s", upperFirst(say(n)), plural(n, "piece"))
	if k := len(outlets); k > 0 {
		out += fmt.Sprintf(" from %s %s", say(k), plural(k, "outlet"))
	}
	out += ": " + series(some, "and")
	if len(none) > 0 {
		out += "; none under " + series(none, "or")
	}
	return out + "."
}

// feedsRead is the sentence on the sources.
func feedsRead(f digest.FeedCount) string {
	s := fmt.Sprintf("Read: %s", count(f.Read, "feed"))
	if f.Failed > 0 {
		return s + fmt.Sprintf("; %d could not be read.", f.Failed)
	}
	return s + "; none failed."
}

// piecesKept is the sentence on the pieces. More are kept than were seen in the
// window where some waited: for their page, or for the operator's word on a feed.
func piecesKept(p digest.PieceCount) string {
	if p.Kept > p.Seen {
		return fmt.Sprintf("New this time: %s; kept, with those that had come before and waited: %d.", count(p.Seen, "piece"), p.Kept)
	}
	return fmt.Sprintf("Of %s seen, %s kept.", count(p.Seen, "new piece"), isAre(p.Kept))
}

func isAre(n int) string {
	if n == 1 {
		return "1 is"
	}
	return fmt.Sprintf("%d are", n)
}

func plural(n int, noun string) string {
	if n == 1 {
		return noun
	}
	return noun + "s"
}

func count(n int, noun string) string {
	return fmt.Sprintf("%d %s", n, plural(n, noun))
}

// series joins words as English does.
func series(words []string, last string) string {
	switch n := len(words); n {
	case 0:
		return ""
	case 1:
		return words[0]
	default:
		return strings.Join(words[:n-1], ", ") + " " + last + " " + words[n-1]
	}
}

// figure writes n in words where the sentence's largest number is at most
// twenty.
func figure(n, largest int) string {
	words := [...]string{
		"no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
		"thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen", "twenty",
	}
	if largest < len(words) && n >= 0 && n < len(words) {
		return words[n]
	}
	return fmt.Sprint(n)
}

func upperFirst(s string) string {
	if s == "" {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:] // figure gives ASCII
}

// shown returns the first and last day that a window is called by: those of
// which it holds at least half. An edition cut off on Monday morning ends on
// Sunday for its readers, and no day is named by two editions.
func shown(w digest.Window) (first, last time.Time) {
	first, last = w.From.Add(12*time.Hour), w.To.Add(-12*time.Hour)
	if last.Before(first) {
		return w.To, w.To
	}
	return first, last
}

// week is "Week 47" by ISO 8601, of the window's last day.
func week(w digest.Window) string {
	_, last := shown(w)
	_, n := last.ISOWeek()
	return fmt.Sprintf("Week %d", n)
}

// days is the window's date range: "16–22 November 2026".
func days(w digest.Window) string {
	first, last := shown(w)
	to := last.Format("2 January 2006")
	switch {
	case first.Format(time.DateOnly) == last.Format(time.DateOnly):
		return to
	case first.Year() != last.Year():
		return first.Format("2 January 2006") + " – " + to
	case first.Month() != last.Month():
		return first.Format("2 January") + " – " + to
	default:
		return first.Format("2") + "–" + to
	}
}
