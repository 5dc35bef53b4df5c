package digest

import (
	"iter"
	"time"

	"standpoint/digest/stance"
	"standpoint/digest/topic"
)

// Window is a span of time, half-open: after From, up to and including To. One
// edition's To is the next one's From, so no moment is in two windows or none.
type Window struct {
	From, To time.Time
}

// Edition is one issue of the letter, complete: what is mailed, shown on the
// web and written as JSON comes from it alone. It is frozen in the store before
// the first mail and never changes.
type Edition struct {
	Number   int
	Topic    string    // the pack's name for readers
	Question string    // the pack's question
	Window   Window    // in the zone in which dates are shown
	Sections []Section // in the pack's order, empty ones too; the last is Unsure
	Feeds    FeedCount
	Pieces   PieceCount
	Measured topic.Measured // how often the topic's labels hold

	Corrections []Correction // of earlier editions, the oldest first

	Start []int64 // the pieces to begin with: of each camp one, in the order in which they are shown
	Quote *Saying // of the week; nil where nothing can be quoted
	Past  []Past  // the editions before this one, the newest first, up to PastEditions
	Moves []Move  // stances whose share changed by more than chance gives, in the pack's order
	Fresh Fresh   // what the editions before this one did not have
	Note  bool    // a quiet week's note: every piece in one line; it has neither Start nor Quote

	Held int `json:",omitempty"` // pieces held over for the next edition, as they are too few for this one, which is not due and shows none
}

// PastEditions is how many editions the distribution is shown beside.
const PastEditions = 4

// Past is how an earlier edition's pieces stood.
type Past struct {
	Number int
	Counts map[topic.StanceKey]int // by section
}

// Move is a stance whose share of the pieces differs from that in the editions
// before, by more than chance gives.
type Move struct {
	Stance      topic.StanceKey
	Now, Before float64 // shares of all pieces, those that are not sorted too, 0 to 1
}

// Fresh is what is new in the debate, as far as counting can tell.
type Fresh struct {
	Outlets []string // that no edition of Past had a piece from; none where Past is empty
	Names   []string // named by pieces of two outlets or more, and in no edition of Past
}

// Saying is a sentence from one of the edition's pieces.
type Saying struct {
	Item int64
	Text string // verbatim, at most QuoteWords words
}

// FeedCount counts the sources behind an edition.
type FeedCount struct {
	Read, Failed int
}

// PieceCount counts the pieces behind an edition.
type PieceCount struct {
	Seen int // new in the window, on any subject
	Kept int // in the edition; copies of one piece count once

	OtherLanguages int // of those seen: not judged, since they are in another language
}

// Section holds the entries of one stance, or the unsure ones.
type Section struct {
	Stance  topic.StanceKey // topic.Unsure for the last
	Name    string
	Short   string
	Test    string
	Colour  string // "#rrggbb" on a light page
	Dark    string // "#rrggbb" on a dark page
	Shape   string
	Neutral bool // no camp: the pieces take no side
	Entries []Entry
}

// Entry is one piece as an edition shows it.
type Entry struct {
	Item       int64 // the store's number of the piece
	Title      string
	URL        string // absolute http(s); may be empty
	Outlet     string
	Country    string // ISO 3166-1 alpha-2; may be empty
	Authors    []string
	Published  time.Time       // zero when unknown
	Minutes    int             // reading time at 230 words a minute, at least 1; 0 when the text is not known whole
	Stance     topic.StanceKey // best guess, also in the unsure section
	StanceName string          // its name for readers
	Doubt      stance.Doubt
	Also       []topic.StanceKey
	AlsoNames  []string
	Quote      string  // verbatim, at most QuoteWords words; may be empty
	QuoteCut   bool    // the quoted sentence goes on after Quote
	Summary    string  // verbatim sentences; may be empty
	Contrary   string  // of a piece in doubt: a verbatim sentence for another of its stances; mostly empty
	Voices     []Voice // of a round-up, in its order; empty for any other piece
	AlsoAt     []Copy
	Basis      stance.Basis
	By         stance.By
}

// Voice is one of several contributors to a piece, with a sentence of theirs.
type Voice struct {
	Name string // verbatim
	Says string // verbatim, at most QuoteWords words
	Cut  bool   // the sentence goes on after Says
}

// Copy is another place where the same piece appeared.
type Copy struct {
	Outlet string
	URL    string
}

// Place is the section in which the edition shows a piece; empty: in none.
func (e Edition) Place(item int64) topic.StanceKey {
	for _, s := range e.Sections {
		for _, en := range s.Entries {
			if en.Item == item {
				return s.Stance
			}
		}
	}
	return ""
}

// all yields the entries of all sections.
func (e Edition) all() iter.Seq[Entry] {
	return func(yield func(Entry) bool) {
		for _, s := range e.Sections {
			for _, en := range s.Entries {
				if !yield(en) {
					return
				}
			}
		}
	}
}

// Entries counts the entries of all sections.
func (e Edition) Entries() int {
	n := 0
	for _, s := range e.Sections {
		n += len(s.Entries)
	}
	return n
}
