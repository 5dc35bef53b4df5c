package preflight

import "strings"

// tag is one name=value of a list (RFC 6376 §3.2), which DKIM's and DMARC's
// records share.
type tag struct{ name, value string }

// tags is a list of tags, with what in it is no tag.
type tags struct {
	list   []tag
	junk   []string // parts without a name or a =
	double []string // names that stand more than once; the first one counts
}

// parseTags never fails: a receiver takes what can be read, and so do we.
func parseTags(record string) tags {
	var t tags
	for part := range strings.SplitSeq(record, ";") {
		part = strings.Trim(part, " \t\r\n")
		if part == "" {
			continue
		}
		name, value, ok := strings.Cut(part, "=")
		name = strings.ToLower(strings.TrimRight(name, " \t\r\n"))
		switch {
		case !ok || !isTagName(name):
			t.junk = append(t.junk, part)
		case t.has(name):
			t.double = append(t.double, name)
		default:
			t.list = append(t.list, tag{name, strings.TrimLeft(value, " \t\r\n")})
		}
	}
	return t
}

func isTagName(s string) bool {
	for i, r := range s {
		letter := r >= 'a' && r <= 'z'
		if !letter && (i == 0 || r != '_' && (r < '0' || r > '9')) {
			return false
		}
	}
	return s != ""
}

// get returns the value of a tag, and whether it is there.
func (t tags) get(name string) (string, bool) {
	for _, x := range t.list {
		if x.name == name {
			return x.value, true
		}
	}
	return "", false
}

func (t tags) has(name string) bool {
	_, ok := t.get(name)
	return ok
}

// or returns the value of a tag, or its default.
func (t tags) or(name, otherwise string) string {
	if v, ok := t.get(name); ok {
		return v
	}
	return otherwise
}
