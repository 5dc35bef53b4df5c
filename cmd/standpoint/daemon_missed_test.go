package main

import (
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// A fault in the file of readers shows while the old configuration can be kept,
// though the config has readers too.
func TestKeepsReaders(t *testing.T) {
	t.Parallel()
	dir, _ := workplace(t)
	var log lines
	env := &environment{stdout: &log, stderr: &screen{out: &log}, now: time.Now}
	s, err := load(env, filepath.Join(dir, "config.yaml"))
	check(t, err)
	o, err := s.open(t.Context(), env)
	check(t, err)
	defer o.Close()
	if ok, err := s.keepsReaders(t.Context(), o.worker.Store); !ok || err != nil {
		t.Errorf("%v, %v", ok, err)
	}
	s.SubscribersFile = dir // opens, and cannot be read
	if ok, err := s.keepsReaders(t.Context(), o.worker.Store); ok || err == nil {
		t.Errorf("%v, %v", ok, err)
	}
}

// A line too long for an address does not end the daemon.
func TestReloadReaders(t *testing.T) {
	t.Parallel()
	dir, config := workplace(t)
	daemon, log := child(t, dir, "--config", "config.yaml")
	log.wait(t, `"msg":"scheduled"`, 2)
	write(t, dir, "list.txt", "cara@example.org\n"+strings.Repeat("x", 70<<10)+"\ndan@example.org\n"+strings.Repeat("y", 1001)+"@example.org")
	write(t, dir, "config.yaml", config+"subscribers_file: list.txt\n")
	check(t, daemon.Process.Signal(syscall.SIGHUP))
	log.wait(t, "configuration read again", 1)
	for _, line := range []string{"list.txt:2: ", "list.txt:4: "} {
		log.wait(t, line+"is too long for an address; this line is left out", 1)
	}
	if status, out := execute(t, dir, "status"); status != statusDone || !strings.Contains(out, "2 active (from file)") {
		t.Errorf("status %d: %s", status, out)
	}
	check(t, daemon.Process.Signal(syscall.SIGTERM))
	if status := exitStatus(daemon.Wait()); status != statusDone {
		t.Errorf("status %d:\n%s", status, log)
	}
}
