package preflight

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
)

// Severity says whether a finding stops the send.
type Severity int

const (
	// Warning is said, and the letter is sent: something the operator has not set up, or a matter of taste.
	Warning Severity = iota + 1
	// Error stops the send: the letter is malformed, injected, leaking, oversize or unverifiable, or lacks a way to leave.
	Error
)

// String returns "warning" or "error".
func (s Severity) String() string {
	if s == Error {
		return "error"
	}
	return "warning"
}

// Finding is one way in which a letter, or the DNS behind it, breaks a rule.
type Finding struct {
	// Rule is the number of the rule, from 1 for S1; 0 is no rule of the list but the soundness of the message itself.
	Rule     int
	Severity Severity
	// What is wrong, in one line without a full stop; Mend is what to do about it, in one line.
	What, Mend string
}

// String returns the finding as one line: severity, rule, what is wrong, and the mend.
func (f Finding) String() string {
	return f.Severity.String() + "  " + f.Name() + "  " + line(f.What) + ": " + line(f.Mend)
}

// Name returns the rule as people quote it: "S14", or "form" for a message that is not sound in itself.
func (f Finding) Name() string {
	if f.Rule == 0 {
		return "form"
	}
	return "S" + strconv.Itoa(f.Rule)
}

// Strict returns the findings with every warning made an error; the given slice stays as it is.
func Strict(found []Finding) []Finding {
	out := slices.Clone(found)
	for i := range out {
		out[i].Severity = Error
	}
	return out
}

// Stops reports whether one of the findings is an error.
func Stops(found []Finding) bool {
	return slices.ContainsFunc(found, func(f Finding) bool { return f.Severity == Error })
}

// Sort orders findings by rule; those of one rule keep their order.
func Sort(found []Finding) {
	slices.SortStableFunc(found, func(a, b Finding) int { return cmp.Compare(a.Rule, b.Rule) })
}

// line puts text that may come from the message on one line of harmless characters.
func line(s string) string {
	s = strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f || r >= 0x80 && r < 0xa0 || r >= 0x200b && r <= 0x200f || r >= 0x202a && r <= 0x202e ||
			r >= 0x2066 && r <= 0x2069 || r == 0x2028 || r == 0x2029 {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(s, "?"))
	return strings.Join(strings.Fields(s), " ")
}
