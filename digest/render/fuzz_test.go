package render

import (
	"strings"
	"testing"
	"unicode/utf8"

	"standpoint/digest"
)

// Whatever a feed sends, the letter keeps its form: no line of the text part is
// too wide, no character controls the program that shows it, and all letters
// get through.
func FuzzEmail(f *testing.F) {
	f.Add("A title", "A summary. It has two sentences.", "https://a.example/", "An author")
	f.Add("\u202e\r\n\x00\xff", strings.Repeat("漢", 300), "javascript:alert(1)", "Smith, J.")
	f.Add("👩‍👩‍👧‍👦", strings.Repeat("\u0301", 100), "https://ü.example/\u2028", "كاتب")
	r := renderer(f)
	f.Fuzz(func(t *testing.T, title, summary, url, author string) {
		e := blank(t)
		put(&e, "arm", digest.Entry{Title: title, URL: url, Summary: summary, Quote: summary, Outlet: author, Authors: []string{author}, AlsoAt: []digest.Copy{{Outlet: title, URL: url}}})
		l, err := r.Email(e, frame())
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.SplitSeq(l.Text, "\n") {
			if width(line) > columns && !textLink.MatchString(line) {
				t.Errorf("%d columns: %q", width(line), line)
			}
		}
		if !utf8.ValidString(l.Text) || strings.ContainsAny(l.Text+l.HTML, "\r\x00\x1b\u202e\u2066") {
			t.Errorf("%q", l.Text)
		}
		if _, err := JSON(e); err != nil {
			t.Error(err)
		}
	})
}
