package main

import (
	"fmt"
	"io"
	"net/http"
	"net/url"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"standpoint/digest/token"
)

// Somebody asks to be a reader while an edition is going out over the one session
// that it may have: the mail that asks for confirmation does not wait for it. The
// button makes a reader, and no log has the address or the link.
func TestJoiningInMidEdition(t *testing.T) {
	t.Parallel()
	server := newSink()
	check(t, server.start())
	t.Cleanup(server.stop)
	inHand, answer := make(chan struct{}, 1), make(chan struct{})
	server.hook(func(n int) {
		if n == 1 {
			inHand <- struct{}{}
			<-answer
		}
	})
	dir, config := workplace(t)
	addr := free(t)
	config = strings.Replace(config, "mail:\n", fmt.Sprintf("mail:\n  delivery: smtp\n  smtp: {host: 127.0.0.1, port: %d, tls: none, connections: 1}\n", server.port), 1)
	write(t, dir, "config.yaml", config+"schedule: {publish: \"7 7 * * *\"}\npublic_url: https://digest.example.org\nweb: {listen: \""+addr+"\"}\n")
	daemon, log := under(t, dir, nil)
	log.wait(t, `"msg":"scheduled"`, 2)
	stop(t, daemon, log)
	daemon, log = under(t, dir, []string{clockVariable + "=25h"}) // a slot has passed
	select {
	case <-inHand:
	case <-time.After(20 * time.Second):
		t.Fatalf("no letter was handed over:\n%s", log)
	}

	later := func() time.Time { return time.Now().Add(25 * time.Hour) }
	env := &environment{stdout: io.Discard, stderr: &screen{out: io.Discard}, now: later}
	settings, err := load(env, filepath.Join(dir, "config.yaml"))
	check(t, err)
	o, err := settings.openCopy(t.Context(), env)
	check(t, err)
	keys := o.worker.Keys
	check(t, o.Close())
	post := func(path string, fields url.Values) (int, string) {
		t.Helper()
		r, err := http.PostForm("http://"+addr+path, fields)
		check(t, err)
		defer r.Body.Close()
		body, err := io.ReadAll(r.Body)
		check(t, err)
		return r.StatusCode, string(body)
	}
	stamp := keys.Sign(token.Stamp, later().Add(-time.Minute).Unix())
	if status, body := post("/subscribe", url.Values{"address": {"cara@example.org"}, "stamp": {stamp}}); status != 200 {
		t.Errorf("%d %s", status, body)
	}
	log.wait(t, `"msg":"confirmation mailed","request":1,`, 1)
	if status, out := execute(t, dir, "subscribers", "list"); status != statusDone || !strings.Contains(out, "pending") {
		t.Errorf("%d %s", status, out)
	}
	link := "/confirm/" + keys.Sign(token.Confirm, token.Dated(1, later().Add(time.Hour)))
	if status, body := post(link, nil); status != 200 || !strings.Contains(body, "You are a reader") {
		t.Errorf("%d %s", status, body)
	}
	// Ben leaves before his letter is handed over.
	leave := "/leave/" + keys.Sign(token.Leave, 2)
	if status, body := post(leave, url.Values{"List-Unsubscribe": {"One-Click"}}); status != 200 || body != "unsubscribed\n" {
		t.Errorf("%d %s", status, body)
	}
	close(answer)
	log.wait(t, `"msg":"edition delivered"`, 1)
	check(t, daemon.Process.Signal(syscall.SIGTERM))
	if status := exitStatus(daemon.Wait()); status != statusDone {
		t.Errorf("status %d:\n%s", status, log)
	}
	var to []string
	for _, l := range server.take() {
		to = append(to, l.to)
	}
	if got := strings.Join(to, " "); got != "ada@example.org cara@example.org" {
		t.Errorf("mailed: %s", got)
	}
	for _, secret := range []string{"@", link[9:], leave[7:]} {
		if strings.Contains(log.String(), secret) {
			t.Errorf("%q is in the log:\n%s", secret, log)
		}
	}
}
