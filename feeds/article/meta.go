package article

import (
	"net/url"
	"strings"

	"golang.org/x/net/html"

	"standpoint/feeds"
)

// metas are what a page says about its piece outside of the text, in the
// page's order: JSON-LD (schema.org Article), Open Graph, Dublin Core and
// citation tags, the canonical link (RFC 6596), the first <h1>, <time> and
// rel=author.
type metas struct {
	tags                       map[string][]string
	title, h1, lang, canonical []string
	heads                      []*html.Node       // every <h1>
	heading                    *html.Node         // what shows the title
	times, people              []*html.Node       // <time>; rel=author and itemprop=author
	above                      map[*html.Node]int // how many of times stand above an <h1> or a label
	linked                     linked
	labels                     []*html.Node        // the first short texts
	foreigners                 map[*html.Node]bool // what foreign has said so far
	own                        piece               // the page's own article in its JSON-LD; zero when it has none
	elements                   int
}

// newMetas walks over a page as it came.
func newMetas(doc *html.Node, base *url.URL) *metas {
	m := &metas{tags: map[string][]string{}, above: map[*html.Node]int{}, foreigners: map[*html.Node]bool{}}
	m.collect(doc)
	m.own, _ = m.linked.main(base.String(), m.address(base))
	return m
}

// article is what the metas say of the piece.
func (m *metas) article(base *url.URL) Article {
	var a Article
	a.Title = feeds.Line(first(m.tags["og:title"], []string{m.own.headline}, m.tags["citation_title"], []string{m.titleBeforeSite()}, m.h1, m.title), 500)
	a.Canonical = m.address(base)
	a.Language = feeds.Language(first(m.lang, m.tags["og:locale"], []string{m.own.language}, m.tags["content-language"], m.tags["dcterms.language"], m.tags["dc.language"], m.tags["inlanguage"]))
	if a.Language == "und" {
		a.Language = ""
	}
	m.heading = m.findHeading(a.Title)
	a.Authors = m.authors()
	for _, raw := range m.dates() {
		if a.Published = feeds.Date(raw, nil); !a.Published.IsZero() {
			break
		}
	}
	if len(a.Authors) > 0 && !a.Published.IsZero() {
		return a
	}
	lines := m.nearHeading(a.Title)
	if len(a.Authors) == 0 {
		a.Authors = byline(lines)
	}
	if a.Published.IsZero() {
		a.Published = dateline(lines)
	}
	return a
}

// address is the page's own, when it names one that can be its piece's: no
// site's front page. Another host's is kept, as syndicated copies name the
// original.
func (m *metas) address(base *url.URL) string {
	for _, own := range append(m.canonical, m.tags["og:url"]...) {
		ref, err := base.Parse(strings.TrimSpace(own))
		if err != nil || own == "" {
			continue
		}
		if ref.Path == "" && ref.RawQuery == "" || ref.Path == "/" && ref.RawQuery == "" {
			continue
		}
		if clean := feeds.Clean(ref.String()); clean != "" {
			return clean
		}
	}
	return ""
}

// collect walks over the tree.
func (m *metas) collect(n *html.Node) {
	if m.elements++; m.elements > maxElements {
		return
	}
	if n.Type == html.TextNode && len(m.labels) < 200 && len(n.Data) >= 12 && len(n.Data) < 300 {
		m.labels = append(m.labels, n)
		m.above[n] = len(m.times)
	}
	if n.Type == html.ElementNode {
		switch n.Data {
		case "html":
			m.lang = append(m.lang, attr(n, "lang"))
		case "title":
			m.title = append(m.title, text(n))
		case "h1":
			m.h1 = append(m.h1, text(n))
			if len(m.heads) < 20 {
				m.heads = append(m.heads, n)
				m.above[n] = len(m.times)
			}
		case "meta":
			key := strings.ToLower(first([]string{attr(n, "property"), attr(n, "name"), attr(n, "itemprop"), attr(n, "http-equiv")}))
			if len(m.tags[key]) < 20 {
				m.tags[key] = append(m.tags[key], attr(n, "content"))
			}
		case "link":
			if strings.EqualFold(attr(n, "rel"), "canonical") {
				m.canonical = append(m.canonical, attr(n, "href"))
			}
		case "time":
			if len(m.times) < 100 {
				m.times = append(m.times, n)
			}
		case "script":
			if strings.EqualFold(attr(n, "type"), "application/ld+json") {
				m.linked.read(text(n))
			}
		}
		if len(n.Attr) > 0 && len(m.people) < 100 && (n.Data == "a" && strings.EqualFold(attr(n, "rel"), "author") || attr(n, "itemprop") == "author") {
			m.people = append(m.people, n)
		}
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		m.collect(c)
	}
}

