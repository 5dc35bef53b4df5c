package main

import (
	"io"
	"net"
	"net/http"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"standpoint/digest/preflight"
)

// The web side answers while the daemon lives, follows a reload to another
// address, and needs no reader to begin with.
func TestDaemonSite(t *testing.T) {
	t.Parallel()
	dir, config := workplace(t)
	config = strings.Replace(config, "subscribers: [ada@example.org, ben@example.org]\n", "", 1)
	first, second := free(t), free(t)
	at := func(addr, more string) {
		write(t, dir, "config.yaml", config+"public_url: https://digest.example.org\nweb: {listen: \""+addr+"\""+more+"}\n")
	}
	at(first, "")
	daemon, log := child(t, dir)
	log.wait(t, `"msg":"scheduled"`, 2)
	if status, body := get(t, "http://"+first+"/site.css"); status != 200 || !strings.Contains(body, "--ink") {
		t.Errorf("%d %s", status, body)
	}
	if status, body := get(t, "http://"+first+"/../../etc/passwd"); status != 404 || strings.Contains(body, "root:") {
		t.Errorf("%d %s", status, body)
	}

	// An address that another has is refused, and so is a side that nobody can
	// join without a reader.
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	check(t, err)
	defer taken.Close()
	for i, bad := range []func(){
		func() { at(taken.Addr().String(), "") },
		func() { at(first, ", sign_up: false") },
	} {
		bad()
		check(t, daemon.Process.Signal(syscall.SIGHUP))
		log.wait(t, "the old one stays in force", i+1)
	}
	for _, reason := range []string{"web.listen: listen tcp ", "there is no subscriber"} {
		if !strings.Contains(log.String(), reason) {
			t.Errorf("%q is not said:\n%s", reason, log)
		}
	}
	if status, _ := get(t, "http://"+first+"/site.css"); status != 200 {
		t.Errorf("status %d", status)
	}
	at(second, "")
	check(t, daemon.Process.Signal(syscall.SIGHUP))
	log.wait(t, `"msg":"scheduled"`, 4)
	if status, _ := get(t, "http://"+second+"/site.css"); status != 200 {
		t.Errorf("status %d", status)
	}
	if status, _ := get(t, "http://"+first+"/site.css"); status != 0 {
		t.Errorf("the old address answers %d", status)
	}

	// What check --online asks is answered, by the store's own keys.
	env := &environment{stdout: io.Discard, stderr: &screen{out: io.Discard}, now: time.Now}
	settings, err := load(env, filepath.Join(dir, "config.yaml"))
	check(t, err)
	nobodys, err := settings.nobodysToken(t.Context(), env)
	check(t, err)
	if r := preflight.Site(t.Context(), http.DefaultTransport, "http://"+second, nobodys); len(r.Findings) > 0 || len(r.Facts) != 1 {
		t.Errorf("%v", r)
	}
	http.DefaultClient.CloseIdleConnections()
	settings.PublicURL = "https://" + first
	if r := settings.trySite(t.Context(), env, nil); len(r.Findings) != 1 || !strings.Contains(r.Findings[0].String(), "does not answer") {
		t.Errorf("nothing answers at the old address: %v", r)
	}

	// A client that says nothing does not hold up the end.
	silent, err := net.Dial("tcp", second)
	check(t, err)
	defer silent.Close()
	begun := time.Now()
	stop(t, daemon, log)
	if took := time.Since(begun); took > 5*time.Second {
		t.Errorf("the end took %v", took)
	}
}
