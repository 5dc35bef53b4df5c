package article

import (
	"encoding/json"
	"strings"

	"standpoint/feeds"
)

// linked is what a page's JSON-LD blocks say.
type linked struct {
	pieces []piece
	names  map[string]string // @id of a person or an organisation → its name
}

// piece is one schema.org Article of a page.
type piece struct {
	address, headline, published, language, body string
	authors                                      []any
	open, locked                                 bool // isAccessibleForFree, its own and its parts'
}

// maxLinkedData is the longest JSON-LD block that is read, in bytes.
const maxLinkedData = 2 << 20

// read adds one block. Only the objects that are articles count: a page's
// comments, breadcrumbs and organisations stand beside them.
func (l *linked) read(raw string) {
	if len(raw) > maxLinkedData {
		return
	}
	raw = strings.Map(func(r rune) rune { // line ends within strings are forbidden and common
		if r < ' ' {
			return ' '
		}
		return r
	}, raw)
	raw = strings.TrimSpace(raw)
	for _, wrap := range [][2]string{{"<!--", "-->"}, {"//<![CDATA[", "//]]>"}, {"<![CDATA[", "]]>"}, {"/*<![CDATA[*/", "/*]]>*/"}} {
		if inner, ok := strings.CutPrefix(raw, wrap[0]); ok {
			raw = strings.TrimSuffix(inner, wrap[1])
		}
	}
	raw = strings.TrimRight(raw, "; ")
	var v any
	if json.Unmarshal([]byte(raw), &v) == nil {
		l.thing(v, 0)
	}
}

func (l *linked) thing(v any, depth int) {
	if depth > 3 {
		return
	}
	switch v := v.(type) {
	case []any:
		for _, e := range v[:min(len(v), 1000)] {
			l.thing(e, depth+1)
		}
	case map[string]any:
		if id, name := word(v["@id"]), word(v["name"]); id != "" && name != "" && len(l.names) < 1000 {
			if l.names == nil {
				l.names = map[string]string{}
			}
			l.names[id] = name
		}
		if isArticleType(v["@type"]) && len(l.pieces) < 100 {
			l.pieces = append(l.pieces, newPiece(v))
		}
		l.thing(v["@graph"], depth+1)
		l.thing(v["mainEntity"], depth+1)
	}
}

func newPiece(v map[string]any) piece {
	p := piece{
		address: word(v["url"]), headline: word(v["headline"]), published: word(v["datePublished"]),
		language: word(v["inLanguage"]), body: word(v["articleBody"]), authors: []any{v["author"], v["creator"]},
	}
	if p.address == "" {
		p.address = word(v["mainEntityOfPage"])
	}
	p.open, p.locked = truth(v["isAccessibleForFree"])
	if parts, ok := v["hasPart"].([]any); ok {
		for _, part := range parts[:min(len(parts), 20)] {
			p.readPart(part)
		}
	} else {
		p.readPart(v["hasPart"])
	}
	return p
}

func (p *piece) readPart(part any) {
	if m, ok := part.(map[string]any); ok && !p.open {
		_, locked := truth(m["isAccessibleForFree"])
		p.locked = p.locked || locked
	}
}

// truth reads a schema.org Boolean.
func truth(v any) (yes, no bool) {
	if b, ok := v.(bool); ok {
		return b, !b
	}
	s := strings.ToLower(word(v))
	return strings.HasSuffix(s, "true"), strings.HasSuffix(s, "false")
}

func isArticleType(v any) bool {
	types, ok := v.([]any)
	if !ok {
		types = []any{v}
	}
	for _, t := range types[:min(len(types), 20)] {
		if s, ok := t.(string); ok && (strings.HasSuffix(s, "Article") || strings.HasSuffix(s, "BlogPosting") || strings.HasSuffix(s, "Report")) {
			return true
		}
	}
	return false
}

// word is the one string that JSON-LD means by a value: the string itself, an
// object's value, name, code or identifier, the first of a list.
func word(v any) string {
	for range 3 {
		switch x := v.(type) {
		case string:
			return x
		case []any:
			if len(x) == 0 {
				return ""
			}
			v = x[0]
		case map[string]any:
			v = nil
			for _, key := range []string{"@value", "alternateName", "name", "@id"} {
				if x[key] != nil {
					v = x[key]
					break
				}
			}
		default:
			return ""
		}
	}
	return ""
}

// people are the names in an author's value: a string, an object with a name,
// a reference to an object elsewhere in the page, or a list of them.
func (l *linked) people(v any, depth int) (out []string) {
	switch v := v.(type) {
	case string:
		if name, ok := l.names[v]; ok {
			return []string{name}
		}
		return []string{v}
	case []any:
		for _, e := range v[:min(len(v), 20)] {
			if depth < 2 {
				out = append(out, l.people(e, depth+1)...)
			}
		}
	case map[string]any:
		switch name := v["name"].(type) {
		case string:
			return []string{name}
		case []any:
			if depth < 2 {
				return l.people(name, depth+1)
			}
		default:
			if id, ok := v["@id"].(string); ok && l.names[id] != "" {
				return []string{l.names[id]}
			}
		}
	}
	return out
}

// main is the page's own article: the one with the page's address, or else the
// first. Several objects with its address are read as one.
func (l *linked) main(addresses ...string) (p piece, found bool) {
	if len(l.pieces) == 0 {
		return piece{}, false
	}
	own := map[string]bool{}
	for _, a := range addresses {
		own[feeds.Key(a)] = a != ""
	}
	p = l.pieces[0]
	for _, other := range l.pieces {
		if own[feeds.Key(other.address)] {
			p = other
			break
		}
	}
	for _, other := range l.pieces {
		if other.address == p.address {
			p.fill(other)
		}
	}
	return p, true
}

// fill takes from another object on the same piece what p leaves open.
func (p *piece) fill(o piece) {
	for _, f := range []struct{ to, from *string }{{&p.headline, &o.headline}, {&p.published, &o.published}, {&p.language, &o.language}, {&p.body, &o.body}} {
		if *f.to == "" {
			*f.to = *f.from
		}
	}
	p.authors = append(p.authors, o.authors...)
	p.open, p.locked = p.open || o.open, p.locked || o.locked
}
