package web_test

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"slices"
	"testing"
	"time"

	"standpoint/digest/web"
)

// Ten years of a weekly letter.
const (
	tenYears   = 520
	manyPieces = 60
)

// BenchmarkArchive asks for the pages of ten years over loopback. The median in
// milliseconds is what counts: kept pages, and pages that are made for it.
func BenchmarkArchive(b *testing.B) {
	dir := b.TempDir()
	s := newSiteIn(b, dir)
	grow(b, dir, s.Store, s.Pack, tenYears, manyPieces)
	raw := behind(b, dir)
	for _, row := range []struct{ name, path string }{
		{"home", "/"}, {"index", "/editions"}, {"edition", "/editions/%d"}, {"json", "/editions/%d.json"}, {"piece", "/pieces/%d"}, {"feed", "/editions.atom"}, {"method", "/method"},
	} {
		path := func(i int) string { return row.path }
		if row.name == "edition" || row.name == "json" || row.name == "piece" {
			path = func(i int) string { return fmt.Sprintf(row.path, 1+i*7%tenYears) }
		}
		b.Run(row.name+"/made", func(b *testing.B) {
			client, base := loopback(b, s)
			median(b, func(i int) {
				b.StopTimer() // another generation: nothing that is kept holds
				if _, err := raw.ExecContext(b.Context(), `UPDATE archive_mark SET generation = generation + 1`); err != nil {
					b.Fatal(err)
				}
				b.StartTimer()
			}, func(i int) { fetch(b, client, base+path(i)) })
		})
		b.Run(row.name+"/kept", func(b *testing.B) {
			client, base := loopback(b, s)
			fetch(b, client, base+path(0))
			median(b, func(int) {}, func(int) { fetch(b, client, base+path(0)) })
		})
	}
}

// median reports the median time of some hundred requests.
func median(b *testing.B, before, ask func(i int)) {
	b.Helper()
	var took []time.Duration
	for b.Loop() {
		for i := range 101 {
			before(i)
			begin := time.Now()
			ask(i)
			took = append(took, time.Since(begin))
		}
	}
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)/2].Microseconds())/1000, "ms-median")
	b.ReportMetric(float64(took[len(took)*99/100].Microseconds())/1000, "ms-99th")
}

// loopback answers for a site as the daemon does.
func loopback(b *testing.B, s *web.Site) (client *http.Client, base string) {
	b.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	server := web.ServePublic(l, s.Handler(), s.Log)
	client = &http.Client{Transport: &http.Transport{}}
	b.Cleanup(func() {
		client.CloseIdleConnections()
		server.Close()
	})
	return client, "http://" + l.Addr().String()
}

func fetch(b *testing.B, client *http.Client, url string) {
	b.Helper()
	r, err := client.Get(url)
	if err != nil {
		b.Fatal(err)
	}
	defer r.Body.Close()
	n, err := io.Copy(io.Discard, r.Body)
	if err != nil || r.StatusCode != http.StatusOK || n == 0 {
		b.Fatalf("%s: %s, %d bytes, %v", url, r.Status, n, err)
	}
}

// TestGrowArchive makes the store of ten years in ARCHIVE_DIR, for
// .ci/bench-archive.sh.
func TestGrowArchive(t *testing.T) {
	dir := os.Getenv("ARCHIVE_DIR")
	if dir == "" {
		t.Skip("ARCHIVE_DIR is not set")
	}
	s := newSiteIn(t, dir)
	grow(t, dir, s.Store, s.Pack, tenYears, manyPieces)
}
