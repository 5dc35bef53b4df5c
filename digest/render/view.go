package render

import (
	"errors"
	"fmt"
	htmltemplate "html/template"
	"strings"

	"standpoint/digest"
	"standpoint/digest/topic"
)

// paper is the letter's name, on its masthead.
const paper = "Standpoint"

// letterView is all that the templates show, as finished texts. Fields that end
// in Text are wrapped for the text part; the others are for the HTML part or
// for both.
type letterView struct {
	Subject, Preheader string

	Paper, Topic  string
	TopicText     string
	Question      string
	QuestionText  string
	Number, Week  string // "No. 12", "Week 47"
	Days          string // "16–22 November 2026"
	IssueText     string
	Leave         string // mailto link
	LeaveAttr     htmltemplate.HTMLAttr
	Counts        string // the week in one sentence
	CountsText    string
	Bar           []segment
	Camps         []tally
	Sections      []sectionView
	Corrections   []correctionView // of earlier editions
	Palette       []colours
	About         []string // the footer's paragraphs
	AboutText     []string
	Signature     string // who sends, and from where
	SignatureText string
}

// sectionView is one stance's part of the letter.
type sectionView struct {
	Class   string // names the colour in the style sheet
	Colour  string
	Shape   string
	Name    string
	Test    string
	Empty   string // instead of entries
	Entries []card

	HeadText, TestText, EmptyText string
}

// colours are one section's in both palettes.
type colours struct {
	Class, Light, Dark string
}

// maker holds what the parts of one letter share.
type maker struct {
	edition  digest.Edition
	sections map[topic.StanceKey]sectionView // without entries, by stance
	links    map[string]string               // link text → the one URL it leads to
	number   int                             // of the last entry
}

func newLetter(e digest.Edition, f Frame) (*letterView, error) {
	way := leave(f.Unsubscribe)
	if way == "" {
		return nil, errors.New("the frame has no mail address for unsubscribing")
	}
	topicName := clean(e.Topic, maxTitle)
	v := &letterView{
		Subject:  subject(e),
		Paper:    paper,
		Topic:    topicName,
		Question: clean(e.Question, maxSummary),
		Number:   fmt.Sprintf("No. %d", e.Number),
		Week:     week(e.Window),
		Days:     days(e.Window),
		Leave:    way, LeaveAttr: href(way),
		Counts: counts(e),
		Bar:    bar(e),
		Camps:  tallies(e),
	}
	v.Preheader = preheader(e, v)
	v.TopicText = wrap(topicName, "", "")
	v.QuestionText = wrap(v.Question, "", "")
	v.IssueText = strings.Join([]string{v.Number, v.Week, v.Days}, " · ")
	v.CountsText = wrap(v.Counts, "", "")
	v.Counts = fold(v.Counts)
	v.footer(e, f)

	m := &maker{edition: e, sections: map[topic.StanceKey]sectionView{}, links: map[string]string{}}
	for i, s := range e.Sections {
		sv := m.head(i, s)
		m.sections[s.Stance] = sv
		v.Palette = append(v.Palette, colours{sv.Class, sv.Colour, colour(s.Dark, "#a9a49a")})
	}
	for _, s := range e.Sections {
		sv := m.sections[s.Stance]
		for _, en := range s.Entries {
			sv.Entries = append(sv.Entries, m.card(en, sv))
		}
		// Nothing in doubt is no news; a camp without a piece is.
		if len(sv.Entries) > 0 || s.Stance != topic.Unsure {
			v.Sections = append(v.Sections, sv)
		}
	}
	for _, c := range e.Corrections {
		v.Corrections = append(v.Corrections, m.correction(c))
	}
	return v, nil
}

// head makes a section without its entries.
func (m *maker) head(i int, s digest.Section) sectionView {
	v := sectionView{
		Class:  fmt.Sprintf("s%d", i),
		Colour: colour(s.Colour, "#55575c"),
		Shape:  shape(s),
		Name:   sectionName(s),
		Test:   clean(s.Test, maxSummary),
	}
	if s.Stance == topic.Unsure && v.Test == "" {
		v.Test = "Pieces in which the program found no one stance clearly ahead: both candidates are shown."
	}
	if len(s.Entries) == 0 {
		v.Test = ""
		v.Empty = fmt.Sprintf("No new pieces in %s.", count(m.edition.Feeds.Read, "feed"))
		v.EmptyText = wrap(v.Empty, "", "")
	}
	v.HeadText = wrap(strings.ToUpper(v.Name), v.Shape+" ", "  ")
	v.TestText = wrap(v.Test, "", "")
	return v
}

// sectionName is a section's name for readers.
func sectionName(s digest.Section) string {
	if s.Stance == topic.Unsure && s.Name == "" {
		return "Not sorted: the program is unsure"
	}
	return clean(s.Name, maxName)
}

// label is a stance's name within a sentence: what comes before a colon in it.
func label(name string) string {
	name, _, _ = strings.Cut(name, ":")
	return clean(name, maxName)
}

// shape is a section's sign, which tells it apart without colour (S31).
func shape(s digest.Section) string {
	switch sign := clean(s.Shape, 2); {
	case sign != "":
		return sign
	case s.Stance == topic.Unsure:
		return "?"
	default:
		return "•"
	}
}

// colour returns a colour of the pack if it is one, since it goes into a style.
func colour(c, otherwise string) string {
	digits, ok := strings.CutPrefix(c, "#")
	if ok && len(digits) == 6 && strings.Trim(digits, "0123456789abcdefABCDEF") == "" {
		return c
	}
	return otherwise
}

// footer says who sends, why, how the sorting was made, and what it was made
// from (S41).
func (v *letterView) footer(e digest.Edition, f Frame) {
	list := clean(f.ListName, maxName)
	if list == "" {
		list = v.Topic
	}
	talk := "Disagree with a label? Reply to this letter."
	if r := clean(f.ReplyTo, maxName); r != "" {
		talk = fmt.Sprintf("Disagree with a label? Reply to this letter; a person reads %s.", r)
	}
	v.About = []string{
		"Labels are made by a program from the author’s own sentences and can be wrong. " + measured(e.Measured) + talk,
		fmt.Sprintf("%s Of %s seen, %s kept.%s", feedsRead(e.Feeds), count(e.Pieces.Seen, "new piece"), isAre(e.Pieces.Kept), otherLanguages(e.Pieces.OtherLanguages)),
		fmt.Sprintf("You get this letter because you are on the list of %s. It holds no tracking of any kind.", list),
	}
	for i, p := range v.About {
		v.AboutText = append(v.AboutText, wrap(p, "", ""))
		v.About[i] = fold(p)
	}
	v.Signature = "Sent by " + orElse(clean(f.Sender, maxName), paper)
	if p := clean(f.Postal, maxSummary); p != "" {
		v.Signature += ", " + p
	}
	v.Signature = strings.TrimRight(v.Signature, ".") + "."
	v.SignatureText = wrap(v.Signature, "", "")
}

func orElse(s, otherwise string) string {
	if s == "" {
		return otherwise
	}
	return s
}
