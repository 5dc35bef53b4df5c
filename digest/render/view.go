package render

import (
	"fmt"
	htmltemplate "html/template"
	"slices"
	"strings"

	"standpoint/digest"
	"standpoint/digest/topic"
)

// Paper is the letter's name, on its masthead and on the web side.
const Paper = "Standpoint"

// letterView is all that the templates show, as finished texts. Fields that end
// in Text are wrapped for the text part; the others are for the HTML part or
// for both.
type letterView struct {
	Subject, Preheader string

	Lang          string // of topic, question and stances, where that is not the letter's own
	Paper, Topic  string
	TopicText     string
	Question      string
	QuestionText  string
	Number, Week  string // "No. 12", "Week 47"
	Days          string // "16–22 November 2026"
	IssueText     string
	Web           *link  // the web copy; nil where there is none
	Leave         link   // for leaving
	LeaveHow      string // what the link for leaving does
	LeaveText     string // what stands above its address in the text part
	Choice        string // that the letter follows its reader's choice; empty where it does not
	ChoiceText    string
	Lead          string // the week in up to three sentences
	LeadText      string
	Bar           []segment
	Camps         []tally
	Trend         *trendView    // the editions before; nil where there are none
	Start         []startView   // where to start; empty where no camp has a piece
	Sections      []sectionView // the pack's stances
	Saying        *sayingView   // quote of the week; nil where there is none
	Unsorted      []sectionView // one section, or none
	Corrections   []correctionView
	Palette       []colours
	Made          []string // how this edition was made, in paragraphs
	MadeText      []string
	Rules         []string // how pieces are chosen and ordered, for the web copy
	About         string   // why this reader gets it
	AboutText     string
	Signature     string // who sends, and from where
	SignatureText string

	Site *siteView // around the page on the web; nil everywhere else

	Words frameWords

	speak *words
	note  bool // a quiet week's: every piece in one line
}

// link is an address with the text that leads to it.
type link struct {
	Name, URL string
	Attr      htmltemplate.HTMLAttr
}

func newLink(name, url string) link { return link{name, url, href(url)} }

// sectionView is one stance's part of the letter.
type sectionView struct {
	Key     string // the stance's
	Class   string // names the colour in the style sheet
	Colour  string
	Shape   string
	Camp    bool // takes a side, and is sorted
	Name    string
	Lang    string // of Name and Test, where that is not the letter's own
	Test    string
	Empty   string // instead of entries
	Entries []card // in full
	Briefs  []card // in one line
	More    string // how many are not shown, and where they are

	HeadText, TestText, EmptyText, MoreText string

	Words frameWords
}

// colours are one section's in both palettes.
type colours struct {
	Class, Light, Dark string
}

// maker holds what the parts of one output share.
type maker struct {
	words    *words
	edition  digest.Edition
	sections map[topic.StanceKey]sectionView // without entries, by stance
	links    map[string]string               // link text → the one URL it leads to
	cards    map[int64]card                  // by item
}

// newView makes the view of a whole edition; a plan then takes from it what one
// output has no room for.
func newView(w *words, e digest.Edition, f Frame) *letterView {
	topicName := clean(e.Topic, maxTitle)
	v := &letterView{
		Subject:  w.subject(e),
		Lang:     w.foreign(digest.English),
		Paper:    Paper,
		Topic:    topicName,
		Question: clean(e.Question, maxSummary),
		Number:   w.say("number", values{"N": e.Number}),
		Week:     w.week(e.Window),
		Days:     w.days(e.Window),
		Lead:     w.lead(e),
		Bar:      bar(e),
		Camps:    w.tallies(e),
		Trend:    w.trend(e),
		Words:    w.frame(),
		speak:    w,
		note:     e.Note,
	}
	v.Preheader = w.preheader(e, v)
	v.TopicText = wrap(topicName, "", "")
	v.QuestionText = wrap(v.Question, "", "")
	v.IssueText = strings.Join([]string{v.Number, v.Week, v.Days}, " · ")
	v.LeadText = wrap(v.Lead, "", "")
	v.Lead = fold(v.Lead)
	v.ways(e, f)
	v.footer(e, f)

	m := &maker{words: w, edition: e, sections: map[topic.StanceKey]sectionView{}, links: map[string]string{}, cards: map[int64]card{}}
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
		switch {
		case s.Stance != topic.Unsure && (len(sv.Entries) > 0 || sv.Camp && !e.Note):
			v.Sections = append(v.Sections, sv) // a camp without a piece is news
		case len(sv.Entries) > 0:
			v.Unsorted = append(v.Unsorted, sv) // nothing in doubt is none
		}
	}
	v.Start = m.start()
	v.Saying = m.saying()
	for _, c := range e.Corrections {
		v.Corrections = append(v.Corrections, m.correction(c))
	}
	return v
}

