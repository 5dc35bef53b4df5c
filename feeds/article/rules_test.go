package article

import (
	"strings"
	"testing"
)

const sentence = "A sentence that is long enough to be taken for prose, and says so twice, for good measure. "

// paragraphsOf makes n paragraphs that can be told apart.
func paragraphsOf(n int, mark string) string {
	var b strings.Builder
	for i := range n {
		b.WriteString("<p>" + mark + string(rune('a'+i%26)) + " " + sentence + sentence + "</p>")
	}
	return b.String()
}

// TestRules applies selectors to one page with two texts, a box between them,
// and comments.
func TestRules(t *testing.T) {
	page := `<html><head><title>Two texts</title></head><body><main><h1>Two texts</h1><div class="one">` + paragraphsOf(8, "First") +
		`<div class="aside-box"><p>Boxed ` + sentence + `</p></div></div><div class="two">` + paragraphsOf(3, "Second") + `<div class="inner">` + paragraphsOf(1, "Inner") +
		`</div></div><div class="newsletter"><p>Letterbox ` + sentence + `</p></div><section id="comments">` + paragraphsOf(4, "Reader") + `</section></main></body></html>`
	for name, c := range map[string]struct {
		keep, drop []string
		has, lacks string
		missed     bool
	}{
		"none":                     {nil, nil, "Firsta Boxed Seconda", "Letterbox Reader", false},
		"drop":                     {nil, []string{".aside-box", "div.two"}, "Firsta", "Boxed Second Reader", false},
		"keep":                     {[]string{".two"}, nil, "Seconda Innera", "First Boxed Reader", false},
		"keep several, in order":   {[]string{".two", ".one"}, nil, "Firsta Seconda", "Reader", false},
		"keep before drop":         {[]string{".two"}, []string{".inner"}, "Seconda", "First Inner Reader", false},
		"nested matches once":      {[]string{"div, p"}, nil, "Seconda Innera", "Reader", false},
		"comments go within keep":  {[]string{"main"}, nil, "Firsta Seconda", "Reader", false},
		"comments cannot be kept":  {[]string{"#comments"}, nil, "Firsta", "Reader", true},
		"what is kept is missing":  {[]string{".three"}, nil, "Firsta Seconda", "Reader", true},
		"what is kept is dropped":  {[]string{".two"}, []string{".two"}, "Firsta", "Second Reader", true},
		"a selector of many parts": {[]string{"main > div:not(.one) p:first-child"}, nil, "Seconda Innera", "First Secondb", false},
		"clutter may be kept":      {[]string{".newsletter"}, nil, "Letterbox", "First Second Reader", false},
		"an element of no content": {[]string{"h1 + br"}, nil, "Firsta", "Reader", true},
		"nothing is there to drop": {nil, []string{"nothing"}, "Firsta", "Reader", false},
	} {
		r, err := NewRules(c.keep, c.drop)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		a, err := r.Extract([]byte(page), "text/html; charset=utf-8", "https://page.example/two")
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		for w := range strings.FieldsSeq(c.has) {
			if !strings.Contains(a.Text, w) {
				t.Errorf("%s: %s is missing", name, w)
			}
		}
		for w := range strings.FieldsSeq(c.lacks) {
			if strings.Contains(a.Text, w) {
				t.Errorf("%s: %s is there", name, w)
			}
		}
		if a.KeepMissed != c.missed || strings.Count(a.Text, "Innera") > 1 {
			t.Errorf("%s: missed %v, text %q", name, a.KeepMissed, a.Text)
		}
	}
}

// TestRulesOrder shows that kept parts come in the page's order, not in that of
// the selectors.
func TestRulesOrder(t *testing.T) {
	r, err := NewRules([]string{".b", ".a"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	a, err := r.Extract([]byte(`<div class=a><p>First.</p></div><p>Between.</p><div class=b><p>Second.</p></div>`), "text/html", "https://page.example/")
	if err != nil || a.Text != "First.\n\nSecond." {
		t.Errorf("%q, %v", a.Text, err)
	}
}

func TestRulesErrors(t *testing.T) {
	for want, rules := range map[string][2][]string{
		`keep "div["`:    {{".fine", "div["}, nil},
		`drop "p::"`:     {nil, {"p::"}},
		`keep ""`:        {{""}, nil},
		`drop "a >> b"`:  {nil, {"a >> b"}},
		`keep "p:never"`: {{"p:never"}, nil},
	} {
		if _, err := NewRules(rules[0], rules[1]); err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: %v", want, err)
		}
	}
	if _, err := NewRules(nil, nil); err != nil {
		t.Error(err)
	}
}
