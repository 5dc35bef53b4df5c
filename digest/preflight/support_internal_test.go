package preflight

import (
	"strings"
	"testing"
)

// The table has a letter for each client, and what is accepted is below the
// level: an acceptance that is needed no more is taken out.
func TestSupportTable(t *testing.T) {
	table := supportOf(supportTable)
	if len(table) < 250 {
		t.Errorf("%d features", len(table))
	}
	for feature, levels := range table {
		if len(levels) != len(clients()) || strings.Trim(levels, "ynau") != "" {
			t.Errorf("%s: %q", feature, levels)
		}
	}
	for feature, why := range accepted() {
		if !strings.Contains(table[feature], "n") || why == "" {
			t.Errorf("%s is accepted: %q, because %q", feature, table[feature], why)
		}
	}
	// A few that everybody who makes letters knows.
	for feature, want := range map[string]string{
		"property box-shadow": "nnyyn", "declaration display:flex": "any", "element table": "yyyyy", "property margin": "aaa",
	} {
		if !strings.HasPrefix(table[feature], want) {
			t.Errorf("%s: %q", feature, table[feature])
		}
	}
}

// What a style sheet and a page use is told in the table's words.
func TestFeatures(t *testing.T) {
	v, err := newView(`<style>@media (max-width:480px) and (orientation: landscape) {a:hover {color: rgb(1,2,3) !important; width: calc(100% - 2rem)}}
		@supports (display:grid) {p::before {margin:0 auto}} .x {--ink: red}</style><p style="display:flex;margin:1em" aria-hidden="true">x`)
	if err != nil {
		t.Fatal(err)
	}
	got := strings.Join(v.features(), "\n") + "\n"
	for _, want := range []string{
		"at-rule media", "media orientation", "at-rule supports", "pseudo :hover", "pseudo :before", "function rgb", "function calc", "unit rem", "unit em",
		"value !important", "function var", "declaration display:flex", "property margin", "element p", "attribute aria-hidden",
	} {
		if !strings.Contains(got, want+"\n") {
			t.Errorf("lacks %s", want)
		}
	}
}

func TestContrast(t *testing.T) {
	white, black := colour{255, 255, 255}, colour{}
	if c := contrast(white, black); c < 20.99 || c > 21.01 {
		t.Errorf("black on white: %f, want 21", c)
	}
	grey, _ := parseColour("#767676") // WCAG's often quoted limit on white
	if c := contrast(white, grey); c < 4.5 || c > 4.6 {
		t.Errorf("#767676 on white: %f", c)
	}
	for text, want := range map[string]string{"#1af": "#11aaff", " #1E1D1A": "#1e1d1a", "rgb(1, 2,3)": "#010203", "white": "#ffffff"} {
		if c, ok := parseColour(text); !ok || c.String() != want {
			t.Errorf("%s: %s, %t", text, c, ok)
		}
	}
	for _, text := range []string{"", "red", "#12", "#12345g", "rgb(1,2)", "rgb(1,2,300)", "var(--x)"} {
		if _, ok := parseColour(text); ok {
			t.Errorf("%q is read", text)
		}
	}
}

// Dark rules win where CSS says that they do.
func TestCascade(t *testing.T) {
	for name, row := range map[string]struct{ html, light, dark string }{
		"important beats inline": {`<style>@media (prefers-color-scheme: dark) {.a {color:#222222 !important}}</style><p class="a" style="color:#111111">x`, "#111111", "#222222"},
		"inline beats the sheet": {`<style>.a {color:#222222} @media (prefers-color-scheme: dark) {.a {color:#333333}}</style><p class="a" style="color:#111111">x`, "#111111", "#111111"},
		"inherited":              {`<div style="color:#111111"><p>x`, "#111111", "#111111"},
		"a child of another":     {`<style>.b .a {color:#222222 !important}</style><div class=b><p class=a style="color:#111111">x</div>`, "#222222", "#222222"},
		"not a child of another": {`<style>.b .a {color:#222222 !important}</style><p class=a style="color:#111111">x`, "#111111", "#111111"},
		"small screens only":     {`<style>@media (max-width: 480px) {.a {color:#222222 !important}}</style><p class=a style="color:#111111">x`, "#111111", "#111111"},
	} {
		t.Run(name, func(t *testing.T) {
			v, err := newView(row.html)
			if err != nil || len(v.runs) != 1 {
				t.Fatal(err, len(v.runs))
			}
			if l, d := v.runs[0].light.ink.String(), v.runs[0].dark.ink.String(); l != row.light || d != row.dark {
				t.Errorf("%s and %s, want %s and %s", l, d, row.light, row.dark)
			}
		})
	}
}
