package article

import (
	"fmt"

	"golang.org/x/net/html"
)

// Rules are what an operator says about the pages of one source. The zero Rules
// leave everything to the extractor. They may be used by several goroutines.
type Rules struct {
	keep, drop []selector
}

// NewRules compiles CSS selectors (Selectors Level 4 as far as cascadia knows
// it). What drop matches is taken out before anything else is read. Of what is
// left only what keep matches is the piece, in the page's order. Elements that
// do nothing but set type (b, i, em, strong, font, small, u, s, code) are gone
// before, and no selector finds them. The error names the first selector that
// cannot be used.
func NewRules(keep, drop []string) (Rules, error) {
	var r Rules
	var err error
	if r.keep, err = compile("keep", keep); err != nil {
		return Rules{}, err
	}
	if r.drop, err = compile("drop", drop); err != nil {
		return Rules{}, err
	}
	return r, nil
}

func compile(what string, selectors []string) ([]selector, error) {
	var all []selector
	for _, s := range selectors {
		group, err := parseSelectors(s)
		if err != nil {
			return nil, fmt.Errorf("%s %q: not a CSS selector: %w", what, s, err)
		}
		all = append(all, group...)
	}
	return all, nil
}

// dropFrom takes out what the rules drop.
func (r Rules) dropFrom(doc *html.Node) {
	for _, n := range match(doc, r.drop) {
		drop(n)
	}
}

// kept is what the rules keep.
func (r Rules) kept(doc *html.Node) []*html.Node {
	return match(doc, r.keep)
}

// ancestors are the given nodes and all above them.
func ancestors(nodes []*html.Node) map[*html.Node]bool {
	above := make(map[*html.Node]bool, 8*len(nodes))
	for _, n := range nodes {
		for ; n != nil && !above[n]; n = n.Parent {
			above[n] = true
		}
	}
	return above
}

// inTree reports whether n still hangs in doc.
func inTree(doc, n *html.Node) bool {
	for n.Parent != nil {
		n = n.Parent
	}
	return n == doc
}
