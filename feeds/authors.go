package feeds

import (
	"slices"
	"strings"
	"unicode"
)

// maxAuthors is how many authors of one piece are kept.
const maxAuthors = 20

// Authors makes a list of names of what feeds and pages put into an author's
// field: "By A", "a@example.org (A)", "A and B", "A, B & C". A list is taken
// apart only where every part looks like a person's name, so that "Centre for
// Peace and Security" and "Smith, John" stay whole. Doubles are dropped.
func Authors(raw ...string) []string {
	var out []string
	for _, s := range raw {
		s = Line(s, maxTitle)
		for _, lead := range []string{"By ", "by ", "BY ", "Von ", "Par "} {
			s = strings.TrimPrefix(s, lead)
		}
		for _, name := range splitNames(s) {
			name = cut(strings.Trim(name, " ,;|·-–—"), maxAuthor)
			if name == "" || strings.Contains(name, "@") && !strings.Contains(name, " ") || strings.HasPrefix(name, "http") {
				continue // an address is no name, and nobody's business
			}
			if len(out) < maxAuthors && !slices.ContainsFunc(out, func(o string) bool { return strings.EqualFold(o, name) }) {
				out = append(out, name)
			}
		}
	}
	return out
}

func splitNames(s string) []string {
	parts := []string{s}
	for _, sep := range []string{";", " | ", ", and ", " and ", " & ", ",", " und ", " et "} {
		var next []string
		for _, p := range parts {
			next = append(next, strings.Split(p, sep)...)
		}
		parts = next
	}
	if len(parts) == 1 {
		return parts
	}
	for i, p := range parts {
		parts[i] = strings.TrimSpace(p)
		if !isPersonName(parts[i]) {
			return []string{s}
		}
	}
	return parts
}

// isPersonName is cautious: two to five words, each with a capital or one of
// the particles, none that institutions use.
func isPersonName(s string) bool {
	fields := strings.Fields(s)
	if len(fields) < 2 || len(fields) > 5 {
		return false
	}
	for i, f := range fields {
		switch strings.ToLower(f) {
		case "von", "van", "de", "der", "den", "del", "della", "di", "da", "la", "le", "du", "dos", "bin", "al", "el", "ter", "zu":
			if i == 0 && len(fields) == 2 {
				return false
			}
			continue
		case "centre", "center", "council", "institute", "institution", "foundation", "university", "school", "team", "staff", "editors", "editor", "editorial", "desk",
			"programme", "program", "project", "fund", "group", "committee", "department", "ministry", "association", "society", "network", "security", "policy", "studies", "the":
			return false
		}
		r := []rune(f)
		if !unicode.IsUpper(r[0]) && !unicode.Is(unicode.Lo, r[0]) || strings.ContainsAny(f, "0123456789@/") {
			return false
		}
	}
	return true
}
