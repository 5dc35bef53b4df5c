package main

import (
	"strings"
	"testing"
	"time"

	"standpoint/digest"
	"standpoint/digest/stance"
	"standpoint/digest/store"
	"standpoint/digest/topic"
	"standpoint/feeds"
)

// TestFates holds what is said of a piece that is in no edition against what the
// store knows of it.
func TestFates(t *testing.T) {
	pack, err := topic.Builtin("ukraine-security-guarantees")
	check(t, err)
	now := time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)
	for name, row := range map[string]struct {
		change func(*store.Known)
		plan   map[int64]digest.Filing
		want   string
	}{
		"held":        {func(k *store.Known) { k.Held, k.Pending = true, true }, nil, "Fate       held: came with far more new pieces than usual; to let them through: standpoint feeds release north"},
		"off subject": {func(k *store.Known) { k.LeftOut = store.OffSubject }, nil, "Fate       left out: title and teaser"},
		"by path":     {func(k *store.Known) { k.LeftOut = "path /jobs/" }, nil, "Fate       left out: its address has /jobs/, which"},
		"foreign":     {func(k *store.Known) { k.LeftOut = store.OtherLanguage("uk") }, nil, "Fate       left out: its language is uk, and pieces on this topic are judged in en\n"},
		"discarded":   {func(k *store.Known) { k.LeftOut = "discarded" }, nil, "Fate       left out: it was held, and discarded"},
		"too old":     {func(k *store.Known) { k.Eligible = time.Time{} }, nil, "Fate       too old: "},
		"waiting": {
			func(k *store.Known) {
				k.Pending, k.Attempts, k.PageError, k.Basis, k.Judged = true, 2, "page x:\n503", "", time.Time{}
			}, nil,
			"Fate       waiting: text and verdict are still to come\nPage       2 failed tries so far: page x: 503\n",
		},
		"not relevant": {func(k *store.Known) { k.Verdict.Relevant, k.Verdict.Relevance = false, 0.2 }, nil, "Fate       off subject: relevance 0.20, and 0.50 is needed"},
		"next edition": {func(*store.Known) {}, map[int64]digest.Filing{7: {Item: 7, Edition: 4}}, "Fate       ready: edition 4 would show it"},
		"not planned":  {func(*store.Known) {}, nil, "Fate       ready: it waits for the next edition"},
		"revised": {func(k *store.Known) {
			k.Revisions = []store.Revision{{Seen: now, Title: "One", Teaser: "a b c"}, {Seen: now, Title: "Two", Text: "a b"}}
		}, nil, "Revision   1, 2 Mar 12:00: One, 3 words\nRevision   2, 2 Mar 12:00: Two, 2 words\n"},
		"paywall": {func(k *store.Known) { k.Basis = stance.BasisPaywall }, nil, "Text       the free part of its page, before the paywall, 2 words"},
		"by hand": {func(k *store.Known) { k.Title = "Red\x1b[31m\u202e title" }, nil, "Title      Red[31m title\n"},
	} {
		k := store.Known{
			Piece:    store.Piece{ID: 7, Item: feeds.Item{Source: "north", Title: "T", URL: "https://north.example/a"}, Outlet: "North", FirstSeen: now},
			Key:      "north.example/a",
			Eligible: now, Text: "some text", Basis: stance.BasisPage, Judged: now,
			Verdict: stance.Verdict{Relevant: true, Relevance: 0.9, Stance: pack.Stances[0].Key},
		}
		row.change(&k)
		s := &settings{pack: pack}
		e := s.explained(k)
		check(t, e.settle(t.Context(), nil, k, row.plan))
		var b strings.Builder
		check(t, printExplained(plain{&b}, []explained{e}, clock{now, time.UTC}))
		if !strings.Contains(b.String(), row.want) {
			t.Errorf("%s: no %q in\n%s", name, row.want, b.String())
		}
	}
}

func TestSameSite(t *testing.T) {
	for _, row := range []struct {
		a, b string
		want bool
	}{
		{"cer.eu", "cer.eu", true},
		{"feeds.cer.eu", "cer.eu", true},
		{"cer.eu", "feeds.cer.eu", true},
		{"acer.eu", "cer.eu", false},
		{"", "cer.eu", false},
	} {
		if got := sameSite(row.a, row.b); got != row.want {
			t.Errorf("%q and %q: %v", row.a, row.b, got)
		}
	}
}
