package digest_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"standpoint/digest"
	"standpoint/digest/stance"
	"standpoint/digest/topic"
)

// pick returns one of the values.
func pick[T any](random *rand.Rand, of ...T) T { return of[random.IntN(len(of))] }

// sentence makes up one of so many words. It says nothing, and hardly any two
// have three words in a row in common.
func sentence(random *rand.Rand, words int) string {
	out := make([]string, words)
	for i := range out {
		word := make([]byte, 2+random.IntN(7))
		for k := range word {
			word[k] = byte('a' + random.IntN(26))
		}
		out[i] = string(word)
	}
	out[0] = strings.ToUpper(out[0][:1]) + out[0][1:]
	if words > 6 && random.IntN(4) == 0 {
		out[3], out[4] = pick(random, "Lorvan", "Ostrel", "Quillan"), pick(random, "Pact", "Forum", "Treaty")
	}
	return strings.Join(out, " ") + "."
}

// anyPiece makes up a candidate of a stance: of any basis, doubt and length, with
// all that a verdict can have.
func anyPiece(random *rand.Rand, p *topic.Pack, item int64, key topic.StanceKey, at time.Time) digest.Candidate {
	c := piece(item, key, pick(random, stance.Sure, stance.Sure, stance.Leaning, stance.Leaning, stance.Unsure))
	c.Title, c.Outlet = sentence(random, 4+random.IntN(8)), fmt.Sprint("Outlet ", random.IntN(25))
	c.TitleKey = strings.ToLower(c.Title)
	c.Published = at.Add(-time.Duration(random.IntN(7*24)) * time.Hour)
	c.FirstSeen = at
	c.Basis = pick(random, stance.BasisPage, stance.BasisPage, stance.BasisPage, stance.BasisFeed, stance.BasisPaywall, stance.BasisTeaser, stance.BasisTitle)
	if random.IntN(8) > 0 {
		c.Authors = []string{fmt.Sprint("Author ", random.IntN(100))}
	}
	var quotes []stance.Quote
	var text strings.Builder
	for range 12 {
		s := sentence(random, 4+random.IntN(45))
		quotes = append(quotes, stance.Quote{Text: s, Start: text.Len(), End: text.Len() + len(s)})
		text.WriteString(s + " ")
	}
	c.Text = text.String()
	v := &c.Verdict
	v.By = pick(random, stance.ByModel, stance.ByModel, stance.ByModel, stance.ByModel, stance.ByLLM, stance.ByOperator)
	v.Summary = quotes[:random.IntN(3)]
	v.Evidence = slices.Clone(quotes[1 : 1+random.IntN(4)])
	if random.IntN(3) == 0 {
		v.Contrary = &quotes[6]
	}
	if random.IntN(3) == 0 {
		v.Also = []topic.StanceKey{p.Stances[random.IntN(len(p.Stances))].Key}
	}
	if random.IntN(12) == 0 {
		v.Contributors = []stance.Contribution{{Name: stance.Quote{Text: "Ada Ambrel"}, Says: quotes[7]}}
	}
	return c
}

// someWeek makes up n candidates; each stance is as likely.
func someWeek(random *rand.Rand, p *topic.Pack, first int64, n int, at time.Time) []digest.Candidate {
	var out []digest.Candidate
	for i := range n {
		out = append(out, anyPiece(random, p, first+int64(i), p.Stances[random.IntN(len(p.Stances))].Key, at))
	}
	return out
}

// draftOf is the draft of an edition after others.
func draftOf(number int, past ...digest.Edition) digest.Draft {
	to := monday.AddDate(0, 0, 7*number)
	return digest.Draft{Number: number, Window: digest.Window{From: to.AddDate(0, 0, -7), To: to}, Past: past}
}

// weeks composes so many editions, each after those before it, of n pieces each.
func weeks(p *topic.Pack, seed uint64, count, n int) []digest.Edition {
	random := rand.New(rand.NewPCG(seed, 7))
	var out []digest.Edition
	for number := 1; number <= count; number++ {
		d := draftOf(number, newest(out)...)
		e, _ := digest.Compose(p, d, someWeek(random, p, int64(1000*number), n, d.Window.To))
		out = append(out, e)
	}
	return out
}

// newest returns the last editions, the newest first.
func newest(editions []digest.Edition) []digest.Edition {
	out := slices.Clone(editions[max(0, len(editions)-digest.PastEditions):])
	slices.Reverse(out)
	return out
}

// campsOf are the keys of the stances that take a side.
func campsOf(p *topic.Pack) []topic.StanceKey {
	var out []topic.StanceKey
	for _, s := range p.Stances {
		if !s.Neutral {
			out = append(out, s.Key)
		}
	}
	return out
}

// entries returns an edition's entries by item.
func entries(e digest.Edition) map[int64]digest.Entry {
	out := map[int64]digest.Entry{}
	for _, s := range e.Sections {
		for _, en := range s.Entries {
			out[en.Item] = en
		}
	}
	return out
}

// find returns one of an edition's sections.
func find(t testing.TB, e digest.Edition, key topic.StanceKey) digest.Section {
	t.Helper()
	i := slices.IndexFunc(e.Sections, func(s digest.Section) bool { return s.Stance == key })
	if i < 0 {
		t.Fatalf("no section %q", key)
	}
	return e.Sections[i]
}
