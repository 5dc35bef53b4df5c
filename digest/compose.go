package digest

import (
	"cmp"
	"slices"
	"strings"
	"time"
	"unicode"

	"standpoint/digest/stance"
	"standpoint/digest/topic"
)

// QuoteWords is the longest quotation that an edition shows, in words.
const QuoteWords = 40

// wordsPerMinute is a usual speed of silent reading of English non-fiction
// (Brysbaert 2019, Journal of Memory and Language 109: 238 on average), rounded
// down because these pieces are dense.
const wordsPerMinute = 230

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
}

// Draft is what an edition is composed from, besides the candidates.
type Draft struct {
	Number int
	Window Window
	Feeds  FeedCount
	Seen   int // pieces on any subject that came in the window
}

// Compose makes the edition: copies of one piece become one entry, entries are
// grouped by stance in the pack's order with the unsure ones last, and within a
// section the newest comes first. The same candidates in any order give the
// same edition.
func Compose(p *topic.Pack, d Draft, candidates []Candidate) Edition {
	e := Edition{
		Number: d.Number, Topic: p.Name, Question: p.Question,
		Window: d.Window, Sections: sections(p), Feeds: d.Feeds,
		Pieces: PieceCount{Seen: d.Seen},
	}
	place := make(map[topic.StanceKey]int, len(e.Sections))
	for i, s := range e.Sections {
		place[s.Stance] = i
	}
	for _, copies := range group(candidates) {
		entry := entryOf(p, copies)
		_, ok := p.Stance(entry.Stance)
		i := place[entry.Stance]
		if !ok || entry.Doubt == stance.Unsure {
			// A stance that the pack has not is another pack's, or an older one's
			// verdict: in doubt, but not lost.
			i, entry.Doubt = place[topic.Unsure], stance.Unsure
		}
		e.Sections[i].Entries = append(e.Sections[i].Entries, entry)
		e.Pieces.Kept++
	}
	for _, s := range e.Sections {
		slices.SortFunc(s.Entries, func(a, b Entry) int {
			return cmp.Or(b.Published.Compare(a.Published), cmp.Compare(a.Title, b.Title), cmp.Compare(a.Item, b.Item))
		})
	}
	return e
}

// sections lays out the empty sections in the order of the edition.
func sections(p *topic.Pack) []Section {
	out := make([]Section, 0, len(p.Stances)+1)
	for _, s := range p.Stances {
		out = append(out, Section{
			Stance: s.Key, Name: s.Name, Short: s.Short, Test: s.Test,
			Colour: s.Colour, Dark: s.Dark, Shape: s.Shape,
		})
	}
	return append(out, Section{
		Stance: topic.Unsure, Name: "Not sorted", Short: "Not sorted",
		Test:   "The program cannot tell well enough where these authors stand.",
		Colour: "#5b5b5b", Dark: "#b4b4b4", Shape: "?",
	})
}

// group puts the copies of one piece together, copies of copies too, the one to
// show first: judged from its whole text before one judged from a part, the
// original before one that names another address as its own, then the earliest
// publication, then the order of the config.
func group(candidates []Candidate) [][]Candidate {
	sorted := slices.Clone(candidates)
	slices.SortFunc(sorted, func(a, b Candidate) int {
		return cmp.Or(
			cmp.Compare(rank(a), rank(b)),
			appeared(a).Compare(appeared(b)),
			cmp.Compare(a.Position, b.Position),
			cmp.Compare(a.Item, b.Item),
		)
	})
	var groups [][]Candidate
	taken := make([]bool, len(sorted))
	for i := range sorted {
		if taken[i] {
			continue
		}
		// The group grows while it is walked: a copy brings its own copies.
		taken[i] = true
		members := []int{i}
		for n := 0; n < len(members); n++ {
			for k := range sorted {
				if !taken[k] && Same(sorted[members[n]], sorted[k]) {
					taken[k] = true
					members = append(members, k)
				}
			}
		}
		slices.Sort(members)
		var g []Candidate
		for _, k := range members {
			g = append(g, sorted[k])
		}
		groups = append(groups, g)
	}
	return groups
}

