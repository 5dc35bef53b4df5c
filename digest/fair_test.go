package digest_test

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"standpoint/digest"
	"standpoint/digest/stance"
	"standpoint/digest/topic"
)

// chiSquareLimit is the value of chi-square with three degrees of freedom, as
// four camps have, that chance exceeds once in 1000 times.
const chiSquareLimit = 16.27

// chiSquare holds counts against those that are to be expected.
func chiSquare(got, want []float64) float64 {
	sum := 0.0
	for i := range got {
		sum += (got[i] - want[i]) * (got[i] - want[i]) / want[i]
	}
	return sum
}

// even is chi-square of counts that should all be equal.
func even(counts []float64) float64 {
	all, want := 0.0, make([]float64, len(counts))
	for _, n := range counts {
		all += n
	}
	for i := range want {
		want[i] = all / float64(len(counts))
	}
	return chiSquare(counts, want)
}

// A year of editions of pieces that each camp is as likely to have: first place
// and the quote of the week go to all camps alike, and so do long cards.
func TestAYearFavoursNoCamp(t *testing.T) {
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
			t.Errorf("seed %d: long cards: chi-square %.1f", seed, x)
		}
	}
}

// longCards is chi-square of how many cards of each camp are longer than the
// median of all camps' cards.
func longCards(year []digest.Edition, camps []topic.StanceKey) float64 {
	lengths := make([][]int, len(camps))
	var all []int
	for _, e := range year {
		for i, key := range camps {
			for _, en := range e.Sections[slices.IndexFunc(e.Sections, func(s digest.Section) bool { return s.Stance == key })].Entries {
				n := len(strings.Fields(en.Summary)) + len(strings.Fields(en.Quote)) + len(strings.Fields(en.Contrary))
				lengths[i], all = append(lengths[i], n), append(all, n)
			}
		}
	}
	slices.Sort(all)
	median, over := all[len(all)/2], 0
	long := make([]int, len(camps))
	for i := range camps {
		for _, n := range lengths[i] {
			if n > median {
				long[i]++
				over++
			}
		}
	}
	var got, want []float64
	share := float64(over) / float64(len(all))
	for i := range camps {
		n := float64(len(lengths[i]))
		got, want = append(got, float64(long[i]), n-float64(long[i])), append(want, n*share, n*(1-share))
	}
	return chiSquare(got, want)
}

