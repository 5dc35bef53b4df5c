package pipeline_test

import (
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"
	"testing"
	"time"
)

// BenchmarkGather200x50 is the first gathering of a large installation: 200
// feeds of 50 items, half of them with the whole text, one item in ten on the
// subject. Peak memory is the process's, with the test's web server in it.
func BenchmarkGather200x50(b *testing.B) {
	const sources, items = 200, 50
	if _, err := model(); err != nil { // trained once in a process's life
		b.Fatal(err)
	}
	site := newWeb(b)
	var names []string
	for s := range sources {
		name := fmt.Sprintf("outlet%d", s)
		names = append(names, name)
		for i := range items {
			site.add(name, item{
				id: fmt.Sprintf("%d-%d", s, i), published: monday.Add(-time.Duration(i) * time.Hour),
				full: s%2 == 0, off: i%10 != 0,
			})
		}
	}
	debug.FreeOSMemory()
	_ = os.WriteFile("/proc/self/clear_refs", []byte("5"), 0) // Linux: the peak begins here, proc(5)
	start := resident()
	for b.Loop() {
		b.StopTimer()
		w := worldOn(b, site, b.TempDir(), 0, names...)
		w.Feeds.Close()
		w.Parallel = 16
		b.StartTimer()
		g, err := w.Gather(b.Context())
		if err != nil {
			b.Fatal(err)
		}
		if g.New != sources*items || len(g.Failed) != 0 || g.Relevant != sources*items/10 {
			b.Fatalf("gathered %+v", g)
		}
	}
	b.ReportMetric(float64(b.N*sources*items)/b.Elapsed().Seconds(), "items/s")
	b.ReportMetric(resident(), "peak-MB")
	b.ReportMetric(start, "start-MB")
}

// resident is the largest resident memory of this process so far, in MB; where
// the system does not tell, what Go asked of it.
func resident() float64 {
	status, _ := os.ReadFile("/proc/self/status") // Linux
	for line := range strings.Lines(string(status)) {
		if rest, ok := strings.CutPrefix(line, "VmHWM:"); ok {
			if kb, err := strconv.ParseFloat(strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(rest), "kB")), 64); err == nil {
				return kb / 1024
			}
		}
	}
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return float64(m.Sys) / (1 << 20)
}
