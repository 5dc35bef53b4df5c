package digest_test

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"standpoint/digest"
	"standpoint/digest/stance"
	"standpoint/digest/topic"
	"standpoint/feeds"
)

func TestCopies(t *testing.T) {
	at := func(c digest.Candidate, outlet, key string) digest.Candidate {
		c.Outlet, c.URL, c.Key, c.Canonical, c.Published = outlet, "https://"+key, key, key, monday
		return c
	}
	titled := func(c digest.Candidate, title string) digest.Candidate {
		c.Title, c.TitleKey = title, strings.ToLower(title)
		return c
	}
	original := titled(at(piece(5, "arm", stance.Sure), "Original", "original.org/a"), "Title")
	sameKey := titled(at(piece(6, "arm", stance.Sure), "Aggregator", "original.org/a"), "Retitled")
	reprint := titled(at(piece(7, "arm", stance.Sure), "Reprint", "reprint.org/b"), "Title")
	reprint.Canonical = "original.org/a"
	moved := titled(at(piece(13, "arm", stance.Sure), "Original", "original.org/b"), "Title")
	moved.Canonical = "original.org/a"
	another := titled(at(piece(8, "arm", stance.Sure), "Reprint", "reprint.org/c"), "Another")
	another.Canonical = "original.org/a" // a site whose every page names one address
	again := reprint
	again.Item, again.URL, again.Key = 14, "https://reprint.org/e", "reprint.org/e"
	ofReprint := titled(at(piece(9, "arm", stance.Sure), "Digest", "reprint.org/b"), "Newly titled")
	homeless := piece(10, "arm", stance.Sure)
	homeless.URL, homeless.Key, homeless.Canonical, homeless.TitleKey = "", "", "", ""
	homeless2 := homeless
	homeless2.Item, homeless2.Text = 11, "Other words altogether. Not one of them again."
	for _, each := range []struct {
		name       string
		candidates []digest.Candidate
		want       string // entries, each with its copies
	}{
		{"one address", []digest.Candidate{sameKey, original}, "5[Aggregator]"},
		{"canonical and title", []digest.Candidate{reprint, original}, "5[Reprint]"},
		{"canonical alone", []digest.Candidate{another, original}, "8 5"},
		{"a copy of a copy", []digest.Candidate{ofReprint, reprint, original}, "5[Digest Reprint]"},
		{"a copy of a copy without the original", []digest.Candidate{ofReprint, reprint}, "9[Reprint]"},
		{"neither address nor title", []digest.Candidate{homeless, homeless2}, "10 11"},
		{"one outlet twice", []digest.Candidate{original, at(titled(piece(12, "arm", stance.Sure), "Title"), "Original", "original.org/a")}, "5"},
		{"one outlet at two addresses", []digest.Candidate{original, moved}, "5[Original]"},
		{"another outlet at two addresses", []digest.Candidate{original, reprint, again}, "5[Reprint]"},
	} {
		t.Run(each.name, func(t *testing.T) {
			var got []string
			for _, s := range compose(t, each.candidates...).Sections {
				for _, en := range s.Entries {
					name := fmt.Sprint(en.Item)
					var at []string
					for _, c := range en.AlsoAt {
						at = append(at, c.Outlet)
					}
					slices.Sort(at)
					if len(at) > 0 {
						name += "[" + strings.Join(at, " ") + "]"
					}
					got = append(got, name)
				}
			}
			if strings.Join(got, " ") != each.want {
				t.Errorf("got %q, want %q", got, each.want)
			}
		})
	}
}

