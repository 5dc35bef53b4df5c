package preflight

import (
	"strconv"
	"strings"

	"golang.org/x/net/html"
)

// look is how text comes out in one palette: what CSS computes, as far as the
// rules ask.
type look struct {
	ink, paper         colour
	hasInk, hasPaper   bool
	unread             string  // a colour that cannot be read
	size, height       float64 // font size and line height in px; height 0: none said
	family             bool    // a font family is said inline, here or above
	hidden             bool
	ownPaper, ownColor bool // said on this very element
}

// apply takes one declaration over. Sizes follow CSS Values 4: em and % are of
// the font size.
func (l *look) apply(d declaration, inline bool) {
	switch d.name {
	case "color":
		l.setInk(d.value)
	case "background-color":
		l.setPaper(d.value)
	case "background":
		for word := range strings.FieldsSeq(d.value) {
			if _, ok := parseColour(word); ok {
				l.setPaper(word)
			}
		}
	case "font-size":
		l.size = length(d.value, l.size, l.size)
		if l.size == 0 {
			l.hidden = true
		}
	case "line-height":
		if n, err := strconv.ParseFloat(d.value, 64); err == nil {
			l.height = n * l.size
		} else {
			l.height = length(d.value, l.size, 0)
		}
	case "font-family", "font":
		l.family = l.family || inline
	case "display":
		l.hidden = l.hidden || d.value == "none"
	case "visibility":
		l.hidden = l.hidden || d.value == "hidden"
	case "opacity":
		l.hidden = l.hidden || d.value == "0"
	}
}

func (l *look) setInk(v string) {
	if c, ok := parseColour(v); ok {
		l.ink, l.hasInk, l.ownColor = c, true, true
	} else if v != "inherit" && v != "currentcolor" {
		l.unread = v
	}
}

func (l *look) setPaper(v string) {
	if c, ok := parseColour(v); ok {
		l.paper, l.hasPaper, l.ownPaper = c, true, true
	} else if v != "inherit" && v != "transparent" && v != "none" {
		l.unread = v
	}
}

// length reads a CSS length as px.
func length(v string, em, other float64) float64 {
	for _, unit := range []struct {
		suffix string
		px     float64
	}{{"px", 1}, {"pt", 4. / 3}, {"rem", 16}, {"em", em}, {"%", em / 100}, {"", 1}} {
		if n, ok := strings.CutSuffix(v, unit.suffix); ok {
			if f, err := strconv.ParseFloat(n, 64); err == nil {
				return f * unit.px
			}
		}
	}
	return other
}

// styler computes looks from the style sheet and the style attributes.
type styler struct {
	rules  []sheetRule
	simple bool                       // which rules take an element hangs on its name and classes alone
	taken  map[string][2][]*sheetRule // for these: the rules for light and for the dark
	inline map[string][]declaration   // style attributes that were parsed before
}

func newStyler(rules []sheetRule) styler {
	s := styler{simple: true, taken: map[string][2][]*sheetRule{}, inline: map[string][]declaration{}}
	for _, r := range rules {
		if r.at != "" && !r.dark() {
			continue // small screens and the like
		}
		s.rules = append(s.rules, r)
		for _, x := range r.selectors {
			s.simple = s.simple && len(x.chain) == 1 && x.chain[0].id == ""
		}
	}
	return s
}

// looks computes an element's light and dark look from its parent's.
func (s *styler) looks(n *html.Node, light, dark look) (look, look) {
	rules := s.takers(n)
	style, has := lookAttr(n, "style")
	decls, known := s.inline[style]
	if has && !known {
		decls = declarations(style)
		s.inline[style] = decls
	}
	return cascade(n, light, decls, rules[0], nil), cascade(n, dark, decls, rules[0], rules[1])
}

// takers are the rules that take the element: for any screen, and for a dark one.
func (s *styler) takers(n *html.Node) [2][]*sheetRule {
	key := n.Data + " " + attr(n, "class")
	if s.simple {
		if rules, known := s.taken[key]; known {
			return rules
		}
	}
	var rules [2][]*sheetRule
	for i := range s.rules {
		r := &s.rules[i]
		if !r.takes(n) {
			continue
		}
		where := 0
		if r.at != "" {
			where = 1
		}
		rules[where] = append(rules[where], r)
	}
	if s.simple {
		s.taken[key] = rules
	}
	return rules
}

func (r sheetRule) takes(n *html.Node) bool {
	for _, s := range r.selectors {
		if s.matches(n) {
			return true
		}
	}
	return false
}

// cascade follows CSS Cascade 4: sheet, style attribute, then what is important.
func cascade(n *html.Node, l look, inline []declaration, base, night []*sheetRule) look {
	l.ownPaper, l.ownColor = false, false
	if v, ok := lookAttr(n, "bgcolor"); ok {
		l.setPaper(fold(v))
	}
	if v, ok := lookAttr(n, "color"); ok && n.Data == "font" {
		l.setInk(fold(v))
	}
	if _, ok := lookAttr(n, "hidden"); ok {
		l.hidden = true
	}
	for _, important := range []bool{false, true} {
		for _, rules := range [][]*sheetRule{base, night} {
			for _, r := range rules {
				for _, d := range r.decls {
					if d.important == important {
						l.apply(d, false)
					}
				}
			}
		}
		for _, d := range inline {
			if d.important == important {
				l.apply(d, true)
			}
		}
	}
	return l
}
