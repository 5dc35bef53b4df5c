package web_test

import (
	"bytes"
	"fmt"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"standpoint/digest/store"
	"standpoint/digest/token"
)

// reader puts a reader on the list.
func (c *counter) reader(t testing.TB, address string) int64 {
	t.Helper()
	id, err := c.Store.AddSubscriber(t.Context(), store.Subscriber{Address: address, Added: c.now})
	if err != nil {
		t.Fatal(err)
	}
	return id
}

func (c *counter) leaveLink(id int64) string { return "/leave/" + c.Keys.Sign(token.Leave, id) }

func (c *counter) chooseLink(id int64) string {
	return "/choose/" + c.Keys.Sign(token.Choose, token.Dated(id, c.now.Add(24*time.Hour)))
}

func (c *counter) state(t testing.TB, id int64) string {
	t.Helper()
	s, _, err := c.Store.Subscriber(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	return s.State
}

// clicks are the bodies of RFC 8058, section 3.1, as standards and providers have
// them.
func clicks(t *testing.T) map[string]*bytesBody {
	t.Helper()
	var multi bytes.Buffer
	w := multipart.NewWriter(&multi)
	if err := w.WriteField("List-Unsubscribe", "One-Click"); err != nil {
		t.Fatal(err)
	}
	w.Close()
	const plain = "List-Unsubscribe=One-Click"
	return map[string]*bytesBody{
		"urlencoded":   {plain, "application/x-www-form-urlencoded"},
		"charset":      {plain, "application/x-www-form-urlencoded; charset=UTF-8"},
		"escaped":      {"List-Unsubscribe=One%2DClick", "application/x-www-form-urlencoded"},
		"line end":     {plain + "\r\n", "application/x-www-form-urlencoded"},
		"more fields":  {"a=b&" + plain, "application/x-www-form-urlencoded"},
		"multipart":    {multi.String(), w.FormDataContentType()},
		"no boundary":  {multi.String(), "multipart/form-data"},
		"no type":      {plain, ""},
		"text":         {plain, "text/plain"},
		"broken type":  {plain, "form; ;"},
		"lower case":   {strings.ToLower(plain), "application/x-www-form-urlencoded"},
		"multi, plain": {plain, w.FormDataContentType()},
	}
}

type bytesBody struct{ text, kind string }

func (b *bytesBody) to(path string) *http.Request {
	r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(b.text))
	if b.kind != "" {
		r.Header.Set("Content-Type", b.kind)
	}
	return r
}

// A click in a mail program takes a reader off at once, whatever its provider
// sends, without cookie or redirect; a second one changes nothing.
func TestOneClick(t *testing.T) {
	c := newCounter(t)
	n := 0
	for name, body := range clicks(t) {
		n++
		id := c.reader(t, fmt.Sprintf("reader%d@example.org", n))
		for range 2 {
			r := body.to("/d" + c.leaveLink(id))
			r.RemoteAddr = "192.0.2.77:1" // all from the same provider
			status, text, head := c.do(r)
			if status != 200 || text != "unsubscribed\n" || head.Get("Set-Cookie") != "" || head.Get("Location") != "" || head.Get("Content-Type") != "text/plain; charset=utf-8" {
				t.Errorf("%s: %d %q %v", name, status, text, head)
			}
			if got := c.state(t, id); got != "left" {
				t.Errorf("%s: %s", name, got)
			}
		}
	}
	for name, text := range map[string]string{"empty": "", "other": "List-Unsubscribe=no", "name alone": "List-Unsubscribe", "value alone": "One-Click"} {
		id := c.reader(t, "stays-"+strings.ReplaceAll(name, " ", "-")+"@example.org")
		if status, _, _ := c.do((&bytesBody{text, "application/x-www-form-urlencoded"}).to(c.leaveLink(id))); status != 400 || c.state(t, id) != "active" {
			t.Errorf("%s: %d, %s", name, status, c.state(t, id))
		}
	}
}