func TestWhichCopyIsShown(t *testing.T) {
	base := func(item int64) digest.Candidate {
		c := piece(item, "arm", stance.Sure)
		c.Key, c.Canonical, c.Published = "example.org/a", "example.org/a", monday
		return c
	}
	for _, each := range []struct {
		name   string
		change func(first, second *digest.Candidate) // so that the second is shown
	}{
		{"the original", func(a, b *digest.Candidate) { a.Key, a.TitleKey = "reprint.org/a", b.TitleKey }},
		{"the whole text", func(a, _ *digest.Candidate) { a.Basis = stance.BasisTeaser }},
		{"the whole before the part in front of a paywall", func(a, b *digest.Candidate) { a.Basis, b.Basis = stance.BasisPaywall, stance.BasisFeed }},
		{"that part before a teaser", func(a, b *digest.Candidate) { a.Basis, b.Basis = stance.BasisTeaser, stance.BasisPaywall }},
		{"the text from the feed before a teaser", func(a, b *digest.Candidate) { a.Basis, b.Basis = stance.BasisTeaser, stance.BasisFeed }},
		{"a teaser before a title", func(a, b *digest.Candidate) { a.Basis, b.Basis = stance.BasisTitle, stance.BasisTeaser }},
		{"the earlier", func(_, b *digest.Candidate) { b.Published = monday.Add(-time.Hour) }},
		{"the dated, where the undated was seen later", func(a, b *digest.Candidate) { a.Published, b.Published = time.Time{}, monday.Add(-time.Hour) }},
		{"the one higher in the config", func(a, _ *digest.Candidate) { a.Position = 1 }},
	} {
		t.Run(each.name, func(t *testing.T) {
			a, b := base(1), base(2)
			each.change(&a, &b)
			e := compose(t, a, b)
			if got := e.Sections[2].Entries; len(got) != 1 || got[0].Item != 2 {
				t.Errorf("got %s", layout(e))
			}
		})
	}
}

// prose makes up a text of so many words; each seed gives another.
func prose(seed uint64, words int) string {
	random := rand.New(rand.NewPCG(seed, 1))
	out := make([]string, words)
	for i := range out {
		out[i] = string(rune('a'+random.IntN(26))) + string(rune('a'+random.IntN(26)))
	}
	return strings.Join(out, " ")
}

// version makes a candidate at an outlet of its own.
func version(item int64, title, text string) digest.Candidate {
	c := piece(item, "arm", stance.Sure)
	c.Title, c.TitleKey, c.Text = title, strings.ToLower(title), text
	c.Outlet = fmt.Sprint("Outlet ", item)
	return c
}

func carried(edition int, c digest.Candidate) digest.Carried {
	return digest.Carried{Item: c.Item, Edition: edition, Print: feeds.NewFingerprint(c.Outlet, c.Title, c.Text, c.Published)}
}

