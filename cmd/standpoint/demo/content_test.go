package demo

import (
	"encoding/json"
	"io/fs"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

// expected is where each piece ought to come out in an edition. Pieces are named
// by the path of their address, without the leading slash.
type expected struct {
	On []struct {
		Piece   string
		Primary string
		Accept  []string // primary and what a careful reader would take for it
		Hard    string   // why a classifier may doubt; empty when it should not
	}
	Off      []string
	Reprints []struct{ Outlet, Of, Page string }
	Dead     []string
}

func readExpected(t *testing.T) expected {
	t.Helper()
	raw, err := os.ReadFile("testdata/expected.json")
	if err != nil {
		t.Fatal(err)
	}
	var want expected
	if err := json.Unmarshal(raw, &want); err != nil {
		t.Fatal(err)
	}
	return want
}

// own lists the pieces that outlets wrote themselves.
func own(s *Site) []*piece {
	var list []*piece
	for _, o := range s.outlets {
		for _, p := range o.Pieces {
			if p.Original == nil {
				list = append(list, p)
			}
		}
	}
	return list
}

func TestExpectedNamesEveryPieceOnce(t *testing.T) {
	s, want := newSite(t), readExpected(t)
	var named, have []string
	camps := map[string]int{}
	for _, e := range want.On {
		named = append(named, e.Piece)
		camps[e.Primary]++
		if !slices.Contains(e.Accept, e.Primary) {
			t.Errorf("%s: accept lacks the primary stance", e.Piece)
		}
	}
	for _, p := range own(s) {
		have = append(have, strings.TrimPrefix(p.Path(), "/"))
	}
	named = append(named, want.Off...)
	slices.Sort(named)
	slices.Sort(have)
	if !slices.Equal(named, have) {
		t.Errorf("expected.json names\n%q\nbut the outlets have\n%q", named, have)
	}
	if len(want.On) != 22 || len(want.Off) != 18 {
		t.Errorf("%d pieces on the subject and %d off it, want 22 and 18", len(want.On), len(want.Off))
	}
	for _, stance := range []string{"bind", "deploy", "arm", "settle", "survey"} {
		if camps[stance] < 4 {
			t.Errorf("%d pieces for %s, want 4 or more", camps[stance], stance)
		}
	}
}

func TestExpectedReprintsAndDead(t *testing.T) {
	s, want := newSite(t), readExpected(t)
	type reprint = struct{ Outlet, Of, Page string }
	var reprints []reprint
	var dead []string
	for _, o := range s.outlets {
		if o.failure != 0 {
			dead = append(dead, o.Slug)
		}
		for _, p := range o.Pieces {
			if p.Original == nil {
				continue
			}
			page := "own"
			if p.borrowed {
				page = "original"
			}
			reprints = append(reprints, reprint{o.Slug, strings.TrimPrefix(p.Canonical(), "/"), page})
		}
	}
	if !slices.Equal(reprints, want.Reprints) || !slices.Equal(dead, want.Dead) {
		t.Errorf("reprints %v, dead %v; want %v, %v", reprints, dead, want.Reprints, want.Dead)
	}
}

func TestPiecesAreFitToShow(t *testing.T) {
	s := newSite(t)
	titles := map[string]bool{}
	for _, p := range own(s) {
		if n := utf8.RuneCountInString(p.Title); n > 80 {
			t.Errorf("%s: title of %d characters", p.Path(), n)
		}
		if titles[p.Title] {
			t.Errorf("%s: title used twice", p.Path())
		}
		titles[p.Title] = true
		words := 0
		for _, b := range p.blocks {
			words += len(strings.Fields(b.text))
		}
		if words < 120 || words > 350 {
			t.Errorf("%s: %d words, want 120 to 350", p.Path(), words)
		}
		if p.Section == "" {
			t.Errorf("%s: no section", p.Path())
		}
	}
	for _, o := range s.outlets {
		slugs := map[string]bool{}
		for _, p := range o.Pieces {
			if slugs[p.slug] || p.slug == "" || p.slug == "feed" {
				t.Errorf("%s: slug %q is taken", o.Slug, p.slug)
			}
			slugs[p.slug] = true
			if age := noon().Sub(p.Published); age <= 0 || age > Span {
				t.Errorf("%s: published %v before now", p.Path(), age)
			}
			if p.Original != nil && !p.Original.Published.Before(p.Published) {
				t.Errorf("%s: reprinted before it came out", p.Path())
			}
		}
	}
}

// TestNobodyReal looks for people and institutes of the real debate, and for
// what would tie the texts to one machine.
func TestNobodyReal(t *testing.T) {
	known := regexp.MustCompile(`\b(Putin|Lavrov|Medvedev|Peskov|Zelensk\w+|Yermak|Zaluzhn\w+|Trump|Biden|Vance|Rubio|` +
		`Hegseth|Kellogg|Witkoff|Macron|Starmer|Merz|Scholz|Tusk|Sikorski|Duda|Nawrocki|Meloni|Orbán|Rutte|Stoltenberg|` +
		`Rasmussen|Stubb|Frederiksen|Kallas|Leyen|Costa|Erdoğan|Mearsheimer|Kissinger|Atlantic Council|Chatham House|` +
		`Carnegie|Brookings|RAND|RUSI|Quincy|Cato|Heritage|Hudson|Bruegel|Clingendael|Egmont|CEPA|ECFR|CSIS|IISS|SIPRI|` +
		`Wilson Center|Centre for European|Council on Foreign|Valdai|Rasmussen Global|Royal United)\b`)
	err := fs.WalkDir(files, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := fs.ReadFile(files, name)
		for _, hit := range known.FindAllString(string(text), -1) {
			t.Errorf("%s: mentions %q", name, hit)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
