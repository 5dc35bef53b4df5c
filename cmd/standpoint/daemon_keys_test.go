package main

import (
	"io"
	"net/http"
	"net/url"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"standpoint/digest/token"
)

// A daemon takes over keys that were made and retired beside it, without being told:
// an old letter's link works after the first, and does nothing after the second.
func TestDaemonFollowsKeys(t *testing.T) {
	t.Parallel()
	dir, config := workplace(t)
	addr := free(t)
	write(t, dir, "config.yaml", config+"public_url: https://digest.example.org\nweb: {listen: \""+addr+"\"}\n")
	daemon, log := child(t, dir)
	log.wait(t, `"msg":"scheduled"`, 2)
	leave := func(link string) int {
		t.Helper()
		r, err := http.PostForm("http://"+addr+"/leave/"+link, url.Values{"List-Unsubscribe": {"One-Click"}})
		check(t, err)
		defer r.Body.Close()
		return r.StatusCode
	}
	env := &environment{stdout: io.Discard, stderr: &screen{out: io.Discard}, now: time.Now}
	db := storeIn(t, filepath.Join(dir, "state"))
	signs := func() token.Keys {
		t.Helper()
		k, err := signingKeys(t.Context(), env, db)
		check(t, err)
		return k
	}
	old := signs()
	check(t, rotateKey(t.Context(), env, db))
	log.wait(t, `"msg":"scheduled"`, 4)
	if status := leave(signs().Sign(token.Leave, 1)); status != 200 {
		t.Errorf("a link of the new key: %d", status)
	}
	if status := leave(old.Sign(token.Leave, 1)); status != 200 {
		t.Errorf("a link of the old key: %d", status)
	}
	check(t, retireKey(t.Context(), env, db, 1, true))
	log.wait(t, `"msg":"scheduled"`, 6)
	if status := leave(old.Sign(token.Leave, 2)); status != 404 {
		t.Errorf("a link of the retired key: %d", status)
	}
	if s, _, err := db.Subscriber(t.Context(), 2); err != nil || s.State != "active" {
		t.Errorf("the retired key took a reader off the list: %+v, %v", s, err)
	}
	if n := strings.Count(log.String(), "are read again"); n != 2 {
		t.Errorf("the keys were read again %d times:\n%s", n, log)
	}
	stop(t, daemon, log)
}
