package main

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// What cannot be written is found before feeds are read or an edition is frozen.
func TestFolders(t *testing.T) {
	t.Parallel()
	dir, _ := workplace(t)
	file := filepath.Join(dir, "config.yaml")
	if status, _ := execute(t, dir, "gather"); status != statusDone {
		t.Fatal("no store to try it on")
	}
	state := filepath.Join(dir, "state")
	write(t, state, "outbox", "in the way")
	before, err := snapshot(state)
	check(t, err)
	for _, args := range [][]string{{"check"}, {"publish"}, {"--now"}, {"--now", "--only-to", "eve@example.org"}, {}} {
		status, out, errs := standpoint(t, append(args, "--config", file)...)
		if status != statusUsage || strings.Contains(out, "Feeds:") || !strings.Contains(errs, "outbox: is a file; make it a folder") {
			t.Errorf("%v: status %d: %s%s", args, status, out, errs)
		}
	}
	if after, err := snapshot(state); err != nil || after != before {
		t.Errorf("%v: the store changed:\n%s", err, after)
	}
	check(t, os.RemoveAll(state))
	write(t, dir, "state", "in the way")
	for _, args := range [][]string{{"check"}, {"publish"}, {"--now"}, {}} {
		if status, _, errs := standpoint(t, append(args, "--config", file)...); status != statusUsage || !strings.Contains(errs, "state: is a file; make it a folder") {
			t.Errorf("%v: status %d: %s", args, status, errs)
		}
	}
}

type fullDisk struct{}

func (fullDisk) Write([]byte) (int, error) { return 0, errors.New("no space left") }

// A result that could not be written is a fault.
func TestFailingOutput(t *testing.T) {
	t.Parallel()
	dir, _ := workplace(t)
	for _, command := range []string{"check", "preview"} {
		var errs lines
		env := &environment{stdout: fullDisk{}, stderr: &screen{out: &errs}, now: time.Now}
		status := run(t.Context(), env, []string{command, "--config", filepath.Join(dir, "config.yaml")})
		if status != statusFault || strings.Count(errs.String(), "no space left") != 1 {
			t.Errorf("%s: status %d: %s", command, status, &errs)
		}
	}
}
