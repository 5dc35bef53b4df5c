package article

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// TestFixtures extracts each testdata/NAME.html and compares with NAME.txt,
// which was written with the page and not taken from the extractor.
func TestFixtures(t *testing.T) {
	pages, err := filepath.Glob("testdata/*.html")
	if err != nil || len(pages) < 10 {
		t.Fatalf("%d pages, %v", len(pages), err)
	}
	for _, page := range pages {
		name := strings.TrimSuffix(filepath.Base(page), ".html")
		t.Run(name, func(t *testing.T) {
			got, err := Extract(read(t, page), "text/html", "https://page.example/2025/"+name)
			if err != nil {
				t.Fatal(err)
			}
			want := string(read(t, strings.TrimSuffix(page, ".html")+".txt"))
			if diff := cmp.Diff(want, spell(got)); diff != "" {
				t.Errorf("-want +got\n%s", diff)
			}
		})
	}
}

func read(t *testing.T, path string) []byte {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// spell is an article as NAME.txt spells it.
func spell(a Article) string {
	return fmt.Sprintf("title: %s\nauthors: %s\npublished: %s\ncanonical: %s\nlanguage: %s\nuncertain: %v\n\n%s\n",
		a.Title, strings.Join(a.Authors, "|"), a.Published.Format(time.RFC3339), a.Canonical, a.Language, a.CommentsUncertain, a.Text)
}
