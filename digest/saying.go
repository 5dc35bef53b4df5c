package digest

import (
	"cmp"
	"slices"
	"strings"

	"standpoint/digest/stance"
)

// QuoteRule says in readers' words how Edition.Quote is chosen.
const QuoteRule = "The quote of the week goes round the camps, a different one in each edition; a camp that has nothing to quote passes its turn to the next. " +
	"Quoted is a named author whose whole text was read, and who speaks alone. " +
	"One rule chooses for all camps: a sentence of 8 to 40 words that is not on the piece’s card already goes before one that is; " +
	"then a piece that is not under “Start here” goes before one that is; then the order is that of “Start here”."

// leastQuoteWords is the shortest quote of the week: less says little alone.
const leastQuoteWords = 8

// quotable is an entry that the quote of the week may come from.
type quotable struct {
	Entry
	text    string
	onCard  bool
	started bool
}

// saying picks the quote of the week by QuoteRule. Its round of the camps runs
// half a round behind that of Start, so that no camp has both in one edition.
// Verdicts are those of the entries, by item.
func saying(e Edition, verdicts map[int64]stance.Verdict) *Saying {
	for _, camp := range turn(e, len(turn(e, 0))/2) {
		var all []quotable
		for _, en := range camp.Entries {
			if q := quotableOf(en, verdicts[en.Item]); q.text != "" {
				q.started = slices.Contains(e.Start, en.Item)
				all = append(all, q)
			}
		}
		if len(all) > 0 {
			best := slices.MinFunc(all, func(a, b quotable) int {
				return cmp.Or(order(a.onCard, b.onCard), order(a.started, b.started), firstToRead(a.Entry, b.Entry))
			})
			return &Saying{Item: best.Item, Text: best.text}
		}
	}
	return nil
}

// quotableOf finds the sentence of a piece to quote; text is empty where there is
// none. What another program took for the author's stance is not quoted: nobody
// answers for it.
func quotableOf(en Entry, v stance.Verdict) quotable {
	q := quotable{Entry: en}
	if len(en.Authors) == 0 || len(en.Voices) > 0 || inPart(en) > 0 || v.By == stance.ByLLM {
		return q
	}
	for _, s := range v.Evidence {
		onCard := s.Text == en.Quote || en.QuoteCut && strings.HasPrefix(s.Text, en.Quote) ||
			strings.Contains(en.Summary, s.Text) || s.Text == en.Contrary
		if !onCard && saysEnough(s.Text) {
			q.text = s.Text
			return q
		}
	}
	if !en.QuoteCut && saysEnough(en.Quote) {
		q.text, q.onCard = en.Quote, true
	}
	return q
}

func saysEnough(s string) bool {
	n := len(strings.Fields(s))
	return leastQuoteWords <= n && n <= QuoteWords
}

// order puts what is not before what is.
func order(a, b bool) int {
	switch {
	case a == b:
		return 0
	case b:
		return -1
	}
	return 1
}
