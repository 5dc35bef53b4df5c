package render

import (
	"fmt"
	htmltemplate "html/template"
	"slices"
	"strings"
	"time"

	"standpoint/digest"
	"standpoint/digest/stance"
	"standpoint/digest/topic"
)

// Piece is all that the web side tells of one piece.
type Piece struct {
	Entry    digest.Entry // as its edition shows it
	Place    topic.StanceKey
	Edition  int
	Window   digest.Window
	Language string         // as the piece gave it; may be empty
	Verdict  stance.Verdict // as it stands now
	Judged   time.Time      // zero: not known
	Words    int            // of the text that the verdict was made from; 0: not known
	TextGone bool           // the text is not kept any more
	Opinion  *stance.Opinion
	Contrary bool // the opinion contradicts the verdict, which stands
	First    stance.Verdict
	Rulings  []Ruling // the editor's, the oldest first
	Told     []int    // editions that told a correction of it
}

// Ruling is the editor's word on a piece at some time.
type Ruling struct {
	At     time.Time
	Stance topic.StanceKey // empty: off the subject
	Why    string
	Undone time.Time // when it was taken back; zero: it stands, or another word took its place
}

// PieceView is a piece's page, as finished texts.
type PieceView struct {
	Title    string
	Link     string
	Attr     htmltemplate.HTMLAttr
	RTL      bool
	Lang     string // of title and quotations, where that is not English
	Byline   string
	Meta     string
	Edition  int
	Days     string
	Stand    StanceView // where it stands now; no Class: off the subject
	Standing string     // how surely, and who says so
	Moved    string     // that its edition shows it elsewhere; empty: it does not
	Also     string
	Quotes   []string // evidence, with quotation marks
	Before   []string // what the program went by, where the editor set another stance
	Voices   []voice
	But      string
	Basis    string
	Places   []place
	History  []Event
}

// Event is one entry of a piece's history.
type Event struct {
	Day  string // empty: not known
	Date string // machine-readable, RFC 3339
	Said string
	In   int // edition that tells it; 0: none
}

// Piece makes the page of a piece. What comes from feeds and from the operator
// is cleaned as in a letter.
func (r *Renderer) Piece(pack *topic.Pack, p Piece, zone *time.Location) PieceView {
	all := Stances(pack)
	w := r.english
	m := &maker{words: w, edition: digest.Edition{Window: p.Window}, links: map[string]string{}, cards: map[int64]card{}}
	c := m.card(p.Entry, sectionView{})
	v := PieceView{
		Title: c.Title, Link: c.Link, Attr: c.Attr, RTL: c.RTL, Lang: w.foreign(p.Language), Byline: c.Byline, Meta: c.Meta,
		Edition: p.Edition, Days: w.days(p.Window), Places: c.Places, Voices: c.Voices, Basis: basis(p),
	}
	now := digest.PlaceOf(pack, p.Verdict)
	v.Stand = find(all, now)
	v.Standing = w.standing(all, p.Verdict)
	if now != p.Place {
		v.Moved = fmt.Sprintf("No."+nbsp+"%d shows it %s.", p.Edition, section(all, p.Place))
	}
	v.Also = w.alsoDefensible(all, p.Verdict)
	v.Quotes = quotes(p.Verdict)
	if p.Verdict.By == stance.ByOperator && p.First.By != stance.ByOperator {
		// The operator's word may have no sentences of its own, and what the
		// program went by is a part of the story.
		if before := quotes(p.First); p.First.Stance != p.Verdict.Stance {
			v.Before = before
		} else if len(v.Quotes) == 0 {
			v.Quotes = before
		}
	}
	if p.Verdict.Contrary != nil {
		v.But = quoted(p.Verdict.Contrary.Text, false)
	}
	v.History = w.history(all, pack, p, zone)
	return v
}

// quotes are a verdict's sentences, with quotation marks.
func quotes(v stance.Verdict) []string {
	var out []string
	for _, q := range v.Evidence {
		if text := quoted(q.Text, false); text != "" {
			out = append(out, text)
		}
	}
	return out
}

func find(all []StanceView, key topic.StanceKey) StanceView {
	if i := slices.IndexFunc(all, func(s StanceView) bool { return s.Key == key }); i >= 0 {
		return all[i]
	}
	return StanceView{Key: key, Name: string(key), Short: string(key)}
}

// section words where a piece is filed.
func section(all []StanceView, key topic.StanceKey) string {
	switch key {
	case "":
		return "as a piece on another subject"
	case topic.Unsure:
		return "as not sorted"
	}
	return "under " + label(find(all, key).Name)
}

// odds is a calibrated probability for readers. What was measured on some hundred
// pieces says nothing beyond 99 %.
func (w *words) odds(confidence float64) string { return w.perCent(min(confidence, 0.99)) }

