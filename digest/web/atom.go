package web

import (
	"bytes"
	"context"
	"encoding/xml"
	"fmt"
	"time"

	"standpoint/digest/render"
	"standpoint/digest/store"
)

// mostInFeed is how many editions the feed has.
const mostInFeed = 20

// The parts of an Atom feed (RFC 4287) that ours has.
type (
	atomFeed struct {
		XMLName xml.Name    `xml:"http://www.w3.org/2005/Atom feed"`
		Lang    string      `xml:"xml:lang,attr"`
		ID      string      `xml:"id"`
		Title   string      `xml:"title"`
		About   string      `xml:"subtitle"`
		Updated string      `xml:"updated"`
		Author  atomPerson  `xml:"author"`
		Links   []atomLink  `xml:"link"`
		Entries []atomEntry `xml:"entry"`
	}
	atomPerson struct {
		Name string `xml:"name"`
	}
	atomLink struct {
		Rel  string `xml:"rel,attr"`
		Type string `xml:"type,attr,omitempty"`
		Href string `xml:"href,attr"`
	}
	atomEntry struct {
		ID        string     `xml:"id"`
		Title     string     `xml:"title"`
		Published string     `xml:"published"`
		Updated   string     `xml:"updated"`
		Links     []atomLink `xml:"link"`
		Summary   string     `xml:"summary"`
	}
)

// atom makes the feed of editions. It has what an edition says of itself and
// nothing of its pieces' texts. An edition's identity is its permanent address.
func (a *archive) atom(ctx context.Context) (*answer, error) {
	latest, err := a.Store.LatestPublic(ctx, mostInFeed)
	if err != nil {
		return nil, err
	}
	var updated time.Time
	for _, e := range latest {
		if e.Frozen.After(updated) {
			updated = e.Frozen
		}
	}
	f := atomFeed{
		Lang: "en", ID: a.address("/editions"), Title: render.Paper + ": " + render.Name(a.Pack.Name), About: a.Pack.Question,
		Updated: atomTime(updated), Author: atomPerson{render.Name(a.Frame.Sender)},
		Links: []atomLink{
			{"self", "application/atom+xml", a.address("/editions.atom")},
			{"alternate", "text/html", a.address("/editions")},
		},
	}
	if f.Author.Name == "" {
		f.Author.Name = render.Paper
	}
	for _, e := range latest {
		f.Entries = append(f.Entries, a.entry(e))
	}
	var b bytes.Buffer
	b.WriteString(xml.Header)
	enc := xml.NewEncoder(&b)
	enc.Indent("", " ")
	if err := enc.Encode(f); err != nil {
		return nil, fmt.Errorf("feed of editions: %w", err)
	}
	b.WriteByte('\n')
	return newAnswer("application/atom+xml; charset=utf-8", b.Bytes()), nil
}

func (a *archive) entry(e store.Public) atomEntry {
	title, summary := a.Renderer.Notice(e.Edition)
	page := a.address(fmt.Sprintf("/editions/%d", e.Number))
	return atomEntry{
		ID: page, Title: title, Published: atomTime(e.Frozen), Updated: atomTime(e.Frozen),
		Links:   []atomLink{{"alternate", "text/html", page}, {"related", "application/json", page + ".json"}},
		Summary: summary,
	}
}

// address is the public address, or where there is none the path.
func (a *archive) address(path string) string {
	if p := a.public(path); p != "" {
		return p
	}
	return a.base() + path
}

// atomTime is a time as RFC 4287, section 3.3 has it; before the first edition,
// that of the epoch.
func atomTime(t time.Time) string {
	if t.IsZero() {
		t = time.Unix(0, 0)
	}
	return t.UTC().Format(time.RFC3339)
}
