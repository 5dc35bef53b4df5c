package render

import (
	"fmt"
	"math"

	"standpoint/digest/topic"
)

// measured says how often labels hold, as a sentence with a space behind it;
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
