package digest_test

import (
	"math/rand/v2"
	"slices"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"standpoint/digest"
	"standpoint/digest/topic"
)

// TestNamesOfCampsDoNotMatter gives two camps each other's names, in the pack and
// on every piece: the editions are the same but for the names.
func TestNamesOfCampsDoNotMatter(t *testing.T) {
	makesGarbage(t)
	p := pack(t)
	random := rand.New(rand.NewPCG(11, 11))
	moves, quotes, names := 0, 0, 0
	for round := range 30 {
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
			for n := range candidates {
				if round%3 == 0 && number == 4 { // the whole debate goes to one camp
					candidates[n].Verdict.Stance = p.Stances[i].Key
				}
			}
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
			moves, names = moves+len(e.Moves), names+len(e.Fresh.Names)
			if e.Quote != nil {
				quotes++
			}
		}
	}
	if moves < 5 || quotes < 50 || names < 5 {
		t.Errorf("%d moves, %d quotes, %d names: too few to say anything", moves, quotes, names)
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
	makesGarbage(t)
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