// standing says how sure a verdict is, and whose it is.
func (w *words) standing(all []StanceView, v stance.Verdict) string {
	switch {
	case v.By == stance.ByOperator && !v.Relevant:
		return "The editor took it out: it is about another subject."
	case v.By == stance.ByOperator:
		return "Set by the editor."
	case !v.Relevant:
		return "The program now takes it for a piece on another subject."
	case find(all, v.Stance).Class == "":
		return "The stance that it was filed under is none of today’s."
	}
	share := ""
	if v.Confidence > 0 {
		share = ": it gives this reading " + w.odds(v.Confidence)
	}
	by := ""
	if v.By == stance.ByLLM {
		by = " A second opinion by a language model was taken into account."
	}
	name := label(find(all, v.Stance).Name)
	switch v.Doubt {
	case stance.Unsure:
		return fmt.Sprintf("The program is unsure. Its best guess is %s%s.%s", name, share, by)
	case stance.Leaning:
		return fmt.Sprintf("The program leans this way%s.%s", share, by)
	case stance.Sure:
	}
	return fmt.Sprintf("The program shows no doubt%s.%s", share, by)
}

func (w *words) alsoDefensible(all []StanceView, v stance.Verdict) string {
	var names []string
	for _, key := range v.Also {
		if s := find(all, key); s.Class != "" && !s.Unsorted {
			names = append(names, label(s.Name))
		}
	}
	if len(names) == 0 {
		return ""
	}
	return "A careful reader could also defend: " + w.series(names, "or") + "."
}

// basis says what the verdict was made from.
func basis(p Piece) string {
	from := map[stance.Basis]string{
		stance.BasisPage: "the article’s own page", stance.BasisFeed: "the whole text in the outlet’s feed",
		stance.BasisPaywall: "the part that stands before a paywall", stance.BasisTeaser: "the teaser in the outlet’s feed alone",
		stance.BasisTitle: "the title alone",
	}[p.Entry.Basis]
	if from == "" {
		return ""
	}
	s := "Judged from " + from
	if p.Words > 0 {
		s += fmt.Sprintf(" (%s)", count(p.Words, "word"))
	}
	s += "."
	if p.TextGone {
		s += " The text itself is not kept any more; what is quoted here was copied from it."
	}
	return s
}

// history tells who said what of a piece, the oldest first.
func (w *words) history(all []StanceView, pack *topic.Pack, p Piece, zone *time.Location) []Event {
	var out []Event
	add := func(at time.Time, said string) {
		e := Event{Said: said}
		if !at.IsZero() {
			e.Day, e.Date = at.In(zone).Format("2"+nbsp+"January 2006"), at.In(zone).Format(time.DateOnly)
		}
		out = append(out, e)
	}
	if p.First.By != stance.ByOperator {
		add(p.Judged, w.firstFiling(all, pack, p.First))
	}
	if o := p.Opinion; o != nil {
		add(p.Judged, opinion(all, *o, p.Contrary))
	}
	for _, r := range p.Rulings {
		said := "The editor filed it " + section(all, r.Stance)
		if why := clean(r.Why, maxSummary); why != "" {
			said += ": " + why
		}
		add(r.At, ended(said))
		if !r.Undone.IsZero() {
			add(r.Undone, "The editor took that back; the program’s own verdict holds again.")
		}
	}
	for _, n := range p.Told {
		out = append(out, Event{Said: "Readers were told of the correction in", In: n})
	}
	return out
}

// firstFiling tells what the program made of a piece by itself.
func (w *words) firstFiling(all []StanceView, pack *topic.Pack, v stance.Verdict) string {
	name := label(find(all, v.Stance).Name)
	share := ""
	if v.Confidence > 0 {
		share = ", which it gives " + w.odds(v.Confidence)
	}
	switch {
	case !v.Relevant:
		return "The program took it for a piece on another subject."
	case digest.PlaceOf(pack, v) == topic.Unsure:
		return "The program left it unsorted; its best guess was " + name + share + "."
	case v.Doubt == stance.Leaning:
		return "The program filed it under " + name + share + ": it leans."
	}
	return "The program filed it under " + name + share + "."
}

// opinion tells a second opinion.
func opinion(all []StanceView, o stance.Opinion, contrary bool) string {
	who := "A language model, asked for a second opinion,"
	if from := clean(o.From, maxName); from != "" {
		who = "A language model (" + from + "), asked for a second opinion,"
	}
	switch {
	case o.Divided:
		return who + " gave two different answers, which count for nothing."
	case !o.Relevant:
		return who + " took it for a piece on another subject, which decides nothing."
	}
	s := fmt.Sprintf("%s read it as %s, with %s assurance", who, label(find(all, o.Stance).Name), o.Confidence)
	if contrary {
		s += "; the program was sure of another reading, which stands"
	}
	return s + "."
}

// ended gives a sentence its full stop.
func ended(s string) string {
	s = strings.TrimRight(s, ".: ")
	if !strings.ContainsRune("…?!", lastRune(s)) {
		s += "."
	}
	return s
}
