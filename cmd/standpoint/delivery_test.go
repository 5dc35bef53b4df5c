package main

import (
	"fmt"
	"strings"
	"syscall"
	"testing"
	"time"
)

const readers = 20

// postOffice is a workplace that mails to a server of ours, with readers in a
// file that has a bad line.
func postOffice(t *testing.T) (dir string, s *sink) {
	t.Helper()
	dir, config := workplace(t)
	s = newSink()
	check(t, s.start())
	t.Cleanup(s.stop)
	config = strings.Replace(config, "mail:\n", fmt.Sprintf(
		"mail:\n  delivery: smtp\n  smtp: {host: 127.0.0.1, port: %d, tls: none, connections: 2}\n", s.port), 1)
	config = strings.Replace(config, "subscribers: [ada@example.org, ben@example.org]", "subscribers_file: readers.txt", 1)
	write(t, dir, "config.yaml", config)
	var list strings.Builder
	for i := range readers {
		fmt.Fprintf(&list, "reader%d@example.org\n", i+1)
		if i == 3 {
			fmt.Fprintln(&list, "reader four and a half")
		}
	}
	write(t, dir, "readers.txt", list.String())
	return dir, s
}

// Every reader has one letter of an edition, in one run and over all runs.
func TestDelivery(t *testing.T) {
	t.Parallel()
	dir, s := postOffice(t)
	run, out := child(t, dir, "--now")
	if status := exitStatus(run.Wait()); status != statusDone {
		t.Fatalf("status %d: %s", status, out)
	}
	if !strings.Contains(out.String(), `readers.txt:5: "reader four and a half" is no mail address; this line is left out`) {
		t.Errorf("the bad line is not named:\n%s", out)
	}
	once(t, s.take())
	if status, _ := execute(t, dir, "--now"); status != statusDone || len(s.take()) > 0 {
		t.Errorf("second run: status %d, and letters", status)
	}
}

// SIGTERM ends a run after the readers in hand; the next run has the others, and
// nobody has two letters.
func TestStopped(t *testing.T) {
	t.Parallel()
	dir, s := postOffice(t)
	reached, release := make(chan struct{}), make(chan struct{})
	s.hook(func(n int) {
		if n == 3 {
			close(reached)
		}
		if n >= 3 {
			<-release
		}
	})
	run, out := child(t, dir, "--now")
	<-reached
	check(t, run.Process.Signal(syscall.SIGTERM))
	time.AfterFunc(200*time.Millisecond, func() { close(release) }) // when it has heard
	if status := exitStatus(run.Wait()); status != statusPartly || !strings.Contains(out.String(), "the same command goes on from there") {
		t.Errorf("status %d: %s", status, out)
	}
	finish(t, dir, s)
}

// finish runs once more, undisturbed, and counts.
func finish(t *testing.T, dir string, s *sink) {
	t.Helper()
	s.hook(nil)
	run, out := child(t, dir, "--now")
	if status := exitStatus(run.Wait()); status != statusDone {
		t.Fatalf("status %d: %s", status, out)
	}
	once(t, s.take())
	if status, stdout := execute(t, dir, "status", "--json"); status != statusDone || !strings.Contains(stdout, `"last_edition":1,`) ||
		!strings.Contains(stdout, fmt.Sprintf(`"deliveries":{"accepted":%d}`, readers)) {
		t.Errorf("status %d", status)
	}
}

// once wants one letter for each reader.
func once(t *testing.T, got []letter) {
	t.Helper()
	ids := map[string]string{}
	for _, l := range got {
		ids[l.to] = l.id
		if !strings.HasPrefix(l.id, "<standpoint.1.") {
			t.Errorf("%s has %s, which is not of edition 1", l.to, l.id)
		}
	}
	if len(ids) != readers || len(got) != readers {
		t.Errorf("%d letters to %d readers; want %d", len(got), len(ids), readers)
	}
}
