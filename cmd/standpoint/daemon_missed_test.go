package main

import (
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// A slot that passed while the daemon was stopped, or was being reloaded, is
// made up once, with what the feeds say by then.
func TestMissedSlot(t *testing.T) {
	t.Parallel()
	dir, config := workplace(t)
	now := time.Now()
	var log lines
	env := &environment{stdout: &log, stderr: &screen{out: &log}, now: func() time.Time { return now }}
	write(t, dir, "config.yaml", config+"schedule: {publish: \"7 7 * * 1\"}\n")
	s, err := load(env, filepath.Join(dir, "config.yaml"))
	check(t, err)
	o, err := s.open(t.Context(), env)
	check(t, err)
	defer o.Close()
	if o.missed(t.Context()) {
		t.Error("a slot is missed before the first cut-off")
	}
	o.publishDue(t.Context()) // nothing was gathered: a quiet week, and a cut-off
	if o.begin(t.Context()); strings.Contains(log.String(), "missed slot made up") {
		t.Errorf("made up before it was due:\n%s", &log)
	}
	now = now.Add(7 * 24 * time.Hour)
	o.begin(t.Context())
	o.begin(t.Context())
	if n := strings.Count(log.String(), "missed slot made up"); n != 1 {
		t.Errorf("made up %d times:\n%s", n, &log)
	}
	now = now.Add(7 * 24 * time.Hour)
	jobs, err := o.jobs()
	check(t, err)
	jobs[0].Work(t.Context()) // a gathering makes up what a failed publication left
	if n := strings.Count(log.String(), "missed slot made up"); n != 2 {
		t.Errorf("made up %d times:\n%s", n, &log)
	}
}

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
	log.wait(t, "msg=scheduled", 2)
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