// Providers' clicks come by the hundred, from few addresses.
func TestOneClickIsNotLimited(t *testing.T) {
	c := newCounter(t)
	link := c.leaveLink(c.reader(t, "ada@example.org"))
	for i := range 300 {
		if status, _ := c.post(link, url.Values{"List-Unsubscribe": {"One-Click"}}); status != 200 {
			t.Fatalf("click %d: %d", i, status)
		}
	}
}

// The page for leaving: looking changes nothing, each button does what it says.
func TestLeavePage(t *testing.T) {
	c := newCounter(t)
	id := c.reader(t, "ada@example.org")
	link := c.leaveLink(id)
	see := func(want ...string) {
		t.Helper()
		status, body := c.get(link)
		for _, w := range append(want, "noindex") {
			if status != 200 || !strings.Contains(body, w) {
				t.Errorf("%d, %q is missing: %s", status, w, body)
			}
		}
		if strings.Contains(body, "ada@") {
			t.Errorf("the address is not masked: %s", body)
		}
	}
	press := func(act, want, state string) {
		t.Helper()
		if status, body := c.post(link, url.Values{"act": {act}}); status != 200 || !strings.Contains(body, want) || c.state(t, id) != state {
			t.Errorf("%s: %d, %s: %s", act, status, c.state(t, id), body)
		}
	}
	see("Leave the list", "Only pause", "a…@e….org", "/d/choose/")
	press("pause", "no letters until you go on", "paused")
	see("Leave the list", "Go on with letters")
	press("resume", "You get letters again", "active")
	press("leave", "You have left", "left")
	see("You are not on the list", "Come back")
	press("leave", "You have left", "left")
	press("resume", "You are not on the list", "left")
	press("pause", "You are not on the list", "left")
}

// The link of a proof is nobody's: its pages show what they are like.
func TestNobodysLinks(t *testing.T) {
	c := newCounter(t)
	c.reader(t, "ada@example.org")
	for _, link := range []string{c.leaveLink(0), c.chooseLink(0)} {
		if status, body := c.get(link); status != 200 || !strings.Contains(body, "buttons change nothing") {
			t.Errorf("%d %s", status, body)
		}
		for _, act := range []string{"leave", "pause", "resume", "save"} {
			if act == "save" && strings.HasPrefix(link, "/leave") || act == "leave" && strings.HasPrefix(link, "/choose") {
				continue
			}
			if status, body := c.post(link, url.Values{"act": {act}}); status != 200 || !strings.Contains(body, "buttons change nothing") {
				t.Errorf("%s: %d %s", act, status, body)
			}
		}
	}
	if status, body := c.post(c.leaveLink(0), url.Values{"List-Unsubscribe": {"One-Click"}}); status != 200 || body != "unsubscribed\n" {
		t.Errorf("%d %s", status, body)
	}
	if c.state(t, 1) != "active" {
		t.Error(c.state(t, 1))
	}
}

// Only a token of ours, whole and for this purpose, opens a page or does anything.
func TestBadTokens(t *testing.T) {
	c := newCounter(t)
	id := c.reader(t, "ada@example.org")
	other := newCounter(t)
	dated := token.Dated(id, c.now.Add(time.Hour))
	for route, own := range map[string]token.Purpose{"leave": token.Leave, "confirm": token.Confirm, "choose": token.Choose} {
		good := c.Keys.Sign(own, dated)
		bad := map[string]string{
			"empty": "", "short": good[1:], "cut": good[:len(good)-1], "long": good + "A", "another key's": other.Keys.Sign(own, dated),
			"padded": good + "=", "zeros": strings.Repeat("A", token.Length), "traversal": "..%2f..%2fetc%2fpasswd", "null": "%00",
			"flipped": flip(good, 20), "key number": flip(good, 0), "folded": c.Keys.SignFolded(own, dated), "deep": good + "/x",
		}
		for _, p := range []token.Purpose{token.Leave, token.Place, token.Return, token.Asked, token.Confirm, token.Choose, token.Editor, token.Stamp} {
			if p != own {
				bad["for "+string(p)] = c.Keys.Sign(p, dated)
			}
		}
		for name, text := range bad {
			for _, r := range []*http.Request{
				httptest.NewRequest(http.MethodGet, "/"+route+"/"+text, nil), httptest.NewRequest(http.MethodHead, "/"+route+"/"+text, nil),
				form("/"+route+"/"+text, url.Values{"act": {"leave"}, "List-Unsubscribe": {"One-Click"}}),
			} {
				if status, body, _ := c.do(r); status != 404 && status != 307 && status != 301 || strings.Contains(body, "unsubscribed") {
					t.Errorf("%s %s, %s: %d %s", r.Method, route, name, status, body)
				}
			}
		}
	}
	if c.state(t, id) != "active" {
		t.Error(c.state(t, id))
	}
}

