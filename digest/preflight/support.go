package preflight

import (
	_ "embed" // for the table
	"strings"

	"golang.org/x/net/html"
)

// supportTable is the only way to embed: a variable of the package, written by
// the compiler and read below.
//
//go:embed support.txt
var supportTable string

// client is a mail program, or a family of them, that the letter is held against.
func clients() []string {
	return []string{"Gmail", "Outlook classic", "Outlook new", "Apple Mail", "Yahoo", "Thunderbird"}
}

// supportOf reads the table: for each feature one letter a client.
func supportOf(table string) map[string]string {
	out := map[string]string{}
	for row := range strings.Lines(table) {
		row = strings.TrimSpace(row)
		if i := strings.LastIndexByte(row, ' '); i > 0 && row[0] != '#' {
			out[row[:i]] = row[i+1:]
		}
	}
	return out
}

// support holds S37: what the letter uses is shown, at least in part, by each
// of the clients, or is accepted.
func (l *letter) support() {
	table, accepted := supportOf(supportTable), accepted()
	for _, feature := range l.doc.features() {
		levels, known := table[feature]
		if !known || accepted[feature] != "" || heldElsewhere(feature) {
			continue
		}
		var lack []string
		for i, name := range clients() {
			if levels[i] == 'n' {
				lack = append(lack, name)
			}
		}
		if len(lack) > 0 {
			l.warn(37, "do without it in the template", "%s is not shown by %s", feature, strings.Join(lack, ", "))
		}
	}
}

// heldElsewhere names what S23 and S28 tell of.
func heldElsewhere(feature string) bool {
	kind, name, _ := strings.Cut(feature, " ")
	switch kind {
	case "property", "declaration":
		property, value, _ := strings.Cut(name, ":")
		return meaningful(declaration{name: property, value: value})
	case "element":
		switch name {
		case "link", "script", "iframe", "object", "form", "input", "button", "select", "textarea", "base", "svg", "video", "audio":
			return true
		}
	}
	return feature == "at-rule import" || feature == "at-rule font-face" || feature == "attribute background"
}

// features lists what the letter uses, in the table's words, each once.
func (v *view) features() []string {
	f := features{seen: map[string]bool{}}
	for _, e := range v.els {
		f.element(e.node, v.style(e.node))
	}
	for _, at := range v.sheet.ats {
		f.at(at)
	}
	for _, r := range v.sheet.rules {
		for _, s := range r.selectors {
			f.pseudo(s.text)
		}
		for _, d := range r.decls {
			f.declaration(d)
		}
	}
	return f.list
}

type features struct {
	list []string
	seen map[string]bool
}

func (f *features) add(kind, name string) {
	if s := kind + " " + name; !f.seen[s] {
		f.seen[s] = true
		f.list = append(f.list, s)
	}
}

func (f *features) element(n *html.Node, style []declaration) {
	f.add("element", n.Data)
	for _, a := range n.Attr {
		f.add("attribute", a.Key)
		if n.Data == "meta" && a.Key == "name" {
			f.add("meta", fold(a.Val))
		}
	}
	key := "\x00" + attr(n, "style")
	if f.seen[key] {
		return
	}
	f.seen[key] = true
	for _, d := range style {
		f.declaration(d)
	}
}

// declaration takes a property, its value's words, functions and units.
func (f *features) declaration(d declaration) {
	if d.important {
		f.add("value", "!important")
	}
	if strings.HasPrefix(d.name, "--") {
		f.add("function", "var")
		return
	}
	f.add("property", d.name)
	f.add("declaration", d.name+":"+d.value)
	if d.name == "font-family" {
		return // a font may have any name
	}
	for word := range strings.FieldsFuncSeq(d.value, func(r rune) bool { return r == ' ' || r == ',' || r == ')' || r == '/' }) {
		if name, _, ok := strings.Cut(word, "("); ok {
			f.add("function", name)
			continue
		}
		if unit := strings.TrimLeft(word, "+-.0123456789"); unit != word {
			f.add("unit", unit)
		} else {
			f.add("value", word)
		}
	}
}

// at takes an at-rule and what it asks for.
func (f *features) at(head string) {
	name, rest, _ := strings.Cut(strings.TrimPrefix(head, "@"), " ")
	name, _, _ = strings.Cut(name, "(")
	f.add("at-rule", name)
	for part := range strings.SplitSeq(rest, "(") {
		feature, _, _ := strings.Cut(part, ":")
		f.add("media", strings.TrimPrefix(strings.Trim(feature, " )"), "-webkit-"))
	}
}

func (f *features) pseudo(selector string) {
	for part := range strings.SplitSeq(selector, ":") {
		if name, _, _ := strings.Cut(part, "("); part != selector {
			f.add("pseudo", ":"+strings.TrimSpace(name))
		}
	}
}
