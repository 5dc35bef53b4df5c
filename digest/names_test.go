package digest_test

import (
	"fmt"
	"slices"
	"testing"

	"standpoint/digest"
)

func TestFreshNames(t *testing.T) {
	for _, each := range []struct {
		name   string
		titles []string // each of another outlet
		past   string   // a summary in the edition before
		want   []string
	}{
		{"two outlets", []string{"Why the Lorvan Pact fails", "what the Lorvan Pact changes"}, "", []string{"Lorvan Pact"}},
		{"one outlet", []string{"Why the Lorvan Pact fails", "what a pact changes"}, "", nil},
		{"the edition before had it", []string{"Why the Lorvan Pact fails", "what the Lorvan Pact changes"}, "All speak of the Lorvan Pact now.", nil},
		{"and in capitals", []string{"Why the Lorvan Pact fails", "what the Lorvan Pact changes"}, "THE LORVAN PACT", nil},
		{"one word", []string{"why Lorvan fails", "what Lorvan changes"}, "", nil},
		{"only where sentences begin", []string{"Lorvan Pact talks go on in the city", "Lorvan Pact talks end in the city"}, "", nil},
		{"where a sentence begins, and elsewhere", []string{"Lorvan Pact talks go on in the city", "the talks on a Lorvan Pact go on"}, "", []string{"Lorvan Pact"}},
		{"the article does not begin it", []string{"The Lorvan Pact is what we need", "The Lorvan Pact is not what we need"}, "", []string{"Lorvan Pact"}},
		{"only in headlines", []string{"Why it Means That Lorvan Must Act Now", "How it Means That Lorvan Must Act Now"}, "", nil},
		{"a headline bears it out", []string{"What The Lorvan Pact Means For Europe", "what the Lorvan Pact changes"}, "", []string{"Lorvan Pact"}},
		{"small words inside", []string{"who pays the Bank of Upper Ostrel today", "what the Bank of Upper Ostrel owes us"}, "", []string{"Bank of Upper Ostrel"}},
		{"small words at its end", []string{"why a Lorvan Pact for the many fails", "what the Lorvan Pact of old was"}, "", []string{"Lorvan Pact"}},
		{"genitive", []string{"why the Lorvan Pact’s text fails", "what the Lorvan Pact's Annex changes"}, "", []string{"Lorvan Pact"}},
		{"a comma parts", []string{"we go to Lorvan, Ostrel and home", "we come from Lorvan, Ostrel and so on"}, "", nil},
		{"a full stop parts", []string{"we go to Lorvan. Ostrel is far from it", "we come from Lorvan. Ostrel is near it"}, "", nil},
		{"initials", []string{"what J. K. Quillan said of it all", "why J. K. Quillan said it at all"}, "", []string{"J. K. Quillan"}},
		{"an author", []string{"why Hanna Marchenko is right in this", "why Hanna Marchenko is wrong in this"}, "", nil},
		{"an author's, with a title", []string{"why Doctor Hanna Marchenko is right in this", "why Doctor Hanna Marchenko is wrong in this"}, "", nil},
		{"a part of an outlet's", []string{"why the Lorvan Centre is right in this", "why the Lorvan Centre is wrong in this"}, "", nil},
		{"the longer of two", []string{"what the Lorvan Pact Forum says now", "why the Lorvan Pact Forum is wrong"}, "", []string{"Lorvan Pact Forum"}},
		{"the one that more have", []string{"what the Lorvan Pact Forum says now", "why the Lorvan Pact Forum is wrong", "the Lorvan Pact is here"}, "", []string{"Lorvan Pact"}},
		{
			"three at most, most outlets first",
			[]string{
				"on the Delta Pact, the Alpha Pact and the Beta Pact we agree", "on the Delta Pact, the Alpha Pact and the Beta Pact we differ",
				"the end of the Zeta Pact and of the Gamma Pact", "the cost of the Zeta Pact and of the Gamma Pact", "no Zeta Pact is here",
			},
			"",
			[]string{"Zeta Pact", "Alpha Pact", "Beta Pact"},
		},
	} {
		t.Run(each.name, func(t *testing.T) {
			var old, now []digest.Candidate
			for i := range 8 {
				old = append(old, from(int64(i+1), "Old Institute", "a title", each.past))
			}
			past, _ := digest.Compose(pack(t), draftOf(1), old)
			for i, title := range each.titles {
				now = append(now, from(int64(100+i), fmt.Sprint("The Lorvan Centre in town ", i), title, ""))
			}
			e, _ := digest.Compose(pack(t), draftOf(2, past), now)
			if !slices.Equal(e.Fresh.Names, each.want) {
				t.Errorf("got %q, want %q", e.Fresh.Names, each.want)
			}
			// The small words inside of names are those of English.
			other := *pack(t)
			other.Language = "de"
			if e, _ := digest.Compose(&other, draftOf(2, past), now); e.Fresh.Names != nil {
				t.Errorf("in another language: %q", e.Fresh.Names)
			}
			// With too little to compare with, nothing is called new.
			past, _ = digest.Compose(pack(t), draftOf(1), old[:7])
			if e, _ := digest.Compose(pack(t), draftOf(2, past), now); e.Fresh.Names != nil {
				t.Errorf("after seven pieces: %q", e.Fresh.Names)
			}
		})
	}
}

// The topic's own name is no news.
func TestTheTopicIsNoNews(t *testing.T) {
	p := *pack(t)
	p.Name = "The Lorvan Pact and what it is worth"
	var old, now []digest.Candidate
	for i := range 8 {
		old = append(old, from(int64(i+1), "Old Institute", "a title", ""))
	}
	past, _ := digest.Compose(&p, draftOf(1), old)
	for i := range 3 {
		now = append(now, from(int64(100+i), fmt.Sprint("Outlet ", i), fmt.Sprint("what the Lorvan Pact says in part ", i), ""))
	}
	if e, _ := digest.Compose(&p, draftOf(2, past), now); e.Fresh.Names != nil {
		t.Errorf("got %q", e.Fresh.Names)
	}
}
