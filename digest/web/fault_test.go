package web_test

import (
	"bytes"
	"database/sql"
	"log/slog"
	"net/netip"
	"net/url"
	"path/filepath"
	"strings"
	"testing"

	"standpoint/digest/store"
)

// Where nothing can be written, nobody is told that something was: a provider asks
// again then. The log says what is wrong, without address or token.
func TestNothingIsPromisedOnAFullDisk(t *testing.T) {
	dir := t.TempDir()
	c := newCounterIn(t, dir)
	var log bytes.Buffer
	c.Log = slog.New(slog.NewTextHandler(&log, nil))
	id := c.reader(t, "ada@example.org")
	db, err := sql.Open("sqlite", "file:"+filepath.Join(dir, store.FileName))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	for _, q := range []string{
		`CREATE TRIGGER full1 BEFORE INSERT ON suppressions BEGIN SELECT raise(FAIL, 'database or disk is full'); END`,
		`CREATE TRIGGER full2 BEFORE UPDATE ON subscribers BEGIN SELECT raise(FAIL, 'database or disk is full'); END`,
		`CREATE TRIGGER full3 BEFORE INSERT ON consents BEGIN SELECT raise(FAIL, 'database or disk is full'); END`,
	} {
		if _, err := db.Exec(q); err != nil {
			t.Fatal(err)
		}
	}
	leave, choose := c.leaveLink(id), c.chooseLink(id)
	for name, one := range map[string]struct {
		path   string
		fields url.Values
	}{
		"one click": {leave, url.Values{"List-Unsubscribe": {"One-Click"}}},
		"leave":     {leave, url.Values{"act": {"leave"}}},
		"pause":     {leave, url.Values{"act": {"pause"}}},
		"save":      {choose, url.Values{"act": {"save"}, "letter": {"short"}}},
		"join":      {"/subscribe", c.filled("ben@example.org")},
	} {
		status, body, head := c.do(form(one.path, one.fields))
		if status != 503 || head.Get("Retry-After") == "" || strings.Contains(body, "unsubscribed") || !strings.Contains(body, "The fault is ours") {
			t.Errorf("%s: %d %s", name, status, body)
		}
	}
	if got := c.state(t, id); got != "active" {
		t.Errorf("state %s", got)
	}
	said := log.String()
	if strings.Count(said, "disk is full") != 5 {
		t.Errorf("log:\n%s", said)
	}
	for _, secret := range []string{"example.org", leave[len("/leave/"):], choose[len("/choose/"):]} {
		if strings.Contains(said, secret) {
			t.Errorf("%q is in the log:\n%s", secret, said)
		}
	}
	if _, err := db.Exec(`DROP TRIGGER full1; DROP TRIGGER full2; DROP TRIGGER full3`); err != nil {
		t.Fatal(err)
	}
	if status, _ := c.post(leave, url.Values{"List-Unsubscribe": {"One-Click"}}); status != 200 || c.state(t, id) != "left" {
		t.Errorf("with room again: %d, %s", status, c.state(t, id))
	}
}

// The links of who was erased name nobody, and do nothing.
func TestLinksOfTheErased(t *testing.T) {
	c := newCounter(t)
	id := c.reader(t, "ada@example.org")
	if _, err := c.Store.EraseSubscriber(t.Context(), "ada@example.org", c.now); err != nil {
		t.Fatal(err)
	}
	for _, act := range []string{"leave", "pause", "resume"} {
		if status, body := c.post(c.leaveLink(id), url.Values{"act": {act}}); status != 200 || !strings.Contains(body, "You are not on the list") {
			t.Errorf("%s: %d %s", act, status, body)
		}
	}
}

// Who asks is found whichever way a proxy writes it, and is the proxy where it says
// nothing that can be read.
func TestClientBehindProxies(t *testing.T) {
	for forwarded, want := range map[string]string{
		"192.0.2.7": "192.0.2.7", "192.0.2.7:4711": "192.0.2.7", "203.0.113.9, 192.0.2.7, 127.0.0.1": "192.0.2.7",
		"2001:db8::7": "2001:db8::7", "[2001:db8::7]:4711": "2001:db8::7", "[2001:db8::7]": "2001:db8::7", "fe80::7%eth0": "fe80::7",
		"::ffff:192.0.2.7": "192.0.2.7", "192.0.2.7, unknown": "127.0.0.1", "": "127.0.0.1", strings.Repeat("10.0.0.1,", 1000) + "192.0.2.7": "192.0.2.7",
	} {
		c := newCounter(t)
		c.KeepClient, c.Proxies = true, []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}
		r := form("/subscribe", c.filled("ada@example.org"))
		r.RemoteAddr = "127.0.0.1:5000"
		if forwarded != "" {
			r.Header.Set("X-Forwarded-For", forwarded)
		}
		if status, body, _ := c.do(r); status != 200 {
			t.Fatalf("%d %s", status, body)
		}
		m, ok := c.asked(t)
		if !ok {
			t.Fatal("no request")
		}
		a, err := c.Store.Agreement(t.Context(), m.Subscriber)
		if err != nil || a.Client != want {
			t.Errorf("%.40q: %q, %v; want %s", forwarded, a.Client, err, want)
		}
	}
}
