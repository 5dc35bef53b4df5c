package render

import (
	"fmt"
	"maps"
	"math"
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// S30: every text has contrast of at least 4.5:1 to what lies behind it, in the
// light palette, in the dark one, and when a mail program inverts either.
func TestContrast(t *testing.T) {
	each(t, func(t *testing.T, l Letter) {
		doc := page(t, l)
		light := map[pair]bool{}
		pairs(doc, pair{}, nil, light)
		dark := map[pair]bool{}
		pairs(doc, pair{}, darkRules(t, l.HTML), dark)
		if len(light) < 3 || len(dark) < 3 {
			t.Fatalf("pairs found: %v light, %v dark", light, dark)
		}
		for name, set := range map[string]map[pair]bool{"light": light, "dark": dark} {
			for p := range set {
				if p.text == "" || p.ground == "" {
					t.Errorf("%s: a text with colours %v", name, p)
					continue
				}
				for _, inverted := range []bool{false, true} {
					if c := contrast(p, inverted); c < 4.5 {
						t.Errorf("%s, inverted %t: %s on %s has %.2f:1", name, inverted, p.text, p.ground, c)
					}
				}
			}
		}
		for p := range light {
			if dark[p] {
				t.Errorf("%v is the same in the dark", p)
			}
		}
	})
	if regexp.MustCompile(`(?i)#(000|fff)(000|fff)?\b`).MatchString(render(t, full(t)).HTML) {
		t.Error("pure black or white")
	}
}

type pair struct{ text, ground string }

var (
	textColour = regexp.MustCompile(`(?:^|[;{ ])color: ?(#[0-9a-fA-F]{6})`)
	ground     = regexp.MustCompile(`background-color: ?(#[0-9a-fA-F]{6})`)
	darkRule   = regexp.MustCompile(`(?m)^\.(\w+) \{(.*)\}$`)
)

// darkRules reads the style sheet's rules for the dark, by class.
func darkRules(t *testing.T, page string) map[string]string {
	t.Helper()
	_, css, ok := strings.Cut(page, "@media (prefers-color-scheme: dark) {")
	if !ok {
		t.Fatal("no rules for the dark")
	}
	css, _, _ = strings.Cut(css, "@media")
	out := map[string]string{}
	for _, m := range darkRule.FindAllStringSubmatch(css, -1) {
		out[m[1]] = m[2]
	}
	return out
}

// pairs collects the colours that visible texts have, inherited as in a
// browser: a class's rule wins over the style attribute, being important.
func pairs(n *html.Node, at pair, dark map[string]string, out map[pair]bool) {
	if n.Type == html.ElementNode {
		style := attr(n, "style")
		if n.Data == "head" || strings.Contains(style, "display:none") {
			return
		}
		styles := []string{style}
		for _, class := range strings.Fields(attr(n, "class")) {
			styles = append(styles, dark[class])
		}
		for _, s := range styles {
			if m := textColour.FindStringSubmatch(s); m != nil {
				at.text = m[1]
			}
			if m := ground.FindStringSubmatch(s); m != nil {
				at.ground = m[1]
			}
		}
	}
	if n.Type == html.TextNode && strings.Trim(n.Data, " \n\u00a0\u2002") != "" {
		out[at] = true
	}
	for c := range n.ChildNodes() {
		pairs(c, at, dark, out)
	}
}

// contrast follows WCAG 2.2, "contrast ratio".
func contrast(p pair, inverted bool) float64 {
	a, b := luminance(p.text, inverted), luminance(p.ground, inverted)
	return (max(a, b) + 0.05) / (min(a, b) + 0.05)
}

func luminance(colour string, inverted bool) float64 {
	var rgb [3]int
	if _, err := fmt.Sscanf(colour, "#%02x%02x%02x", &rgb[0], &rgb[1], &rgb[2]); err != nil {
		return math.NaN()
	}
	sum := 0.0
	for i, weight := range []float64{0.2126, 0.7152, 0.0722} {
		if inverted {
			rgb[i] = 255 - rgb[i]
		}
		c := float64(rgb[i]) / 255
		if c <= 0.04045 {
			c /= 12.92
		} else {
			c = math.Pow((c+0.055)/1.055, 2.4)
		}
		sum += weight * c
	}
	return sum
}

// S31: no stance is told by colour alone, and no two by the same shape.
func TestShapes(t *testing.T) {
	e := full(t)
	l := render(t, e)
	shapes := map[string]string{}
	for _, s := range e.Sections {
		if other, taken := shapes[s.Shape]; taken {
			t.Errorf("%s and %s have the shape %s", s.Name, other, s.Shape)
		}
		shapes[s.Shape] = s.Name
	}
	coloured := regexp.MustCompile(`(^| )b?s\d( |$)`)
	for _, n := range elements(page(t, l), "span", "td") {
		if !coloured.MatchString(attr(n, "class")) {
			continue
		}
		got := text(n)
		if !slices.ContainsFunc(slices.Collect(maps.Keys(shapes)), func(s string) bool { return strings.HasPrefix(got, s) }) {
			t.Errorf("coloured, but without a shape: %q", got)
		}
	}
}
