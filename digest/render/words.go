package render

import (
	"fmt"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"standpoint/digest"
	"standpoint/digest/topic"
)

// maxSubject is the longest subject in characters (S36).
const maxSubject = 60

// subject says what is inside, number first.
func (w *words) subject(e digest.Edition) string {
	s := w.say("subject_none", values{"Number": e.Number})
	if n := e.Entries(); n > 0 {
		s = w.count("subject", n, values{"Number": e.Number})
	}
	title := clean(e.Topic, maxTitle)
	// A name that is a common noun within the question is one within the
	// subject; whether another is a proper noun cannot be known.
	name := title
	word, _, _ := strings.Cut(name, " ")
	if strings.Contains(e.Question, lowerFirst(word)) {
		name = lowerFirst(name)
	}
	if name != "" {
		s = w.say("subject_on", values{"Subject": s, "Topic": name, "Title": title})
	}
	return cut(s, maxSubject)
}

// preheader says what the subject does not: how the pieces stand, and the week.
// It is 40 to 100 characters long (S35).
func (w *words) preheader(e digest.Edition, v *letterView) string {
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
		p += " · " + w.feedsRead(e.Feeds)
	}
	return cut(p, 100)
}

// counts is the week in one sentence, with every camp in it, and no adjective.
func (w *words) counts(e digest.Edition) string {
	n := e.Entries()
	if n == 0 {
		return w.say("no_pieces", values{"Read": w.feedsRead(e.Feeds)})
	}
	// Words for small numbers, but never words and figures in one sentence.
	figure := func(i int) string { return w.figure(i, n) }
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
			some = append(some, w.say("not_sorted", values{"Figure": figure(len(s.Entries))}))
		case s.Stance == topic.Unsure:
		case len(s.Entries) > 0:
			some = append(some, w.say("under", values{"Figure": figure(len(s.Entries)), "Stance": label(s.Name)}))
		default:
			none = append(none, label(s.Name))
		}
	}
	out := w.count("pieces", n, values{"Figure": figure(n)})
	if k := len(outlets); k > 0 {
		out = w.count("pieces_from", k, values{"Figure": figure(k), "Pieces": out})
	}
	out = w.say("counts", values{"Pieces": upperFirst(out), "Parts": w.series(some, "and")})
	if len(none) > 0 {
		out = w.say("under_none", values{"Counts": out, "Stances": w.series(none, "or")})
	}
	return out + "."
}

// feedsRead is the sentence on the sources.
func (w *words) feedsRead(f digest.FeedCount) string {
	if f.Failed > 0 {
		return w.count("feeds_failed", f.Read, values{"Failed": f.Failed})
	}
	return w.count("feeds_read", f.Read, nil)
}

// piecesKept is the sentence on the pieces. More are kept than were seen in the
// window where some waited: for their page, or for the operator's word on a feed.
func (w *words) piecesKept(p digest.PieceCount) string {
	if p.Kept > p.Seen {
		return w.count("seen_waited", p.Seen, values{"Kept": p.Kept})
	}
	return w.count("seen", p.Seen, values{"Kept": w.count("kept", p.Kept, nil)})
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

// figure writes n in words where the sentence's largest number is at most
// twenty. English has one word for each; where nouns decide the word, there are
// figures.
func (w *words) figure(n, largest int) string {
	numbers := [...]string{
		"no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
		"thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen", "twenty",
	}
	if w.tag == digest.English && largest < len(numbers) && n >= 0 && n < len(numbers) {
		return numbers[n]
	}
	return fmt.Sprint(n)
}

func upperFirst(s string) string {
	r, n := utf8.DecodeRuneInString(s)
	return string(unicode.ToUpper(r)) + s[n:]
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
func (w *words) week(of digest.Window) string {
	_, last := shown(of)
	_, n := last.ISOWeek()
	return w.say("week", values{"N": n})
}

// days is the window's date range: "16–22 November 2026".
func (w *words) days(of digest.Window) string {
	first, last := shown(of)
	to := w.date(last, true)
	switch {
	case first.Format(time.DateOnly) == last.Format(time.DateOnly):
		return to
	case first.Year() != last.Year() || first.Month() != last.Month():
		return w.say("date_span", values{"From": w.date(first, first.Year() != last.Year()), "To": to})
	}
	return w.say("date_days", values{"From": first.Day(), "To": to})
}

// date is a day of a month, with its year or without.
func (w *words) date(t time.Time, year bool) string {
	id := "date"
	if year {
		id = "date_year"
	}
	return w.say(id, values{"Day": t.Day(), "Month": w.months[t.Month()-1], "Year": t.Year()})
}
