package digest

import (
	"cmp"
	"slices"
	"time"

	"standpoint/digest/stance"
	"standpoint/digest/topic"
)

// Candidate is a relevant piece that may enter an edition, as the store has it.
type Candidate struct {
	Item      int64
	Title     string
	TitleKey  string // title in lower case, letters and digits only
	URL       string // as readers get it
	Key       string // identity of URL; empty when it has none
	Canonical string // Key, or the identity of the address that the page names as its own
	Outlet    string
	Country   string
	Position  int // the source's place in the config
	Authors   []string
	Published time.Time
	FirstSeen time.Time
	Text      string
	Basis     stance.Basis
	Verdict   stance.Verdict

	// An earlier edition that carried a copy, as the addresses tell; 0: none.
	Repeat      int
	Original    int64 // the piece that it showed
	SameAddress bool  // or the page names the same address and the title is the same
}

// Draft is what an edition is composed from, besides the candidates.
type Draft struct {
	Number int
	Window Window
	Feeds  FeedCount
	Seen   int // pieces on any subject that came in the window
	Other  int // of these, in other languages than the topic's

	Past  []Edition // the editions before this one, the newest first, up to PastEditions
	Quiet Quiet

	// Pieces that earlier editions showed, to which copies may come late.
	Earlier []Carried
	// Pieces that the operator took out: copies of them are not shown either.
	Barred []Candidate
	// Pieces of earlier editions on which the operator spoke.
	Told []Told
}

// Compose makes the edition: copies of one piece become one entry, entries are
// grouped by stance in the pack's order with the unsure ones last, and within a
// section the newest comes first. Copies of what earlier editions showed are not
// shown again, and the operator's word on one copy is the word on all. Where the
// operator files a piece of an earlier edition elsewhere than readers were told,
// the edition says so. It returns what became of each candidate too, by item. The
// same candidates in any order give the same edition. In a quiet week it may not
// be due, see Edition.Due: then the candidates that are held over have no filing.
func Compose(p *topic.Pack, d Draft, candidates []Candidate) (Edition, []Filing) {
	e := Edition{
		Number: d.Number, Topic: p.Name, Question: p.Question,
		Window: d.Window, Sections: sections(p), Feeds: d.Feeds,
		Pieces: PieceCount{Seen: d.Seen, OtherLanguages: d.Other}, Measured: p.Measured,
	}
	number := make(map[topic.StanceKey]int, len(e.Sections))
	for i, s := range e.Sections {
		number[s.Stance] = i
	}
	groups, filings := group(d, candidates)
	verdicts := make(map[int64]stance.Verdict, len(groups))
	for _, copies := range groups {
		entry := entryOf(p, copies)
		verdicts[entry.Item] = verdictOf(copies)
		i, ok := number[PlaceOf(p, verdicts[entry.Item])]
		if unsure := number[topic.Unsure]; !ok || i == unsure {
			i, entry.Doubt = unsure, stance.Unsure
		}
		e.Sections[i].Entries = append(e.Sections[i].Entries, entry)
		e.Pieces.Kept++
	}
	for _, s := range e.Sections {
		slices.SortFunc(s.Entries, func(a, b Entry) int {
			return cmp.Or(b.Published.Compare(a.Published), cmp.Compare(a.Title, b.Title), cmp.Compare(a.Item, b.Item))
		})
	}
	e.Corrections = corrections(p, e.Sections, d.Told)
	if e, filings = d.Quiet.settle(e, filings); e.Due() {
		e.compare(p, d.Past)
		e.highlight(verdicts)
	}
	return e, filings
}

// compare sets the edition beside those before it.
func (e *Edition) compare(p *topic.Pack, past []Edition) {
	past = alike(e.Sections, past)
	e.Past = counts(past)
	e.Moves = moves(*e)
	e.Fresh = fresh(p, *e, past)
}

// highlight picks what the edition shows before its sections. A note tells every
// piece in one line, and so picks none.
func (e *Edition) highlight(verdicts map[int64]stance.Verdict) {
	if !e.Note {
		e.Start = start(*e)
		e.Quote = saying(*e, verdicts)
	}
}

// sections lays out the empty sections in the order of the edition.
func sections(p *topic.Pack) []Section {
	out := make([]Section, 0, len(p.Stances)+1)
	for _, s := range p.Stances {
		out = append(out, Section{
			Stance: s.Key, Name: s.Name, Short: s.Short, Test: s.Test,
			Colour: s.Colour, Dark: s.Dark, Shape: s.Shape, Neutral: s.Neutral,
		})
	}
	return append(out, Section{
		Stance: topic.Unsure, Name: "Not sorted", Short: "Not sorted",
		Test:   "The program cannot tell well enough where these authors stand.",
		Colour: "#5b5b5b", Dark: "#b4b4b4", Shape: "?",
	})
}