// appeared is when a piece came out, as far as is known.
func appeared(c Candidate) time.Time {
	if c.Published.IsZero() {
		return c.FirstSeen
	}
	return c.Published
}

// Same says whether two candidates are copies of one piece: they have one
// address, or the page of one names an address as its own that the other has
// and both have one title. The title is asked because sites exist whose every
// page names the home page.
func Same(a, b Candidate) bool {
	if a.Key != "" && a.Key == b.Key {
		return true
	}
	return a.Canonical != "" && a.Canonical == b.Canonical && a.TitleKey != "" && a.TitleKey == b.TitleKey
}

func rank(c Candidate) int {
	n := 0
	if c.Key != c.Canonical {
		n = 1
	}
	switch c.Basis {
	case stance.BasisTeaser:
		n += 2
	case stance.BasisTitle:
		n += 4
	}
	return n
}

// entryOf makes the entry of a piece from its copies, of which the first is
// shown.
func entryOf(p *topic.Pack, copies []Candidate) Entry {
	c := copies[0]
	v := c.Verdict
	quote, cut := quote(v.Evidence)
	e := Entry{
		Item: c.Item, Title: c.Title, URL: c.URL, Outlet: c.Outlet, Country: c.Country,
		Authors: c.Authors, Published: c.Published, Minutes: minutes(c),
		Stance: v.Stance, StanceName: nameOf(p, v.Stance), Doubt: v.Doubt,
		Quote: quote, QuoteCut: cut, Summary: summary(v.Summary, quote),
		Basis: c.Basis,
	}
	for _, key := range v.Also {
		if s, ok := p.Stance(key); ok {
			e.Also, e.AlsoNames = append(e.Also, key), append(e.AlsoNames, s.Name)
		}
	}
	for _, o := range copies[1:] {
		again := Copy{Outlet: o.Outlet, URL: o.URL}
		if !slices.Contains(e.AlsoAt, again) && again != (Copy{Outlet: c.Outlet, URL: c.URL}) {
			e.AlsoAt = append(e.AlsoAt, again)
		}
	}
	return e
}

func nameOf(p *topic.Pack, key topic.StanceKey) string {
	s, _ := p.Stance(key)
	return s.Name
}

// minutes is the reading time. A teaser tells nothing about the whole piece.
func minutes(c Candidate) int {
	if c.Basis != stance.BasisPage && c.Basis != stance.BasisFeed {
		return 0
	}
	return max(1, (len(strings.Fields(c.Text))+wordsPerMinute/2)/wordsPerMinute)
}

// quote picks the strongest evidence that is short enough to be shown whole;
// where none is, the strongest is cut after QuoteWords, which is said.
func quote(evidence []stance.Quote) (text string, cut bool) {
	for _, q := range evidence {
		if len(strings.Fields(q.Text)) <= QuoteWords {
			return q.Text, false
		}
	}
	if len(evidence) == 0 {
		return "", false
	}
	return firstWords(evidence[0].Text, QuoteWords), true
}

// firstWords returns the leading part of s that holds n words.
func firstWords(s string, n int) string {
	end, inWord := 0, false
	for i, r := range s {
		space := unicode.IsSpace(r)
		if inWord && space {
			end = i
			if n--; n == 0 {
				return s[:end]
			}
		}
		inWord = !space
	}
	return s
}

// summary joins the sentences of the summary, with a mark where some between
// them were left out, and without the one that is shown as the quotation.
func summary(sentences []stance.Quote, quote string) string {
	var b strings.Builder
	last := -1
	for _, s := range sentences {
		if quote != "" && (s.Text == quote || strings.HasPrefix(s.Text, quote)) {
			continue
		}
		switch {
		case last < 0:
		case s.Start-last <= 3:
			b.WriteByte(' ')
		default:
			b.WriteString(" […] ")
		}
		b.WriteString(s.Text)
		last = s.End
	}
	return b.String()
}
