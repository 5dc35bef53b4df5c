package feeds

import (
	"net/url"
	"strings"
	"unicode"
)

// SourceID names a source for ever: in the store, in logs and in errors. It is
// the slug of the source's name, so a feed that moves to another address stays
// the same source.
type SourceID string

// Source is one feed to read, as the operator configured it.
type Source struct {
	ID       SourceID
	Name     string // the outlet, as readers see it
	Country  string // ISO 3166-1 alpha-2, upper case; may be empty
	URL      string // http or https
	Folder   string // where the operator keeps it among his sources; may be empty
	Text     TextFrom
	Keep     []string // CSS selectors: the piece is what they match on its page; empty: found by the program
	Drop     []string // CSS selectors: what they match on a page is no part of the piece
	LeaveOut []string // patterns of paths, see LeftOut; pieces there are none
}

// TextFrom says where the text of a source's pieces is taken from. The zero
// value is TextAuto.
type TextFrom string

// Auto takes the page where the feed carries only a teaser, Feed never looks at
// the page, Page always does.
const (
	TextAuto TextFrom = "auto"
	TextFeed TextFrom = "feed"
	TextPage TextFrom = "page"
)

// LeftOut returns the pattern of LeaveOut by which the piece at the address is
// left out, or "". A pattern is a part of a path that begins with a slash, such
// as /events/; case counts, and a star stands for anything but a slash.
func (s Source) LeftOut(address string) string {
	if len(s.LeaveOut) == 0 {
		return ""
	}
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	path := u.EscapedPath()
	if !strings.HasSuffix(path, "/") {
		path += "/" // so that /events/ is also found at a path's end
	}
	for _, pattern := range s.LeaveOut {
		if within(path, pattern) {
			return pattern
		}
	}
	return ""
}

// within reports whether some part of the path matches the pattern.
func within(path, pattern string) bool {
	parts := strings.Split(pattern, "*")
	for start := range path {
		rest, ok := strings.CutPrefix(path[start:], parts[0])
		for _, part := range parts[1:] {
			if !ok {
				break
			}
			segment, _, _ := strings.Cut(rest, "/")
			at := strings.Index(rest, part)
			ok = at >= 0 && at <= len(segment)
			if ok {
				rest = rest[at+len(part):]
			}
		}
		if ok {
			return true
		}
	}
	return false
}

// NewSourceID makes the identifier of a source from its name: lower-case
// letters and digits of any script, every other run of characters a hyphen.
// It is empty when the name has neither letters nor digits.
func NewSourceID(name string) SourceID {
	fields := strings.FieldsFunc(strings.ToLower(name), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r)
	})
	return SourceID(strings.Join(fields, "-"))
}
