package feeds

import (
	"strings"
	"unicode"
)

// SourceID names a source for ever: in the store, in logs and in errors. It is
// the slug of the source's name, so a feed that moves to another address stays
// the same source.
type SourceID string

// Source is one feed to read, as the operator configured it.
type Source struct {
	ID      SourceID
	Name    string // the outlet, as readers see it
	Country string // ISO 3166-1 alpha-2, upper case; may be empty
	URL     string // http or https
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
