package store_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"standpoint/digest/store"
)

// alone wants these files in a folder and no others.
func alone(t testing.TB, dir string, names ...string) {
	t.Helper()
	files, err := os.ReadDir(dir)
	must(t, err)
	var got []string
	for _, f := range files {
		got = append(got, f.Name())
	}
	if fmt.Sprint(got) != fmt.Sprint(names) {
		t.Errorf("the folder holds %v, want %v", got, names)
	}
}

// Whoever backs up in the middle of a run gets the store as it was at one moment:
// of each transaction all or nothing.
func TestBackupWhileInUse(t *testing.T) {
	t.Parallel()
	dir, to := t.TempDir(), t.TempDir()
	db := open(t, dir)
	readers(t, db, 300)
	if _, err := db.Freeze(t.Context(), edition(1, start, hours(1)), nil, hours(1)); err != nil {
		t.Fatal(err)
	}
	stop, done := make(chan struct{}), make(chan error, 1)
	go func() {
		for n := 2; ; n++ {
			select {
			case <-stop:
				done <- nil
				return
			default:
			}
			// Each edition has 300 deliveries, or is not there.
			if _, err := db.Freeze(context.WithoutCancel(t.Context()), edition(n, hours(n-1), hours(n)), nil, hours(n)); err != nil {
				done <- err
				return
			}
		}
	}()
	for i := range 5 {
		file := filepath.Join(to, store.FileName)
		size, err := store.Backup(t.Context(), dir, file, i > 0)
		must(t, err)
		info, err := os.Stat(file)
		must(t, err)
		if info.Mode().Perm() != 0o600 || info.Size() != size {
			t.Errorf("mode %v, size %d, told %d", info.Mode(), info.Size(), size)
		}
		alone(t, to, store.FileName)
		copied := raw(t, to)
		editions, deliveries := number(t, copied, `SELECT count(*) FROM editions`), number(t, copied, `SELECT count(*) FROM deliveries`)
		if editions == 0 || deliveries != 300*editions {
			t.Errorf("%d deliveries of %d editions", deliveries, editions)
		}
		must(t, copied.Close())
	}
	close(stop)
	must(t, <-done)
	all, err := open(t, to).Editions(t.Context()) // it is a store
	if err != nil || len(all) == 0 || all[0].Deliveries[store.Planned] != 300 {
		t.Errorf("restored: %+v, %v", all, err)
	}
}

func TestBackupKeepsWhatExists(t *testing.T) {
	t.Parallel()
	dir, to := t.TempDir(), t.TempDir()
	readers(t, open(t, dir), 1)
	file := filepath.Join(to, "copy.db")
	must(t, os.WriteFile(file, []byte("precious"), 0o600))
	if _, err := store.Backup(t.Context(), dir, file, false); !errors.Is(err, store.ErrBackupExists) {
		t.Errorf("got %v", err)
	}
	if data, err := os.ReadFile(file); err != nil || string(data) != "precious" {
		t.Errorf("the file is %q, %v", data, err)
	}
	link := filepath.Join(t.TempDir(), "link")
	must(t, os.Symlink(dir, link))
	for _, own := range []string{filepath.Join(dir, store.FileName), filepath.Join(link, store.FileName+"-wal"), filepath.Join(dir, "lock")} {
		if _, err := store.Backup(t.Context(), dir, own, true); err == nil || !strings.Contains(err.Error(), "file of the store itself") {
			t.Errorf("%s: %v", own, err)
		}
	}
}

// A backup that fails leaves the one before it, and nothing half.
func TestBackupWholeOrNone(t *testing.T) {
	t.Parallel()
	before := func(t *testing.T) (dir, to, file string) {
		dir, to = t.TempDir(), t.TempDir()
		db := open(t, dir)
		readers(t, db, 5000)
		must(t, db.Close())
		file = filepath.Join(to, "copy.db")
		must(t, os.WriteFile(file, []byte("the last one"), 0o600))
		return dir, to, file
	}
	after := func(t *testing.T, to, file string) {
		t.Helper()
		alone(t, to, "copy.db")
		if data, err := os.ReadFile(file); err != nil || string(data) != "the last one" {
			t.Errorf("the last backup has %d bytes, %v", len(data), err)
		}
	}
	t.Run("stopped", func(t *testing.T) {
		dir, to, file := before(t)
		ctx, stop := context.WithCancel(t.Context())
		stop()
		if _, err := store.Backup(ctx, dir, file, true); !errors.Is(err, context.Canceled) {
			t.Errorf("got %v", err)
		}
		after(t, to, file)
	})
	t.Run("damaged store", func(t *testing.T) {
		dir, to, file := before(t)
		path := filepath.Join(dir, store.FileName)
		data, err := os.ReadFile(path)
		must(t, err)
		// An index and its table say different things: only reading both shows it.
		at := strings.LastIndex(string(data), "reader77@example.org")
		if at < 0 {
			t.Fatal("no such reader in the file")
		}
		copy(data[at:], "READER")
		must(t, os.WriteFile(path, data, 0o600))
		if _, err := store.Backup(t.Context(), dir, file, true); err == nil {
			t.Error("a damaged store was backed up as sound")
		}
		after(t, to, file)
	})
}
