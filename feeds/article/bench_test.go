package article

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// BenchmarkPages extracts all fixture pages: what a first gathering does.
func BenchmarkPages(b *testing.B) {
	paths, _ := filepath.Glob("testdata/*.html")
	more, _ := filepath.Glob("testdata/shapes/*.html")
	var pages [][]byte
	size := int64(0)
	for _, p := range append(paths, more...) {
		page, err := os.ReadFile(p)
		if err != nil {
			b.Fatal(err)
		}
		pages = append(pages, page)
		size += int64(len(page))
	}
	b.SetBytes(size)
	b.ReportAllocs()
	for b.Loop() {
		for _, page := range pages {
			if _, err := Extract(page, "text/html; charset=utf-8", "https://page.example/"); err != nil {
				b.Fatal(err)
			}
		}
	}
	b.ReportMetric(float64(b.N*len(pages))/b.Elapsed().Seconds(), "pages/s")
}

// BenchmarkExtract is one page of a long menu, a hundred paragraphs and as many
// comments.
func BenchmarkExtract(b *testing.B) {
	body := strings.Repeat("<p>"+sentence+"</p>", 100)
	page := []byte("<html><body><nav><ul>" + strings.Repeat("<li><a href=/x>Menu</a></li>", 200) + "</ul></nav><article><h1>T</h1>" + body + "</article><div id=comments>" + body + "</div></body></html>")
	b.SetBytes(int64(len(page)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Extract(page, "text/html", "https://page.example/"); err != nil {
			b.Fatal(err)
		}
	}
}
