package main

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
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
	got := s.take()
	if len(got) != readers {
		t.Errorf("%d letters, want %d", len(got), readers)
	}
	once(t, 1, got, 0)
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
	finish(t, dir, s, 1, 0)
}

// TestCrash kills the program at bad moments, above all while a server has a
// letter and has not said so, and starts it again: nobody is lost, and twice
// comes only what was being handed over, under the same Message-ID. It is short;
// CRASH_KILLS=200 makes it long, with kills at any moment of a run.
func TestCrash(t *testing.T) {
	t.Parallel()
	dir, s := postOffice(t)
	for _, at := range []int{1, 7, 14} {
		killAtLetter(t, dir, s, at)
	}
	finish(t, dir, s, 1, 3)
	kills, _ := strconv.Atoi(os.Getenv("CRASH_KILLS"))
	const perEdition = 5
	for edition := 2; kills > 0; edition++ {
		newPiece(t, dir, edition)
		s.hook(func(int) { time.Sleep(10 * time.Millisecond) })
		for range perEdition {
			run, _ := child(t, dir, "--now")
			time.Sleep(rand.N(700 * time.Millisecond))
			run.Process.Kill()
			run.Wait()
			kills--
		}
		finish(t, dir, s, edition, perEdition)
	}
}

// killAtLetter lets the server keep its answer to the letter, counted over all
// runs, and kills the program that waits for it.
func killAtLetter(t *testing.T, dir string, s *sink, at int) {
	t.Helper()
	reached, release := make(chan struct{}), make(chan struct{})
	s.hook(func(n int) {
		if n == at {
			close(reached)
		}
		if n >= at {
			<-release
		}
	})
	defer s.hook(nil)
	defer close(release)
	run, out := child(t, dir, "--now")
	select {
	case <-reached:
	case <-time.After(20 * time.Second):
		t.Fatalf("letter %d never came:\n%s", at, out)
	}
	check(t, run.Process.Kill())
	run.Wait()
}

// finish runs once more, undisturbed, and counts.
func finish(t *testing.T, dir string, s *sink, edition, kills int) {
	t.Helper()
	s.hook(nil)
	run, out := child(t, dir, "--now")
	if status := exitStatus(run.Wait()); status != statusDone {
		t.Fatalf("edition %d: status %d: %s", edition, status, out)
	}
	const connections = 2 // hand-overs in flight at a time
	once(t, edition, s.take(), kills*connections)
	if status, stdout := execute(t, dir, "status", "--json"); status != statusDone ||
		!strings.Contains(stdout, fmt.Sprintf(`"last_edition":%d,`, edition)) ||
		!strings.Contains(stdout, fmt.Sprintf(`"deliveries":{"accepted":%d}`, readers)) {
		t.Errorf("edition %d: status %d", edition, status)
	}
}

// once wants every reader among the letters, always under one Message-ID, and at
// most so many letters too much.
func once(t *testing.T, edition int, got []letter, more int) {
	t.Helper()
	ids := map[string]string{}
	for _, l := range got {
		if id, ok := ids[l.to]; ok && id != l.id {
			t.Errorf("%s has letters %s and %s", l.to, id, l.id)
		}
		ids[l.to] = l.id
		if !strings.HasPrefix(l.id, fmt.Sprintf("<standpoint.%d.", edition)) {
			t.Errorf("%s has %s, which is not of edition %d", l.to, l.id, edition)
		}
	}
	if len(ids) != readers || len(got)-len(ids) > more {
		t.Errorf("edition %d: %d letters to %d readers; want %d readers, and at most %d letters twice", edition, len(got), len(ids), readers, more)
	}
}

// newPiece puts one more piece on the subject into a feed.
func newPiece(t *testing.T, dir string, n int) {
	t.Helper()
	write(t, filepath.Join(dir, "web", "north"), "feed", fmt.Sprintf(`<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0"><channel><title>North Wind Institute</title><link>@BASE@/north/</link><description>Commentary</description>
<item><title>Sign the guarantee for Ukraine, letter %d</title><link>@BASE@/north/sign-%d</link><guid>sign-%d</guid><pubDate>@DATE@</pubDate>
<description>A binding security guarantee for Ukraine, by treaty and with Article 5 as its model, should be signed and ratified.</description></item>
</channel></rss>`, n, n, n))
}
