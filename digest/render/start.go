package render

import (
	htmltemplate "html/template"
	"slices"
	"strings"

	"standpoint/digest"
	"standpoint/digest/topic"
)

// startView is a piece that readers are told to start with: a pointer to the
// card that stands in its section.
type startView struct {
	Sign            sign // the camp, by its short name
	Title           string
	Link            string
	Attr            htmltemplate.HTMLAttr
	RTL             bool
	Lang            string // of the title, where that is not the letter's own
	Brief           string // who, and where
	TitleText, Line string // the text part's

	item int64
}

// start lists the pieces to start with. One that has no link is none to start
// with in a letter.
func (m *maker) start() []startView {
	var out []startView
	for _, item := range m.edition.Start {
		c, known := m.cards[item]
		place := m.edition.Place(item)
		s, ok := m.sections[place]
		if !known || !ok || place == topic.Unsure {
			continue
		}
		v := startView{item: item, Title: c.Title, Link: c.Link, Attr: c.Attr, RTL: c.RTL, Lang: c.Lang}
		v.Sign = sign{Class: s.Class, Colour: s.Colour, Shape: s.Shape, Name: m.shortName(place)}
		v.Brief = joined(c.Byline, c.outlet)
		v.TitleText = wrap(v.Title, v.Sign.Shape+" "+v.Sign.Name+strings.ReplaceAll(m.words.say("colon", nil), nbsp, " ")+" ", "  ")
		v.Line = wrap(v.Brief, "  ", "  ")
		out = append(out, v)
	}
	return out
}

func (m *maker) shortName(key topic.StanceKey) string {
	i := slices.IndexFunc(m.edition.Sections, func(s digest.Section) bool { return s.Stance == key })
	return m.words.short(m.edition.Sections[i])
}

// sayingView is the quote of the week.
type sayingView struct {
	Quote string // with its quotation marks
	By    string // who
	Title string // of the piece
	Link  string
	Attr  htmltemplate.HTMLAttr
	Lang  string // of quotation and title, where that is not the letter's own
	Sign  sign

	QuoteText, ByText string
}

// saying makes the quote of the week; nil where its piece is not in the edition.
func (m *maker) saying() *sayingView {
	q := m.edition.Quote
	if q == nil {
		return nil
	}
	c, known := m.cards[q.Item]
	place := m.edition.Place(q.Item)
	text := quoted(q.Text, false)
	if !known || text == "" {
		return nil
	}
	s := m.sections[place]
	v := &sayingView{Quote: text, Sign: sign{Class: s.Class, Colour: s.Colour, Shape: s.Shape, Name: m.shortName(place)}}
	v.By, v.Title, v.Link, v.Attr, v.Lang = c.Byline, c.Title, c.Link, c.Attr, c.Lang
	v.QuoteText = wrap(v.Quote, textIndent, textIndent)
	v.ByText = wrap(v.Sign.Shape+" "+joined(v.Sign.Name, v.By, v.Title), textIndent, textIndent)
	v.Quote = fold(v.Quote)
	return v
}
