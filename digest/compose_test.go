package digest_test

import (
	"fmt"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

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

// makesGarbage is for tests that compose hundreds of editions and keep none: with
// next to nothing alive, half of their time went into collecting it.
func makesGarbage(t *testing.T) {
	was := debug.SetGCPercent(400)
	t.Cleanup(func() { debug.SetGCPercent(was) })
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
	e, _ := composeAfter(t, nil, candidates...)
	return e
}

// composeAfter composes edition 7 after earlier ones.
func composeAfter(t testing.TB, earlier []digest.Carried, candidates ...digest.Candidate) (digest.Edition, []digest.Filing) {
	t.Helper()
	e, filings := digest.Compose(pack(t), digest.Draft{
		Number: 7, Window: digest.Window{From: monday.AddDate(0, 0, -7), To: monday},
		Feeds: digest.FeedCount{Read: 31, Failed: 2}, Seen: 214, Earlier: earlier,
	}, candidates)
	if e.Pieces.Kept != e.Entries() {
		t.Errorf("kept %d, entries %d", e.Pieces.Kept, e.Entries())
	}
	return e, filings
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
