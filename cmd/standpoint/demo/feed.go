package demo

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"strconv"
)

// latin1 is the one charset besides UTF-8 in which a feed can be served.
const latin1 = "iso-8859-1"

// format is one way to write a feed, and the media type it is served as.
type format struct {
	kind  string
	write func(*outlet, []entry, string) ([]byte, error)
}

// formats are the kinds of feed that outlet.txt can ask for. Between them they
// cover what the worker meets outside: the whole text, or a teaser that makes it
// fetch the page.
var formats = map[string]format{
	"rss-full":     {"application/rss+xml; charset=utf-8", rss(true)},
	"rss-teaser":   {"application/rss+xml; charset=utf-8", rss(false)},
	"atom-full":    {"application/atom+xml", atom(true)},
	"atom-summary": {"application/atom+xml", atom(false)},
	"json":         {"application/feed+json", jsonFeed},
}

// entry is one piece as its outlet's feed shows it.
type entry struct {
	*piece
	id   string // stable over runs, unlike the link, whose port changes
	link string
}

// feed is the outlet's feed as it is sent, and its media type.
func (o *outlet) feed(base string) (body []byte, kind string, err error) {
	entries := make([]entry, 0, len(o.Pieces))
	for _, p := range o.Pieces {
		e := entry{piece: p, id: "tag:" + o.Slug + ".example,2024:" + p.slug, link: base + p.Path()}
		if o.track != "" {
			e.link += "?" + o.track
		}
		entries = append(entries, e)
	}
	f := formats[o.format]
	body, err = f.write(o, entries, base)
	if err != nil {
		return nil, "", fmt.Errorf("write feed of %s: %w", o.Slug, err)
	}
	if o.charset == latin1 {
		// The media type names no charset, so that the XML declaration decides
		// (RFC 7303, section 3.2).
		return toLatin1(body), "application/rss+xml", nil
	}
	return body, f.kind, nil
}

// toLatin1 encodes an XML document, writing what the charset lacks as character
// references. Inside CDATA those are left to the HTML that stands there.
func toLatin1(doc []byte) []byte {
	doc = bytes.Replace(doc, []byte(`encoding="UTF-8"`), []byte(`encoding="ISO-8859-1"`), 1)
	var out bytes.Buffer
	for _, r := range string(doc) {
		if r <= 0xFF {
			out.WriteByte(byte(r))
			continue
		}
		out.WriteString("&#" + strconv.Itoa(int(r)) + ";")
	}
	return out.Bytes()
}

// document marshals v as a whole XML document.
func document(v any) ([]byte, error) {
	body, err := xml.MarshalIndent(v, "", "  ")
	if err != nil {
		return nil, err
	}
	return append([]byte(xml.Header), body...), nil
}

// jsonDoc follows JSON Feed 1.1.
type jsonDoc struct {
	Version  string     `json:"version"`
	Title    string     `json:"title"`
	Home     string     `json:"home_page_url"`
	Feed     string     `json:"feed_url"`
	Language string     `json:"language"`
	Items    []jsonItem `json:"items"`
}

type jsonItem struct {
	ID        string       `json:"id"`
	URL       string       `json:"url"`
	Title     string       `json:"title"`
	HTML      string       `json:"content_html"`
	Summary   string       `json:"summary"`
	Published string       `json:"date_published"`
	Authors   []jsonAuthor `json:"authors"`
	Tags      []string     `json:"tags"`
}

type jsonAuthor struct {
	Name string `json:"name"`
}

func jsonFeed(o *outlet, entries []entry, base string) ([]byte, error) {
	home := base + o.Path()
	doc := jsonDoc{Version: "https://jsonfeed.org/version/1.1", Title: o.Name, Home: home, Feed: home + "feed", Language: "en"}
	for _, e := range entries {
		item := jsonItem{
			ID: e.id, URL: e.link, Title: e.Title, HTML: string(e.Body()), Summary: e.Teaser(),
			Published: e.Stamp(), Tags: []string{e.Section},
		}
		for _, name := range e.Authors {
			item.Authors = append(item.Authors, jsonAuthor{name})
		}
		doc.Items = append(doc.Items, item)
	}
	return json.MarshalIndent(doc, "", "  ")
}
