package digest

import (
	"slices"
	"strings"
	"unicode"

	"standpoint/digest/stance"
	"standpoint/digest/topic"
)

// QuoteWords is the longest quotation that an edition shows, in words.
const QuoteWords = 40

// contraryWords is the longest sentence that is shown beside the quotation.
const contraryWords = 30

// wordsPerMinute is a usual speed of silent reading of English non-fiction
// (Brysbaert 2019, Journal of Memory and Language 109: 238 on average), rounded
// down because these pieces are dense.
const wordsPerMinute = 230

// entryOf makes the entry of a piece from its copies, of which the first is
// shown.
func entryOf(p *topic.Pack, copies []Candidate) Entry {
	c := copies[0]
	v := verdictOf(copies)
	quote, cut := quote(v.Evidence)
	e := Entry{
		Item: c.Item, Title: c.Title, URL: c.URL, Outlet: c.Outlet, Country: c.Country,
		Authors: c.Authors, Published: c.Published, Minutes: minutes(c),
		Stance: v.Stance, StanceName: nameOf(p, v.Stance), Doubt: v.Doubt,
		Quote: quote, QuoteCut: cut, Summary: summary(v.Summary, quote),
		Voices: voices(v.Contributors), Basis: c.Basis, By: v.By,
	}
	for _, key := range v.Also {
		if s, ok := p.Stance(key); ok {
			e.Also, e.AlsoNames = append(e.Also, key), append(e.AlsoNames, s.Name)
		}
	}
	e.Contrary = contrary(p, v, e)
	for _, o := range copies[1:] {
		// A copy in the entry's own outlet is news only if it has another address.
		if o.Outlet == c.Outlet && o.URL == c.URL {
			continue
		}
		if !slices.ContainsFunc(e.AlsoAt, func(also Copy) bool { return also.Outlet == o.Outlet }) {
			e.AlsoAt = append(e.AlsoAt, Copy{Outlet: o.Outlet, URL: o.URL})
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
	words := 0
	for range strings.FieldsSeq(c.Text) {
		words++
	}
	return max(1, (words+wordsPerMinute/2)/wordsPerMinute)
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

// contrary is the sentence that speaks for another of the stances that the entry
// names. Of a piece that is sure, and of one whose stance somebody set, it would
// cast a doubt that nobody has; a long one would outweigh the quotation.
func contrary(p *topic.Pack, v stance.Verdict, e Entry) string {
	sided := slices.ContainsFunc(e.Also, func(key topic.StanceKey) bool {
		s, _ := p.Stance(key)
		return !s.Neutral
	})
	if v.Contrary == nil || v.Doubt == stance.Sure || v.By != stance.ByModel || !sided {
		return ""
	}
	said := v.Contrary.Text
	if len(strings.Fields(said)) > contraryWords || strings.Contains(e.Summary, said) || said == e.Quote {
		return ""
	}
	return said
}

// voices are the contributors to a round-up as an entry shows them.
func voices(said []stance.Contribution) []Voice {
	var out []Voice
	for _, c := range said {
		says := firstWords(c.Says.Text, QuoteWords)
		out = append(out, Voice{Name: c.Name.Text, Says: says, Cut: says != c.Says.Text})
	}
	return out
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
