package preflight

import "strings"

// walkMost is how many names a walk asks at most (RFC 9989 §4.10).
const walkMost = 8

// policy is the one DMARC record of a domain.
type policy struct {
	domain string
	record string
	tags   tags
}

// walk goes from the domain up to the root, and returns the records it finds
// (RFC 9989 §4.10). A name with several records has none.
func (q *inquiry) walk(domain string) (found []policy, failed, silent error) {
	for _, at := range path(domain) {
		own, failed, silent := q.policies(at)
		if failed != nil || silent != nil {
			return found, failed, silent
		}
		if len(own) != 1 {
			continue
		}
		found = append(found, own[0])
		if psd := own[0].psd(); psd == "y" || psd == "n" {
			break
		}
	}
	return found, nil, nil
}

// path are the names that a walk asks: the domain itself, and then its parents,
// of which a long name skips as many as make them eight in all.
func path(domain string) []string {
	labels := strings.Split(domain, ".")
	names := []string{domain}
	for n := min(len(labels)-1, walkMost-1); n > 0; n-- {
		names = append(names, strings.Join(labels[len(labels)-n:], "."))
	}
	return names
}

// policies are the DMARC records of the very domain.
func (q *inquiry) policies(domain string) (found []policy, failed, silent error) {
	txt, failed, silent := q.records("_dmarc." + domain)
	for _, t := range txt {
		if isDMARC(t) {
			found = append(found, policy{domain, t, parseTags(t)})
		}
	}
	return found, failed, silent
}

// isDMARC reports a record by its version, which comes first and in capitals
// (RFC 9989 §4.8).
func isDMARC(txt string) bool {
	first, _, _ := strings.Cut(txt, ";")
	name, value, _ := strings.Cut(first, "=")
	return strings.TrimRight(name, " \t") == "v" && strings.Trim(value, " \t") == "DMARC1"
}

func (p policy) psd() string { return strings.ToLower(p.tags.or("psd", "u")) }

// organisation picks the organisational domain from a walk's records (RFC 9989
// §4.10.2): two names are aligned where theirs is the same.
func organisation(domain string, found []policy) string {
	for _, p := range found {
		switch {
		case p.psd() == "n":
			return p.domain
		case p.psd() == "y" && p.domain != domain:
			below := strings.TrimSuffix(domain, "."+p.domain)
			return below[strings.LastIndexByte(below, '.')+1:] + "." + p.domain
		}
	}
	if len(found) > 0 {
		return found[len(found)-1].domain
	}
	return domain
}
