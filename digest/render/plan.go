package render

import (
	"math"
	"slices"
	"sort"
)

// leastCards is how many pieces a camp shows in full before the others' lines
// give way.
const leastCards = 2

// mostCards is how many pieces of a section a letter shows in full at most: more
// are beyond mostWords in any case.
const mostCards = 40

// leastBriefs is how many of them have their line in any case, but for size.
const leastBriefs = 2

// leastSummary is a short summary in characters, one sentence of most: only for
// its size does a letter go below.
const leastSummary = maxSummary / 3

// plan says how much of an edition a letter shows. It treats all camps alike.
type plan struct {
	cards   int // pieces of a camp in full
	others  int // pieces that take no side, and unsorted ones, in full
	briefs  int // a section's further ones in one line
	summary int // characters of a summary
}

// whole shows all of every piece, as the web copy does.
func whole() plan { return plan{math.MaxInt, math.MaxInt, math.MaxInt, maxSummary} }

// Shown says what a letter shows of its edition.
type Shown struct {
	Full, Brief int  // pieces in full, and in one line
	Left        int  // pieces that the letter only counts
	Shortened   bool // summaries are shorter than in the web copy
	Words       int  // of the text part, without addresses
	Bytes       int  // of the HTML part
}

// follow makes the letter of a plan out of the view of the whole edition.
func (v *letterView) follow(p plan) (*letterView, Shown) {
	out, shown, number := *v, Shown{}, 0
	first := v.first()
	lay := func(sections []sectionView) []sectionView {
		sections = slices.Clone(sections)
		for i := range sections {
			s := &sections[i]
			full := make([]card, 0, len(s.Entries))
			s.choose(first, p, func(c *card, whole bool) {
				if whole {
					full = append(full, *c)
				} else {
					s.Briefs = append(s.Briefs, *c)
				}
			})
			left := len(s.Entries) - len(full) - len(s.Briefs)
			s.Entries = full
			for j := range s.Entries {
				number++
				s.Entries[j].set(number)
				if p.summary < maxSummary {
					s.Entries[j].shorten(p.summary)
				}
			}
			for j := range s.Briefs {
				number++
				s.Briefs[j].set(number)
			}
			s.more(v.speak, left, v.Web)
			shown.Full, shown.Brief, shown.Left = shown.Full+len(s.Entries), shown.Brief+len(s.Briefs), shown.Left+left
		}
		return sections
	}
	out.Sections, out.Unsorted = lay(v.Sections), lay(v.Unsorted)
	shown.Shortened = p.summary < maxSummary && shown.Full > 0
	return &out, shown
}

// choose tells each piece of a section that has room, in full or in one line: the
// first ones, but never without the one that readers are told to start with.
func (s *sectionView) choose(first map[int64]bool, p plan, take func(c *card, full bool)) {
	room := p.cards
	if !s.Camp {
		room = p.others
	}
	if s.startsAt(first) < room || room == 0 {
		first = nil
	} else {
		room-- // for that one
	}
	asked, briefs := 0, 0
	for i := range s.Entries {
		c := &s.Entries[i]
		if !c.line {
			asked++
		}
		switch {
		case !c.line && (asked <= room || first[c.item]):
			take(c, true)
		case briefs < p.briefs:
			briefs++
			take(c, false)
		}
	}
}

// startsAt is the place of the first piece to start with among those that may be
// in full; -1 where there is none.
func (s *sectionView) startsAt(first map[int64]bool) int {
	at := 0
	for i := range s.Entries {
		switch c := &s.Entries[i]; {
		case c.line:
		case first[c.item]:
			return at
		default:
			at++
		}
	}
	return -1
}

// more says how many pieces of a section a letter leaves out.
func (s *sectionView) more(w *words, n int, web *link) {
	if n == 0 {
		return
	}
	id := "more_reply"
	if web != nil {
		id = "more_web"
	}
	s.More = w.count(id, n, nil)
	s.MoreText = wrap(s.More, "", "")
}