// authors takes the first of the page's claims that holds a name.
func (m *metas) authors() []string {
	var linked []string
	for _, v := range m.own.authors {
		linked = append(linked, m.linked.people(v, 0)...)
	}
	var marked []string
	for _, n := range m.people {
		if s, ok := shortText(n, 200); ok && !m.foreign(n) {
			marked = append(marked, s)
		}
	}
	t := m.tags
	for _, claim := range [][]string{linked, t["citation_author"], t["author"], t["article:author"], t["dc.creator"], t["dcterms.creator"], t["parsely-author"], t["sailthru.author"], marked} {
		if names := feeds.Authors(claim...); len(names) > 0 {
			return names
		}
	}
	return nil
}

// dates are the page's claims of its publication, the best first. When a piece
// was changed is no answer.
func (m *metas) dates() []string {
	out := []string{m.own.published}
	for _, key := range []string{
		"article:published_time", "citation_publication_date", "citation_online_date", "citation_date", "dc.date", "dc.date.issued", "dcterms.issued", "dcterms.created", "dcterms.date",
		"date", "pubdate", "publish-date", "datepublished", "parsely-pub-date", "sailthru.date", "og:article:published_time",
	} {
		out = append(out, m.tags[key]...)
	}
	var sure, below, above []string
	for i, n := range m.times {
		name := strings.ToLower(attr(n, "class") + " " + attr(n, "itemprop"))
		if m.foreign(n) || strings.Contains(name, "modif") || strings.Contains(name, "updat") {
			continue
		}
		raw := attr(n, "datetime")
		if raw == "" {
			raw, _ = shortText(n, 100)
		}
		switch {
		case strings.Contains(name, "publi") || hasAttr(n, "pubdate"):
			sure = append(sure, raw)
		case m.heading == nil || i >= m.above[m.heading]:
			below = append(below, raw)
		default:
			above = append(above, raw)
		}
	}
	return append(append(append(out, sure...), below...), above...)
}

// foreign reports whether n belongs to something else than the piece: a
// reader's comment, the card of another piece, a menu. What it learns of the
// elements above n is kept, as they stand above many.
func (m *metas) foreign(n *html.Node) bool {
	if n == nil || n.Type != html.ElementNode {
		return false
	}
	yes, known := m.foreigners[n]
	if !known {
		var settled bool
		if yes, settled = m.foreignBox(n); !settled {
			yes = m.foreign(n.Parent)
		}
		m.foreigners[n] = yes
	}
	return yes
}

// foreignBox is foreign for one element alone; settled says that those above it
// do not matter.
func (m *metas) foreignBox(n *html.Node) (yes, settled bool) {
	if isElement(n, "nav", "comment-thread") {
		return true, true
	}
	if isElement(n, "body", "main") || m.heading != nil && contains(n, m.heading) {
		return false, true
	}
	if len(n.Attr) == 0 && !strings.ContainsAny(n.Data, "-:") {
		return false, false
	}
	if commentClass(n) {
		return true, true
	}
	for _, w := range words(n) {
		switch w {
		case "related", "teaser", "card", "latest", "recommended", "recirculation", "popular", "trending", "promo":
			return true, true
		}
	}
	return false, false
}

// contains reports whether inner is outer or lies in it.
func contains(outer, inner *html.Node) bool {
	for ; inner != nil; inner = inner.Parent {
		if inner == outer {
			return true
		}
	}
	return false
}

// first is the first string that is not blank.
func first(lists ...[]string) string {
	for _, l := range lists {
		for _, s := range l {
			if strings.TrimSpace(s) != "" {
				return s
			}
		}
	}
	return ""
}
