package topic

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func anyGroup(string) error { return nil }

func TestMatch(t *testing.T) {
	const cues = `
# a comment
[good]
1 more cheese
2 more cheese boards
1 (ripe|old) ..2 cheese
1 taste? well
[bad]
3 cheese
`
	m, err := ParseCues("test", []byte(cues), anyGroup)
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct{ text, want string }{
		{"More cheese!", "good:more cheese bad:cheese"},
		{"More cheeses boarded", "good:more cheese boards bad:cheese"},
		{"ripe and very soft cheese", "bad:cheese"},
		{"an old, soft cheese tastes well", "good:(ripe|old) ..2 cheese bad:cheese good:taste? well"},
		{"all is well", "good:taste? well"},
		{"", ""},
	}
	for _, test := range tests {
		var got []string
		for _, h := range m.Match(Words(test.text)) {
			got = append(got, h.Cue.Group+":"+h.Cue.Phrase)
		}
		if strings.Join(got, " ") != test.want {
			t.Errorf("Match(%q) = %q, want %q", test.text, strings.Join(got, " "), test.want)
		}
	}
}

func TestWords(t *testing.T) {
	tests := []struct{ text, want string }{
		{"The cease-fire won’t hold.", "the cease fire won't hold"},
		{"Article 5, F-16s; 1,000", "article 5 f 16s 1 000"},
		{"Šimonytė said 'yes'", "šimonytė said yes"},
		{"", ""},
		{strings.Repeat("x", 100), strings.Repeat("x", 48) + " " + strings.Repeat("x", 48) + " xxxx"},
	}
	for _, test := range tests {
		var got []string
		for _, w := range Words(test.text) {
			got = append(got, w.Text)
		}
		if strings.Join(got, " ") != test.want {
			t.Errorf("Words(%q) = %q, want %q", test.text, strings.Join(got, " "), test.want)
		}
	}
}

func FuzzWords(f *testing.F) {
	f.Add("It’s “over”, he said – or is it?")
	f.Add("\xff\xfe broken \xc3")
	m, err := ParseCues("test", []byte("[a]\n1 he ..3 it\n1 over\n"), anyGroup)
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, text string) {
		words, last := Words(text), 0
		for _, w := range words {
			if w.Start < last || w.End <= w.Start || w.End > len(text) {
				t.Fatalf("word %q at %d to %d of %d, after %d", w.Text, w.Start, w.End, len(text), last)
			}
			if utf8.ValidString(text) && !utf8.ValidString(text[w.Start:w.End]) {
				t.Fatalf("word at %d splits a rune", w.Start)
			}
			last = w.End
		}
		for _, h := range m.Match(words) {
			if h.From < 0 || h.To <= h.From || h.To > len(words) {
				t.Fatalf("hit %d to %d of %d words", h.From, h.To, len(words))
			}
		}
	})
}
