package demo

import (
	"encoding/xml"
	"html"
	"time"
)

// rssDoc is RSS 2.0 with the modules that publishing systems add to it.
type rssDoc struct {
	XMLName xml.Name   `xml:"rss"`
	Version string     `xml:"version,attr"`
	Content string     `xml:"xmlns:content,attr"`
	DC      string     `xml:"xmlns:dc,attr"`
	Atom    string     `xml:"xmlns:atom,attr"`
	Channel rssChannel `xml:"channel"`
}

type rssChannel struct {
	Title       string    `xml:"title"`
	Self        atomLink  `xml:"atom:link"`
	Link        string    `xml:"link"`
	Description string    `xml:"description"`
	Language    string    `xml:"language"`
	Built       string    `xml:"lastBuildDate"`
	TTL         int       `xml:"ttl"`
	Items       []rssItem `xml:"item"`
}

type rssItem struct {
	Title       string  `xml:"title"`
	Link        string  `xml:"link"`
	Creators    []cdata `xml:"dc:creator"`
	Published   string  `xml:"pubDate"`
	Category    string  `xml:"category"`
	GUID        rssGUID `xml:"guid"`
	Description cdata   `xml:"description"`
	Content     *cdata  `xml:"content:encoded"`
}

type rssGUID struct {
	PermaLink bool   `xml:"isPermaLink,attr"`
	Text      string `xml:",chardata"`
}

type cdata struct {
	Text string `xml:",cdata"`
}

// rss writes RSS 2.0, with the whole text in content:encoded or without it.
func rss(full bool) func(*outlet, []entry, string) ([]byte, error) {
	return func(o *outlet, entries []entry, base string) ([]byte, error) {
		home := base + o.Path()
		doc := rssDoc{
			Version: "2.0",
			Content: "http://purl.org/rss/1.0/modules/content/",
			DC:      "http://purl.org/dc/elements/1.1/",
			Atom:    atomSpace,
			Channel: rssChannel{
				Title: o.Name, Link: home, Description: o.Tagline, Language: "en-GB", TTL: 60,
				Self:  atomLink{Rel: "self", Type: "application/rss+xml", Href: home + "feed"},
				Built: o.updated().Format(time.RFC1123Z),
			},
		}
		for _, e := range entries {
			item := rssItem{
				Title: e.Title, Link: e.link, Category: e.Section,
				Published:   e.Published.Format(time.RFC1123Z),
				GUID:        rssGUID{Text: e.id},
				Description: cdata{"<p>" + html.EscapeString(e.Teaser()) + "</p>"},
			}
			for _, name := range e.Authors {
				item.Creators = append(item.Creators, cdata{name})
			}
			if full {
				item.Content = &cdata{string(e.Body())}
			}
			doc.Channel.Items = append(doc.Channel.Items, item)
		}
		return document(doc)
	}
}

const atomSpace = "http://www.w3.org/2005/Atom"

// atomDoc follows RFC 4287.
type atomDoc struct {
	XMLName  xml.Name    `xml:"http://www.w3.org/2005/Atom feed"`
	Lang     string      `xml:"xml:lang,attr"`
	ID       string      `xml:"id"`
	Title    string      `xml:"title"`
	Subtitle string      `xml:"subtitle"`
	Updated  string      `xml:"updated"`
	Links    []atomLink  `xml:"link"`
	Entries  []atomEntry `xml:"entry"`
}

type atomLink struct {
	Rel  string `xml:"rel,attr"`
	Type string `xml:"type,attr"`
	Href string `xml:"href,attr"`
}

type atomEntry struct {
	ID        string       `xml:"id"`
	Title     atomText     `xml:"title"`
	Link      atomLink     `xml:"link"`
	Published string       `xml:"published"`
	Updated   string       `xml:"updated"`
	Authors   []atomAuthor `xml:"author"`
	Category  atomTerm     `xml:"category"`
	Summary   *atomText    `xml:"summary"`
	Content   *atomText    `xml:"content"`
}

type atomText struct {
	Type string `xml:"type,attr"`
	Text string `xml:",chardata"`
}

type atomAuthor struct {
	Name string `xml:"name"`
}

type atomTerm struct {
	Term string `xml:"term,attr"`
}

// atom writes Atom, with the whole text in content or only the teaser in summary.
func atom(full bool) func(*outlet, []entry, string) ([]byte, error) {
	return func(o *outlet, entries []entry, base string) ([]byte, error) {
		home := base + o.Path()
		doc := atomDoc{
			Lang: "en", ID: "tag:" + o.Slug + ".example,2024:feed", Title: o.Name, Subtitle: o.Tagline,
			Updated: o.updated().Format(time.RFC3339),
			Links: []atomLink{
				{Rel: "self", Type: "application/atom+xml", Href: home + "feed"},
				{Rel: "alternate", Type: "text/html", Href: home},
			},
		}
		for _, e := range entries {
			item := atomEntry{
				ID: e.id, Title: atomText{"text", e.Title}, Published: e.Stamp(), Updated: e.Stamp(),
				Link:     atomLink{Rel: "alternate", Type: "text/html", Href: e.link},
				Category: atomTerm{e.Section},
			}
			for _, name := range e.Authors {
				item.Authors = append(item.Authors, atomAuthor{name})
			}
			if full {
				item.Content = &atomText{"html", string(e.Body())}
			} else {
				item.Summary = &atomText{"html", "<p>" + html.EscapeString(e.Teaser()) + "</p>"}
			}
			doc.Entries = append(doc.Entries, item)
		}
		return document(doc)
	}
}
