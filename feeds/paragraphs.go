package feeds

import (
	"bytes"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// Paragraphs turns a piece of HTML, or plain text, into paragraphs of plain
// text, each one line: block elements, list items, table rows and <br><br> part
// them. Scripts, styles, forms, figures, pictures and their captions are left
// out.
func Paragraphs(s string) []string {
	var b paragraphs
	if strings.Contains(s, cdata) {
		s = withoutCDATA(s)
	}
	if !looksLikeHTML(s) {
		for p := range strings.SplitSeq(strings.ReplaceAll(html.UnescapeString(s), "\r\n", "\n"), "\n\n") {
			b.text([]byte(p))
			b.end()
		}
		return b.done
	}
	z := html.NewTokenizer(strings.NewReader(s))
	ends := closings{text: s}
	skipping, depth, offset := "", 0, 0
	for {
		next := z.Next()
		offset += len(z.Raw())
		switch next {
		case html.ErrorToken: // the end: a string has no other error
			b.end()
			return b.done
		case html.TextToken:
			if skipping == "" {
				b.text(z.Text())
			}
		case html.StartTagToken:
			name, _ := z.TagName()
			tag := atom.String(name)
			if skipping == "" && left(tag) && ends.after(tag, offset) {
				skipping = tag
			}
			if tag == skipping {
				depth++
			}
			b.tag(tag)
		case html.SelfClosingTagToken:
			name, _ := z.TagName()
			b.tag(atom.String(name))
		case html.EndTagToken:
			name, _ := z.TagName()
			if tag := atom.String(name); tag == skipping {
				if depth--; depth == 0 {
					skipping = ""
				}
			} else if skipping == "" && isBlock(tag) {
				b.end()
			}
		case html.CommentToken, html.DoctypeToken:
		}
	}
}

// closings knows where an element is closed for the last time. An element that
// is left out but never closed would otherwise swallow the rest of the piece.
type closings struct {
	text string
	last map[string]int
}

func (c *closings) after(tag string, offset int) bool {
	if c.last == nil {
		c.text, c.last = strings.ToLower(c.text), map[string]int{}
	}
	last, known := c.last[tag]
	if !known {
		last = strings.LastIndex(c.text, "</"+tag)
		c.last[tag] = last
	}
	return last >= offset
}

// NodeParagraphs is Paragraphs for a tree that has been parsed already.
func NodeParagraphs(n *html.Node) []string {
	var b paragraphs
	b.node(n)
	b.end()
	return b.done
}

// paragraphs collects text.
type paragraphs struct {
	done []string
	line strings.Builder
	brs  int // <br> since the last text
}

func (b *paragraphs) text(s []byte) {
	if b.brs > 0 && len(bytes.TrimSpace(s)) > 0 {
		b.brs = 0
	}
	b.line.Write(s)
}

func (b *paragraphs) tag(tag string) {
	switch {
	case tag == "br":
		b.line.WriteByte(' ')
		if b.brs++; b.brs == 2 {
			b.end()
		}
	case isBlock(tag):
		b.end()
	case tag == "td" || tag == "th":
		b.line.WriteByte(' ')
	}
}

func (b *paragraphs) end() {
	if b.line.Len() == 0 {
		return
	}
	if p := squeeze(b.line.String()); p != "" {
		b.done = append(b.done, p)
	}
	b.line.Reset()
	b.brs = 0
}

func (b *paragraphs) node(n *html.Node) {
	switch n.Type {
	case html.TextNode:
		b.text([]byte(n.Data))
		return
	case html.ElementNode:
		if left(n.Data) {
			return
		}
		b.tag(n.Data)
	default:
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		b.node(c)
	}
	if n.Type == html.ElementNode && isBlock(n.Data) {
		b.end()
	}
}

// left names the elements whose text is no part of a piece.
func left(tag string) bool {
	switch tag {
	case "script", "style", "noscript", "template", "iframe", "object", "svg", "math", "canvas", "audio", "video", "head",
		"form", "button", "select", "textarea", "figure", "figcaption", "nav":
		return true
	}
	return false
}

// isBlock names the elements that stand apart from their neighbours.
func isBlock(tag string) bool {
	switch tag {
	case "p", "div", "section", "article", "main", "header", "footer", "aside", "address", "blockquote", "pre", "center",
		"h1", "h2", "h3", "h4", "h5", "h6", "hr", "ul", "ol", "li", "dl", "dt", "dd", "table", "tr", "caption", "body", "details", "summary", "fieldset":
		return true
	}
	return false
}
