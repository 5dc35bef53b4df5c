package store_test

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"standpoint/digest/store"
	"standpoint/feeds"
)

func TestOpenMakesAndKeeps(t *testing.T) {
	t.Parallel()
	// Characters that mean something in SQLite's names.
	dir := filepath.Join(t.TempDir(), "new", "a b?c#d%20é&mode=ro")
	if store.Exists(dir) {
		t.Error("exists before it is made")
	}
	db := open(t, dir)
	must(t, db.SetSources(t.Context(), []feeds.Source{source("One")}))
	must(t, db.Close())
	if !store.Exists(dir) {
		t.Error("it is not where it should be")
	}
	all, err := open(t, dir).Sources(t.Context())
	if err != nil || len(all) != 1 {
		t.Errorf("after opening again: %v, %v", all, err)
	}
}

func TestOnlyTheOwnerReadsAddresses(t *testing.T) {
	t.Parallel()
	dir, to := t.TempDir(), t.TempDir()
	must(t, os.Chmod(dir, 0o755)) // a folder that was there before
	db := open(t, dir)
	readers(t, db, 1)
	must(t, store.Copy(t.Context(), dir, to))
	for _, d := range []string{dir, to} {
		files, err := os.ReadDir(d)
		must(t, err)
		for _, f := range files {
			info, err := f.Info()
			must(t, err)
			if info.Mode().Perm()&0o077 != 0 {
				t.Errorf("%s has mode %v", f.Name(), info.Mode())
			}
		}
	}
}

func TestFolderThatCannotBeWritten(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "file")
	must(t, os.WriteFile(file, nil, 0o600))
	if _, err := store.Open(t.Context(), filepath.Join(file, "state")); err == nil || !strings.Contains(err.Error(), "set state to") {
		t.Errorf("open: %v", err)
	}
	if _, err := store.Acquire(filepath.Join(file, "state"), "me"); err == nil || !strings.Contains(err.Error(), "set state to") {
		t.Errorf("lock: %v", err)
	}
}

// The path from the first schema must stay open for ever, with what it held.
func TestUpgradeFromTheFirstSchema(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	script, err := os.ReadFile("migrations/0001_init.sql")
	must(t, err)
	old := raw(t, dir)
	for _, q := range []string{
		string(script),
		`CREATE TABLE goose_db_version (id INTEGER PRIMARY KEY AUTOINCREMENT, version_id INTEGER NOT NULL,
			is_applied INTEGER NOT NULL, tstamp TIMESTAMP DEFAULT (datetime('now')))`,
		`INSERT INTO goose_db_version (version_id, is_applied) VALUES (0, 1), (1, 1)`,
		`INSERT INTO sources (id, name, country, url, position, contacted) VALUES
			('old', 'Old', 'BE', 'https://old.example/', 0, '2026-03-02T06:00:00.000000Z')`,
		`INSERT INTO items (source, guid, url, key, canonical, title, title_key, authors, published, language, teaser, feed_text,
			first_seen, eligible, pending) VALUES ('old', '1', 'https://old.example/a', 'old.example/a', 'old.example/a', 'Title', 'title',
			'[]', '', '', 'Teaser', '', '2026-02-02T06:00:00.000000Z', '2026-02-02T06:00:00.000000Z', 1)`,
	} {
		_, err := old.ExecContext(t.Context(), q)
		must(t, err)
	}
	must(t, old.Close())
	db := open(t, dir)
	all, err := db.Sources(t.Context())
	if err != nil || len(all) != 1 || all[0].Name != "Old" || !all[0].Since.Equal(time.Date(2026, 2, 2, 6, 0, 0, 0, time.UTC)) {
		t.Errorf("after the upgrade: %+v, %v", all, err)
	}
	item := arrival("1", "https://old.example/a", "Title", time.Time{})
	item.Teaser = "All other words than the ones before"
	if v := visited(t, db, "old", start, item); v != (store.Visited{}) {
		t.Errorf("what the first schema knew is new, or was revised: %+v", v)
	}
	item.Teaser = "And once more there is another text in this feed"
	if v := visited(t, db, "old", hours(3), item); v != (store.Visited{Revised: 1}) || len(pending(t, db, start)) != 1 {
		t.Errorf("a later revision: %+v", v)
	}
}

func TestNewerSchemaIsRefused(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	must(t, open(t, dir).Close())
	db := raw(t, dir)
	_, err := db.ExecContext(t.Context(), `INSERT INTO goose_db_version (version_id, is_applied) VALUES (9000, 1)`)
	must(t, err)
	_, err = store.Open(t.Context(), dir)
	if err == nil || !strings.Contains(err.Error(), "made by a newer Standpoint (schema 9000") {
		t.Errorf("got %v", err)
	}
	if n := number(t, db, `SELECT max(version_id) FROM goose_db_version`); n != 9000 {
		t.Errorf("the refusal changed the store: schema %d", n)
	}
}

