package render

import (
	"fmt"
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
	Meta  string // where, and in which edition
	Said  string // what has changed

	TitleText, MetaText, SaidText string
}

func (m *maker) correction(c digest.Correction) correctionView {
	v := correctionView{
		Title: orElse(clean(c.Title, maxTitle), "Untitled piece"),
		Link:  address(c.URL),
		Meta:  fmt.Sprintf("in No."+nbsp+"%d", c.Edition),
		Said:  said(c),
	}
	v.RTL = rightToLeft(v.Title)
	outlet := clean(c.Outlet, maxName)
	if outlet != "" {
		v.Meta = isolate(outlet) + ", " + v.Meta
	}
	if v.Link != "" {
		v.Title = m.unique(v.Title, v.Link, orElse(outlet, "another outlet"))
		v.Attr = href(v.Link)
	}
	v.TitleText = wrap(v.Title, "", textIndent)
	v.MetaText = wrap(v.Meta, textIndent, textIndent)
	v.SaidText = wrap(v.Said, textIndent, textIndent)
	v.Said = fold(v.Said)
	return v
}

// said tells a correction in one sentence, with the operator's reason.
func said(c digest.Correction) string {
	if c.Why == "" { // the operator's word was taken back
		return fmt.Sprintf("The editor had %s; that is taken back, and the program %s.",
			filing("filed it under ", "left it unsorted", "called it a piece on another subject", c.From, c.FromName),
			filing("files it under ", "cannot sort it", "takes it for a piece on another subject", c.To, c.ToName))
	}
	s := fmt.Sprintf("We had %s; the editor %s: %s",
		filing("filed it under ", "left it unsorted", "called it a piece on another subject", c.From, c.FromName),
		filing("files it under ", "leaves it unsorted", "takes it for a piece on another subject", c.To, c.ToName), clean(c.Why, maxSummary))
	s = strings.TrimRight(s, ".: ")
	if !strings.ContainsRune("…?!", lastRune(s)) {
		s += "."
	}
	return s
}

func lastRune(s string) rune {
	r, _ := utf8.DecodeLastRuneInString(s)
	return r
}

// filing words a section as a place to file a piece in.
func filing(under, unsorted, off string, key topic.StanceKey, name string) string {
	switch key {
	case "":
		return off
	case topic.Unsure:
		return unsorted
	}
	return under + label(name)
}
