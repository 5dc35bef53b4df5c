package preflight

import (
	"strings"

	"golang.org/x/net/html"
)

// selector is a chain of compounds, the innermost last. Combinators other than
// the descendant one are read as it: that can only make more elements match.
type selector struct {
	text  string
	chain []compound
}

type compound struct {
	tag, id string
	classes []string
	odd     bool // has an attribute or pseudo-class: matches nothing that is looked at here
}

func selectors(list string) []selector {
	var out []selector
	for text := range strings.SplitSeq(list, ",") {
		s := selector{text: strings.TrimSpace(text)}
		for part := range strings.FieldsSeq(strings.NewReplacer(">", " ", "+", " ", "~", " ").Replace(s.text)) {
			s.chain = append(s.chain, parseCompound(part))
		}
		if len(s.chain) > 0 {
			out = append(out, s)
		}
	}
	return out
}

func parseCompound(s string) compound {
	var c compound
	if i := strings.IndexAny(s, ":["); i >= 0 {
		c.odd, s = true, s[:i]
	}
	for s != "" {
		end := len(s)
		if i := strings.IndexAny(s[1:], ".#"); i >= 0 {
			end = i + 1
		}
		switch s[0] {
		case '.':
			c.classes = append(c.classes, s[1:end])
		case '#':
			c.id = s[1:end]
		default:
			c.tag = strings.TrimPrefix(s[:end], "*")
		}
		s = s[end:]
	}
	return c
}

// matches says whether the selector takes the element.
func (s selector) matches(n *html.Node) bool {
	last := len(s.chain) - 1
	if !s.chain[last].matches(n) {
		return false
	}
	at := last - 1
	for up := n.Parent; up != nil && at >= 0; up = up.Parent {
		if up.Type == html.ElementNode && s.chain[at].matches(up) {
			at--
		}
	}
	return at < 0
}

func (c compound) matches(n *html.Node) bool {
	if c.odd || c.tag != "" && c.tag != n.Data {
		return false
	}
	if c.id != "" && !strings.EqualFold(c.id, attr(n, "id")) {
		return false
	}
	if len(c.classes) == 0 {
		return true
	}
	have := attr(n, "class")
	for _, want := range c.classes {
		if !hasWord(have, want) {
			return false
		}
	}
	return true
}

// hasWord says whether a list of words has the word. Style sheets are folded to
// lower case, so case does not count.
func hasWord(list, word string) bool {
	for w := range strings.FieldsSeq(list) {
		if strings.EqualFold(w, word) {
			return true
		}
	}
	return false
}

func attr(n *html.Node, key string) string {
	v, _ := lookAttr(n, key)
	return v
}

func lookAttr(n *html.Node, key string) (string, bool) {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val, true
		}
	}
	return "", false
}
