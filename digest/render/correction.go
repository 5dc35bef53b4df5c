package render

import (
	htmltemplate "html/template"
	"strings"
	"unicode/utf8"

	"standpoint/digest"
	"standpoint/digest/topic"
)

// correctionView is a piece of an earlier edition that stands elsewhere now.
type correctionView struct {
	Title string
	Link  string // empty: the title is no link
	Attr  htmltemplate.HTMLAttr
	RTL   bool   // the title runs from right to left
	Lang  string // of the title, where that is not the letter's own
	Meta  string // where, and in which edition
	Said  string // what has changed

	TitleText, MetaText, SaidText string
}

func (m *maker) correction(c digest.Correction) correctionView {
	v := correctionView{
		Title: orElse(clean(c.Title, maxTitle), m.words.say("untitled", nil)),
		Link:  address(c.URL),
		Lang:  m.words.foreign(digest.English),
		Meta:  m.words.inEdition(c.Edition),
		Said:  m.words.said(c),
	}
	v.RTL = rightToLeft(v.Title)
	outlet := clean(c.Outlet, maxName)
	if outlet != "" {
		v.Meta = isolate(outlet) + ", " + v.Meta
	}
	if v.Link != "" {
		v.Title = m.unique(v.Title, v.Link, orElse(outlet, m.words.say("another_outlet", nil)))
		v.Attr = href(v.Link)
	}
	v.TitleText = wrap(v.Title, "", textIndent)
	v.MetaText = wrap(v.Meta, textIndent, textIndent)
	v.SaidText = wrap(v.Said, textIndent, textIndent)
	v.Said = fold(v.Said)
	return v
}

// inEdition says where a piece stood, on one line with the number.
func (w *words) inEdition(n int) string {
	s := w.say("in_edition", values{"N": n})
	if i := strings.LastIndexByte(s, ' '); i >= 0 {
		s = s[:i] + nbsp + s[i+1:]
	}
	return s
}

// said tells a correction in one sentence, with the operator's reason.
func (w *words) said(c digest.Correction) string {
	was := w.filing("was_under", "was_unsorted", "was_off", c.From, c.FromName)
	if c.Why == "" { // the operator's word was taken back
		return w.say("taken_back", values{"Was": was, "Now": w.filing("now_under", "now_unsortable", "now_off", c.To, c.ToName)})
	}
	return ended(w.say("corrected", values{
		"Was": was, "Now": w.filing("now_under", "now_unsorted", "now_off", c.To, c.ToName), "Why": clean(c.Why, maxSummary),
	}))
}

// filing words a section as a place to file a piece in, by one of three messages.
func (w *words) filing(under, unsorted, off string, key topic.StanceKey, name string) string {
	switch key {
	case "":
		return w.say(off, nil)
	case topic.Unsure:
		return w.say(unsorted, nil)
	}
	return w.say(under, values{"Stance": label(name)})
}

func lastRune(s string) rune {
	r, _ := utf8.DecodeLastRuneInString(s)
	return r
}
