package main

import (
	"bytes"
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"standpoint/digest/store"
)

// An import that is killed with -9 while it writes leaves everything as it was, and
// the same command does it all.
func TestKilledImport(t *testing.T) {
	if os.Getenv("LONG") == "" {
		t.Skip("LONG=1 imports a list that takes long enough to be killed in")
	}
	t.Parallel()
	const rows = 10_000
	dir, _ := workplace(t)
	table := bytes.Replace(importRows(rows), []byte("reader1@example1.org,Reader 1,active"), []byte("reader1@example1.org,Reader 1,left"), 1)
	write(t, dir, "readers.csv", string(table))
	if status, out := execute(t, dir, "subscribers", "add", "reader1@example1.org"); status != 0 {
		t.Fatal(out)
	}
	c := &crash{T: t, dir: dir}
	count := func() string {
		return fmt.Sprint(c.ledger(`SELECT (SELECT count(*) FROM subscribers WHERE state = 'active'), (SELECT count(*) FROM consents), (SELECT count(*) FROM suppressions)`))
	}
	before := count()
	all := fmt.Sprintf("[{%d %d 1}]", rows+1, rows)
	for _, moment := range []func(*testing.T, string){awaitLock, awaitLog} {
		run, out := child(t, dir, "subscribers", "import", "readers.csv")
		moment(t, dir)
		check(t, run.Process.Kill())
		run.Wait()
		if after := count(); after != before && after != all {
			t.Fatalf("a half-import: %s became %s\n%s", before, after, out)
		}
	}
	if status, out := execute(t, dir, "subscribers", "import", "readers.csv"); status != 0 {
		t.Fatal(out)
	}
	if got := count(); got != all {
		t.Errorf("active readers, consents, suppressions: %s; want %s", got, all)
	}
}

// awaitLock returns when another process has been holding the store to itself for
// longer than it takes to bring in the readers of the config.
func awaitLock(t *testing.T, dir string) {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+filepath.Join(dir, "state", store.FileName))
	check(t, err)
	defer db.Close()
	db.SetMaxOpenConns(1)
	var held time.Time
	until(t, func() bool {
		_, err := db.ExecContext(t.Context(), `BEGIN IMMEDIATE; ROLLBACK`)
		if err == nil {
			held = time.Time{}
		} else if held.IsZero() {
			held = time.Now()
		}
		return err != nil && time.Since(held) > 30*time.Millisecond
	})
}

// awaitLog returns when much is being written into the store's log.
func awaitLog(t *testing.T, dir string) {
	t.Helper()
	until(t, func() bool {
		info, err := os.Stat(filepath.Join(dir, "state", store.FileName+"-wal"))
		return err == nil && info.Size() > 100_000
	})
}

func until(t *testing.T, done func() bool) {
	t.Helper()
	tick, late := time.NewTicker(time.Millisecond), time.After(time.Minute)
	defer tick.Stop()
	for !done() {
		select {
		case <-tick.C:
		case <-late:
			t.Fatal("nothing is written")
		}
	}
}
