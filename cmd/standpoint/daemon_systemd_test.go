package main

import (
	"context"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"go.uber.org/goleak"

	"standpoint/digest/schedule"
)

// manager listens as systemd does and returns where, and what it is told.
func manager(t *testing.T) (socket string, told *lines) {
	t.Helper()
	dir, err := os.MkdirTemp("", "sd") // t.TempDir is too long for a socket's name
	check(t, err)
	socket = filepath.Join(dir, "notify")
	conn, err := net.ListenUnixgram("unixgram", &net.UnixAddr{Name: socket, Net: "unixgram"})
	check(t, err)
	told = &lines{more: make(chan struct{}, 1)}
	go func() {
		buffer := make([]byte, 4096)
		for {
			n, err := conn.Read(buffer)
			if err != nil {
				return
			}
			told.Write(append(buffer[:n:n], '\n'))
		}
	}()
	t.Cleanup(func() { conn.Close(); os.RemoveAll(dir) })
	return socket, told
}

// under starts the program with more in its environment.
func under(t *testing.T, dir string, env []string, args ...string) (*exec.Cmd, *lines) {
	t.Helper()
	cmd := exec.CommandContext(context.WithoutCancel(t.Context()), "standpoint", args...)
	cmd.Dir, cmd.Env = dir, append(os.Environ(), env...)
	out := &lines{more: make(chan struct{}, 1)}
	cmd.Stdout, cmd.Stderr = out, out
	check(t, cmd.Start())
	t.Cleanup(func() {
		if cmd.ProcessState == nil {
			cmd.Process.Kill()
			cmd.Wait()
		}
	})
	return cmd, out
}

func stop(t *testing.T, daemon *exec.Cmd, log *lines) {
	t.Helper()
	check(t, daemon.Process.Signal(syscall.SIGTERM))
	if status := exitStatus(daemon.Wait()); status != statusDone {
		t.Errorf("status %d:\n%s", status, log)
	}
}

// free is an address on loopback that nobody listens at.
func free(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	check(t, err)
	defer l.Close()
	return l.Addr().String()
}