// plans lists the plans to try for the size that mail programs bear, from the one
// that keeps to the words that a reader has time for to the smallest that there
// is: shorter summaries first, then fewer lines, then fewer pieces in full. The
// frame's words are those of a letter without any piece.
func (v *letterView) plans(frame int) []plan {
	p := v.shortest(frame)
	out := []plan{p}
	for p.summary > 0 {
		p.summary = max(0, p.summary-leastSummary)
		out = append(out, p)
	}
	p.briefs = min(p.briefs, v.longest())
	for p.briefs > 0 {
		p.briefs = p.briefs * 3 / 4
		out = append(out, p)
	}
	for p.cards > 1 || p.others > 1 {
		p.cards, p.others = max(1, p.cards-1), min(p.others, max(1, p.others-1))
		out = append(out, p)
	}
	return out
}

// longest is the number of pieces in the section that has most.
func (v *letterView) longest() int {
	n := 0
	for _, s := range slices.Concat(v.Sections, v.Unsorted) {
		n = max(n, len(s.Entries))
	}
	return n
}

// shortest is the plan that shows most within mostWords, or one that shows little
// where none does. What takes no side gives way before a camp does. A quiet week's
// note has no piece in full.
func (v *letterView) shortest(frame int) plan {
	n := v.longest()
	p := plan{min(n, mostCards), min(n, mostCards), n, maxSummary}
	if v.note {
		p = plan{briefs: n}
	}
	over := func(p plan) bool { return frame+v.words(p) > mostWords }
	for p.cards > leastCards && over(p) {
		p.cards, p.others = p.cards-1, p.others-1
	}
	for p.summary > leastSummary && over(p) {
		p.summary -= leastSummary
	}
	for p.others > 0 && over(p) {
		p.others--
	}
	// The quotation says more than a summary without it.
	for p.summary > 0 && over(p) {
		p.summary -= leastSummary
	}
	// Without a web copy a line in a long letter is better than none.
	fewer := func(p plan) plan {
		if v.Web != nil && p.briefs > leastBriefs {
			most := p.briefs
			p.briefs = leastBriefs + sort.Search(most-leastBriefs, func(i int) bool {
				return over(plan{p.cards, p.others, leastBriefs + i + 1, p.summary})
			})
		}
		return p
	}
	p = fewer(p)
	if over(p) && p.cards > 1 {
		if one := fewer(plan{1, p.others, n, leastSummary}); !over(one) {
			return one
		}
	}
	return p
}

// words counts what a plan gives to read, besides the letter's frame.
func (v *letterView) words(p plan) int {
	n, first := 0, v.first()
	for _, s := range slices.Concat(v.Sections, v.Unsorted) {
		s.choose(first, p, func(c *card, full bool) {
			if full {
				n += c.words + c.summaryWords(p.summary)
			} else {
				n += c.briefWords
			}
		})
	}
	return n
}

// count notes what the card gives to read, with its number: in full but for the
// summary, and in one line.
func (c *card) count() {
	c.words = 1 + wordsIn(c.Title, c.Byline, c.Meta, c.Quote, c.But, c.StanceText)
	for _, voice := range c.Voices {
		c.words += wordsIn(voice.Text)
	}
	for _, p := range c.Places {
		c.words += wordsIn(p.NameText)
	}
	c.briefWords = 1 + wordsIn(c.Title, c.Brief)
	c.summaries = wordsIn(c.Summary)
}

// summaryWords counts what a summary of so many characters gives to read.
func (c *card) summaryWords(limit int) int {
	if limit >= maxSummary {
		return c.summaries
	}
	return wordsIn(sentences(c.Summary, limit))
}

// first are the pieces to start with.
func (v *letterView) first() map[int64]bool {
	first := map[int64]bool{}
	for _, s := range v.Start {
		first[s.item] = true
	}
	return first
}
