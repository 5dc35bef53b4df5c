package preflight

import (
	"strings"

	"golang.org/x/net/html"
)

// maxWidth is S26's single column, in px.
const maxWidth = 600

// layout holds S26.
func (l *letter) layout() {
	for _, e := range l.doc.els {
		n := e.node
		if n.Data == "table" {
			role := attr(n, "role")
			switch plain := role == "presentation" || role == "none"; {
			case plain && ownHead(n):
				l.warn(26, `take the role away`, "a data table, with th, is said to be layout")
			case !plain && !ownHead(n):
				l.warn(26, `give it role="presentation", or th cells if it holds data`, "a table without th and without role=presentation")
			}
		}
		if n.Data == "th" && attr(n, "scope") == "" {
			l.warn(26, `give it scope="col" or scope="row"`, "a th without scope: %s", short(l.doc.words(e)))
		}
		for _, w := range l.doc.widths(n) {
			if w > maxWidth {
				l.warn(26, "keep it at 600 px", "<%s> is %.0f px wide", n.Data, w)
			}
		}
	}
}

// widths are an element's widths in px, where it has some.
func (v *view) widths(n *html.Node) []float64 {
	var out []float64
	if n.Data == "meta" {
		return nil
	}
	if v := attr(n, "width"); v != "" && !strings.HasSuffix(v, "%") {
		out = append(out, length(v, 16, 0))
	}
	for _, d := range v.style(n) {
		if (d.name == "width" || d.name == "min-width" || d.name == "max-width") && !strings.HasSuffix(d.value, "%") {
			out = append(out, length(d.value, 16, 0))
		}
	}
	return out
}

// inline holds S28.
func (l *letter) inline() {
	const mend = "write it as tables and inline styles"
	for _, e := range l.doc.els {
		for _, d := range l.doc.style(e.node) {
			if meaningful(d) {
				l.warn(28, mend, "<%s> hangs on %s: %s", e.node.Data, d.name, short(d.value))
			}
		}
	}
	for _, r := range l.doc.sheet.rules {
		for _, d := range r.decls {
			if meaningful(d) {
				l.warn(28, mend, "the style sheet hangs on %s: %s", d.name, short(d.value))
			}
		}
		if r.at == "" && !extra(r) {
			l.warn(28, "move it into style attributes; <style> is for dark and small screens", "the style sheet has a rule for all screens: %s", short(r.selectors[0].text))
		}
	}
	if n := l.doc.sheet.more; n > 0 {
		l.warn(28, "shorten the style sheet", "the style sheet has %d rules more than are looked at", n)
	}
	for _, r := range l.doc.runs {
		if !r.light.family {
			l.warn(28, "say font-family in a style attribute of it or of what holds it", "a text without a font of its own: %s", short(r.text))
		}
	}
}

// meaningful reports layout that does not come through everywhere.
func meaningful(d declaration) bool {
	switch d.name {
	case "display":
		return strings.Contains(d.value, "flex") || strings.Contains(d.value, "grid")
	case "position":
		return d.value != "static"
	case "float":
		return d.value != "none"
	case "background-image":
		return d.value != "none"
	}
	return strings.HasPrefix(d.name, "flex") || strings.HasPrefix(d.name, "grid")
}

// extra reports rules outside of @media that are for dark or odd programs too:
// what is said of the root, and the hooks by which they are known.
func extra(r sheetRule) bool {
	for _, s := range r.selectors {
		if s.text != ":root" && !strings.HasPrefix(s.text, "[data-ogs") && !strings.HasPrefix(s.text, "u + ") && !strings.HasPrefix(s.text, "#messageviewbody") {
			return false
		}
	}
	return true
}

// outlook holds S29.
func (l *letter) outlook() {
	ghost, leading := false, false
	for _, c := range l.doc.comments {
		if !strings.HasPrefix(c, "[if ") {
			continue
		}
		if !strings.HasSuffix(strings.TrimSpace(c), "<![endif]") && !strings.HasPrefix(c, "[if !mso]><!") {
			l.warn(29, "end it with <![endif]-->", "a conditional comment is not closed: %s", short(c))
		}
		ghost = ghost || strings.Contains(c, "<table") && strings.Contains(c, "width=")
		leading = leading || strings.Contains(c, "mso-line-height-rule")
	}
	for _, e := range l.doc.els {
		style := attr(e.node, "style")
		leading = leading || strings.Contains(style, "mso-line-height-rule")
		if e.node.Data != "table" || attr(e.node, "width") != "" {
			continue
		}
		l.warn(29, "say its width as an attribute, too", "a table without a width attribute")
	}
	if !ghost {
		l.warn(29, "put a table of 600 px into <!--[if mso]> around the column", "no ghost table for Outlook, where the column gets as wide as the window")
	}
	if !leading {
		l.warn(29, "say mso-line-height-rule: exactly in <!--[if mso]>", "Outlook is not told to keep line heights")
	}
}