// What would favour a camp would be seen: the measures above can fail.
func TestAFavouriteWouldBeSeen(t *testing.T) {
	p := pack(t)
	year := weeks(p, 1, 52, 14)
	for _, e := range year {
		for i := range find(t, e, "settle").Entries {
			find(t, e, "settle").Entries[i].Summary += " Ten more words are what this camp would be given."
		}
	}
	if x := longCards(year, campsOf(p)); x < chiSquareLimit {
		t.Errorf("ten more words on each card of one camp: chi-square %.1f", x)
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

// TestNamesOfCampsDoNotMatter gives two camps each other's names, in the pack and
// on every piece: the editions are the same but for the names.
func TestNamesOfCampsDoNotMatter(t *testing.T) {
	p := pack(t)
	random := rand.New(rand.NewPCG(11, 11))
	for round := range 60 {
		i, j := random.IntN(4), random.IntN(4)
		swapped := *p
		swapped.Stances = slices.Clone(p.Stances)
		swapped.Stances[i], swapped.Stances[j] = p.Stances[j], p.Stances[i]
		other := func(key topic.StanceKey) topic.StanceKey {
			switch key {
			case p.Stances[i].Key:
				return p.Stances[j].Key
			case p.Stances[j].Key:
				return p.Stances[i].Key
			}
			return key
		}
		var plain, renamed []digest.Edition
		for number := 1; number <= 1+round%6; number++ {
			d := draftOf(number)
			candidates := someWeek(random, p, int64(1000*number), random.IntN(40), d.Window.To)
			d.Past = newest(plain)
			e, filings := digest.Compose(p, d, candidates)
			d.Past = newest(renamed)
			r, again := digest.Compose(&swapped, d, renameAll(candidates, other))
			if diff := gocmp.Diff(filings, again); diff != "" {
				t.Fatalf("filings (-plain +renamed):\n%s", diff)
			}
			plain, renamed = append(plain, e), append(renamed, r)
			if diff := gocmp.Diff(rename(p, &swapped, e, other), r); diff != "" {
				t.Fatalf("round %d, edition %d (-plain +renamed):\n%s", round, number, diff)
			}
		}
	}
}

// renameAll gives candidates of a stance another's name.
func renameAll(candidates []digest.Candidate, other func(topic.StanceKey) topic.StanceKey) []digest.Candidate {
	out := slices.Clone(candidates)
	for n := range out {
		v := &out[n].Verdict
		v.Stance = other(v.Stance)
		v.Also = slices.Clone(v.Also)
		for k := range v.Also {
			v.Also[k] = other(v.Also[k])
		}
	}
	return out
}

// rename gives the stances of a composed edition each other's names.
func rename(from, to *topic.Pack, e digest.Edition, other func(topic.StanceKey) topic.StanceKey) digest.Edition {
	name := func(key topic.StanceKey) string {
		s, _ := from.Stance(key)
		return s.Name
	}
	e.Sections = slices.Clone(e.Sections)
	for n := range e.Sections {
		s := &e.Sections[n]
		if n < len(to.Stances) {
			x := to.Stances[n]
			s.Stance, s.Name, s.Short, s.Test, s.Colour, s.Dark, s.Shape = x.Key, x.Name, x.Short, x.Test, x.Colour, x.Dark, x.Shape
		}
		s.Entries = slices.Clone(s.Entries)
		for k := range s.Entries {
			en := &s.Entries[k]
			en.Stance = other(en.Stance)
			en.StanceName = name(en.Stance)
			en.Also, en.AlsoNames = slices.Clone(en.Also), slices.Clone(en.AlsoNames)
			for a := range en.Also {
				en.Also[a] = other(en.Also[a])
				en.AlsoNames[a] = name(en.Also[a])
			}
		}
	}
	past := e.Past
	e.Past = nil
	for _, was := range past {
		counts := map[topic.StanceKey]int{}
		for key, n := range was.Counts {
			counts[other(key)] = n
		}
		e.Past = append(e.Past, digest.Past{Number: was.Number, Counts: counts})
	}
	e.Moves = slices.Clone(e.Moves)
	for n := range e.Moves {
		e.Moves[n].Stance = other(e.Moves[n].Stance)
	}
	return e
}

// TestCampsExchangePieces files the pieces of two camps under each other: their
// sections are exchanged, and each piece is chosen where it was.
func TestCampsExchangePieces(t *testing.T) {
	p := pack(t)
	random := rand.New(rand.NewPCG(13, 13))
	for range 60 {
		d := draftOf(1 + random.IntN(9))
		candidates := someWeek(random, p, 1, random.IntN(40), d.Window.To)
		other := func(key topic.StanceKey) topic.StanceKey {
			switch key {
			case "bind":
				return "settle"
			case "settle":
				return "bind"
			}
			return key
		}
		a, _ := digest.Compose(p, d, candidates)
		b, _ := digest.Compose(p, d, renameAll(candidates, other))
		for _, s := range a.Sections {
			if got, want := items(find(t, b, other(s.Stance))), items(s); !slices.Equal(got, want) {
				t.Errorf("%s has %v, and had under its other name %v", other(s.Stance), got, want)
			}
		}
		slices.Sort(a.Start)
		slices.Sort(b.Start)
		if !slices.Equal(a.Start, b.Start) {
			t.Errorf("starts %v and %v", a.Start, b.Start)
		}
	}
}

func items(s digest.Section) []int64 {
	var out []int64
	for _, en := range s.Entries {
		out = append(out, en.Item)
	}
	return out
}

// TestAnyOrderGivesOneEdition shuffles candidates, copies among them.
func TestAnyOrderGivesOneEdition(t *testing.T) {
	p := pack(t)
	random := rand.New(rand.NewPCG(17, 17))
	past := newest(weeks(p, 17, 4, 12))
	for range 20 {
		d := draftOf(5, past...)
		candidates := someWeek(random, p, 1, 2+random.IntN(30), d.Window.To)
		for n := range len(candidates) / 4 { // copies at other addresses
			c := candidates[n]
			c.Item, c.Outlet, c.Key = c.Item+500, "Reprint", c.Key+"/copy"
			candidates = append(candidates, c)
		}
		want, filings := digest.Compose(p, d, candidates)
		for range 5 {
			random.Shuffle(len(candidates), func(i, j int) { candidates[i], candidates[j] = candidates[j], candidates[i] })
			got, again := digest.Compose(p, d, candidates)
			if diff := gocmp.Diff(want, got); diff != "" {
				t.Fatalf("another order, another edition:\n%s", diff)
			}
			if diff := gocmp.Diff(filings, again); diff != "" {
				t.Fatalf("another order, other filings:\n%s", diff)
			}
		}
	}
}
