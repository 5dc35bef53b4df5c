package main

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"

	"standpoint/digest/stance"
	"standpoint/digest/topic"
)

// printExplained prints pieces for a person, each as a block of lines.
func printExplained(w io.Writer, pieces []explained, times clock) error {
	out := &sticky{out: w}
	for i, e := range pieces {
		if i > 0 {
			fmt.Fprintln(out)
		}
		e.print(out, times)
	}
	return out.err
}

func (e explained) print(w io.Writer, times clock) {
	row := func(what, format string, args ...any) {
		if text := line(fmt.Sprintf(format, args...)); text != "" {
			fmt.Fprintf(w, "%-10s %s\n", what, text)
		}
	}
	row("Title", "%s", e.Title)
	row("Authors", "%s", strings.Join(e.Authors, ", "))
	row("Address", "%s", e.URL)
	row("Source", "%s%s, first seen %s", e.Outlet, inBrackets(orElse(e.Feed, "no longer in the config")), times.at(e.FirstSeen))
	if e.Published != nil {
		row("Published", "%s", times.at(*e.Published))
	} else {
		row("Published", "not known")
	}
	row("Language", "%s", e.Language)
	row("Known by", "%s", e.identity())
	row("Fate", "%s", e.fate())
	for _, o := range e.AlsoAt {
		row("Also at", "%s: %s", o.Outlet, o.URL)
	}
	row("Text", "%s", e.textFrom(times))
	switch {
	case e.Fate == fateWaiting && e.Attempts > 0:
		row("Page", "%s so far%s", plural(e.Attempts, "failed try", "failed tries"), prefixed(": ", e.PageError))
	case e.PageError != "":
		row("Page", "gave no text: %s", e.PageError)
	}
	row("Relevance", "%s", e.relevance())
	for _, g := range e.cueGroups {
		row("  "+e.groupName(g.name), "%s", strings.Join(g.words, ", "))
	}
	if v := e.Verdict; v != nil {
		row("Stance", "%s (%s), %s, confidence %.2f, by %s%s", v.Name, v.Stance, v.Doubt, v.Confidence, v.By, e.also())
		row("Odds", "%s", e.odds())
		for _, q := range v.Evidence {
			row("Evidence", "bytes %d to %d: “%s”", q.Start, q.End, q.Text)
		}
		for _, said := range v.Contributors {
			row("Voice", "%s, bytes %d to %d: “%s”", said.Name.Text, said.Says.Start, said.Says.End, said.Says.Text)
		}
		if q := v.Contrary; q != nil {
			row("Contrary", "bytes %d to %d: “%s”", q.Start, q.End, q.Text)
		}
	}
	for _, c := range e.Corrections {
		row("Correction", "%s", c.words(times))
	}
	if o := e.Opinion; o != nil {
		row("Opinion", "%s%s", o.words(), onlyIf(o.Contrary, "; the verdict is sure and stands"))
	}
	for i, r := range e.Revisions {
		words := count(r.Words, "word")
		if e.TextGone != nil {
			words = "text gone"
		}
		row("Revision", "%d, %s: %s, %s", i+1, times.at(r.Seen), r.Title, words)
	}
}

func prefixed(prefix, text string) string {
	if text == "" {
		return ""
	}
	return prefix + text
}

// identity lists the keys by which the piece is known again.
func (e explained) identity() string {
	var parts []string
	if e.Key != "" {
		parts = append(parts, "address "+e.Key)
	} else {
		parts = append(parts, "no address of its own")
	}
	if e.GUID != "" {
		parts = append(parts, "GUID "+short(e.GUID, 120))
	}
	if e.Canonical != e.Key && e.Canonical != "" {
		parts = append(parts, "its page names "+e.Canonical+" as its own address")
	}
	return strings.Join(append(parts, "title"), "; ")
}

func (e explained) fate() string {
	switch e.Fate {
	case fatePublished:
		return fmt.Sprintf("in edition %d", e.Edition)
	case fateReady:
		if e.Planned {
			return fmt.Sprintf("ready: edition %d would show it", e.Edition)
		}
	case fateCopy:
		text := fmt.Sprintf("belongs to edition %d", e.Edition)
		if e.Planned {
			text = fmt.Sprintf("would belong to edition %d", e.Edition)
		}
		if e.CopyOf != nil {
			text += fmt.Sprintf(" as a copy of “%s”, %s, %s", e.CopyOf.Title, e.CopyOf.Outlet, e.CopyOf.URL)
		}
		return text + prefixed(": ", e.Why)
	case fateHeld, fateLeftOut, fateTooOld, fateWaiting, fateOffSubject, fateDropped:
	}
	return string(e.Fate) + prefixed(": ", e.Why)
}

func (e explained) textFrom(times clock) string {
	if e.Judged == nil && e.Basis == "" {
		if e.TextGone != nil {
			return "gone since " + times.at(*e.TextGone)
		}
		return ""
	}
	from := map[stance.Basis]string{
		stance.BasisPage: "from its page", stance.BasisFeed: "from the feed", stance.BasisPaywall: "the free part of its page, before the paywall",
		stance.BasisTeaser: "the feed's teaser", stance.BasisTitle: "none: judged by the title alone",
	}[e.Basis]
	text := fmt.Sprintf("%s, %s", orElse(from, string(e.Basis)), count(e.Words, "word"))
	if e.Judged != nil {
		text += ", judged " + times.at(*e.Judged)
	}
	if e.TextGone != nil {
		text += "; gone since " + times.at(*e.TextGone) + prefixed(", its SHA-256 was ", e.TextHash)
	}
	return text
}

func (e explained) relevance() string {
	screening := map[topic.Screening]string{topic.In: "title and teaser speak for it", topic.Out: "title and teaser speak against it"}[e.Screening]
	if screening == "" {
		screening = "title and teaser leave it open"
	}
	if e.TextGone != nil { // the teaser, too
		screening = "the words below are the title's"
	}
	if e.Basis == "" {
		return onlyIf(e.TextGone == nil, screening)
	}
	sense := "not on the subject"
	if e.Relevant {
		sense = "on the subject"
	}
	return fmt.Sprintf("%.2f, %s (%.2f is needed); %s", e.Relevance, sense, e.Needed, screening)
}

// groupName says in a word what a group of cues speaks for.
func (e explained) groupName(group string) string {
	switch group {
	case topic.Anchor:
		return "whom"
	case topic.Matter:
		return "what"
	case topic.Hint:
		return "hints"
	case topic.Other:
		return "against"
	}
	return "for " + group
}

func (e explained) also() string {
	if len(e.Verdict.Also) == 0 {
		return ""
	}
	var names []string
	for _, key := range e.Verdict.Also {
		names = append(names, string(key))
	}
	return "; may also be " + strings.Join(names, ", ")
}

// odds lists the stances with their probabilities, the likeliest first.
func (e explained) odds() string {
	var keys []topic.StanceKey
	for key := range e.Verdict.Probabilities {
		keys = append(keys, key)
	}
	slices.SortFunc(keys, func(a, b topic.StanceKey) int {
		return cmp.Or(cmp.Compare(e.Verdict.Probabilities[b], e.Verdict.Probabilities[a]), cmp.Compare(a, b))
	})
	var parts []string
	for _, key := range keys {
		parts = append(parts, fmt.Sprintf("%s %.2f", key, e.Verdict.Probabilities[key]))
	}
	return strings.Join(parts, ", ")
}
