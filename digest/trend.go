package digest

import (
	"cmp"
	"slices"
	"strings"

	"standpoint/digest/topic"
)

const (
	// leastPieces is from how many pieces on shares are compared and names told
	// as new: with fewer, nearly all is chance.
	leastPieces = 8
	// byChance is how often a week without any change may be told as a change,
	// over all stances together.
	byChance = 0.05
	// freshOutlets and freshNames are how many of each are told at most.
	freshOutlets = 5
	freshNames   = 3
)

// alike returns the earlier editions that an edition of the pack can be held
// against: those with the same sections, since after a change of the topic the
// counts would be of different things.
func alike(sections []Section, past []Edition) []Edition {
	var out []Edition
	for _, e := range past {
		if len(out) < PastEditions && slices.EqualFunc(e.Sections, sections, func(a, b Section) bool { return a.Stance == b.Stance }) {
			out = append(out, e)
		}
	}
	return out
}

// counts counts the pieces of earlier editions by section.
func counts(past []Edition) []Past {
	var out []Past
	for _, e := range past {
		n := make(map[topic.StanceKey]int, len(e.Sections))
		for _, s := range e.Sections {
			n[s.Stance] = len(s.Entries)
		}
		out = append(out, Past{Number: e.Number, Counts: n})
	}
	return out
}

// moves finds the stances whose share of all pieces differs from that in the
// editions of Past together, by Fisher's exact test (R. A. Fisher 1922, Journal of
// the Royal Statistical Society 85), two-sided. Each stance is a test of its own;
// for all of them together to be wrong in one week of twenty at most, each is
// allowed its part of that (Bonferroni's bound; O. J. Dunn 1961, Journal of the
// American Statistical Association 56).
func moves(e Edition) []Move {
	now, before, tests := e.Entries(), 0, 0
	was := map[topic.StanceKey]int{}
	for _, p := range e.Past {
		for key, n := range p.Counts {
			was[key] += n
			before += n
		}
	}
	if now < leastPieces || before < leastPieces {
		return nil
	}
	for _, s := range e.Sections {
		if s.Stance != topic.Unsure {
			tests++
		}
	}
	var out []Move
	for _, s := range e.Sections {
		a, b := len(s.Entries), was[s.Stance]
		if s.Stance != topic.Unsure && fisher(a, now, b, before)*float64(tests) < byChance {
			out = append(out, Move{Stance: s.Stance, Now: float64(a) / float64(now), Before: float64(b) / float64(before)})
		}
	}
	return out
}

// fresh finds what the earlier editions did not have.
func fresh(p *topic.Pack, e Edition, past []Edition) Fresh {
	if len(past) == 0 {
		return Fresh{}
	}
	f := Fresh{Outlets: newOutlets(e, past)}
	pieces := 0
	for _, old := range past {
		pieces += old.Entries()
	}
	if pieces >= leastPieces {
		f.Names = newNames(p, e, past)
	}
	return f
}

// newOutlets are the outlets that no earlier edition named, those with the most
// pieces first, then by the alphabet.
func newOutlets(e Edition, past []Edition) []string {
	known := map[string]bool{}
	for _, old := range past {
		for en := range old.all() {
			known[en.Outlet] = true
			for _, c := range en.AlsoAt {
				known[c.Outlet] = true
			}
		}
	}
	pieces := map[string]int{}
	for en := range e.all() {
		if !known[en.Outlet] && strings.TrimSpace(en.Outlet) != "" {
			pieces[en.Outlet]++
		}
	}
	return most(pieces, freshOutlets)
}

// most returns the first n keys, those with the highest counts first, then by
// the alphabet.
func most(count map[string]int, n int) []string {
	var out []string
	for key := range count {
		out = append(out, key)
	}
	slices.SortFunc(out, func(a, b string) int { return cmp.Or(cmp.Compare(count[b], count[a]), cmp.Compare(a, b)) })
	return out[:min(n, len(out))]
}
