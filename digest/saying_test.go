package digest_test

import (
	"strings"
	"testing"

	"standpoint/digest"
	"standpoint/digest/stance"
)

const (
	strongest = "The strongest sentence of the piece is what its card quotes to readers."
	second    = "The second sentence says more and may well be the quote of the week."
	third     = "And the third sentence is there for when the second one is not good enough."
)

// quotableFrom makes a piece with evidence and an author.
func quotableFrom(item int64, evidence ...string) digest.Candidate {
	c := piece(item, "deploy", stance.Sure) // whose turn it is in edition 4
	c.Authors, c.Verdict.By = []string{"A. Author"}, stance.ByModel
	for _, s := range evidence {
		c.Verdict.Evidence = append(c.Verdict.Evidence, stance.Quote{Text: s})
	}
	return c
}

func TestQuoteOfTheWeek(t *testing.T) {
	long := strings.Repeat("word ", 41) + "end."
	for _, each := range []struct {
		name   string
		change func(c *digest.Candidate)
		want   string
	}{
		{"the second sentence", func(*digest.Candidate) {}, second},
		{"not one of the summary", func(c *digest.Candidate) { c.Verdict.Summary = []stance.Quote{{Text: second}} }, third},
		{"not a short one", func(c *digest.Candidate) { c.Verdict.Evidence[1].Text = "Seven words are too few for this." }, third},
		{"not a long one", func(c *digest.Candidate) { c.Verdict.Evidence[1].Text = long }, third},
		{"the card's own where there is no other", func(c *digest.Candidate) { c.Verdict.Evidence = c.Verdict.Evidence[:1] }, strongest},
		{"never one that is cut", func(c *digest.Candidate) { c.Verdict.Evidence = []stance.Quote{{Text: long}} }, ""},
		{"the operator's piece", func(c *digest.Candidate) { c.Verdict.By = stance.ByOperator }, second},
		{"not what another program decided", func(c *digest.Candidate) { c.Verdict.By = stance.ByLLM }, ""},
		{"not without an author", func(c *digest.Candidate) { c.Authors = nil }, ""},
		{"not from a teaser", func(c *digest.Candidate) { c.Basis = stance.BasisTeaser }, ""},
		{"not from before a paywall", func(c *digest.Candidate) { c.Basis = stance.BasisPaywall }, ""},
		{"the whole text of a feed", func(c *digest.Candidate) { c.Basis = stance.BasisFeed }, second},
		{"not from a round-up", func(c *digest.Candidate) { c.Verdict.Contributors = []stance.Contribution{{}} }, ""},
		{"not from one that is not sorted", func(c *digest.Candidate) { c.Verdict.Doubt = stance.Unsure }, ""},
		{"not from one that takes no side", func(c *digest.Candidate) { c.Verdict.Stance = "survey" }, ""},
		{"nothing to quote", func(c *digest.Candidate) { c.Verdict.Evidence = nil }, ""},
	} {
		t.Run(each.name, func(t *testing.T) {
			c := quotableFrom(1, strongest, second, third)
			each.change(&c)
			e, _ := digest.Compose(pack(t), draftOf(4), []digest.Candidate{c})
			switch {
			case e.Quote == nil && each.want != "", e.Quote != nil && (e.Quote.Text != each.want || e.Quote.Item != 1):
				t.Errorf("got %+v, want %q", e.Quote, each.want)
			}
		})
	}
}

func TestWhoseQuote(t *testing.T) {
	started, other, third := quotableFrom(1, strongest, second), quotableFrom(2, strongest, second), quotableFrom(3, strongest)
	quoted := func(number int, candidates ...digest.Candidate) int64 {
		e, _ := digest.Compose(pack(t), draftOf(number), candidates)
		if e.Quote == nil {
			return 0
		}
		return e.Quote.Item
	}
	if got := quoted(4, started, other, third); got != 2 {
		t.Errorf("quoted piece %d, want the one that is not under Start", got)
	}
	if got := quoted(4, started, third); got != 1 {
		t.Errorf("quoted piece %d, want the one with a sentence that no card has", got)
	}
	next := quotableFrom(4, strongest)
	next.Verdict.Stance = "arm" // comes after deploy
	if got := quoted(4, started, next); got != 1 {
		t.Errorf("quoted piece %d, want one of the camp whose turn it is", got)
	}
	started.Authors = nil
	if got := quoted(4, started, next); got != 4 {
		t.Errorf("quoted piece %d, want one of the next camp", got)
	}
}
