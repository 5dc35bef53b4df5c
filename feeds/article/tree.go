package article

import (
	"strings"

	"golang.org/x/net/html"
)

// attr is the value of an attribute, empty when there is none.
func attr(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}

func hasAttr(n *html.Node, key string) bool {
	for _, a := range n.Attr {
		if a.Key == key {
			return true
		}
	}
	return false
}

// text is all text below n.
func text(n *html.Node) string {
	var b strings.Builder
	for d := range n.Descendants() {
		if d.Type == html.TextNode {
			b.WriteString(d.Data)
		}
	}
	return b.String()
}

// drop takes n out of its tree.
func drop(n *html.Node) {
	if n != nil && n.Parent != nil {
		n.Parent.RemoveChild(n)
	}
}

// isProse reports whether n is a text long enough to be part of an argument
// rather than a label.
func isProse(n *html.Node) bool {
	return n.Type == html.TextNode && len(n.Data) >= 80 && len(strings.TrimSpace(n.Data)) >= 80
}

// prose counts the bytes of prose below n.
func prose(n *html.Node) int {
	total := 0
	if isProse(n) {
		return len(strings.TrimSpace(n.Data))
	}
	for d := range n.Descendants() {
		if isProse(d) {
			total += len(strings.TrimSpace(d.Data))
		}
	}
	return total
}

// isElement reports whether n is one of the named elements.
func isElement(n *html.Node, names ...string) bool {
	if n.Type != html.ElementNode {
		return false
	}
	for _, name := range names {
		if n.Data == name {
			return true
		}
	}
	return false
}

// words are the words of an element's class and id, in lower case: "comment-
// list__item" is comment, list, item.
func words(n *html.Node) []string {
	return strings.FieldsFunc(strings.ToLower(attr(n, "class")+" "+attr(n, "id")), func(r rune) bool {
		return r < '0' || '9' < r && r < 'a' || r > 'z'
	})
}