func TestFilings(t *testing.T) {
	text := prose(1, 400)
	excerpt := text[:len(text)/4]
	full := version(1, "Guarantees that bind", text)
	teaser := version(2, "Guarantees that bind", excerpt)
	teaser.Basis = stance.BasisTeaser
	reprint := version(3, "What a promise to Kyiv is worth", prose(2, 40)+" "+text+" "+prose(3, 80))
	reprint.Published = monday // the latest
	sameAddress := version(4, "Retitled", "A teaser.")
	sameAddress.Key, sameAddress.Basis = full.Key, stance.BasisTeaser
	ofReprint := version(5, "Retitled again", "Another teaser.")
	ofReprint.Key, ofReprint.Basis = reprint.Key, stance.BasisTeaser
	other := version(6, "The other piece", prose(4, 400))
	old := version(50, "Guarantees that bind us", text)
	seen := version(7, "Seen before", "Yet another teaser.")
	seen.Repeat, seen.Original, seen.SameAddress, seen.Basis = 3, 50, true, stance.BasisTeaser
	ofSeen := version(8, "And its copy", "The last teaser.")
	ofSeen.Key, ofSeen.Basis = seen.Key, stance.BasisTeaser
	fullSeen := full
	fullSeen.Repeat, fullSeen.Original = 2, 40
	roundUp := version(9, "Experts react: what the summit gave", prose(5, 80)+" "+text+" "+prose(6, 300)+" "+prose(7, 300))
	roundUp.Authors = []string{"A. Contributor", "B. Contributor", "C. Contributor"}
	const wording = "1.00 of the other's wording is in it"
	for _, each := range []struct {
		name       string
		earlier    []digest.Carried
		candidates []digest.Candidate
		want       []digest.Filing
	}{
		{"none", nil, nil, nil},
		{"two pieces", nil, []digest.Candidate{full, other}, []digest.Filing{{Item: 1, Edition: 7}, {Item: 6, Edition: 7}}},
		{"an excerpt, a reprint, an address", nil, []digest.Candidate{reprint, sameAddress, teaser, full}, []digest.Filing{
			{Item: 1, Edition: 7}, {2, 7, 1, "1.00 of its wording is in the other"}, {3, 7, 1, wording}, {4, 7, 1, "same address"},
		}},
		{"a copy of a reprint", nil, []digest.Candidate{ofReprint, reprint, full}, []digest.Filing{
			{Item: 1, Edition: 7}, {3, 7, 1, wording}, {5, 7, 1, "same address as another copy of it"},
		}},
		{"a piece that was shown", []digest.Carried{carried(3, old)}, []digest.Candidate{full, ofReprint, reprint, other}, []digest.Filing{
			{1, 3, 50, "1.00 of its wording is in the other"}, {3, 3, 50, wording}, {5, 3, 50, "same address as another copy of it"}, {Item: 6, Edition: 7},
		}},
		{"an address that was shown", nil, []digest.Candidate{seen, ofSeen}, []digest.Filing{
			{7, 3, 50, "same address"}, {8, 3, 50, "same address as another copy of it"},
		}},
		{"the wording of an address that was shown long ago", nil, []digest.Candidate{reprint, fullSeen}, []digest.Filing{
			{1, 2, 40, "its page names the same address, same title"}, {3, 2, 40, wording},
		}},
		{"a round-up and a contribution", nil, []digest.Candidate{roundUp, full}, []digest.Filing{{Item: 1, Edition: 7}, {Item: 9, Edition: 7}}},
		{"a round-up after its contribution", []digest.Carried{carried(3, old)}, []digest.Candidate{roundUp}, []digest.Filing{{Item: 9, Edition: 7}}},
	} {
		t.Run(each.name, func(t *testing.T) {
			e, got := composeAfter(t, each.earlier, each.candidates...)
			if diff := gocmp.Diff(each.want, got); diff != "" {
				t.Errorf("filings (-want +got):\n%s", diff)
			}
			shown := 0
			for _, f := range got {
				if f.Edition == 7 && f.CopyOf == 0 {
					shown++
				}
			}
			if e.Entries() != shown {
				t.Errorf("%d entries, %d pieces filed as shown", e.Entries(), shown)
			}
		})
	}
}

// Each is like the next, and the first is not like the last: with the piece that
// is shown as the measure they are two.
func TestLikenessMakesNoChain(t *testing.T) {
	text := prose(1, 1000)
	words := strings.Fields(text)
	span := func(item int64, from, to int) digest.Candidate {
		c := version(item, fmt.Sprint("Title ", prose(uint64(item), 6)), strings.Join(words[from:to], " "))
		c.Published = monday.Add(time.Duration(item) * time.Hour)
		return c
	}
	first, second, third := span(1, 0, 600), span(2, 120, 720), span(3, 240, 840)
	_, got := composeAfter(t, nil, third, first, second)
	if len(got) != 3 || got[0].CopyOf != 0 || got[1].CopyOf != 1 || got[2].CopyOf != 0 {
		t.Errorf("got %+v", got)
	}
}

// one says whether the addresses of two candidates show one piece.
func one(a, b digest.Candidate) bool {
	return a.Key != "" && a.Key == b.Key ||
		a.Canonical != "" && a.Canonical == b.Canonical && a.TitleKey != "" && a.TitleKey == b.TitleKey
}

