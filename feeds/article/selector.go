package article

import (
	"errors"
	"strings"

	"github.com/andybalholm/cascadia"
	"golang.org/x/net/html"
)

// selector is a complex selector, taken apart at its combinators (Selectors
// Level 4, section 3.1). The library would try each way from the last compound
// back to the first: days for "p ~ p ~ p ~ h6" on a page of a hundred kilobytes.
// Here each compound is asked about an element once.
type selector struct {
	compounds   []cascadia.Sel
	combinators []byte // of each compound with the one before it; 0 of the first
}

// maxCompounds is how many compounds a selector may have: the bits of a reach.
const maxCompounds = 64

var errTooLong = errors.New("more than 64 parts")

// parseSelectors compiles a list of selectors.
func parseSelectors(list string) (all []selector, err error) {
	if _, err := cascadia.ParseGroup(list); err != nil {
		return nil, err // the whole list is judged by one grammar
	}
	var s selector
	combinator := byte(0)
	for list = strings.TrimSpace(list); list != ""; {
		end := compoundEnd(list)
		compound, err := cascadia.Parse(list[:end])
		if err != nil {
			return nil, err
		}
		s.compounds, s.combinators = append(s.compounds, compound), append(s.combinators, combinator)
		if len(s.compounds) > maxCompounds {
			return nil, errTooLong
		}
		combinator = ' '
		for list = list[end:]; list != "" && strings.IndexByte(" \t\r\n\f>+~,/", list[0]) >= 0; {
			if strings.HasPrefix(list, "/*") {
				_, list, _ = strings.Cut(list[2:], "*/")
				continue
			}
			if strings.IndexByte(">+~,", list[0]) >= 0 {
				combinator = list[0]
			}
			list = list[1:]
		}
		if combinator == ',' || list == "" {
			all = append(all, s)
			s, combinator = selector{}, 0
		}
	}
	return all, nil
}

// compoundEnd is where the first compound of s ends: at a combinator or a comma
// outside of brackets and quotes. It is 1 at least.
func compoundEnd(s string) int {
	depth, quote := 0, byte(0)
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == '\\':
			i++
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '"' || c == '\'':
			quote = c
		case c == '(' || c == '[':
			depth++
		case c == ')' || c == ']':
			depth--
		case i > 0 && depth == 0 && strings.IndexByte(" \t\r\n\f>+~,/", c) >= 0:
			return i
		}
	}
	return len(s)
}

// reach says how much of each selector has matched: bit i stands for the first
// i+1 compounds.
type reach []uint64

func (r reach) add(o reach) {
	for i := range r {
		r[i] |= o[i]
	}
}

// at is what an element's surroundings have reached.
type at struct{ above, parent, before, previous reach }

// reached is what n reaches, and whether it matches one selector wholly.
func reached(selectors []selector, n *html.Node, a at) (r reach, whole bool) {
	r = make(reach, len(selectors))
	for k, s := range selectors {
		for i, compound := range s.compounds {
			var from uint64
			switch s.combinators[i] {
			case 0:
				from = 1
			case ' ':
				from = a.above[k] >> (i - 1)
			case '>':
				from = a.parent[k] >> (i - 1)
			case '~':
				from = a.before[k] >> (i - 1)
			case '+':
				from = a.previous[k] >> (i - 1)
			}
			if from&1 != 0 && compound.Match(n) {
				r[k] |= 1 << i
			}
		}
		whole = whole || r[k]>>(len(s.compounds)-1) != 0
	}
	return r, whole
}

// match finds elements in the page's order; what lies inside of a match is part
// of it and not found once more.
func match(doc *html.Node, selectors []selector) (found []*html.Node) {
	if len(selectors) == 0 {
		return nil
	}
	none := make(reach, len(selectors))
	var walk func(parent *html.Node, own, above reach)
	walk = func(parent *html.Node, own, above reach) {
		a := at{above: above, parent: own, before: make(reach, len(selectors)), previous: none}
		for c := parent.FirstChild; c != nil; c = c.NextSibling {
			if c.Type != html.ElementNode {
				continue
			}
			r, whole := reached(selectors, c, a)
			if whole {
				found = append(found, c)
			} else if c.FirstChild != nil {
				below := append(make(reach, 0, len(r)), above...)
				below.add(r)
				walk(c, r, below)
			}
			a.before.add(r)
			a.previous = r
		}
	}
	walk(doc, none, none)
	return found
}
