package digest_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"standpoint/digest"
	"standpoint/digest/stance"
	"standpoint/digest/topic"
)

// ofSizes composes an edition with so many pieces of each stance, and of the
// unsure.
func ofSizes(t testing.TB, p *topic.Pack, d digest.Draft, sizes ...int) digest.Edition {
	t.Helper()
	var out []digest.Candidate
	for i, n := range sizes {
		for range n {
			c := piece(int64(len(out)+1), p.Stances[min(i, len(p.Stances)-1)].Key, stance.Sure)
			if c.Text = prose(uint64(len(out)), 30); i == len(p.Stances) {
				c.Verdict.Doubt = stance.Unsure
			}
			out = append(out, c)
		}
	}
	e, _ := digest.Compose(p, d, out)
	if e.Entries() != len(out) {
		t.Fatalf("%d entries of %d pieces", e.Entries(), len(out))
	}
	return e
}

func TestPastCounts(t *testing.T) {
	p := pack(t)
	var past []digest.Edition
	for number := 1; number <= 6; number++ {
		past = append(past, ofSizes(t, p, draftOf(number), number, 0, 1, 0, 2, 3))
	}
	slices.Reverse(past)
	past[0].Note = true // a note counts too
	e := ofSizes(t, p, draftOf(7, past...), 1)
	var want []digest.Past
	for number := 6; number > 2; number-- {
		want = append(want, digest.Past{Number: number, Counts: map[topic.StanceKey]int{"bind": number, "deploy": 0, "arm": 1, "settle": 0, "survey": 2, "unsure": 3}})
	}
	if diff := gocmp.Diff(want, e.Past); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	// Editions of another pack cannot be compared with.
	past[1].Sections = past[1].Sections[1:]
	if e := ofSizes(t, p, draftOf(7, past...), 1); len(e.Past) != digest.PastEditions || e.Past[1].Number != 4 {
		t.Errorf("past %+v", e.Past)
	}
}

func TestMoves(t *testing.T) {
	p := pack(t)
	before := ofSizes(t, p, draftOf(1), 10, 10, 10, 10, 5, 5)
	for _, each := range []struct {
		name string
		past []digest.Edition
		now  []int
		want []digest.Move
	}{
		{"equal shares", []digest.Edition{before}, []int{2, 2, 2, 2, 1, 1}, nil},
		{"the same edition", []digest.Edition{before}, []int{10, 10, 10, 10, 5, 5}, nil},
		{"a little more", []digest.Edition{before}, []int{4, 2, 2, 2, 1, 1}, nil},
		{"far more of one", []digest.Edition{before}, []int{16, 2, 2, 2, 1, 1}, []digest.Move{{Stance: "bind", Now: 16.0 / 24, Before: 0.2}}},
		{"one vanished and one came", []digest.Edition{before, before}, []int{0, 30, 5, 10, 5, 5}, []digest.Move{{Stance: "bind", Now: 0, Before: 0.2}, {Stance: "deploy", Now: 30.0 / 55, Before: 0.2}}},
		{"more that is not sorted", []digest.Edition{before}, []int{4, 4, 4, 4, 2, 16}, nil},
		{"seven pieces", []digest.Edition{before}, []int{7}, nil},
		{"eight pieces", []digest.Edition{before}, []int{8}, []digest.Move{{Stance: "bind", Now: 1, Before: 0.2}}},
		{"seven before", []digest.Edition{ofSizes(t, p, draftOf(1), 0, 7)}, []int{60}, nil},
		{"nothing before", nil, []int{60}, nil},
	} {
		t.Run(each.name, func(t *testing.T) {
			if diff := gocmp.Diff(each.want, ofSizes(t, p, draftOf(9, each.past...), each.now...).Moves); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

// Equal shares are never a move, whatever their sizes, and shares that differ by
// chance alone are one in less than one week of twenty.
func TestMovesAreBeyondChance(t *testing.T) {
	makesGarbage(t)
	p := pack(t)
	for n := 2; n < 20; n++ {
		past := ofSizes(t, p, draftOf(1), 3*n, n, 2*n, n, n)
		if m := ofSizes(t, p, draftOf(2, past), 6*n, 2*n, 4*n, 2*n, 2*n).Moves; m != nil {
			t.Errorf("equal shares moved: %+v", m)
		}
	}
	random := rand.New(rand.NewPCG(5, 5))
	draw := func(n int) []int {
		out := make([]int, len(p.Stances))
		for range n {
			out[random.IntN(len(out))]++
		}
		return out
	}
	const rounds = 300
	wrong := 0
	for range rounds {
		past := ofSizes(t, p, draftOf(1), draw(60)...)
		if len(ofSizes(t, p, draftOf(2, past), draw(20)...).Moves) > 0 {
			wrong++
		}
	}
	// One in twenty would be 15; 26 is what chance exceeds once in 200 times.
	if wrong > 26 {
		t.Errorf("%d of %d weeks moved by chance alone", wrong, rounds)
	}
}

// from gives a piece an outlet, a title and a summary.
func from(item int64, outlet, title, summary string) digest.Candidate {
	c := piece(item, "arm", stance.Sure)
	c.Outlet, c.Title, c.TitleKey, c.Authors = outlet, title, fmt.Sprint(item), []string{"Hanna Marchenko"}
	c.Text, c.Verdict.Summary = summary+" "+prose(uint64(item), 60), []stance.Quote{{Text: summary}}
	return c
}

func TestFreshOutlets(t *testing.T) {
	var old, now []digest.Candidate
	for i := range 9 {
		old = append(old, from(int64(i+1), "An Old Institute", "Title", "Summary."))
	}
	old[0].Key, old[0].Canonical = "a", "a"
	reprint := old[0]
	reprint.Item, reprint.Outlet, reprint.Canonical = 77, "A Reprinter", "b" // at the same address: a copy
	past, _ := digest.Compose(pack(t), draftOf(1), append(old, reprint))
	for i, outlet := range []string{"An Old Institute", "A Reprinter", "Once", "Zeal Centre", "Twice", "Twice", "B", "C", "D", "E", ""} {
		now = append(now, from(int64(100+i), outlet, fmt.Sprint("Title ", i), fmt.Sprint("Summary ", i, ".")))
	}
	e, _ := digest.Compose(pack(t), draftOf(2, past), now)
	if want := []string{"Twice", "B", "C", "D", "E"}; !slices.Equal(e.Fresh.Outlets, want) {
		t.Errorf("got %q, want %q", e.Fresh.Outlets, want)
	}
	if e, _ := digest.Compose(pack(t), draftOf(2), now); e.Fresh.Outlets != nil || e.Fresh.Names != nil {
		t.Errorf("the first edition calls new: %+v", e.Fresh)
	}
}
