package render

import (
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/net/html"
)

// page parses a letter's HTML part.
func page(t *testing.T, l Letter) *html.Node {
	t.Helper()
	n, err := html.Parse(strings.NewReader(l.HTML))
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// elements lists the elements of the names, in document order.
func elements(n *html.Node, names ...string) []*html.Node {
	var out []*html.Node
	for d := range n.Descendants() {
		if d.Type == html.ElementNode && slices.Contains(names, d.Data) {
			out = append(out, d)
		}
	}
	return out
}

func attr(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}

func text(n *html.Node) string {
	var b strings.Builder
	for d := range n.Descendants() {
		if d.Type == html.TextNode {
			b.WriteString(d.Data)
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

// each runs a rule's test on all samples, and on one in every language.
func each(t *testing.T, rule func(*testing.T, Letter)) {
	for _, name := range slices.Sorted(maps.Keys(samples)) {
		t.Run(name, func(t *testing.T) { rule(t, render(t, samples[name](t))) })
	}
	for _, lang := range Languages()[1:] {
		t.Run(lang.Tag, func(t *testing.T) { rule(t, renderIn(t, lang.Tag, full(t))) })
	}
}

var textLink = regexp.MustCompile(`(?m)^ *((?:https?://|mailto:)\S+)$`)

// S14: a link for leaving stands in the top line and in the footer, in both
// parts.
func TestLeaveTwice(t *testing.T) {
	each(t, func(t *testing.T, l Letter) {
		const way = "mailto:digest+unsubscribe@example.org?subject=unsubscribe"
		if n := strings.Count(l.Text, way); n != 2 {
			t.Errorf("text part: %d links for leaving, want 2", n)
		}
		if top := l.Text[:300]; !strings.Contains(top, way) {
			t.Errorf("none at the text's top:\n%s", top)
		}
		var at []int
		for i, a := range elements(page(t, l), "a") {
			if attr(a, "href") == way {
				at = append(at, i)
			}
		}
		if len(at) != 2 || at[0] != 0 || at[1] != len(elements(page(t, l), "a"))-1 {
			t.Errorf("HTML part: links for leaving at %v, want the first and the last", at)
		}
	})
}

// S20: both parts hold the same links and the same titles.
func TestSameInBothParts(t *testing.T) {
	each(t, func(t *testing.T, l Letter) {
		inText, inHTML := map[string]bool{}, map[string]bool{}
		for _, m := range textLink.FindAllStringSubmatch(l.Text, -1) {
			inText[m[1]] = true
		}
		doc := page(t, l)
		for _, a := range elements(doc, "a") {
			inHTML[attr(a, "href")] = true
		}
		if !maps.Equal(inText, inHTML) {
			t.Errorf("links differ:\ntext %q\nHTML %q", slices.Sorted(maps.Keys(inText)), slices.Sorted(maps.Keys(inHTML)))
		}
		flat := strings.Join(strings.Fields(l.Text), "")
		for _, h := range elements(doc, "h3") {
			title := strings.Join(strings.Fields(text(h)), "")
			if !strings.Contains(flat, title) {
				t.Errorf("the text part lacks %q", text(h))
			}
		}
		numbers := regexp.MustCompile(`(?m)^\d+\. `).FindAllString(l.Text, -1)
		if len(numbers) != len(elements(doc, "h3")) {
			t.Errorf("%d items as text, %d as HTML", len(numbers), len(elements(doc, "h3")))
		}
	})
}

// S21, S22: size of the HTML part, length of its lines.
func TestSizeAndLines(t *testing.T) {
	if n := len(render(t, many(t, 30)).HTML); n > 80_000 {
		t.Errorf("30 entries take %d bytes, want well below 92 KB", n)
	}
	each(t, func(t *testing.T, l Letter) {
		for line := range strings.Lines(l.HTML) {
			if len(line) > 998 {
				t.Errorf("a line of %d octets: %.80s", len(line), line)
			}
		}
		if strings.ContainsAny(l.HTML+l.Text+l.Subject+l.Preheader, "\r\x00\x1b") || !utf8.ValidString(l.HTML+l.Text) {
			t.Error("control characters or broken UTF-8")
		}
	})
}

// S23, S33: nothing from outside, nothing that runs.
func TestNothingForeign(t *testing.T) {
	each(t, func(t *testing.T, l Letter) {
		doc := page(t, l)
		for _, n := range elements(doc, "script", "img", "link", "iframe", "object", "embed", "form", "input", "button", "base", "svg", "video", "audio") {
			t.Errorf("<%s> in the letter", n.Data)
		}
		for d := range doc.Descendants() {
			for _, a := range d.Attr {
				if strings.HasPrefix(a.Key, "on") || strings.Contains(a.Val, "url(") || a.Key == "src" {
					t.Errorf("<%s %s=%q>", d.Data, a.Key, a.Val)
				}
			}
		}
		// S46: the schemes that a link may have.
		for _, a := range elements(doc, "a") {
			if u := attr(a, "href"); !regexp.MustCompile(`^(https?://[^/@]+(/|\?|$)|mailto:)`).MatchString(u) {
				t.Errorf("link to %q", u)
			}
		}
		for _, bad := range []string{"ZgotmplZ", "<no value>", "%!", "@import", "@font-face"} {
			if strings.Contains(l.HTML+l.Text, bad) {
				t.Errorf("%q in the letter", bad)
			}
		}
	})
}

// S25: the text part's columns, and no HTML in it.
func TestTextColumns(t *testing.T) {
	each(t, func(t *testing.T, l Letter) {
		for line := range strings.Lines(l.Text) {
			line = strings.TrimSuffix(line, "\n")
			if width(line) > 76 && !textLink.MatchString(line) {
				t.Errorf("%d columns: %s", width(line), line)
			}
			if strings.TrimRight(line, " ") != line {
				t.Errorf("spaces at the end: %q", line)
			}
			if links := strings.Count(line, "://"); links > 1 {
				t.Errorf("%d links in a line: %s", links, line)
			}
		}
		if strings.Contains(l.Text, "\n\n\n\n") {
			t.Error("three blank lines in a row")
		}
	})
	if l := render(t, full(t)); regexp.MustCompile(`&(#\d+|[a-z]+);|</?[a-z]+`).MatchString(l.Text) {
		t.Error("HTML in the text part")
	}
}

// S35: the preheader.
func TestPreheader(t *testing.T) {
	each(t, func(t *testing.T, l Letter) {
		if n := utf8.RuneCountInString(l.Preheader); n < 40 || n > 100 {
			t.Errorf("%d characters: %s", n, l.Preheader)
		}
		if l.Preheader == l.Subject {
			t.Error("the subject once more")
		}
		body := text(elements(page(t, l), "body")[0])
		if !strings.HasPrefix(body, strings.ReplaceAll(l.Preheader, nbsp, " ")) {
			t.Errorf("the body begins with %.60s", body)
		}
		_, after, _ := strings.Cut(l.HTML, "mso-hide:all")
		after, _, _ = strings.Cut(after, "</div>")
		if n := strings.Count(after, "&#847;&zwnj;&nbsp;"); n < 30 {
			t.Errorf("padded %d times, later text leaks in", n)
		}
	})
}

// subjectForm is how subjects begin: with the edition's number.
var subjectForm = regexp.MustCompile(`^(No\.|Nr\.|Nº|№) 1\d?[: \x{a0}]`)

// S36: the subject.
func TestSubject(t *testing.T) {
	each(t, func(t *testing.T, l Letter) {
		if n := utf8.RuneCountInString(l.Subject); n > 60 || !subjectForm.MatchString(l.Subject) || strings.ContainsAny(l.Subject, "\r\n") {
			t.Errorf("%d characters: %q", n, l.Subject)
		}
	})
	e := full(t)
	e.Topic = "Taiwan and the long and winding debate on what its friends owe it\r\nBcc: x"
	if got := render(t, e).Subject; got != "No. 12: 11 pieces on Taiwan and the long and winding…" {
		t.Errorf("subject %q", got)
	}
}
