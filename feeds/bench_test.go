package feeds

import (
	"runtime"
	"testing"
)

// BenchmarkParse5MB reports, beside bytes per second and allocations, items per
// second and the heap that is live just after the parse.
func BenchmarkParse5MB(b *testing.B) {
	doc := bigFeed(600)
	b.SetBytes(int64(len(doc)))
	b.ReportAllocs()
	items := 0
	var peak uint64
	var m runtime.MemStats
	for b.Loop() {
		got, err := Parse(doc, "application/rss+xml", "https://example.org/feed", "s")
		if err != nil {
			b.Fatal(err)
		}
		items += len(got.Items)
		runtime.ReadMemStats(&m)
		peak = max(peak, m.HeapAlloc)
	}
	b.ReportMetric(float64(items)/b.Elapsed().Seconds(), "items/s")
	b.ReportMetric(float64(peak)/(1<<20), "peak-MiB")
}

// BenchmarkParseRepair is the second way: the same feed with one bad byte.
func BenchmarkParseRepair(b *testing.B) {
	doc := bigFeed(600)
	doc[len(doc)/2] = 0xff
	b.SetBytes(int64(len(doc)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Parse(doc, "application/rss+xml", "https://example.org/feed", "s"); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkParseSmall is a feed as think tanks have them: 20 teasers.
func BenchmarkParseSmall(b *testing.B) {
	doc := bigFeed(20)
	b.SetBytes(int64(len(doc)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Parse(doc, "application/rss+xml", "https://example.org/feed", "s"); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkKey(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		Key("https://www.example.org/2025/09/a-piece-on-guarantees/?utm_source=rss&utm_medium=feed&id=41")
	}
}
