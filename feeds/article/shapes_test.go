package article

import (
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
)

// score is how well a set of pages was read.
type score struct {
	pages, leaks         int
	fields, fieldsRight  int
	expected, found      int // words of the pieces
	extracted, unwelcome int // words of the texts that came out, and those of them that are not the piece's
}

func (s score) recall() float64  { return float64(s.found) / float64(max(1, s.expected)) }
func (s score) foreign() float64 { return float64(s.unwelcome) / float64(max(1, s.extracted)) }

// TestShapes extracts testdata/shapes and holds the result against what was
// written with the pages. Every second page by name is the untouched half: the
// rules were not tuned on it, and its pages are counted together and never
// printed one by one, so that nobody can.
func TestShapes(t *testing.T) {
	pages, err := filepath.Glob("testdata/shapes/*.html")
	if err != nil || len(pages) < 24 {
		t.Fatalf("%d pages, %v", len(pages), err)
	}
	var tuned, untouched score
	for i, page := range pages {
		half := &tuned
		if i%2 == 1 {
			half = &untouched
		}
		one := judge(t, page)
		half.add(one)
		if half == &tuned && (one.recall() < 1 || one.unwelcome > 0 || one.leaks > 0 || one.fieldsRight < one.fields) {
			t.Logf("%s: %s", filepath.Base(page), one)
		}
	}
	t.Logf("tuned half:     %s", tuned)
	t.Logf("untouched half: %s", untouched)
	for name, s := range map[string]score{"tuned": tuned, "untouched": untouched} {
		if s.leaks > 0 || s.recall() < minRecall || s.foreign() > maxForeign || s.fieldsRight < s.fields*minFields/100 {
			t.Errorf("%s half: %s", name, s)
		}
	}
}

// What each half must reach.
const (
	minRecall  = 0.99
	maxForeign = 0.02
	minFields  = 95 // per cent
)

func (s score) String() string {
	per := func(x float64) string { return strconv.FormatFloat(100*x, 'f', 1, 64) + " %" }
	return strconv.Itoa(s.pages) + " pages, expected words found " + per(s.recall()) + ", foreign words " + per(s.foreign()) +
		", comments leaked " + strconv.Itoa(s.leaks) + ", fields right " + strconv.Itoa(s.fieldsRight) + "/" + strconv.Itoa(s.fields)
}

func (s *score) add(o score) {
	s.pages += o.pages
	s.leaks += o.leaks
	s.fields += o.fields
	s.fieldsRight += o.fieldsRight
	s.expected += o.expected
	s.found += o.found
	s.extracted += o.extracted
	s.unwelcome += o.unwelcome
}

// judge extracts one page. All comments of the fixtures, and nothing else in
// them, name the town of Grumbleford.
func judge(t *testing.T, page string) score {
	t.Helper()
	name := strings.TrimSuffix(filepath.Base(page), ".html")
	head, want, _ := strings.Cut(string(read(t, strings.TrimSuffix(page, ".html")+".txt")), "\n\n")
	a, err := Extract(read(t, page), "text/html", "https://page.example/2025/"+name)
	s := score{pages: 1}
	got := map[string]string{
		"title": a.Title, "authors": strings.Join(a.Authors, "|"), "published": a.Published.Format(time.RFC3339),
		"canonical": a.Canonical, "language": a.Language, "paywalled": strconv.FormatBool(a.Paywalled),
	}
	for line := range strings.SplitSeq(head, "\n") {
		key, value, _ := strings.Cut(line, ":")
		value = strings.TrimSpace(value)
		s.fields++
		if err == nil && got[key] == value {
			s.fieldsRight++
		} else if tuning(page) {
			t.Logf("%s: %s is %q, want %q (%v)", name, key, got[key], value, err)
		}
	}
	left := map[string]int{}
	for w := range strings.FieldsSeq(want) {
		left[w]++
		s.expected++
	}
	for w := range strings.FieldsSeq(a.Text) {
		s.extracted++
		if left[w] > 0 {
			left[w]--
			s.found++
		} else {
			s.unwelcome++
		}
	}
	s.leaks = strings.Count(a.Text, "Grumbleford")
	return s
}

// tuning reports whether a page may be looked at closely.
func tuning(page string) bool {
	pages, _ := filepath.Glob("testdata/shapes/*.html")
	for i, p := range pages {
		if p == page {
			return i%2 == 0
		}
	}
	return false
}