func TestFileThatIsNoDatabase(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	path := filepath.Join(dir, store.FileName)
	must(t, os.WriteFile(path, []byte(strings.Repeat("not a database\n", 100)), 0o600))
	if _, err := store.Open(t.Context(), dir); err == nil || !strings.Contains(err.Error(), path) {
		t.Errorf("got %v", err)
	}
}

func TestLock(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "new")
	first, err := store.Acquire(dir, "process 1")
	must(t, err)
	_, err = store.Acquire(dir, "process 2")
	if !errors.Is(err, store.ErrHeld) || !strings.Contains(err.Error(), "held by process 1;") {
		t.Errorf("while it is held: %v", err)
	}
	must(t, first.Release())
	second, err := store.Acquire(dir, "process 3")
	must(t, err)
	must(t, second.Release())
}

// TestHolder is no test: TestKilledHolderFreesTheFolder runs it as the other
// process.
func TestHolder(t *testing.T) {
	t.Parallel()
	dir := os.Getenv("STANDPOINT_TEST_HOLD")
	if dir == "" {
		t.Skip("runs only as the other process of another test")
	}
	_, err := store.Acquire(dir, "the child")
	must(t, err)
	os.Stdout.WriteString("held\n")
	select {} // until killed
}

func TestKilledHolderFreesTheFolder(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	child := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestHolder$")
	child.Env = append(os.Environ(), "STANDPOINT_TEST_HOLD="+dir)
	out, err := child.StdoutPipe()
	must(t, err)
	must(t, child.Start())
	buf := make([]byte, 5)
	if _, err := out.Read(buf); err != nil || string(buf) != "held\n" {
		t.Fatalf("the child said %q, %v", buf, err)
	}
	if _, err := store.Acquire(dir, "parent"); !errors.Is(err, store.ErrHeld) || !strings.Contains(err.Error(), "the child") {
		t.Errorf("while the child lives: %v", err)
	}
	must(t, child.Process.Kill())
	_ = child.Wait() // it was killed
	lock, err := store.Acquire(dir, "parent")
	must(t, err)
	must(t, lock.Release())
}

func TestCopyOfAStoreInUse(t *testing.T) {
	t.Parallel()
	dir, to := t.TempDir(), t.TempDir()
	db := open(t, dir)
	must(t, db.SetSources(t.Context(), []feeds.Source{source("One")}))
	stop := make(chan struct{})
	var wg sync.WaitGroup
	wg.Go(func() {
		for i := 0; ; i++ {
			select {
			case <-stop:
				return
			default:
				if err := db.RecordFailure(t.Context(), store.Failure{Source: "one", At: hours(i), Reason: "broken"}); err != nil {
					t.Error(err)
					return
				}
			}
		}
	})
	err := store.Copy(t.Context(), dir, to)
	close(stop)
	wg.Wait()
	must(t, err)
	copied := open(t, to)
	fail(t, copied, "one", hours(9999), "in the copy")
	all, err := db.Sources(t.Context())
	if err != nil || all[0].Error != "broken" {
		t.Errorf("what happens in the copy reached the store: %+v, %v", all, err)
	}
	if err := store.Copy(t.Context(), dir, to); err == nil {
		t.Error("a copy was written over a store")
	}
	if all, err := copied.Sources(t.Context()); err != nil || all[0].Error != "in the copy" {
		t.Errorf("the refused copy changed the store: %+v, %v", all, err)
	}
	empty := t.TempDir()
	if err := store.Copy(t.Context(), empty, t.TempDir()); err == nil || store.Exists(empty) {
		t.Errorf("copy of nothing: %v", err)
	}
}

// Two processes may write at once: a command while the daemon works.
func TestTwoHandlesWriteAtOnce(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	first, second := open(t, dir), open(t, dir)
	must(t, first.SetSources(t.Context(), []feeds.Source{source("One")}))
	var wg sync.WaitGroup
	const each = 40
	for i, db := range []*store.DB{first, second, first, second} {
		wg.Go(func() {
			for n := range each {
				a := arrival("", "", "", time.Time{})
				a.GUID, a.Title = string(rune('a'+i)), strings.Repeat("t", n+1)
				a.URL = "https://one.example/" + a.GUID + a.Title
				_, err := db.RecordVisit(t.Context(), store.Visit{Contact: store.Contact{Source: "one", At: start}, Items: []feeds.Item{a}})
				if err != nil {
					t.Errorf("handle %d, write %d: %v", i, n, err)
					return
				}
			}
		})
	}
	wg.Wait()
	if n := number(t, raw(t, dir), `SELECT count(*) FROM items`); n != 4*each {
		t.Errorf("%d pieces of %d", n, 4*each)
	}
}
