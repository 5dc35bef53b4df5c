package article

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"standpoint/feeds"
)

// TestSeeds extracts the pages of five real pieces. Their texts belong to their
// publishers and are not part of the repository; the test is skipped where they
// do not lie beside it.
func TestSeeds(t *testing.T) {
	pages, _ := filepath.Glob(filepath.Join("..", "..", "..", "shared", "seeds", "*.article.html"))
	if len(pages) == 0 {
		t.Skip("the real pieces do not lie beside the repository")
	}
	fill := strings.NewReplacer("@BASE@", "https://outlet.example", "@DATE3339@", "2025-09-05T10:00:00Z", "@DATE1123@", "Fri, 05 Sep 2025 10:00:00 GMT")
	for _, page := range pages {
		name, _, _ := strings.Cut(filepath.Base(page), ".")
		t.Run(name, func(t *testing.T) {
			raw, err := os.ReadFile(page)
			if err != nil {
				t.Fatal(err)
			}
			source := fill.Replace(string(raw))
			a, err := Extract([]byte(source), "text/html; charset=utf-8", "https://outlet.example/"+name+"/article?utm_source=rss")
			if err != nil {
				t.Fatal(err)
			}
			if a.Title == "" || a.Published.IsZero() || a.Language != "en" || a.Canonical != "https://outlet.example/"+name+"/article" || a.CommentsUncertain {
				t.Errorf("title %q, published %v, language %q, canonical %q, uncertain %v", a.Title, a.Published, a.Language, a.Canonical, a.CommentsUncertain)
			}
			body, comments := split(t, source)
			for _, p := range body {
				if !strings.Contains(a.Text, p) {
					t.Errorf("a body paragraph is lost: %.60q", p)
				}
			}
			for _, c := range comments {
				for s := range strings.SplitSeq(c, ". ") {
					if len(s) > 40 && strings.Contains(a.Text, s) {
						t.Errorf("a comment leaks: %.60q", s)
					}
				}
			}
			if strings.Contains(a.Text, "peacekeeping force is a trap") || strings.Contains(a.Text, "newsletter") || strings.Contains(a.Text, "cookies") {
				t.Error("the page's furniture leaks")
			}
		})
	}
}

// split takes the paragraphs of the piece and those of the comments out of a
// page by its own ids. Of the piece only prose counts: 200 bytes or more, and
// no note about an author or an institution.
func split(t *testing.T, source string) (body, comments []string) {
	t.Helper()
	doc, err := html.Parse(strings.NewReader(source))
	if err != nil {
		t.Fatal(err)
	}
	for n := range doc.Descendants() {
		switch {
		case n.Data == "section" && attr(n, "id") == "comments":
			comments = feeds.NodeParagraphs(n)
		case n.Data == "article" && body == nil:
			for _, p := range feeds.NodeParagraphs(n) {
				if len(p) >= 200 && !strings.Contains(p, " fellow at ") && !strings.Contains(p, "REUTERS") && !strings.Contains(p, "press office") {
					body = append(body, p)
				}
			}
		}
	}
	return body, comments
}
