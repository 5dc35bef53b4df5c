package preflight

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html"
)

// minContrast is WCAG 2.2's level AA for text.
const minContrast = 4.5

// palette holds S30.
func (l *letter) palette() {
	l.declared()
	l.absolute()
	type pair struct{ ink, paper colour }
	seen := [2]map[pair]bool{{}, {}}
	for _, r := range l.doc.runs {
		for i, k := range []look{r.light, r.dark} {
			scheme := [2]string{"in light", "in the dark"}[i]
			if k.unread != "" {
				l.warn(30, "write it as #rrggbb", "a colour that cannot be read: %s", short(k.unread))
				continue
			}
			if !k.hasInk || !k.hasPaper {
				l.warn(30, "say color and background-color in a style attribute of it or of what holds it", "a text without colours of its own: %s", short(r.text))
				continue
			}
			p := pair{k.ink, k.paper}
			if seen[i][p] {
				continue
			}
			seen[i][p] = true
			if c := contrast(k.ink, k.paper); c < minContrast {
				l.warn(30, "darken the one or lighten the other to 4.5:1", "%s on %s has %.1f:1 %s: %s", k.ink, k.paper, c, scheme, short(r.text))
			} else if c := contrast(k.ink.inverted(), k.paper.inverted()); c < minContrast {
				l.warn(30, "darken the one or lighten the other to 4.5:1", "%s on %s has %.1f:1 %s when it is inverted: %s", k.ink, k.paper, c, scheme, short(r.text))
			}
		}
	}
}

// declared holds S30's first half: the letter says that it knows the dark.
func (l *letter) declared() {
	for _, name := range []string{"color-scheme", "supported-color-schemes"} {
		found := false
		for _, e := range l.doc.els {
			if e.node.Data == "meta" && strings.EqualFold(attr(e.node, "name"), name) {
				found = found || fold(attr(e.node, "content")) == "light dark"
			}
		}
		if !found {
			l.warn(30, `put it into <head>`, `no <meta name=%q content="light dark">`, name)
		}
	}
	if !l.doc.hasDark {
		l.warn(30, "put one into <style>, its values with !important", "no @media (prefers-color-scheme: dark)")
	}
}

// absolute finds black and white without a rest, which some programs turn
// about by themselves.
func (l *letter) absolute() {
	const mend = "take a near one, such as #111111 or #fbfaf6"
	check := func(where, value string) {
		for word := range strings.FieldsSeq(value) {
			if c, ok := parseColour(word); ok && c.pure() {
				l.warn(30, mend, "pure %s in %s", c, where)
			}
		}
	}
	coloured := func(d declaration) bool {
		return d.name == "color" || strings.HasPrefix(d.name, "background") || strings.HasPrefix(d.name, "border")
	}
	for _, e := range l.doc.els {
		check("<"+e.node.Data+">", attr(e.node, "bgcolor"))
		for _, d := range l.doc.style(e.node) {
			if coloured(d) {
				check("<"+e.node.Data+">", d.value)
			}
		}
	}
	for _, r := range l.doc.sheet.rules {
		for _, d := range r.decls {
			if coloured(d) {
				check("the style sheet", d.value)
			}
		}
	}
}

// shapes holds S31: what has a colour of its own has a word or a shape, too,
// and no two colours share a shape.
func (l *letter) shapes() {
	owner := map[string]colour{}
	for _, e := range l.doc.els {
		c, ok := e.meaning()
		if !ok {
			continue
		}
		text := l.doc.words(e)
		shape := symbol(text)
		if !e.headed && shape == "" && !strings.ContainsFunc(text, unicode.IsLetter) {
			l.warn(31, "put its shape or its name beside the colour", "something is told by colour %s alone: %q", c, short(text))
		}
		if shape == "" {
			continue
		}
		if other, taken := owner[shape]; taken && other != c {
			l.warn(31, "give each stance a shape of its own", "%s stands for %s and for %s", shape, other, c)
		} else {
			owner[shape] = c
		}
	}
}

// meaning is the vivid colour that an element itself sets, as ground or as ink.
func (e *element) meaning() (colour, bool) {
	if e.hidden || e.node.Type != html.ElementNode {
		return colour{}, false
	}
	if e.light.ownPaper && e.light.paper.vivid() {
		return e.light.paper, true
	}
	if e.light.ownColor && e.light.ink.vivid() && !(e.light.hasPaper && e.light.paper.vivid()) {
		return e.light.ink, true
	}
	return colour{}, false
}

// symbol is the geometric shape with which a text begins, or "".
func symbol(text string) string {
	r, _ := utf8.DecodeRuneInString(text)
	if r >= 0x25a0 && r <= 0x25ff || r >= 0x2b00 && r <= 0x2bff {
		return string(r)
	}
	return ""
}
