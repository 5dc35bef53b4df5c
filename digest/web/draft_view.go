package web

import (
	"fmt"
	"strings"

	"standpoint/digest"
	"standpoint/digest/stance"
	"standpoint/digest/store"
	"standpoint/digest/topic"
)

// draftView is what the editor's page shows.
type draftView struct {
	Heading  string
	Action   string // where its forms go
	Letter   string
	Says     []string
	Problem  string // why what was asked for was not done; may be empty
	Seen     int    // the revision that the editor saw, where the draft is another by now
	Changes  []actView
	Open     bool
	Held     bool
	Empty    bool // no piece is left
	Busy     int  // corrections that wait
	Revision int
	Sections []draftSection
	Aside    []droppedView // called off the subject
	Dropped  []droppedView
	Log      []actView

	log     []store.Act
	aside   []store.DroppedPiece
	dropped []store.DroppedPiece
	orders  []store.Order
}

type draftSection struct {
	Name, Shape string
	Pieces      []draftPiece
}

// draftPiece is an entry that can be corrected or dropped.
type draftPiece struct {
	Item            int64
	Title, URL      string
	Byline, Quote   string
	Where           string // what the program, or somebody, says of it
	Waits, ByPerson bool
	Choices         []draftChoice
}

type draftChoice struct {
	Value, Name string
	Now         bool
}

type droppedView struct {
	Item                 int64
	Title, URL, At, Says string
	Waits                bool // for a correction
}

type actView struct{ At, Who, What string }

// person names who acted, in a sentence.
func person(who string) string {
	name, rest, _ := strings.Cut(who, " ")
	switch {
	case who == "":
		return "the program"
	case name == "editor" || name == "deadline" || name == "operator":
		if name = "the " + name; rest != "" {
			name += " (" + rest + ")"
		}
		return name
	}
	return who
}

func (v *draftView) fill(s *Site, a store.Approval, e digest.Edition, token string) {
	v.Heading = fmt.Sprintf("Edition %d: draft", a.Edition)
	v.Action = s.base() + "/draft/" + token
	v.Letter = v.Action + "/letter"
	v.Open, v.Held, v.Revision = a.Open(), a.State == store.DraftHeld, a.Revision
	v.Empty, v.Busy = !e.Due(), len(v.orders)
	v.says(s, a, e)
	waits := map[int64]bool{}
	for _, o := range v.orders {
		waits[o.Item] = true
	}
	for _, section := range e.Sections {
		d := draftSection{Name: section.Name, Shape: section.Shape}
		for _, en := range section.Entries {
			d.Pieces = append(d.Pieces, s.draftPiece(en, section.Stance, waits[en.Item]))
		}
		if len(d.Pieces) > 0 {
			v.Sections = append(v.Sections, d)
		}
	}
	gone := func(p store.DroppedPiece) droppedView {
		return droppedView{p.Item, p.Title, p.URL, s.at(p.At), fmt.Sprintf("by %s: %s", person(p.Who), p.Why), waits[p.Item]}
	}
	for _, p := range v.aside {
		v.Aside = append(v.Aside, gone(p))
	}
	for _, p := range v.dropped {
		v.Dropped = append(v.Dropped, gone(p))
	}
	for _, l := range v.log {
		line := s.actView(l)
		v.Log = append(v.Log, line)
		if v.Seen > 0 && l.Revision > v.Seen {
			v.Changes = append(v.Changes, line)
		}
	}
}

// says tells how the draft stands.
func (v *draftView) says(s *Site, a store.Approval, e digest.Edition) {
	add := func(format string, args ...any) { v.Says = append(v.Says, fmt.Sprintf(format, args...)) }
	switch a.State {
	case store.DraftApproved:
		v.Heading = fmt.Sprintf("Edition %d was approved", a.Edition)
		add("It was approved on %s by %s, and goes to its readers. Nothing about it changes any more.", s.at(a.Decided), person(a.Who))
		return
	case store.DraftWithdrawn:
		v.Heading = fmt.Sprintf("Edition %d was withdrawn", a.Edition)
		add("On %s every piece of it had been dropped. Nobody gets it.", s.at(a.Decided))
		return
	case store.DraftHeld:
		add("It is held by %s: %s. It goes out when it is approved.", person(a.Who), a.Why)
	default:
		if a.Deadline.IsZero() {
			add("It goes out when it is approved, and not before.")
		} else {
			add("It goes out on %s, unless it is held.", s.at(a.Deadline))
		}
	}
	if n := e.Entries(); n == 1 {
		add("It has one piece.")
	} else {
		add("It has %d pieces.", n)
	}
	if a.Stale() {
		add("It is being composed anew. Load this page again in a moment.")
	}
}

func (s *Site) draftPiece(en digest.Entry, section topic.StanceKey, waits bool) draftPiece {
	p := draftPiece{
		Item: en.Item, Title: en.Title, URL: en.URL, Byline: en.Outlet, Quote: en.Quote,
		Where: en.StanceName, Waits: waits, ByPerson: en.By == stance.ByOperator,
	}
	switch {
	case p.ByPerson:
		p.Where += ", as a person said"
	case section == topic.Unsure:
		p.Where = "not sorted; most likely: " + en.StanceName
	case en.Doubt == stance.Leaning:
		p.Where += ", probably"
	}
	for _, each := range s.Pack.Stances {
		p.Choices = append(p.Choices, draftChoice{string(each.Key), each.Name, each.Key == en.Stance})
	}
	p.Choices = append(p.Choices, draftChoice{offSubject, "Not on the subject", false})
	return p
}

func (s *Site) actView(a store.Act) actView {
	what := map[store.ActKind]string{
		store.ActDrafted: "made the draft", store.ActTold: "got the mail with the draft", store.ActReminded: "was reminded",
		store.ActCorrected: "corrected", store.ActUndone: "took the correction back of", store.ActDropped: "dropped",
		store.ActRestored: "put back", store.ActNotCorrected: "could not correct", store.ActHeld: "held it", store.ActRefused: "could not send it",
		store.ActApproved: "approved it", store.ActWithdrawn: "withdrew it",
	}[a.What]
	if a.Title != "" {
		what += " “" + a.Title + "”"
	}
	if a.What == store.ActCorrected {
		name := "not on the subject"
		if each, known := s.Pack.Stance(a.Stance); known {
			name = each.Name
		}
		what += " to " + name
	}
	if a.Why != "" {
		what += ": " + a.Why
	}
	return actView{s.at(a.At), person(a.Who), what}
}
