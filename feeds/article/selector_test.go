package article

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/andybalholm/cascadia"
	"golang.org/x/net/html"
)

// TestMatch holds our way through a page against the library's.
func TestMatch(t *testing.T) {
	doc, err := html.Parse(strings.NewReader(`<div id=a class="x y"><p>1<p class=x>2<h2 title="a > b, c">3</h2><p>4<!-- c --><p class="x z">5</p>text<div><div class=x><p>6<span class=y>7</span><p class=z>8</div><p>9</div></div><section class=x><p>10<ul><li>11<li class=x>12<li><p>13</ul></section>`))
	if err != nil {
		t.Fatal(err)
	}
	for _, list := range []string{
		"p", "*", ".x", "#a .x p", "div div p", "div > div > p", "div > p", "h2 ~ p", "h2 + p", "p + p", "p ~ p ~ h2 ~ p", "h2 ~ div p + p", ".x .x", ".x > .x", "div p, li", "li , .y,h2",
		`[title="a > b, c"] ~ p`, `[title='a > b, c']+p`, "p:not(.x)", "p:not(.x, .z) ~ p", "div:has(p.z) > p", "li:nth-child(2) ~ li", "p:contains('1')", "section/* a > b */p", "div>p~h2+p", `.\78  p`, "\n.x\n>\tp ", ":not(p) > p", "div p ~ p", "ul > li + li p", "nav p", "p > nav",
	} {
		group, err := cascadia.ParseGroup(list)
		if err != nil {
			t.Fatalf("%s: %v", list, err)
		}
		ours, err := parseSelectors(list)
		if err != nil {
			t.Errorf("%s: %v", list, err)
			continue
		}
		var want []*html.Node
		for _, n := range cascadia.QueryAll(doc, group) {
			if !slices.ContainsFunc(want, func(outer *html.Node) bool { return contains(outer, n) }) {
				want = append(want, n)
			}
		}
		if got := match(doc, ours); !slices.Equal(got, want) {
			t.Errorf("%s: %d elements, want %d", list, len(got), len(want))
		}
	}
}

// TestMatchTakesNoTime has selectors and pages that make the library try every
// way through many siblings, or up many levels.
func TestMatchTakesNoTime(t *testing.T) {
	wide := strings.Repeat("<p>xy", 50_000)
	deep := strings.Repeat("<div class=a><div class=b><div class=c>", 80) + strings.Repeat("<p>x</p>", 1_000)
	for _, row := range [][2]string{{wide, "h6 ~ p"}, {wide, "p ~ p ~ h6 ~ p ~ p"}, {deep, ".z .a .b .c .a .b .c p"}} {
		doc, err := html.Parse(strings.NewReader(row[0]))
		if err != nil {
			t.Fatal(err)
		}
		selectors, err := parseSelectors(row[1])
		if err != nil {
			t.Fatal(err)
		}
		start := time.Now()
		if found := match(doc, selectors); len(found) > 0 || time.Since(start) > 3*time.Second {
			t.Errorf("%s: %d found in %v", row[1], len(found), time.Since(start))
		}
	}
}

func TestSelectorTooLong(t *testing.T) {
	if _, err := NewRules([]string{strings.Repeat("div ", maxCompounds) + "p"}, nil); err == nil {
		t.Error("65 compounds are taken")
	}
	if _, err := NewRules([]string{strings.Repeat("div ", maxCompounds)}, nil); err != nil {
		t.Error(err)
	}
}
