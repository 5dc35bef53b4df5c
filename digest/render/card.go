package render

import (
	"fmt"
	htmltemplate "html/template"
	"slices"
	"strings"

	"standpoint/digest"
	"standpoint/digest/stance"
	"standpoint/digest/topic"
)

// card is one piece as the letter shows it.
type card struct {
	Title   string
	Link    string // empty: the title is no link
	Attr    htmltemplate.HTMLAttr
	RTL     bool   // the title runs from right to left
	Byline  string // who
	Meta    string // where, when, how long
	HasMeta bool
	Flag    string // what the verdict was made from, when that is little
	Summary string
	Quote   string // with its quotation marks; empty where there are voices
	But     string // a sentence to the contrary, with its quotation marks
	Voices  []voice
	Places  []place
	Signs   []sign // the stance, or both candidates
	Doubt   string // "leaning", or that the editor set the stance
	Also    string // "also defensible: Arm Ukraine"
	Notes   string // what follows the signs, all together
	HasFoot bool   // there is a stance line

	BylineText, MetaText, SummaryText, QuoteText, ButText, StanceText string

	Lang string // of title and quotations, where that is not the letter's own

	// On the web alone.
	Why   string // the piece's own page
	Later string // what was corrected since

	// In one line.
	Brief     string // who, where, and the doubt
	BriefText string

	// Its place in the letter: numbers follow what is shown.
	TitleText string

	item              int64
	line              bool // the reader did not ask for it: never in full
	outlet            string
	words, briefWords int // see count
	summaries         int // words of the whole summary
}

// place is another address of the same piece, or an outlet that lists it.
type place struct {
	Name, Link string // no link: the outlet points to the piece's own address
	Attr       htmltemplate.HTMLAttr
	NameText   string
}

// sign is a stance by word, shape and colour.
type sign struct {
	Before, Class, Colour, Shape, Name string
}

func (m *maker) card(en digest.Entry, s sectionView) card {
	c := card{
		item:    en.Item,
		outlet:  isolate(clean(en.Outlet, maxName)),
		Title:   orElse(clean(en.Title, maxTitle), m.words.say("untitled", nil)),
		Link:    address(en.URL),
		Lang:    m.words.foreign(digest.English),
		Byline:  m.words.authors(en.Authors),
		Meta:    m.meta(en),
		Summary: clean(en.Summary, maxSummary),
	}
	c.HasMeta = c.Byline != "" || c.Meta != ""
	c.RTL = rightToLeft(c.Title)
	if c.Link != "" {
		c.Title = m.unique(c.Title, c.Link, orElse(clean(en.Outlet, maxName), m.words.say("another_outlet", nil)))
		c.Attr = href(c.Link)
	}
	switch en.Basis {
	case stance.BasisPaywall:
		c.Flag = m.words.say("from_paywall", nil)
	case stance.BasisTeaser:
		c.Flag = m.words.say("from_teaser", nil)
	case stance.BasisTitle:
		c.Flag = m.words.say("from_title", nil)
	}
	if c.Voices = m.words.voices(en.Voices); c.Voices == nil {
		c.Quote = quoted(en.Quote, en.QuoteCut)
	}
	c.But = quoted(en.Contrary, false)
	m.stand(&c, en, s)
	for _, at := range en.AlsoAt {
		link := address(at.URL)
		if link == "" {
			continue
		}
		name := orElse(clean(at.Outlet, maxName), m.words.say("another_outlet", nil))
		if link == c.Link {
			// An outlet that points to the piece has no page of its own to lead to.
			c.Places = append(c.Places, place{Name: isolate(name), NameText: m.place("also_listed", isolate(name), "")})
			continue
		}
		name = m.unique(name, link, cut(c.Title, 50))
		c.Places = append(c.Places, place{name, link, href(link), m.place("also_at", name, m.words.say("colon", nil))})
	}
	c.HasFoot = len(c.Signs)+len(c.Places) > 0 || c.Notes != ""
	c.Brief = joined(c.Byline, c.outlet, m.inBrief(c, s))
	c.texts(m.words)
	c.count()
	m.cards[en.Item] = c
	return c
}

// place is the text part's line on another place of a piece.
func (m *maker) place(id, name, end string) string {
	return wrap(upperFirst(m.words.say(id, nil))+" "+name+end, textIndent, textIndent)
}

