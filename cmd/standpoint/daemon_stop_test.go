package main

import (
	"fmt"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"
)

// SIGTERM in the middle of an edition: the letter in hand is finished and known to
// be, nobody else's is begun, and the next start goes on with the others.
func TestStopInMidEdition(t *testing.T) {
	t.Parallel()
	server := newSink()
	check(t, server.start())
	t.Cleanup(server.stop)
	inHand, answer := make(chan struct{}, 1), make(chan struct{})
	server.hook(func(int) {
		inHand <- struct{}{}
		<-answer
	})
	dir, config := workplace(t)
	config = strings.Replace(config, "mail:\n", fmt.Sprintf("mail:\n  delivery: smtp\n  smtp: {host: 127.0.0.1, port: %d, tls: none, connections: 1}\n", server.port), 1)
	write(t, dir, "config.yaml", config+"schedule: {publish: \"7 7 * * *\"}\n")
	daemon, log := under(t, dir, nil)
	log.wait(t, `"msg":"scheduled"`, 2)
	stop(t, daemon, log)

	later := []string{clockVariable + "=25h"} // a slot has passed
	daemon, log = under(t, dir, later)
	select {
	case <-inHand:
	case <-time.After(20 * time.Second):
		t.Fatalf("no letter was handed over:\n%s", log)
	}
	if status, out := execute(t, dir, "status", "--json"); status != statusDone || !strings.Contains(out, `"handing-over":1`) {
		t.Errorf("status %d: %s", status, out)
	}
	server.hook(nil)
	check(t, daemon.Process.Signal(syscall.SIGTERM))
	log.wait(t, `"msg":"stopping`, 1)
	close(answer)
	if status := exitStatus(daemon.Wait()); status != statusDone {
		t.Errorf("status %d:\n%s", status, log)
	}
	if _, out := execute(t, dir, "status", "--json"); !strings.Contains(out, `"accepted":1`) || !strings.Contains(out, `"planned":1`) {
		t.Errorf("after the stop: %s", out)
	}

	daemon, log = under(t, dir, later)
	log.wait(t, `"msg":"edition delivered"`, 1)
	stop(t, daemon, log)
	var to []string
	for _, l := range server.take() {
		to = append(to, l.to)
	}
	if slices.Sort(to); !slices.Equal(to, []string{"ada@example.org", "ben@example.org"}) {
		t.Errorf("mailed: %v", to)
	}
}