func flip(s string, i int) string {
	c := byte('A')
	if s[i] == c {
		c = 'B'
	}
	return s[:i] + string(c) + s[i+1:]
}

// A request's link ends with its week, and with the reader's leaving; used again it
// does not bring a leaver back.
func TestConfirmLinksEnd(t *testing.T) {
	c := newCounter(t)
	begun := c.now
	c.post("/subscribe", c.filled("ada@example.org"))
	m, _ := c.asked(t)
	link := func(until time.Time) string {
		return "/confirm/" + c.Keys.Sign(token.Confirm, token.Dated(m.Consent, until))
	}
	for name, row := range map[string]struct {
		link string
		at   time.Duration
	}{
		"the token's date":   {link(begun.Add(time.Hour)), 3 * time.Hour},
		"the request's":      {link(begun.Add(30 * 24 * time.Hour)), store.ConfirmWithin + time.Hour},
		"of no such request": {"/confirm/" + c.Keys.Sign(token.Confirm, token.Dated(99, begun.Add(time.Hour))), 0},
	} {
		c.now = begun.Add(row.at)
		for _, ask := range []func() (int, string){func() (int, string) { return c.get(row.link) }, func() (int, string) { return c.post(row.link, nil) }} {
			if status, body := ask(); status != 410 || !strings.Contains(body, "no longer good") || !strings.Contains(body, "Ask for a new one") {
				t.Errorf("%s: %d %s", name, status, body)
			}
		}
	}
	c.now = begun
	good := link(begun.Add(store.ConfirmWithin))
	if status, _ := c.post(good, nil); status != 200 || c.state(t, m.Subscriber) != "active" {
		t.Errorf("%d %s", status, c.state(t, m.Subscriber))
	}
	c.now = begun.Add(time.Hour)
	c.post(c.leaveLink(m.Subscriber), url.Values{"act": {"leave"}})
	if status, body := c.post(good, nil); status != 410 || c.state(t, m.Subscriber) != "left" {
		t.Errorf("%d %s %s", status, c.state(t, m.Subscriber), body)
	}
}

// Many at once, on one link: one leaves, once, and all are told the same.
func TestManyAtOnce(t *testing.T) {
	c := newCounter(t)
	id := c.reader(t, "ada@example.org")
	var wait sync.WaitGroup
	for i := range 64 {
		wait.Go(func() {
			if i%2 == 0 {
				c.get(c.leaveLink(id))
				return
			}
			if status, _ := c.post(c.leaveLink(id), url.Values{"List-Unsubscribe": {"One-Click"}}); status != 200 {
				t.Errorf("status %d", status)
			}
		})
	}
	wait.Wait()
	if c.state(t, id) != "left" {
		t.Error(c.state(t, id))
	}
}

// HEAD says what GET would, without a body.
func TestHead(t *testing.T) {
	c := newCounter(t)
	id := c.reader(t, "ada@example.org")
	for _, path := range []string{"/subscribe", c.leaveLink(id), c.chooseLink(id)} {
		status, body, head := c.do(httptest.NewRequest(http.MethodHead, path, nil))
		if status != 200 || body != "" || head.Get("Cache-Control") != "no-store" {
			t.Errorf("%s: %d %q %v", path, status, body, head)
		}
	}
	if c.state(t, id) != "active" {
		t.Error(c.state(t, id))
	}
}
