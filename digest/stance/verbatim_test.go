package stance

import (
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"unicode/utf8"
)

// everyQuote lists all that a verdict takes from a text.
func everyQuote(v Verdict) []Quote {
	out := slices.Concat(v.Evidence, v.Summary)
	if v.Contrary != nil {
		out = append(out, *v.Contrary)
	}
	for _, said := range v.Contributors {
		out = append(out, said.Name, said.Says)
	}
	return out
}

// fullPieces are the pieces of testdata/full, by name, as title and text.
func fullPieces(t testing.TB) map[string][2]string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join("testdata", "full", "*.txt"))
	if err != nil || len(files) < 30 {
		t.Fatalf("%d full-length pieces, %v", len(files), err)
	}
	out := map[string][2]string{}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		title, text, _ := strings.Cut(string(data), "\n")
		out[strings.TrimSuffix(filepath.Base(file), ".txt")] = [2]string{title, strings.TrimSpace(text)}
	}
	return out
}

// judged is a piece with the verdict on it.
type judged struct {
	id, title, text string
	example         bool // of the pack
	verdict         Verdict
}

var judgeOnce struct {
	sync.Once
	all []judged
}

// everyPiece is the pack's examples, the full-length pieces and the round-ups,
// judged once for all tests: at the same time, so that the race detector sees a
// classifier in several hands (few examples are enough for it).
func everyPiece(t testing.TB) []judged {
	t.Helper()
	c := classifier(t)
	examples, err := c.pack.Examples()
	if err != nil {
		t.Fatal(err)
	}
	full, roundUps := fullPieces(t), roundUps(t)
	judgeOnce.Do(func() {
		var all []judged
		step := 6 // make eval takes all
		switch {
		case os.Getenv("EVAL") != "":
			step = 1
		case testing.Short():
			step = 20
		}
		for i, e := range examples {
			if i%step != 0 {
				continue
			}
			all = append(all, judged{id: e.ID, title: e.Title, text: e.Text, example: true})
		}
		for _, pieces := range []map[string][2]string{full, roundUps} {
			for _, id := range slices.Sorted(maps.Keys(pieces)) {
				all = append(all, judged{id: id, title: pieces[id][0], text: pieces[id][1]})
			}
		}
		each(len(all), func(i int) { all[i].verdict = c.Classify(all[i].title, all[i].text) })
		judgeOnce.all = all
	})
	return judgeOnce.all
}

// spoilt are ways in which feeds, pages and ill will change a text. Each has to
// keep whatever is quoted verbatim.
var spoilt = map[string]func(string) string{
	"as it is":         func(s string) string { return s },
	"broken UTF-8":     func(s string) string { return strings.ReplaceAll(s, " the ", " \xff\xfethe\xc3 ") },
	"cut in a letter":  func(s string) string { return "é" + s[:len(s)*2/3] + "\xe2\x80" },
	"control signs":    func(s string) string { return strings.ReplaceAll(s, ". ", ".\x00\x1b[31m ") },
	"no-break spaces":  func(s string) string { return strings.ReplaceAll(s, " ", "\u00a0") },
	"windows lines":    func(s string) string { return strings.ReplaceAll(s, "\n", "\r\n") },
	"one line":         func(s string) string { return strings.Join(strings.Fields(s), " ") },
	"a line each":      func(s string) string { return strings.ReplaceAll(s, ". ", ".\n") },
	"no stops":         func(s string) string { return strings.ReplaceAll(s, ".", ",") },
	"quotation marks":  func(s string) string { return "“" + strings.ReplaceAll(s, ". ", ".” “") },
	"capitals":         strings.ToUpper,
	"right to left":    func(s string) string { return strings.ReplaceAll(s, ". ", ".\u202e ") },
	"twice":            func(s string) string { return s + "\n\n" + s },
	"dashes":           func(s string) string { return strings.ReplaceAll(s, "\n\n", "\n\n—") },
	"combining":        func(s string) string { return strings.ReplaceAll(s, "a", "a\u0301") },
	"markup":           func(s string) string { return strings.ReplaceAll(s, ". ", ".</p><script>&amp; ") },
	"changed capitals": strings.ToTitle,
}

// TestEveryQuoteIsVerbatim: whatever a verdict quotes, stands in the text, at the
// place that is named.
func TestEveryQuoteIsVerbatim(t *testing.T) {
	skipComputing(t)
	c := classifier(t)
	every, quotes, contrary, said := 47, 0, 0, 0
	if os.Getenv("EVAL") != "" {
		every = 7
	}
	all, roundUps := everyPiece(t), roundUps(t)
	for name, spoil := range spoilt {
		for n, p := range all {
			if name != "as it is" && (n+len(name))%every != 0 && roundUps[p.id] == [2]string{} {
				continue // a part is enough, another one for most ways, and all round-ups
			}
			id, text, v := p.id, spoil(p.text), p.verdict
			if name != "as it is" {
				v = c.Classify(p.title, text)
			}
			checkQuotes(t, text, v)
			quotes += len(everyQuote(v))
			said += len(v.Contributors)
			if v.Contrary != nil {
				contrary++
			}
			for _, q := range everyQuote(v) {
				if strings.TrimSpace(q.Text) != q.Text || q.Text == "" {
					t.Errorf("%s, %s: the quote %q begins or ends in white space", id, name, q.Text)
				}
				if utf8.ValidString(text) && !utf8.ValidString(q.Text) {
					t.Errorf("%s, %s: the quote %q is cut within a character", id, name, q.Text)
				}
			}
		}
	}
	if quotes < 2000 || contrary < 20 || said < 20 {
		t.Errorf("only %d quotes, %d of them contrary, %d of contributors", quotes, contrary, said)
	}
}
