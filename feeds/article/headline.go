package article

import (
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html"

	"standpoint/feeds"
)

// nearHeading are the lines just below a page's heading, where bylines and
// datelines stand: up to the second paragraph. Pages without an <h1> may show
// the title in another way.
func (m *metas) nearHeading(title string) []string {
	start := m.heading
	if start == nil || title == "" {
		return nil
	}
	w := lineWalker{m: m}
	for n := start; n != nil && !w.done; n = n.Parent {
		for s := n.NextSibling; s != nil && !w.done; s = s.NextSibling {
			w.walk(s)
		}
		w.flush()
	}
	return w.lines
}

// titleBeforeSite is the first part of a <title> whose last part, shorter, is
// the page's <h1>, where the site's name is the largest heading, or where there
// is no <h1>. The first part must stand in the page. It is empty on all other
// pages.
func (m *metas) titleBeforeSite() string {
	title := strings.TrimSpace(first(m.title))
	for _, sep := range []string{" | ", " – ", " — ", " - ", " :: ", " » ", " · "} {
		i := strings.LastIndex(title, sep)
		if i < 0 || len(title) > 1000 {
			continue
		}
		piece, site := letters(title[:i]), letters(title[i:])
		if len(m.h1) > 0 && letters(m.h1[0]) != site || len(piece) <= len(site) {
			continue
		}
		for _, n := range m.labels {
			if letters(n.Data) == piece && n.Parent.Data != "title" {
				return title[:i]
			}
		}
	}
	return ""
}

// findHeading is what shows a page's title to readers: an <h1> that holds it, or
// another text, at least half of the title, its beginning or its end; failing
// these the first <h1>, as the title may be another for machines. On some pages
// the <h1> is the site's name.
func (m *metas) findHeading(title string) *html.Node {
	want := letters(title)
	shows := func(s string) bool {
		got := letters(s)
		return len(got)*2 > len(want) && (strings.HasPrefix(want, got) || strings.HasSuffix(want, got))
	}
	for i, n := range m.heads {
		if s := m.h1[i]; len(s) < 1000 && shows(s) {
			return n
		}
	}
	for _, n := range m.labels {
		if n.Parent.Data != "title" && n.Parent.Data != "script" && shows(n.Data) {
			return n
		}
	}
	if len(m.heads) > 0 {
		return m.heads[0]
	}
	return nil
}

// letters is what two spellings of a title have in common.
func letters(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, s)
}

// lineWalker makes lines of a tree.
type lineWalker struct {
	m     *metas
	lines []string
	line  strings.Builder
	long  int // paragraphs so far
	seen  int // nodes so far
	done  bool
}

func (w *lineWalker) walk(n *html.Node) {
	if w.seen++; w.seen > 300 || w.done {
		w.done = true
		return
	}
	if n.Type == html.TextNode {
		if w.line.Len() < 1000 {
			w.line.WriteString(n.Data)
		}
		return
	}
	if n.Type != html.ElementNode || isElement(n, "script", "style", "nav", "form", "button", "figure", "figcaption") {
		return
	}
	inline := isElement(n, "a", "span", "time", "abbr", "sup", "sub", "cite", "label", "img")
	if !inline {
		w.flush()
		if foreign, _ := w.m.foreignBox(n); foreign {
			return
		}
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		w.walk(c)
	}
	if !inline {
		w.flush()
	}
}

func (w *lineWalker) flush() {
	s := strings.Join(strings.Fields(w.line.String()), " ")
	w.line.Reset()
	switch {
	case s == "":
	case utf8.RuneCountInString(s) > 120:
		if w.long++; w.long == 2 {
			w.done = true
		}
	default:
		w.lines = append(w.lines, s)
		w.done = w.done || len(w.lines) == 30
	}
}

// dateline is the date that a page prints under its heading, and zero where it
// only says when the piece was changed.
func dateline(lines []string) time.Time {
	for _, line := range lines {
		t, at := feeds.FindDate(line)
		if t.IsZero() || changed(line[:at]) {
			continue
		}
		return t
	}
	return time.Time{}
}

// changed knows the words before the date of a change.
func changed(s string) bool {
	s = strings.ToLower(s)
	for _, w := range []string{"updat", "modif", "revised", "corrected", "aktualis", "geändert", "stand:", "mis à jour", "mise à jour", "aktualiz", "zmien", "оновлен", "змінен"} {
		if strings.Contains(s, w) {
			return true
		}
	}
	return false
}

// byline is whom a line under the heading names as authors: "By A and B",
// "Von A". Where a date follows, it ends there.
func byline(lines []string) []string {
	for _, line := range lines {
		name, known := cutLead(line)
		if !known {
			continue
		}
		if t, at := feeds.FindDate(name); !t.IsZero() {
			name = name[:at]
		}
		for _, sep := range []string{"|", "·", "•"} {
			name, _, _ = strings.Cut(name, sep)
		}
		names := feeds.Authors(name)
		for _, n := range names {
			if !isName(n) {
				return nil
			}
		}
		if len(names) > 0 {
			return names
		}
	}
	return nil
}

// cutLead takes the word before a name off a line.
func cutLead(line string) (rest string, known bool) {
	for _, lead := range []string{"By", "Written by", "Author", "Authors", "Von", "Autor", "Autorin", "Autoren", "Par", "Auteur", "Tekst", "Autorka", "Autorzy", "Автор", "Авторка", "Автори"} {
		if len(line) <= len(lead)+1 || !strings.EqualFold(line[:len(lead)], lead) {
			continue
		}
		if rest := line[len(lead):]; rest[0] == ' ' || rest[0] == ':' {
			return strings.Trim(rest, " :,"), true
		}
	}
	return "", false
}

// isName is cautious: two to five words, nearly all with a capital.
func isName(s string) bool {
	fields := strings.Fields(s)
	capitals := 0
	for _, f := range fields {
		if r, _ := utf8.DecodeRuneInString(f); unicode.IsUpper(r) || unicode.Is(unicode.Lo, r) {
			capitals++
		}
	}
	return len(fields) >= 2 && len(fields) <= 5 && capitals >= 2 && capitals*3 >= len(fields)*2-1 && !strings.ContainsAny(s, "0123456789@/")
}
