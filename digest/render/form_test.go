package render

import (
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/net/html"
)

// S26, S29: tables for layout say so, fit 600 pixels, and have a ghost for
// Outlook.
func TestTables(t *testing.T) {
	each(t, func(t *testing.T, l Letter) {
		for _, n := range elements(page(t, l), "table") {
			if attr(n, "width") != "100%" {
				t.Errorf("table with width %q", attr(n, "width"))
			}
			if attr(n, "role") == "presentation" {
				continue
			}
			heads := elements(n, "th")
			if len(heads) == 0 || len(elements(n, "caption")) != 1 {
				t.Error("a table of data without heads or caption, or one for layout that does not say so")
			}
			for _, h := range heads {
				if attr(h, "scope") == "" {
					t.Errorf("head %q without a scope", text(h))
				}
			}
		}
		if !strings.Contains(l.HTML, "max-width:600px") {
			t.Error("no limit of 600 pixels")
		}
		if strings.Count(l.HTML, "<!--[if mso]>") != 3 || strings.Count(l.HTML, "<![endif]-->") != 3 || !strings.Contains(l.HTML, `<!--[if mso]><table role="presentation" width="600"`) {
			t.Error("the comments for Outlook are gone")
		}
	})
}

// S27, S34, S30's meta: language, title, colour schemes.
func TestHead(t *testing.T) {
	each(t, func(t *testing.T, l Letter) {
		doc := page(t, l)
		root, wrapper := elements(doc, "html")[0], elements(doc, "div")[0]
		for _, n := range []*html.Node{root, wrapper} {
			if attr(n, "lang") == "" || attr(n, "lang") != attr(root, "lang") || attr(n, "dir") != "ltr" {
				t.Errorf("<%s lang=%q dir=%q>", n.Data, attr(n, "lang"), attr(n, "dir"))
			}
		}
		if got := text(elements(doc, "title")[0]); got != strings.ReplaceAll(l.Subject, nbsp, " ") {
			t.Errorf("title %q, subject %q", got, l.Subject)
		}
		meta := map[string]string{}
		for _, m := range elements(doc, "meta") {
			meta[attr(m, "name")] = attr(m, "content")
		}
		if meta["color-scheme"] != "light dark" || meta["supported-color-schemes"] != "light dark" || !strings.Contains(l.HTML, "@media (prefers-color-scheme: dark)") {
			t.Errorf("colour schemes: %v", meta)
		}
	})
}

// S32: headings in order; links that say where they lead; sizes.
func TestHeadings(t *testing.T) {
	each(t, func(t *testing.T, l Letter) {
		doc := page(t, l)
		last := 0
		for i, h := range elements(doc, "h1", "h2", "h3", "h4", "h5", "h6") {
			level := int(h.Data[1] - '0')
			if level > last+1 || (level == 1) != (i == 0) {
				t.Errorf("%s %q after level %d", h.Data, text(h), last)
			}
			if text(h) == "" {
				t.Errorf("empty %s", h.Data)
			}
			last = level
		}
		leads := map[string]string{}
		for _, a := range elements(doc, "a") {
			name, to := text(a), attr(a, "href")
			if at, ok := leads[name]; ok && at != to {
				t.Errorf("%q leads to %s and to %s", name, at, to)
			}
			if leads[name] = to; utf8.RuneCountInString(name) < 3 {
				t.Errorf("link text %q", name)
			}
		}
	})
}

// S32: no text below 14 pixels, running text at least 16, lines at least 1.5.
func TestSizes(t *testing.T) {
	size := regexp.MustCompile(`font-size:(\d+)px;line-height:(\d+)px`)
	doc := page(t, render(t, full(t)))
	for _, n := range elements(doc, "p", "blockquote", "td", "h1", "h2", "h3") {
		m := size.FindStringSubmatch(attr(n, "style"))
		if m == nil {
			continue
		}
		px, line := atoi(m[1]), atoi(m[2])
		small := strings.Contains(attr(n, "class"), "sans")
		heading := n.Data[0] == 'h'
		if px < 14 || !small && px < 16 || !heading && line*2 < px*3 {
			t.Errorf("<%s> with %s", n.Data, m[0])
		}
	}
}

func atoi(s string) int {
	n := 0
	for _, c := range s {
		n = n*10 + int(c-'0')
	}
	return n
}
