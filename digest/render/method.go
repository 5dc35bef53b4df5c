package render

import (
	"fmt"
	"math"

	"standpoint/digest"
	"standpoint/digest/topic"
)

// measured says how often labels hold, as a sentence for the web copy;
// nothing where nobody measured.
func (w *words) measured(m topic.Measured) string {
	if m.Pieces == 0 {
		return ""
	}
	s := "Measured on " + count(m.Pieces, "piece") + " that it had not learned from"
	if how := clean(m.How, maxTitle); how != "" {
		s += " (" + how + ")"
	}
	s += fmt.Sprintf(": %s of its labels are ones that a careful reader accepts", w.perCent(m.Lenient))
	if m.Sure > 0 {
		s += fmt.Sprintf("; where no doubt is shown (%s of pieces), %s are, and %s name a camp that no reader sees",
			w.perCent(m.Sure), w.perCent(m.SureLenient), w.perCent(m.WrongCamp))
	}
	return s + "."
}

// briefMeasured is what a letter says of it.
func (w *words) briefMeasured(m topic.Measured) string {
	switch v := (values{"Accepted": w.perCent(m.Lenient), "Sure": w.perCent(m.SureLenient)}); {
	case m.Pieces == 0:
		return ""
	case m.Sure > 0:
		return w.count("measured_sure", m.Pieces, v)
	default:
		return w.count("measured", m.Pieces, v)
	}
}

// perCent is a share in whole per cents, or with one decimal below two: that is
// where rounding would hide what matters.
func (w *words) perCent(share float64) string {
	places := 0
	if p := 100 * share; p < 2 && p != math.Trunc(p) {
		places = 1
	}
	return w.percent(w.decimal(100*share, places))
}

// otherLanguages says how many pieces were not judged.
func (w *words) otherLanguages(n int) string {
	if n == 0 {
		return ""
	}
	return w.count("other_languages", n, nil)
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
func (w *words) briefRule(e digest.Edition, web bool) string {
	switch {
	case len(e.Start) == 0:
		return ""
	case web:
		return w.say("rule_web", nil)
	}
	return w.say("rule", nil)
}
