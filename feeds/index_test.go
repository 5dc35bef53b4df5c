package feeds

import (
	"fmt"
	"runtime"
	"testing"
)

func TestIndexFindsTheOriginal(t *testing.T) {
	var x Index
	if n, _ := x.Original(sample{"One", title, essay(1, 300), 0}.print()); n != -1 {
		t.Errorf("an empty index knows piece %d", n)
	}
	for i := range 200 {
		x.Add(sample{fmt.Sprint("Outlet ", i%7), fmt.Sprintf("%s %s", title, essay(uint64(i), 6)), essay(uint64(i), 300) + essay(999, 60), 0}.print())
	}
	short := x.Add(sample{"One", "Only the title tells here", "", 0}.print())
	for i := range 200 {
		copied := sample{"Elsewhere", another, essay(1000, 20) + scattered(essay(uint64(i), 300), 0.1), 1}
		if n, why := x.Original(copied.print()); n != i || why == "" {
			t.Errorf("of piece %d: found %d, %q", i, n, why)
		}
		if n, _ := x.Original(sample{"Elsewhere", another, essay(uint64(2000+i), 300) + essay(999, 60), 1}.print()); n != -1 {
			t.Errorf("a piece with nothing but a common footer is taken for piece %d", n)
		}
	}
	if n, _ := x.Original(sample{"Two", "Only the title tells here", "", 1}.print()); n != short {
		t.Errorf("by its title: found %d", n)
	}
}

func TestIndexPrefersTheMostAlike(t *testing.T) {
	var x Index
	text := essay(1, 400)
	x.Add(sample{"One", title, scattered(text, 0.14), 0}.print())
	x.Add(sample{"Two", title, text, 0}.print())
	x.Add(sample{"Three", title, text, 0}.print())
	if n, _ := x.Original(sample{"Four", title, text, 0}.print()); n != 1 {
		t.Errorf("found %d, want the first of the two that are word for word", n)
	}
}

// A shingle that is in everything must not make work without end.
func TestFootersInThousands(t *testing.T) {
	var x Index
	footer := essay(1, 60)
	for i := range 2000 {
		f := sample{fmt.Sprint(i), essay(uint64(i), 20), essay(uint64(i+10), 60) + footer, 0}.print()
		if n, why := x.Original(f); n != -1 {
			t.Fatalf("piece %d is taken for %d: %s", i, n, why)
		}
		x.Add(f)
	}
}

// BenchmarkSame compares 3,000 texts of 900 words, one in ten a reprint, each
// with all before it. Heap is what stays for the comparison.
func BenchmarkSame(b *testing.B) {
	const n, words = 3000, 900
	texts := make([]sample, n)
	for i := range texts {
		texts[i] = sample{fmt.Sprint("Outlet ", i%50), "Title " + essay(uint64(i), 7), essay(uint64(i), words), 0}
		if i%10 == 9 {
			texts[i].outlet, texts[i].text = "Reprints", scattered(texts[i-9].text, 0.1)
		}
	}
	var before, after runtime.MemStats
	var x Index
	for b.Loop() {
		b.StopTimer()
		x = Index{}
		runtime.GC()
		runtime.ReadMemStats(&before)
		b.StartTimer()
		copies := 0
		for _, s := range texts {
			f := s.print()
			if at, _ := x.Original(f); at >= 0 {
				copies++
			} else {
				x.Add(f)
			}
		}
		if copies != n/10 {
			b.Fatalf("%d copies", copies)
		}
	}
	runtime.GC()
	runtime.ReadMemStats(&after)
	b.ReportMetric(float64(b.N*n)/b.Elapsed().Seconds(), "items/s")
	runtime.KeepAlive(texts)
	b.ReportMetric(float64(after.HeapAlloc-before.HeapAlloc)/float64(len(x.prints)), "heap-B/text")
}
