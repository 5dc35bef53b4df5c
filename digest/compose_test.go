package digest_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"standpoint/digest"
	"standpoint/digest/stance"
	"standpoint/digest/topic"
)

var monday = time.Date(2026, 3, 2, 7, 7, 0, 0, time.UTC)

var builtin = sync.OnceValues(func() (*topic.Pack, error) { return topic.Builtin("ukraine-security-guarantees") })

func pack(t testing.TB) *topic.Pack {
	t.Helper()
	p, err := builtin()
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// piece makes a candidate that nothing else is a copy of. Its text is of whole
// sentences, each a quote that tests can point at.
func piece(item int64, key topic.StanceKey, doubt stance.Doubt) digest.Candidate {
	name := fmt.Sprintf("example.org/%d", item)
	return digest.Candidate{
		Item: item, Title: fmt.Sprintf("Piece %d", item), TitleKey: fmt.Sprintf("piece%d", item),
		URL: "https://" + name, Key: name, Canonical: name,
		Outlet: "Example Institute", Country: "BE", Published: monday.Add(-time.Duration(item) * time.Hour),
		FirstSeen: monday, Text: "One sentence. Another sentence. A third.", Basis: stance.BasisPage,
		Verdict: stance.Verdict{Relevant: true, Stance: key, Doubt: doubt, Confidence: 0.8},
	}
}

func compose(t testing.TB, candidates ...digest.Candidate) digest.Edition {
	t.Helper()
	e := digest.Compose(pack(t), digest.Draft{
		Number: 7, Window: digest.Window{From: monday.AddDate(0, 0, -7), To: monday},
		Feeds: digest.FeedCount{Read: 31, Failed: 2}, Seen: 214,
	}, candidates)
	if e.Pieces.Kept != e.Entries() {
		t.Errorf("kept %d, entries %d", e.Pieces.Kept, e.Entries())
	}
	return e
}

// layout tells an edition as "bind: 1 2", one line a section.
func layout(e digest.Edition) string {
	var b strings.Builder
	for _, s := range e.Sections {
		fmt.Fprintf(&b, "%s:", s.Stance)
		for _, en := range s.Entries {
			fmt.Fprintf(&b, " %d", en.Item)
		}
		b.WriteByte('\n')
	}
	return b.String()
}

func TestSectionsComeInThePacksOrderAndUnsureLast(t *testing.T) {
	e := compose(t,
		piece(1, "survey", stance.Sure), piece(3, "bind", stance.Leaning), piece(2, "bind", stance.Sure),
		piece(4, "settle", stance.Unsure), piece(5, "arm", stance.Sure))
	want := "bind: 2 3\ndeploy:\narm: 5\nsettle:\nsurvey: 1\nunsure: 4\n"
	if got := layout(e); got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
	last := e.Sections[len(e.Sections)-1]
	if got := last.Entries[0]; got.Stance != "settle" || got.StanceName == "" || got.Doubt != stance.Unsure {
		t.Errorf("the unsure piece lost its best guess: %+v", got)
	}
	if e.Number != 7 || e.Pieces.Seen != 214 || e.Feeds.Read != 31 || e.Question == "" || e.Topic == "" {
		t.Errorf("masthead: %+v", e)
	}
}

func TestNoCandidates(t *testing.T) {
	e := compose(t)
	if e.Entries() != 0 || len(e.Sections) != len(pack(t).Stances)+1 {
		t.Errorf("an edition of nothing: %s", layout(e))
	}
}

// A piece that another pack judged, or an older one, would be lost for ever:
// the store counts it as published with the edition that it was a candidate for.
func TestStanceThatThePackHasNotGoesToUnsure(t *testing.T) {
	c := piece(1, "neutrality", stance.Sure)
	c.Verdict.Also = []topic.StanceKey{"partition", "arm"}
	for _, key := range []topic.StanceKey{"neutrality", "", topic.Unsure} {
		c.Verdict.Stance = key
		e := compose(t, c, piece(2, "bind", stance.Sure))
		if got, want := layout(e), "bind: 2\ndeploy:\narm:\nsettle:\nsurvey:\nunsure: 1\n"; got != want {
			t.Errorf("stance %q: got\n%swant\n%s", key, got, want)
		}
		en := e.Sections[5].Entries
		if len(en) == 1 && (en[0].Doubt != stance.Unsure || !slices.Equal(en[0].Also, []topic.StanceKey{"arm"}) || len(en[0].AlsoNames) != 1) {
			t.Errorf("stance %q: doubt %q, also %q %q", key, en[0].Doubt, en[0].Also, en[0].AlsoNames)
		}
	}
}

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
	ofReprint := titled(at(piece(9, "arm", stance.Sure), "Digest", "reprint.org/b"), "Newly titled")
	homeless := piece(10, "arm", stance.Sure)
	homeless.URL, homeless.Key, homeless.Canonical, homeless.TitleKey = "", "", "", ""
	homeless2 := homeless
	homeless2.Item = 11
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
		{"one outlet at two addresses", []digest.Candidate{original, moved, moved}, "5[Original]"},
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

func TestAnyOrderOfCandidatesGivesTheSameEdition(t *testing.T) {
	random := rand.New(rand.NewPCG(2026, 3))
	keys := []topic.StanceKey{"bind", "deploy", "arm", "settle", "survey", "gone"}
	doubts := []stance.Doubt{stance.Sure, stance.Leaning, stance.Unsure}
	bases := []stance.Basis{stance.BasisPage, stance.BasisFeed, stance.BasisTeaser, stance.BasisTitle}
	for round := range 300 {
		var candidates []digest.Candidate
		for i := range 2 + random.IntN(10) {
			c := piece(int64(i+1), keys[random.IntN(len(keys))], doubts[random.IntN(3)])
			c.Basis, c.Position = bases[random.IntN(4)], random.IntN(3)
			c.Outlet = fmt.Sprintf("Outlet %d", random.IntN(4))
			c.Published = []time.Time{{}, monday, monday.Add(-time.Hour)}[random.IntN(3)]
			c.Key = fmt.Sprintf("example.org/%d", random.IntN(6))
			c.Canonical = fmt.Sprintf("example.org/%d", random.IntN(6))
			c.TitleKey = fmt.Sprintf("title%d", random.IntN(3))
			candidates = append(candidates, c)
		}
		want := compose(t, candidates...)
		random.Shuffle(len(candidates), func(i, j int) { candidates[i], candidates[j] = candidates[j], candidates[i] })
		if diff := cmp.Diff(want, compose(t, candidates...)); diff != "" {
			t.Fatalf("round %d: the order changed the edition (-first +shuffled):\n%s", round, diff)
		}
		shown := map[int64]bool{}
		for _, s := range want.Sections {
			for _, en := range s.Entries {
				shown[en.Item] = true
			}
		}
		for i, c := range candidates { // nothing lost, nothing twice
			copied := shown[c.Item]
			for k, o := range candidates {
				same := i != k && digest.Same(c, o)
				copied = copied || same
				if same && shown[c.Item] && shown[o.Item] {
					t.Fatalf("round %d: pieces %d and %d are copies and both are shown", round, c.Item, o.Item)
				}
			}
			if !copied {
				t.Fatalf("round %d: piece %d is lost", round, c.Item)
			}
		}
	}
}
