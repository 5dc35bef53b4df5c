package feeds

import (
	"slices"
	"strings"

	"github.com/mmcdole/gofeed"
	"github.com/mmcdole/gofeed/atom"
	"github.com/mmcdole/gofeed/json"
	"github.com/mmcdole/gofeed/rss"
)

// convert cleans what gofeed read. Items that say nothing at all are dropped.
func (p *parser) convert(feed *gofeed.Feed) Parsed {
	out := Parsed{Format: format(feed), Title: Line(feed.Title, maxTitle)}
	site := resolve(p.base, feed.Link)
	if site == "" {
		site = p.base
	}
	if len(site) > maxBase {
		site = resolve(site, "/")
	}
	o := originals{}
	switch f := feed.OriginalFeed().(type) {
	case *rss.Feed:
		o.rss = f.Items
		out.TTL, out.SkipHours = pauses(f)
	case *atom.Feed:
		o.atom = f.Entries
		o.authors = feed.Authors
	case *json.Feed:
		o.json = f.Items
		o.authors = feed.Authors
	}
	language := Language(feed.Language)
	for i, it := range feed.Items {
		item := Item{
			Source:    p.src,
			GUID:      guid(it.GUID),
			URL:       o.link(i, it, site),
			Title:     Line(it.Title, maxTitle),
			Authors:   Authors(o.names(i, it)...),
			Published: Date(it.Published, it.PublishedParsed),
			Updated:   Date(it.Updated, it.UpdatedParsed),
			Language:  language,
		}
		if it.DublinCoreExt != nil && len(it.DublinCoreExt.Language) > 0 {
			item.Language = Language(it.DublinCoreExt.Language[0])
		}
		if item.Published.IsZero() {
			item.Published = item.Updated
		}
		item.Teaser, item.Text = texts(it.Description, it.Content, item.Title, item.Authors)
		if item.Title == "" && item.URL == "" && item.GUID == "" && item.Teaser == "" && item.Text == "" {
			continue
		}
		out.Items = append(out.Items, item)
	}
	return out
}

// originals are the items as their own formats have them, in the same order.
type originals struct {
	rss     []*rss.Item
	atom    []*atom.Entry
	json    []*json.Item
	authors []*gofeed.Person // of the feed, for items without (RFC 4287, section 4.2.1)
}

// link finds the address of an item: FeedBurner's original, the item's link, or
// a guid that is a permalink (RSS 2.0, guid).
func (o originals) link(i int, it *gofeed.Item, site string) string {
	for _, e := range it.Extensions["feedburner"]["origLink"] {
		if u := resolve(site, e.Value); u != "" {
			return u
		}
	}
	for _, ref := range append([]string{it.Link}, it.Links...) {
		if u := resolve(site, ref); u != "" {
			return u
		}
	}
	permalink := true
	if i < len(o.rss) && o.rss[i].GUID != nil {
		permalink = !strings.EqualFold(o.rss[i].GUID.IsPermalink, "false")
	}
	if permalink && strings.HasPrefix(strings.ToLower(it.GUID), "http") {
		return resolve("", it.GUID)
	}
	return ""
}

// names collects the authors as the format gives them; gofeed keeps one.
func (o originals) names(i int, it *gofeed.Item) []string {
	var names []string
	if it.DublinCoreExt != nil {
		names = append(append(names, it.DublinCoreExt.Creator...), it.DublinCoreExt.Author...)
	}
	people := it.Authors
	if len(people) == 0 {
		people = o.authors
	}
	for _, a := range people {
		if len(names) >= maxAuthors { // the feed's own authors are read again for each item
			break
		}
		if a != nil && !slices.Contains(names, a.Name) {
			names = append(names, a.Name)
		}
	}
	return names
}

// texts settles what is the teaser and what is the whole piece. Content counts
// as the whole when it is long enough, does not break off, and says more than
// the summary; a description counts when it is very long, because some feeds
// know no other place.
func texts(summary, content, title string, authors []string) (teaser, text string) {
	const (
		enough     = 150 // words of a short piece
		wholeAlone = 400 // words of a description that is no summary any more
	)
	var all, paras []string // of the content
	brief := ""
	if content != "" {
		all = Paragraphs(content)
		paras = TrimFurniture(all, title, authors)
		n, short := words(paras), 0
		if summary != "" && summary != content {
			brief = line(summary, nil)
			short = len(strings.Fields(cut(brief, 1<<20)))
		}
		if n < enough || breaksOff(paras) || n < 2*short && n < wholeAlone {
			paras = nil
		}
	}
	switch {
	case brief != "":
	case summary == "" || summary == content:
		brief = line(content, all)
	default:
		brief = line(summary, nil)
	}
	if paras == nil && summary != "" && len(summary) > 6*wholeAlone/2 {
		own := TrimFurniture(Paragraphs(summary), title, authors)
		if words(own) >= wholeAlone && !breaksOff(own) {
			paras = own
		}
	}
	return cut(brief, maxTeaser), strings.Join(paras, "\n\n")
}

// words counts the words of paragraphs, whose blanks are single.
func words(paras []string) (n int) {
	for _, p := range paras {
		n += strings.Count(p, " ") + 1
	}
	return n
}

// breaksOff reports whether a text ends as teasers do.
func breaksOff(paras []string) bool {
	if len(paras) == 0 {
		return true
	}
	end := strings.ToLower(strings.TrimRight(paras[len(paras)-1], " .›»→>]"))
	if strings.HasSuffix(end, "[…") || strings.HasSuffix(end, "…") || strings.HasSuffix(end, "[") || strings.HasSuffix(paras[len(paras)-1], "...") {
		return true
	}
	for _, s := range []string{"read more", "continue reading", "read the full article", "read full article", "read the rest", "keep reading", "weiterlesen", "lire la suite", "leer más", "czytaj dalej", "читати далі"} {
		if strings.HasSuffix(end, s) || len(end) < 200 && strings.HasPrefix(end, s) {
			return true
		}
	}
	return false
}

// guid is the identifier as the feed gave it, but one line and of bounded size.
func guid(s string) string {
	s = strings.Map(func(r rune) rune {
		if hidden(r) {
			return -1
		}
		return r
	}, strings.TrimSpace(s))
	if len(s) > maxURL {
		s = strings.ToValidUTF8(s[:maxURL], "")
	}
	return s
}

// Language is a BCP 47 tag as a feed or a page claims it, in its usual
// spelling; empty when it is none.
func Language(s string) string {
	s = strings.ReplaceAll(strings.TrimSpace(s), "_", "-")
	primary, rest, _ := strings.Cut(s, "-")
	if len(primary) < 2 || len(primary) > 3 || len(s) > 35 {
		return ""
	}
	for i := range len(s) {
		if !isAlnum(s[i]) && s[i] != '-' {
			return ""
		}
	}
	primary = strings.ToLower(primary)
	if rest == "" {
		return primary
	}
	if len(rest) == 2 {
		rest = strings.ToUpper(rest)
	}
	return primary + "-" + rest
}
