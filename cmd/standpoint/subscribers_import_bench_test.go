package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"testing"
	"time"

	"standpoint/digest/store"
)

// BenchmarkImport imports a table of 100,000 readers, as an export has them, into
// a store that knows a tenth of them, and says how long another process would have
// waited to write: a second connection writes without a break meanwhile.
func BenchmarkImport(b *testing.B) {
	const rows, most = 100_000, 5 * time.Second // half of the store's busy_timeout
	var worst time.Duration
	for b.Loop() {
		b.StopTimer()
		dir := b.TempDir()
		db, other := storeIn(b, dir), storeIn(b, dir)
		file := importTable(b, rows)
		job := importing{name: "readers.csv"}
		env := &environment{stdout: io.Discard, stderr: &screen{out: io.Discard}, now: func() time.Time { return roundStart }}
		_, err := db.ImportSubscribers(b.Context(), job.readers(bytes.NewReader(importRows(rows/10)), env), false)
		check(b, err)
		stop, waited := make(chan struct{}), make(chan time.Duration)
		go func() { waited <- longestWrite(b, other, stop) }()
		b.StartTimer()
		good, refused, err := job.survey(env, file)
		if err != nil || good != rows || refused != 0 {
			b.Fatalf("%d good, %d refused: %v", good, refused, err)
		}
		im, err := db.ImportSubscribers(b.Context(), job.readers(file, env), false)
		if err != nil || im.Count[store.ImportAdded] != rows-rows/10 {
			b.Fatalf("%v: %v", im.Count, err)
		}
		close(stop)
		worst = max(worst, <-waited)
	}
	b.ReportMetric(worst.Seconds(), "locked-s")
	b.ReportMetric(float64(b.N)*rows/b.Elapsed().Seconds(), "rows/s")
	if worst > most {
		b.Errorf("others waited %v to write; want less than %v", worst, most)
	}
}

// longestWrite writes one word after the other, and returns how long the slowest took.
func longestWrite(b *testing.B, db *store.DB, stop <-chan struct{}) (longest time.Duration) {
	for n := 0; ; n++ {
		select {
		case <-stop:
			return longest
		default:
		}
		begun := time.Now()
		_, err := db.Suppress(b.Context(), store.Suppression{Address: fmt.Sprintf("x%d@nobody.example", n%100), Reason: store.ReasonOperator, At: begun})
		if longest = max(longest, time.Since(begun)); err != nil {
			b.Error(errors.Join(err, fmt.Errorf("after %v", time.Since(begun))))
			return longest
		}
	}
}

func importTable(b *testing.B, rows int) *os.File {
	path := filepath.Join(b.TempDir(), "readers.csv")
	check(b, os.WriteFile(path, importRows(rows), 0o600))
	file, err := os.Open(path)
	check(b, err)
	b.Cleanup(func() { file.Close() })
	return file
}

func importRows(rows int) []byte {
	var table bytes.Buffer
	table.WriteString("email,name,state,origin,added,language,letter,consent_asked,consent_source,consent_confirmed\n")
	for i := range rows {
		fmt.Fprintf(&table, "reader%d@example%d.org,Reader %d,active,form,2026-03-02T06:00:00Z,en,short,2026-03-02T06:00:00Z,form,2026-03-02T07:00:00Z\n", i, i%100, i)
	}
	return table.Bytes()
}