// ways sets the links that every letter has.
func (v *letterView) ways(e digest.Edition, f Frame) {
	if f.Web != "" {
		web := newLink(v.speak.say("read_on_web", nil), webCopy(f.Web, e.Number))
		v.Web = &web
	}
	v.Leave = newLink(v.speak.say("unsubscribe", nil), orElse(f.Leave, leave(f.Unsubscribe)))
	if strings.HasPrefix(v.Leave.URL, "https://") {
		v.LeaveHow, v.LeaveText = v.speak.say("leave_click", nil), v.speak.say("to_leave_open", nil)
		return
	}
	v.LeaveHow, v.LeaveText = v.speak.say("leave_mail", nil), v.speak.say("to_leave_write", nil)
}

// webCopy is an edition's address on the web side.
func webCopy(web string, number int) string { return fmt.Sprintf("%s/editions/%d", web, number) }

// head makes a section without its entries.
func (m *maker) head(i int, s digest.Section) sectionView {
	v := sectionView{
		Key:    string(s.Stance),
		Class:  fmt.Sprintf("s%d", i),
		Colour: colour(s.Colour, "#55575c"),
		Shape:  shape(s),
		Camp:   !s.Neutral && s.Stance != topic.Unsure,
		Lang:   m.words.foreign(digest.English),
		Name:   clean(s.Name, maxName),
		Test:   clean(s.Test, maxSummary),
		Words:  m.words.frame(),
	}
	if s.Stance == topic.Unsure {
		v.Lang, v.Name, v.Test = "", m.words.say("unsorted", nil), m.words.say("unsorted_test", nil)
	}
	if len(s.Entries) == 0 {
		v.Test = ""
		v.Empty = m.words.count("empty", m.edition.Feeds.Read, nil)
		v.EmptyText = wrap(v.Empty, "", "")
	}
	v.HeadText = wrap(strings.ToUpper(v.Name), v.Shape+" ", "  ")
	v.TestText = wrap(v.Test, "", "")
	return v
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

// footer says how the edition was made, why the reader gets it and who sends it
// (S41).
func (v *letterView) footer(e digest.Edition, f Frame) {
	w := v.speak
	talk := w.say("disagree", nil)
	if r := clean(f.ReplyTo, maxName); r != "" {
		talk = w.say("disagree_to", values{"Address": r})
	}
	v.Made, v.MadeText = paragraphs(
		sentence(w.feedsRead(e.Feeds), w.piecesKept(e.Pieces), w.otherLanguages(e.Pieces.OtherLanguages)),
		sentence(w.say("labels", nil), w.briefMeasured(e.Measured), talk),
		w.briefRule(e, v.Web != nil),
	)
	v.Rules, _ = paragraphs(append(rules(e), w.measured(e.Measured))...)
	about, text := paragraphs(w.say("about", values{"List": orElse(clean(f.ListName, maxName), v.Topic)}))
	v.About, v.AboutText = about[0], text[0]
	v.Signature = w.signature(f)
	v.SignatureText = wrap(v.Signature, "", "")
}

// signature says who sends, and from where (S41).
func (w *words) signature(f Frame) string {
	v := values{"Sender": orElse(clean(f.Sender, maxName), Paper), "Postal": clean(f.Postal, maxSummary)}
	s := w.say("sent_by", v)
	if v["Postal"] != "" {
		s = w.say("sent_from", v)
	}
	return strings.TrimRight(s, ".") + "."
}

// sentence sets sentences beside each other, without those that are empty.
func sentence(all ...string) string {
	return strings.Join(slices.DeleteFunc(all, func(s string) bool { return s == "" }), " ")
}

// paragraphs sets texts for both parts.
func paragraphs(texts ...string) (html, text []string) {
	for _, p := range texts {
		if p == "" {
			continue
		}
		html, text = append(html, fold(p)), append(text, wrap(p, "", ""))
	}
	return html, text
}

func orElse(s, otherwise string) string {
	if s == "" {
		return otherwise
	}
	return s
}
