package render

import (
	"fmt"
	"math"

	"standpoint/digest"
	"standpoint/digest/topic"
)

// measured says how often labels hold, as a sentence;
// nothing where nobody measured.
func measured(m topic.Measured) string {
	if m.Pieces == 0 {
		return ""
	}
	s := "Measured on " + count(m.Pieces, "piece") + " that it had not learned from"
	if how := clean(m.How, maxTitle); how != "" {
		s += " (" + how + ")"
	}
	s += fmt.Sprintf(": %s of its labels are ones that a careful reader accepts", perCent(m.Lenient))
	if m.Sure > 0 {
		s += fmt.Sprintf("; where no doubt is shown (%s of pieces), %s are, and %s name a camp that no reader sees",
			perCent(m.Sure), perCent(m.SureLenient), perCent(m.WrongCamp))
	}
	return s + "."
}

// briefMeasured is what a letter says of it.
func briefMeasured(m topic.Measured) string {
	if m.Pieces == 0 {
		return ""
	}
	s := fmt.Sprintf("Of %s that it had not learned from, a careful reader accepts %s of the labels", count(m.Pieces, "piece"), perCent(m.Lenient))
	if m.Sure > 0 {
		s += fmt.Sprintf(", and %s of those without a word of doubt", perCent(m.SureLenient))
	}
	return s + ". "
}

// perCent is a share in whole per cents, or with one decimal below two: that is
// where rounding would hide what matters.
func perCent(share float64) string {
	if p := 100 * share; p < 2 && p != math.Trunc(p) {
		return fmt.Sprintf("%.1f %%", p)
	}
	return fmt.Sprintf("%.0f %%", 100*share)
}

// otherLanguages says how many pieces were not judged, with a space before it.
func otherLanguages(n int) string {
	switch n {
	case 0:
		return ""
	case 1:
		return " 1 piece in another language was not judged."
	}
	return fmt.Sprintf(" %d pieces in other languages were not judged.", n)
}

// rules says how pieces are chosen and ordered.
func rules(e digest.Edition) []string {
	out := []string{"Sections stand in the same order every week, and within each the newest piece comes first. All have the same card. A letter shows at most the same number of each camp's pieces in full, fewer of those that take no side or are not sorted, and the others in one line; where there is no room for these either, it says how many there are. The web copy has all in full."}
	if len(e.Start) > 0 {
		out = append(out, digest.StartRule)
	}
	if e.Quote != nil {
		out = append(out, digest.QuoteRule)
	}
	return out
}

// briefRule is what a letter says of the rules.
func briefRule(e digest.Edition, web bool) string {
	if len(e.Start) == 0 {
		return ""
	}
	s := "“Start here” has one rule for all camps: read whole before in part, then the surest, then the newest."
	if web {
		s = "How pieces are chosen and ordered stands at the end of the web copy."
	}
	return s
}
