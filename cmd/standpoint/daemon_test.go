package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// workplace is a folder with the base config on a server of its own.
func workplace(t testing.TB) (dir, config string) {
	t.Helper()
	dir = t.TempDir()
	copyBase(t, dir)
	smallPack(t, filepath.Join(dir, "pack"))
	server := serveFolder(filepath.Join(dir, "web"))
	t.Cleanup(server.Close)
	data, err := os.ReadFile(filepath.Join(dir, "config.yaml"))
	check(t, err)
	config = strings.ReplaceAll(string(data), "FEEDS", server.URL)
	write(t, dir, "config.yaml", config)
	return dir, config
}

// The daemon's life: it says when it will work, keeps its folder to itself,
// takes over a good config and no other, and ends when it is told to.
func TestDaemon(t *testing.T) {
	t.Parallel()
	dir, config := workplace(t)
	daemon, log := child(t, dir, "--config", "config.yaml")
	log.wait(t, `"msg":"scheduled"`, 2)
	for _, job := range []string{"gather", "publish"} {
		if !strings.Contains(log.String(), `"msg":"scheduled","job":"`+job+`","next":"20`) {
			t.Errorf("%s is not announced:\n%s", job, log)
		}
	}

	second, out := child(t, dir, "--now")
	status := exitStatus(second.Wait())
	holder := fmt.Sprintf("is held by process %d, running since ", daemon.Process.Pid)
	if status != statusUsage || !strings.Contains(out.String(), holder) {
		t.Errorf("second process: status %d: %s", status, out)
	}
	for _, args := range [][]string{{"correct", "https://north.example/a", "arm", "--why", "because"}, {"reclassify"}} {
		other, out := child(t, dir, args...)
		if status := exitStatus(other.Wait()); status != statusUsage || !strings.Contains(out.String(), holder) {
			t.Errorf("%s beside the daemon: %d: %s", args[0], status, out)
		}
	}
	if status, out := execute(t, dir, "reclassify", "--dry-run"); status != statusDone {
		t.Errorf("a dry run beside the daemon: %d: %s", status, out)
	}
	if status, out := execute(t, dir, "status"); status != statusDone || !strings.Contains(out, "Last edition  none yet") {
		t.Errorf("status beside the daemon: %d: %s", status, out)
	}

	for i, bad := range []string{
		strings.Replace(config, "zone: UTC", "zone: Atlantis", 1),
		strings.Replace(config, "zone: UTC", "state: elsewhere", 1),
		strings.Replace(config, "subscribers: ", "# subscribers: ", 1),
	} {
		write(t, dir, "config.yaml", bad)
		check(t, daemon.Process.Signal(syscall.SIGHUP))
		log.wait(t, "the old one stays in force", i+1)
	}
	for _, reason := range []string{`config.yaml:2: zone \"Atlantis\"`, "state has changed", "there is no subscriber"} {
		if !strings.Contains(log.String(), reason) {
			t.Errorf("%q is not said:\n%s", reason, log)
		}
	}
	write(t, dir, "config.yaml", config+"schedule: {gather: \"59 23 * * *\"}\n")
	check(t, daemon.Process.Signal(syscall.SIGHUP))
	log.wait(t, `"msg":"scheduled"`, 4)
	if !strings.Contains(log.String(), "T23:59:00Z") {
		t.Errorf("the new schedule is not in force:\n%s", log)
	}

	check(t, daemon.Process.Signal(syscall.SIGTERM))
	start := time.Now()
	if status := exitStatus(daemon.Wait()); status != statusDone || time.Since(start) > 5*time.Second {
		t.Errorf("status %d after %v:\n%s", status, time.Since(start), log)
	}
	log.wait(t, `"msg":"stopped"`, 1)
}

// A daemon that was killed leaves no lock behind.
func TestDaemonKilled(t *testing.T) {
	t.Parallel()
	dir, _ := workplace(t)
	daemon, log := child(t, dir)
	log.wait(t, `"msg":"scheduled"`, 2)
	check(t, daemon.Process.Kill())
	daemon.Wait()
	if status, out := execute(t, dir, "--now"); status != statusDone || !strings.Contains(out, "Delivery of edition 1: 2 accepted") {
		t.Errorf("status %d: %s", status, out)
	}
}