// inBrief is what a line says of a piece's stance: its doubt, and where nothing
// is sorted both candidates.
func (m *maker) inBrief(c card, s sectionView) string {
	if s.Key != string(topic.Unsure) {
		return c.Doubt
	}
	var b strings.Builder
	for _, s := range c.Signs {
		b.WriteString(s.Before + s.Name)
	}
	return b.String()
}

// textIndent is what sets an item's lines in from its number.
const textIndent = "    "

func (c *card) texts(w *words) {
	c.BylineText = wrap(c.Byline, textIndent, textIndent)
	c.MetaText = wrap(c.Meta, textIndent, textIndent)
	c.SummaryText = wrap(c.Summary, textIndent, textIndent)
	c.QuoteText = wrap(c.Quote, textIndent+"  ", textIndent+"  ")
	if c.But != "" {
		c.ButText = wrap(w.say("but_also", nil)+" "+c.But, textIndent, textIndent)
	}
	var b strings.Builder
	for _, s := range c.Signs {
		b.WriteString(s.Before + s.Shape + " " + s.Name)
	}
	b.WriteString(c.Notes)
	c.StanceText = wrap(b.String(), textIndent, textIndent)
	c.BriefText = wrap(c.Brief, textIndent, textIndent)
	c.Summary, c.Quote, c.But, c.Brief = fold(c.Summary), fold(c.Quote), fold(c.But), fold(c.Brief)
}

// shorten cuts the summary to so many characters.
func (c *card) shorten(limit int) {
	c.Summary = sentences(strings.ReplaceAll(c.Summary, "\n", " "), limit)
	c.SummaryText = wrap(c.Summary, textIndent, textIndent)
	c.Summary = fold(c.Summary)
}

// set gives the card its number in the letter.
func (c *card) set(number int) {
	c.TitleText = wrap(c.Title, pad(fmt.Sprintf("%d. ", number), len(textIndent)), textIndent)
}

// stand writes the stance line. In the unsure section both candidates stand
// side by side; elsewhere the other readings come after the first.
func (m *maker) stand(c *card, en digest.Entry, s sectionView) {
	signs := []sign{m.sign(en.Stance, en.StanceName, s)}
	for i, key := range en.Also {
		if i < len(en.AlsoNames) {
			signs = append(signs, m.sign(key, en.AlsoNames[i], s))
		}
	}
	signs = slices.DeleteFunc(signs, func(s sign) bool { return s.Name == "" })

	shown := min(1, len(signs))
	switch en.Doubt {
	case stance.Leaning:
		c.Doubt = m.words.say("leaning", nil)
	case stance.Unsure:
		c.Doubt = m.words.say("unsure", nil)
		shown = min(2, len(signs))
		if shown == 1 {
			signs[0].Before = m.words.say("best_guess", nil) + " "
		} else if shown == 2 {
			signs[0].Before, signs[1].Before = m.words.say("either", nil)+" ", " "+m.words.say("or_else", nil)+" "
		}
	}
	c.Signs = signs[:shown]
	var others []string
	for _, o := range signs[shown:] {
		others = append(others, o.Name)
	}
	if len(others) > 0 {
		c.Also = m.words.say("also_defensible", values{"Stances": m.words.series(others, "or")})
	}
	second := ""
	switch en.By {
	case stance.ByOperator:
		c.Doubt, c.Flag = m.words.say("set_by_editor", nil), ""
	case stance.ByLLM:
		second = m.words.say("second_opinion", nil)
	}
	c.Notes = notes(c.Signs, c.Doubt, c.Also, second, c.Flag)
}

// sign shows a stance as its own section does; one that the edition has no
// section for borrows the colour and shape of the section it stands in.
func (m *maker) sign(key topic.StanceKey, name string, s sectionView) sign {
	of, ok := m.sections[key]
	if !ok {
		of = s
	}
	name = label(name)
	if key == topic.Unsure { // a section, never a stance
		name = ""
	}
	return sign{Class: of.Class, Colour: of.Colour, Shape: of.Shape, Name: name}
}

// notes is what follows the signs in the stance line.
func notes(signs []sign, parts ...string) string {
	parts = slices.DeleteFunc(parts, func(s string) bool { return s == "" })
	out := strings.Join(parts, " · ")
	if len(signs) > 0 && out != "" {
		out = " · " + out
	}
	return out
}
