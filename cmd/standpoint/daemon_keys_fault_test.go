package main

import (
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// New keys do not end a daemon whose file of readers is out of order: it says what is
// wrong, once, and takes them over when that is mended.
func TestDaemonOutlivesKeysWithoutReaders(t *testing.T) {
	if os.Getenv("LONG") == "" {
		t.Skip("long: see make long")
	}
	t.Parallel()
	dir, config := workplace(t)
	write(t, dir, "list.txt", "cara@example.org\n")
	write(t, dir, "config.yaml", config+"subscribers_file: list.txt\n")
	daemon, log := child(t, dir)
	log.wait(t, `"msg":"scheduled"`, 2)
	check(t, os.Rename(filepath.Join(dir, "list.txt"), filepath.Join(dir, "away.txt")))
	env := &environment{stdout: io.Discard, stderr: &screen{out: io.Discard}, now: time.Now}
	db := storeIn(t, filepath.Join(dir, "state"))
	check(t, rotateKey(t.Context(), env, db))
	log.wait(t, "are not taken over", 1)
	check(t, os.Rename(filepath.Join(dir, "away.txt"), filepath.Join(dir, "list.txt")))
	log.wait(t, `"msg":"scheduled"`, 4)
	if n := strings.Count(log.String(), "are not taken over"); n != 1 {
		t.Errorf("said %d times:\n%s", n, log)
	}
	stop(t, daemon, log)
}

// Nor does it end because everybody has left by then.
func TestDaemonOutlivesKeysWhenAllHaveLeft(t *testing.T) {
	if os.Getenv("LONG") == "" {
		t.Skip("long: see make long")
	}
	t.Parallel()
	dir, _ := workplace(t)
	daemon, log := child(t, dir)
	log.wait(t, `"msg":"scheduled"`, 2)
	env := &environment{stdout: io.Discard, stderr: &screen{out: io.Discard}, now: time.Now}
	db := storeIn(t, filepath.Join(dir, "state"))
	for s, err := range db.Subscribers(t.Context()) {
		check(t, err)
		if _, err := db.Leave(t.Context(), s.ID, "by mail", time.Now()); err != nil {
			t.Fatal(err)
		}
	}
	check(t, rotateKey(t.Context(), env, db))
	log.wait(t, `"msg":"scheduled"`, 4)
	stop(t, daemon, log)
}
