package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"standpoint/digest"
	"standpoint/feeds"
)

// one opens a store with a single connection, so that what a pragma sets holds.
func one(t *testing.T, dir string) *DB {
	t.Helper()
	db, err := Open(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	db.sql.SetMaxOpenConns(1)
	return db
}

// wantMend asserts that an error names the folder and the mend, each once, and
// says nothing of how it came about in the program.
func wantMend(t *testing.T, err error, dir, mend string) {
	t.Helper()
	if err == nil || strings.Count(err.Error(), mend) != 1 || !strings.Contains(err.Error(), dir) {
		t.Errorf("got %v, want %q in %s", err, mend, dir)
	}
	if errors.Is(err, sql.ErrTxDone) || err != nil && strings.Contains(err.Error(), "rollback") {
		t.Errorf("the rollback is told: %v", err)
	}
}

func TestFaultsNameTheirMend(t *testing.T) {
	t.Parallel()
	for _, each := range []struct{ pragma, mend string }{
		{"PRAGMA max_page_count = 1", "free space on the disk of"}, // as many pages as there are
		{"PRAGMA query_only = 1", "run it as the user who runs standpoint"},
	} {
		t.Run(each.pragma, func(t *testing.T) {
			dir := t.TempDir()
			db := one(t, dir)
			if err := db.SetSources(t.Context(), []feeds.Source{{ID: "one"}}); err != nil {
				t.Fatal(err)
			}
			if _, err := db.writer.sql.ExecContext(t.Context(), each.pragma); err != nil {
				t.Fatal(err)
			}
			big := feeds.Item{GUID: "1", Title: "Title", Text: strings.Repeat("text ", 1<<20)}
			_, err := db.RecordVisit(t.Context(), Visit{Contact: Contact{Source: "one", At: time.Now()}, Items: []feeds.Item{big}})
			wantMend(t, err, dir, each.mend)
			wantMend(t, db.RecordFailure(t.Context(), Failure{Source: "one", At: time.Now(), Reason: strings.Repeat("bad ", 1<<20)}), dir, each.mend)
		})
	}
}

func TestDamageNamesItsMend(t *testing.T) {
	t.Parallel()
	const mend = "restore a backup"
	dir := t.TempDir()
	db := one(t, dir)
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, FileName)
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	corrupt := append([]byte(nil), whole...)
	for i := 4096; i < len(corrupt); i++ {
		corrupt[i] = 0xa5
	}
	for _, data := range map[string][]byte{"no database": []byte(strings.Repeat("no", 4096)), "corrupt": corrupt} {
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		db, err := Open(t.Context(), dir)
		if err == nil {
			_, err = db.Sources(t.Context())
			db.Close()
		}
		wantMend(t, err, dir, mend)
		wantMend(t, Copy(t.Context(), dir, t.TempDir()), dir, mend)
	}
}

func TestFaultOfPermissionsNamesItsMend(t *testing.T) {
	t.Parallel()
	for _, cause := range []error{fs.ErrPermission, syscall.EROFS} {
		wantMend(t, fault("/state", fmt.Errorf("open lock: %w", cause)), "/state", "set state to a folder that can be written")
	}
	if fault("/state", nil) != nil || !errors.Is(fault("/state", sql.ErrNoRows), sql.ErrNoRows) {
		t.Error("what is no fault became one")
	}
}

func TestEditionThatCannotBeRead(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	db := one(t, dir)
	if _, err := db.writer.sql.ExecContext(t.Context(), `INSERT INTO editions (number, frozen, model) VALUES (7, '', '{"Number":')`); err != nil {
		t.Fatal(err)
	}
	_, err := db.Edition(t.Context(), 7)
	wantMend(t, err, dir, "restore a backup")
	if err == nil || !strings.Contains(err.Error(), "edition 7") {
		t.Errorf("got %v", err)
	}
}

// A transaction that a panic left must not shut the others out.
func TestPanicInATransaction(t *testing.T) {
	t.Parallel()
	db := one(t, t.TempDir())
	func() {
		defer func() { _ = recover() }()
		_ = db.within(t.Context(), func(context.Context, *sql.Tx) error { panic("bad") })
	}()
	done := make(chan error, 1)
	go func() {
		done <- db.RecordQuiet(t.Context(), digest.Window{From: time.Unix(1, 0), To: time.Unix(2, 0)}, nil)
	}()
	select {
	case err := <-done:
		if err != nil {
			t.Error(err)
		}
	case <-time.After(5 * time.Second):
		t.Error("the store is shut")
	}
}

func TestEmptyFileIsNoStoreYet(t *testing.T) {
	t.Parallel()
	dir, to := t.TempDir(), t.TempDir()
	if err := create(filepath.Join(dir, FileName), 0); err != nil {
		t.Fatal(err)
	}
	if Exists(dir) {
		t.Error("an empty file is taken for a store")
	}
	if err := Copy(t.Context(), dir, to); err != nil {
		t.Errorf("copy: %v", err)
	}
	one(t, to)
	if info, err := os.Stat(filepath.Join(dir, FileName)); err != nil || info.Size() != 0 {
		t.Errorf("the copy changed the store: %v, %v", info, err)
	}
	one(t, dir)
	if !Exists(dir) {
		t.Error("the store that was made of it is not found")
	}
}

// Root may write every folder, so that this tests something for others only.
func TestCopyOutOfAFolderThatCannotBeWritten(t *testing.T) {
	t.Parallel()
	dir, to := t.TempDir(), t.TempDir()
	if err := one(t, dir).Close(); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(dir, 0o500); err != nil {
		t.Fatal(err)
	}
	defer os.Chmod(dir, 0o700)
	if err := Copy(t.Context(), dir, to); err != nil {
		t.Errorf("copy: %v", err)
	}
	one(t, to)
	path := filepath.Join(dir, FileName)
	if err := os.Chmod(path, 0); err != nil {
		t.Fatal(err)
	}
	if os.Geteuid() != 0 {
		wantMend(t, Copy(t.Context(), dir, t.TempDir()), dir, "run it as the user who runs standpoint")
	}
}
