package preflight

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html"
)

// view is the HTML part as a mail program shows it.
type view struct {
	root     *html.Node
	sheet    sheet
	els      []*element // all elements, in document order
	runs     []run      // the visible pieces of text, in document order
	anchors  []*anchor
	headings []*heading
	comments []string
	title    string
	hasDark  bool
	length   int                      // visible text, in characters
	styles   map[string][]declaration // style attributes, parsed once
}

// element is one element with what it inherits.
type element struct {
	node        *html.Node
	light, dark look
	hidden      bool
	headed      bool // inside a table that has th: a data table
	from, to    int  // its runs, half-open
}

// run is one text node that a reader sees.
type run struct {
	text        string // gaps are one space
	light, dark look
	in          *element
	heading     bool
	at          int // characters before it
}

// anchor is a link.
type anchor struct {
	href string
	text string
	in   *element
	at   int // characters before it
}

type heading struct {
	level int
	text  string
}

// newView parses an HTML part and computes the looks. Any text is some HTML; it
// fails for too deep a nest alone.
func newView(body string) (*view, error) {
	root, err := html.Parse(strings.NewReader(body))
	if err != nil {
		return nil, err
	}
	v := &view{root: root}
	for n := range root.Descendants() {
		switch {
		case n.Type == html.CommentNode:
			v.comments = append(v.comments, n.Data)
		case n.Type == html.ElementNode && n.Data == "style" && n.FirstChild != nil:
			v.sheet.add(n.FirstChild.Data)
		case n.Type == html.ElementNode && n.Data == "title" && n.FirstChild != nil:
			v.title = squeeze(n.FirstChild.Data)
		}
	}
	for _, r := range v.sheet.rules {
		v.hasDark = v.hasDark || r.dark()
	}
	w := walker{view: v, styler: newStyler(v.sheet.rules)}
	v.styles = w.inline
	start := look{size: 16}
	w.walk(root, scope{light: start, dark: start})
	for _, a := range v.anchors {
		a.text = v.words(a.in)
	}
	for i, h := range w.heads {
		v.headings[i].text = v.words(h)
	}
	return v, nil
}

// style is what an element's style attribute declares.
func (v *view) style(n *html.Node) []declaration { return v.styles[attr(n, "style")] }

// words is the text of an element as a reader sees it; pictures give their alt.
func (v *view) words(e *element) string {
	var b strings.Builder
	for _, r := range v.runs[e.from:e.to] {
		b.WriteString(r.text)
		b.WriteByte(' ')
	}
	if e.from == e.to {
		for n := range e.node.Descendants() {
			if n.Type == html.ElementNode && n.Data == "img" {
				b.WriteString(attr(n, "alt") + " ")
			}
		}
	}
	return squeeze(b.String())
}

// walker goes down the tree with what is inherited.
type walker struct {
	*view
	styler
	heads []*element
}

type scope struct {
	light, dark look
	in          *element
	heading     bool
	headed      bool
	off         bool // not shown
}

func (w *walker) walk(n *html.Node, s scope) {
	switch n.Type {
	case html.TextNode:
		w.text(n, s)
		return
	case html.ElementNode:
		e := w.element(n, &s)
		defer func() { e.to = len(w.runs) }()
	case html.DocumentNode:
	default:
		return
	}
	for c := range n.ChildNodes() {
		w.walk(c, s)
	}
}

// element takes an element in and changes the scope for what it holds.
func (w *walker) element(n *html.Node, s *scope) *element {
	switch n.Data {
	case "head", "style", "script", "title", "template", "noscript", "textarea":
		s.off = true
	case "table":
		s.headed = ownHead(n)
	}
	s.light, s.dark = w.looks(n, s.light, s.dark)
	s.off = s.off || s.light.hidden
	e := &element{node: n, light: s.light, dark: s.dark, hidden: s.off, headed: s.headed, from: len(w.runs)}
	s.in = e
	w.els = append(w.els, e)
	if s.off {
		return e
	}
	if len(n.Data) == 2 && n.Data[0] == 'h' && n.Data[1] >= '1' && n.Data[1] <= '6' {
		s.heading = true
		w.headings = append(w.headings, &heading{level: int(n.Data[1] - '0')})
		w.heads = append(w.heads, e)
	}
	if href, ok := lookAttr(n, "href"); ok && (n.Data == "a" || n.Data == "area") {
		w.anchors = append(w.anchors, &anchor{href: strings.TrimSpace(href), in: e, at: w.length})
	}
	return e
}

// ownHead says whether a table itself, not one in it, has head cells.
func ownHead(table *html.Node) bool {
	var look func(n *html.Node) bool
	look = func(n *html.Node) bool {
		for c := range n.ChildNodes() {
			if c.Type != html.ElementNode || c.Data == "table" {
				continue
			}
			if c.Data == "th" || (c.Data == "tr" || c.Data == "tbody" || c.Data == "thead" || c.Data == "tfoot") && look(c) {
				return true
			}
		}
		return false
	}
	return look(table)
}

func (w *walker) text(n *html.Node, s scope) {
	text := squeeze(n.Data)
	if s.off || s.in == nil || blank(text) {
		return
	}
	w.runs = append(w.runs, run{text: text, light: s.light, dark: s.dark, in: s.in, heading: s.heading, at: w.length})
	w.length += utf8.RuneCountInString(text) + 1
}

// blank reports whether a text shows nothing.
func blank(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return !unicode.IsSpace(r) && !unseen(r) })
}

// unseen reports the characters that letters are padded with.
func unseen(r rune) bool {
	return r == 0x34f || r == 0xa0 || r == 0xad || r == 0xfeff || r == 0x2800 || r >= 0x2000 && r <= 0x200f || r >= 0x2060 && r <= 0x2064
}

// zone is the visible text between two offsets, in characters.
func (v *view) zone(from, to int) string {
	var b strings.Builder
	for _, r := range v.runs {
		if r.at >= from && r.at < to {
			b.WriteString(r.text)
			b.WriteByte(' ')
		}
	}
	return b.String()
}
