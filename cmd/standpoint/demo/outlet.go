package demo

import (
	"html"
	"html/template"
	"strings"
	"time"
)

// outlet is one invented publisher, as its outlet.txt describes it. Fields and
// methods that the layouts use are exported, as html/template demands.
type outlet struct {
	Slug    string // the folder's name and the first part of its addresses
	Name    string
	Country string
	Tagline string
	Accent  template.CSS // the colour of its pages
	Pieces  []*piece     // newest first

	format  string // a key of formats
	charset string // of the feed; empty means UTF-8
	layout  string // of its articles: a file in layouts/
	track   string // the query that its feed adds to links; may be empty
	failure int    // the status that its feed always answers with; 0 when it lives
}

// piece is one article, or the entry by which an outlet passes on another's.
type piece struct {
	Outlet    *outlet
	Title     string
	Authors   []string
	Section   string
	Published time.Time
	Comments  []comment
	Original  *piece // the piece that this one reprints; nil for an outlet's own

	slug     string
	blocks   []block
	borrowed bool // a reprint without a page: its entry leads to the original
}

// block is one paragraph, heading or quotation of a piece.
type block struct {
	tag  string // p, h2 or blockquote
	text string
}

// comment is what a reader wrote under a piece.
type comment struct{ Name, Text string }

// view is what a layout is filled with. Outlets is set for the list of outlets,
// Outlet alone for a front page, and Piece as well for an article.
type view struct {
	Base    string
	Outlets []*outlet
	Outlet  *outlet
	Piece   *piece
}

// Path is the outlet's front page, without the host.
func (o *outlet) Path() string { return "/" + o.Slug + "/" }

// pages lists the pieces that have a page at this outlet, newest first.
func (o *outlet) pages() []*piece {
	var own []*piece
	for _, p := range o.Pieces {
		if !p.borrowed {
			own = append(own, p)
		}
	}
	return own
}

// updated is when the newest piece came out; zero for an outlet without any.
func (o *outlet) updated() time.Time {
	if len(o.Pieces) == 0 {
		return time.Time{}
	}
	return o.Pieces[0].Published
}

// Path is the piece's address, without the host.
func (p *piece) Path() string {
	if p.borrowed {
		return p.Original.Path()
	}
	return p.Outlet.Path() + p.slug
}

// Canonical is the address of the original, without the host.
func (p *piece) Canonical() string {
	if p.Original != nil {
		return p.Original.Path()
	}
	return p.Path()
}

// Byline joins the authors' names.
func (p *piece) Byline() string { return strings.Join(p.Authors, " and ") }

// Stamp is the moment of publication for machines (RFC 3339).
func (p *piece) Stamp() string { return p.Published.Format(time.RFC3339) }

// Day is the moment of publication for readers.
func (p *piece) Day() string { return p.Published.Format("2 January 2006") }

// Teaser is the beginning of the text, cut where publishing systems cut it: after
// so many words, wherever a paragraph ends.
func (p *piece) Teaser() string {
	const length = 55
	var words []string
	for _, k := range p.blocks {
		words = append(words, strings.Fields(k.text)...)
		if len(words) > length {
			return strings.Join(words[:length], " ") + " […]"
		}
	}
	return strings.Join(words, " ")
}

// Body is the text as HTML, each block escaped.
func (p *piece) Body() template.HTML {
	var b strings.Builder
	for _, k := range p.blocks {
		b.WriteString("<" + k.tag + ">" + html.EscapeString(k.text) + "</" + k.tag + ">\n")
	}
	return template.HTML(b.String())
}

// Related lists up to three other pages of the same outlet.
func (p *piece) Related() []*piece {
	var others []*piece
	for _, q := range p.Outlet.pages() {
		if q != p && len(others) < 3 {
			others = append(others, q)
		}
	}
	return others
}
