package article

import (
	"encoding/json"
	"net/url"
	"slices"
	"strings"

	"golang.org/x/net/html"

	"standpoint/feeds"
)

// readMeta reads what a page says about its piece outside of the text: JSON-LD
// (schema.org Article), Open Graph, Dublin Core and citation tags, the
// canonical link (RFC 6596), the first <h1>, <time> and rel=author.
func readMeta(doc *html.Node, base *url.URL) Article {
	m := metas{tags: map[string][]string{}}
	m.collect(doc)
	var a Article
	a.Title = feeds.Line(first(m.tags["og:title"], m.headline, m.tags["citation_title"], m.h1, m.title), 500)
	a.Authors = feeds.Authors(names(m.authors, m.tags["citation_author"], m.tags["author"], m.tags["article:author"], m.tags["dc.creator"], m.byline)...)
	for _, raw := range slices.Concat(m.published, m.tags["article:published_time"], m.tags["citation_publication_date"], m.tags["dc.date"], m.tags["dcterms.created"], m.tags["date"], m.tags["pubdate"], m.times) {
		if a.Published = feeds.Date(raw, nil); !a.Published.IsZero() {
			break
		}
	}
	if own := strings.TrimSpace(first(m.canonical, m.tags["og:url"])); own != "" {
		if ref, err := base.Parse(own); err == nil {
			a.Canonical = feeds.Clean(ref.String())
		}
	}
	a.Language = feeds.Language(first(m.lang, m.tags["og:locale"]))
	return a
}

// metas are the raw finds, in the page's order.
type metas struct {
	tags                                 map[string][]string
	title, h1, headline, lang, canonical []string
	authors, byline, published, times    []string
	elements                             int
}

// collect walks over the tree.
func (m *metas) collect(n *html.Node) {
	if m.elements++; m.elements > maxElements {
		return
	}
	if n.Type == html.ElementNode {
		switch n.Data {
		case "html":
			m.lang = append(m.lang, attr(n, "lang"))
		case "title":
			m.title = append(m.title, text(n))
		case "h1":
			m.h1 = append(m.h1, text(n))
		case "meta":
			key := strings.ToLower(first([]string{attr(n, "property"), attr(n, "name"), attr(n, "itemprop")}))
			if len(m.tags[key]) < 20 {
				m.tags[key] = append(m.tags[key], attr(n, "content"))
			}
		case "link":
			if strings.EqualFold(attr(n, "rel"), "canonical") {
				m.canonical = append(m.canonical, attr(n, "href"))
			}
		case "time":
			m.times = append(m.times, attr(n, "datetime"))
		case "script":
			if strings.EqualFold(attr(n, "type"), "application/ld+json") {
				m.linkedData(text(n))
			}
		}
		if rel := attr(n, "rel"); n.Data == "a" && strings.EqualFold(rel, "author") {
			m.byline = append(m.byline, text(n))
		}
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		m.collect(c)
	}
}

// linkedData reads one JSON-LD block. Only the objects that are articles count:
// a page's comments, breadcrumbs and organisations stand beside them.
func (m *metas) linkedData(raw string) {
	if len(raw) > 512<<10 {
		return
	}
	var v any
	if json.Unmarshal([]byte(raw), &v) == nil {
		m.thing(v, 0)
	}
}

func (m *metas) thing(v any, depth int) {
	if depth > 3 {
		return
	}
	switch v := v.(type) {
	case []any:
		for _, e := range v {
			m.thing(e, depth+1)
		}
	case map[string]any:
		if isArticleType(v["@type"]) {
			m.headline = append(m.headline, stringsIn(v["headline"], "name")...)
			m.authors = append(m.authors, stringsIn(v["author"], "name")...)
			m.published = append(m.published, stringsIn(v["datePublished"], "@value")...)
		}
		m.thing(v["@graph"], depth+1)
		m.thing(v["mainEntity"], depth+1)
	}
}

func isArticleType(v any) bool {
	for _, t := range stringsIn(v, "") {
		if strings.HasSuffix(t, "Article") || strings.HasSuffix(t, "BlogPosting") || t == "Report" {
			return true
		}
	}
	return false
}

// stringsIn flattens what JSON-LD permits for one value: a string, an object
// with key, or a list of them.
func stringsIn(v any, key string) []string {
	switch v := v.(type) {
	case string:
		return []string{v}
	case []any:
		var out []string
		for _, e := range v[:min(len(v), 20)] {
			if _, nested := e.([]any); !nested {
				out = append(out, stringsIn(e, key)...)
			}
		}
		return out
	case map[string]any:
		if s, ok := v[key].(string); ok {
			return []string{s}
		}
	}
	return nil
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

// names is the first list that holds anything.
func names(lists ...[]string) []string {
	for _, l := range lists {
		if first(l) != "" {
			return l
		}
	}
	return nil
}