func get(t *testing.T, url string) (int, string) {
	t.Helper()
	answer, err := http.Get(url)
	if err != nil {
		return 0, err.Error()
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	check(t, err)
	return answer.StatusCode, string(body)
}

// What systemd hears over a daemon's life, and what /healthz and /readyz say.
func TestDaemonTells(t *testing.T) {
	t.Parallel()
	dir, config := workplace(t)
	socket, told := manager(t)
	first, second := free(t), free(t)
	write(t, dir, "config.yaml", config+"operator: {listen: \""+first+"\"}\n")
	daemon, log := under(t, dir, []string{"NOTIFY_SOCKET=" + socket, "WATCHDOG_USEC=60000000"}, "--config", "config.yaml")
	told.wait(t, "READY=1\nSTATUS=no edition yet; next edition ", 1)
	told.wait(t, "WATCHDOG=1", 1)
	for _, path := range []string{"/healthz", "/readyz"} {
		if status, body := get(t, "http://"+first+path); status != 200 || body != "ok\n" {
			t.Errorf("%s: %d %s", path, status, body)
		}
	}
	status, body := get(t, "http://"+first+"/metrics")
	for _, want := range []string{
		"standpoint_up 1", "standpoint_alive 1", "standpoint_ready 1", `standpoint_next_slot_timestamp_seconds{job="publish"} 1`,
		`standpoint_subscribers{state="active"} 2`, "standpoint_build_info{",
	} {
		if status != 200 || !strings.Contains("\n"+body, "\n"+want) {
			t.Errorf("%d: %s is missing", status, want)
		}
	}

	// A config that is refused is a reason not to be ready, until it is mended.
	write(t, dir, "config.yaml", strings.Replace(config, "zone: UTC", "zone: Atlantis", 1))
	check(t, daemon.Process.Signal(syscall.SIGHUP))
	told.wait(t, "RELOADING=1\nMONOTONIC_USEC=", 1)
	told.wait(t, "READY=1\nSTATUS=the configuration was not taken over", 1)
	if status, body := get(t, "http://"+first+"/readyz"); status != 503 || !strings.Contains(body, "config: the file as it is now was refused") || strings.Count(body, "\n") != 1 {
		t.Errorf("%d %s", status, body)
	}
	if status, _ := get(t, "http://"+first+"/healthz"); status != 200 {
		t.Errorf("status %d: a config that is not in force does not make it unwell", status)
	}

	// So is an address that another has. One that is free is moved to.
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	check(t, err)
	defer taken.Close()
	write(t, dir, "config.yaml", config+"operator: {listen: \""+taken.Addr().String()+"\"}\n")
	check(t, daemon.Process.Signal(syscall.SIGHUP))
	told.wait(t, "READY=1\nSTATUS=the configuration was not taken over", 2)
	if status, body := get(t, "http://"+first+"/readyz"); status != 503 || !strings.Contains(body, "operator.listen: listen tcp "+taken.Addr().String()) || !strings.Contains(body, "address already in use") {
		t.Errorf("%d %s", status, body)
	}
	write(t, dir, "config.yaml", config+"operator: {listen: \""+second+"\"}\n")
	check(t, daemon.Process.Signal(syscall.SIGHUP))
	told.wait(t, "READY=1\nSTATUS=no edition yet", 2)
	if status, body := get(t, "http://"+second+"/readyz"); status != 200 {
		t.Errorf("%d %s", status, body)
	}
	if status, _ := get(t, "http://"+first+"/readyz"); status != 0 {
		t.Errorf("the old address answers %d", status)
	}

	check(t, os.Remove(filepath.Join(dir, "state", "lock")))
	if status, body := get(t, "http://"+second+"/readyz"); status != 503 || !strings.HasPrefix(body, "lock: ") {
		t.Errorf("%d %s", status, body)
	}
	stop(t, daemon, log)
	told.wait(t, "STOPPING=1", 1)
	for line := range strings.Lines(log.String()) {
		if !strings.HasPrefix(line, `{"time":"`) {
			t.Errorf("no JSON in the log: %s", line)
		}
	}
}

// A daemon is alive while its clock goes and the job in hand shows progress.
func TestAlive(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 2, 7, 7, 0, 0, time.UTC)
	pass := func(d time.Duration) { now = now.Add(d) }
	l := newLife(&environment{now: func() time.Time { return now }}, slog.New(slog.DiscardHandler))
	expect := func(want string) {
		t.Helper()
		switch err := l.alive(); {
		case want == "" && err != nil:
			t.Error(err)
		case want != "" && (err == nil || !strings.Contains(err.Error(), want)):
			t.Errorf("%v, want %s", err, want)
		}
	}
	pass(time.Hour)
	expect("") // the clock does not go yet
	l.Beat()
	pass(4 * time.Minute)
	expect("")
	pass(2 * time.Minute)
	expect("clock has stood still for 6m")
	l.Beat()
	expect("")
	s, o := 0, &office{settings: &settings{}}
	ctx, cancel := context.WithCancel(t.Context())
	cancel() // no word to systemd
	l.track(o, schedule.Job{Name: "publish", Work: func(context.Context) {
		for range 5 {
			pass(2 * time.Hour)
			l.Beat()
			l.Progress("letters", s, 9)
			expect("")
			s++
		}
		pass(4 * time.Hour)
		l.Beat()
		expect("job publish has shown no progress for 4h")
	}}).Work(ctx)
	expect("")
	l.rest()
	pass(time.Hour)
	expect("")
}

// A daemon leaves no goroutine behind, whatever it has read and served. It is not
// parallel: others' goroutines would be taken for its own.
func TestDaemonLeavesNothing(t *testing.T) {
	dir, config := workplace(t)
	addr := free(t)
	write(t, dir, "config.yaml", config+"operator: {listen: \""+addr+"\"}\n")
	before := goleak.IgnoreCurrent()
	log := &lines{more: make(chan struct{}, 1)}
	env := &environment{stdout: log, stderr: &screen{out: log}, now: time.Now}
	path := filepath.Join(dir, "config.yaml")
	s, err := load(env, path)
	check(t, err)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	ended := make(chan error)
	go func() { ended <- daemon(ctx, env, s, path) }()
	for i := range 2 {
		log.wait(t, `"msg":"scheduled"`, 2+2*i)
		if status, body := get(t, "http://"+addr+"/metrics"); status != 200 {
			t.Errorf("%d %s", status, body)
		}
		check(t, syscall.Kill(os.Getpid(), syscall.SIGHUP))
		log.wait(t, "configuration read again", 1+i)
	}
	log.wait(t, `"msg":"scheduled"`, 6)
	cancel()
	check(t, <-ended)
	http.DefaultClient.CloseIdleConnections()
	if err := goleak.Find(before); err != nil {
		t.Error(err)
	}
}
