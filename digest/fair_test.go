package digest_test

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"standpoint/digest"
	"standpoint/digest/stance"
	"standpoint/digest/topic"
)

// chiSquareLimit is the value of chi-square with three degrees of freedom, as
// four camps have, that chance exceeds once in 1000 times.
const chiSquareLimit = 16.27

// even is chi-square of counts that should all be equal.
func even(counts []float64) float64 {
	mean, sum := 0.0, 0.0
	for _, n := range counts {
		mean += n / float64(len(counts))
	}
	for _, n := range counts {
		sum += (n - mean) * (n - mean) / mean
	}
	return sum
}

// A year of editions of pieces that each camp is as likely to have: first place
// and the quote of the week go to all camps alike, and so do long cards.
func TestAYearFavoursNoCamp(t *testing.T) {
	makesGarbage(t)
	p := pack(t)
	camps := campsOf(p)
	for seed := range uint64(5) {
		year := weeks(p, seed, 52, 14)
		firsts, quotes := make([]float64, len(camps)), make([]float64, len(camps))
		for _, e := range year {
			if len(e.Start) > 0 {
				firsts[slices.Index(camps, e.Place(e.Start[0]))]++
			}
			if e.Quote != nil {
				quotes[slices.Index(camps, e.Place(e.Quote.Item))]++
			}
		}
		if x := even(firsts); x > chiSquareLimit {
			t.Errorf("seed %d: first place by camp %v: chi-square %.1f", seed, firsts, x)
		}
		if x := even(quotes); x > chiSquareLimit {
			t.Errorf("seed %d: quotes by camp %v: chi-square %.1f", seed, quotes, x)
		}
		if x := longCards(year, camps); x > chiSquareLimit {
			t.Errorf("seed %d: lengths of cards: %.1f", seed, x)
		}
	}
}

// longCards is the statistic of Kruskal and Wallis (1952, Journal of the American
// Statistical Association 47) over the lengths of the camps' cards: how far their
// mean ranks lie apart. By chance it is distributed as chi-square.
func longCards(year []digest.Edition, camps []topic.StanceKey) float64 {
	type card struct{ camp, words int }
	var cards []card
	for _, e := range year {
		for _, s := range e.Sections {
			for _, en := range s.Entries {
				if camp := slices.Index(camps, s.Stance); camp >= 0 {
					n := len(strings.Fields(en.Summary)) + len(strings.Fields(en.Quote)) + len(strings.Fields(en.Contrary))
					cards = append(cards, card{camp, n})
				}
			}
		}
	}
	slices.SortFunc(cards, func(a, b card) int { return a.words - b.words })
	ranks, sizes := make([]float64, len(camps)), make([]float64, len(camps))
	for from, to := 0, 0; from < len(cards); from = to {
		for to < len(cards) && cards[to].words == cards[from].words {
			to++
		}
		for _, c := range cards[from:to] { // equals have the mean of their ranks
			ranks[c.camp] += float64(from+to+1) / 2
			sizes[c.camp]++
		}
	}
	n, sum := float64(len(cards)), 0.0
	for i := range camps {
		apart := ranks[i]/sizes[i] - (n+1)/2
		sum += sizes[i] * apart * apart
	}
	return 12 * sum / (n * (n + 1))
}

// What would favour a camp would be seen: the measures above can fail.
func TestAFavouriteWouldBeSeen(t *testing.T) {
	p := pack(t)
	year := weeks(p, 1, 52, 14)
	for _, e := range year {
		for i := range find(t, e, "settle").Entries {
			find(t, e, "settle").Entries[i].Summary += strings.Repeat(" word", 20)
		}
	}
	if x := longCards(year, campsOf(p)); x < chiSquareLimit {
		t.Errorf("twenty more words on each card of one camp: %.1f", x)
	}
	if x := even([]float64{26, 9, 9, 8}); x < chiSquareLimit {
		t.Errorf("a camp that is first every second week: chi-square %.1f", x)
	}
}

// Where each camp has pieces to choose from, the turns are exact: 13 of 52.
func TestTurnsAreExact(t *testing.T) {
	p := pack(t)
	camps := campsOf(p)
	firsts, quotes := map[topic.StanceKey]int{}, map[topic.StanceKey]int{}
	random := rand.New(rand.NewPCG(3, 3))
	for number := 1; number <= 52; number++ {
		d := draftOf(number)
		var candidates []digest.Candidate
		for i, key := range camps {
			for k := range 3 {
				c := anyPiece(random, p, int64(10*i+k+1), key, d.Window.To)
				c.Verdict.Doubt, c.Verdict.By, c.Verdict.Contributors = stance.Sure, stance.ByModel, nil
				c.Authors, c.Basis = []string{"A. Author"}, stance.BasisPage
				s := sentence(random, 12)
				c.Verdict.Evidence = append(c.Verdict.Evidence, stance.Quote{Text: s})
				candidates = append(candidates, c)
			}
		}
		e, _ := digest.Compose(p, d, candidates)
		if len(e.Start) != len(camps) || e.Quote == nil {
			t.Fatalf("edition %d: starts %v, quote %v", number, e.Start, e.Quote)
		}
		first, quoted := e.Place(e.Start[0]), e.Place(e.Quote.Item)
		firsts[first]++
		quotes[quoted]++
		if first == quoted {
			t.Errorf("edition %d: %s is first and is quoted", number, first)
		}
	}
	for _, key := range camps {
		if firsts[key] != 13 || quotes[key] != 13 {
			t.Errorf("%s: %d times first, %d times quoted", key, firsts[key], quotes[key])
		}
	}
}