func TestAnyOrderOfCandidatesGivesTheSameEdition(t *testing.T) {
	makesGarbage(t)
	random := rand.New(rand.NewPCG(2026, 3))
	keys := []topic.StanceKey{"bind", "deploy", "arm", "settle", "survey", "gone"}
	doubts := []stance.Doubt{stance.Sure, stance.Leaning, stance.Unsure}
	bases := []stance.Basis{stance.BasisPage, stance.BasisFeed, stance.BasisTeaser, stance.BasisTitle}
	text := prose(1, 400)
	texts := []string{text, text[:300], text[200:], prose(2, 50) + " " + text, text + " " + prose(3, 300), prose(4, 300), ""}
	for round := range 300 {
		var candidates []digest.Candidate
		for i := range 2 + random.IntN(10) {
			c := piece(int64(i+1), keys[random.IntN(len(keys))], doubts[random.IntN(3)])
			c.Basis, c.Position = bases[random.IntN(4)], random.IntN(3)
			c.Outlet = fmt.Sprintf("Outlet %d", random.IntN(4))
			c.Published = []time.Time{{}, monday, monday.Add(-time.Hour)}[random.IntN(3)]
			c.Key = fmt.Sprintf("example.org/%d", random.IntN(12))
			c.Canonical = fmt.Sprintf("example.org/%d", random.IntN(12))
			c.Title = []string{"A guarantee that binds Europe", "Opinion: A guarantee that binds Europe", "Troops"}[random.IntN(3)]
			c.TitleKey = strings.ToLower(c.Title)
			c.Text = texts[random.IntN(len(texts))]
			if random.IntN(6) == 0 {
				c.Repeat, c.Original = 1+random.IntN(3), int64(100+random.IntN(3))
			}
			candidates = append(candidates, c)
		}
		var earlier []digest.Carried
		for i := range random.IntN(3) {
			earlier = append(earlier, carried(1+i%2, version(int64(100+i), "Troops", texts[random.IntN(len(texts))])))
		}
		want, filed := composeAfter(t, earlier, candidates...)
		random.Shuffle(len(candidates), func(i, j int) { candidates[i], candidates[j] = candidates[j], candidates[i] })
		slices.Reverse(earlier)
		got, filedAgain := composeAfter(t, earlier, candidates...)
		if diff := gocmp.Diff(want, got) + gocmp.Diff(filed, filedAgain); diff != "" {
			t.Fatalf("round %d: the order changed the edition (-first +shuffled):\n%s", round, diff)
		}
		wantNoneLost(t, want, candidates, filed)
		if t.Failed() {
			t.Fatalf("round %d", round)
		}
	}
}

// wantNoneLost asserts that each candidate is filed once, as shown or as a copy
// of something that is shown, and that no two copies are shown.
func wantNoneLost(t *testing.T, e digest.Edition, candidates []digest.Candidate, filings []digest.Filing) {
	t.Helper()
	shown := map[int64]bool{}
	for _, s := range e.Sections {
		for _, en := range s.Entries {
			shown[en.Item] = true
		}
	}
	slices.SortFunc(candidates, func(a, b digest.Candidate) int { return cmp.Compare(a.Item, b.Item) })
	if len(filings) != len(candidates) {
		t.Fatalf("%d filings of %d pieces", len(filings), len(candidates))
	}
	for i, f := range filings {
		switch c := candidates[i]; {
		case f.Item != c.Item:
			t.Errorf("filing %d is of piece %d, want %d", i, f.Item, c.Item)
		case f.CopyOf == 0 && (!shown[f.Item] || f.Edition != e.Number || f.Why != ""):
			t.Errorf("filed as shown: %+v", f)
		case f.CopyOf != 0 && (shown[f.Item] || f.Why == "" || shown[f.CopyOf] != (f.Edition == e.Number)):
			t.Errorf("filed as a copy: %+v", f)
		}
		for k := range i {
			if a, b := candidates[i], candidates[k]; one(a, b) && shown[a.Item] && shown[b.Item] {
				t.Errorf("pieces %d and %d are copies and both are shown", a.Item, b.Item)
			}
		}
	}
}
