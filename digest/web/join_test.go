package web_test

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"net/netip"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"standpoint/digest/store"
	"standpoint/digest/token"
)

// A reader joins: form, mail, button.
func TestJoin(t *testing.T) {
	c := newCounter(t)
	status, body := c.get("/subscribe")
	stamp := regexp.MustCompile(`name="stamp" value="([\w-]+)"`).FindStringSubmatch(body)
	if status != 200 || stamp == nil {
		t.Fatalf("%d %s", status, body)
	}
	c.now = c.now.Add(5 * time.Second)
	fields := c.filled("Ada@Example.org")
	fields.Set("stamp", stamp[1])
	if status, body := c.post("/subscribe", fields); status != 200 || !strings.Contains(body, "Look into your mailbox") || c.woken.Load() != 1 {
		t.Errorf("%d %s", status, body)
	}
	m, ok := c.asked(t)
	if !ok || m.Address != "Ada@example.org" || m.Active {
		t.Fatalf("%+v", m)
	}
	link := "/confirm/" + c.Keys.Sign(token.Confirm, token.Dated(m.Consent, c.now.Add(store.ConfirmWithin)))
	for range 3 {
		if status, body := c.get(link); status != 200 || !strings.Contains(body, "Yes, send me the letter") || !strings.Contains(body, "A…@e….org") {
			t.Errorf("%d %s", status, body)
		}
	}
	if s, _, _ := c.Store.Subscriber(t.Context(), m.Subscriber); s.State != "pending" {
		t.Errorf("looking made %+v", s)
	}
	for range 2 {
		if status, body := c.post(link, nil); status != 200 || !strings.Contains(body, "You are a reader") || strings.Contains(body, "Example.org") {
			t.Errorf("%d %s", status, body)
		}
	}
	if s, _, _ := c.Store.Subscriber(t.Context(), m.Subscriber); s.State != "active" || !s.Wish.Short || s.Wish.Language != "fr" || s.Name != "Ada" {
		t.Errorf("%+v", s)
	}
	if _, body := c.get(link); !strings.Contains(body, "You are a reader") {
		t.Errorf("%s", body)
	}
}

// The answer is the same to the byte whoever the address belongs to.
func TestNobodyIsToldOf(t *testing.T) {
	c := newCounter(t)
	for i, state := range []string{"active", "paused", "left", "complained", "bounced", "suppressed"} {
		address := state + "@example.org"
		if _, err := c.Store.AddSubscriber(t.Context(), store.Subscriber{Address: address, Added: noon}); err != nil {
			t.Fatal(err)
		}
		id, err := int64(i+1), error(nil)
		switch state {
		case "paused":
			_, err = c.Store.PauseReader(t.Context(), id)
		case "left":
			_, err = c.Store.Leave(t.Context(), id, "by link", noon)
		case "complained", "bounced", "suppressed":
			reason := map[string]store.Reason{"complained": store.ReasonComplaint, "bounced": store.ReasonBounce, "suppressed": store.ReasonOperator}[state]
			_, err = c.Store.Suppress(t.Context(), store.Suppression{Address: address, Reason: reason, At: noon})
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	var want string
	for _, state := range []string{"unknown", "active", "paused", "left", "complained", "bounced", "suppressed", "unknown"} {
		status, body, head := c.do(form("/subscribe", c.filled(state+"@example.org")))
		got := fmt.Sprint(status, head, strings.ReplaceAll(body, state+"@example.org", "X"))
		if want == "" {
			want = got
		}
		if got != want {
			t.Errorf("%s: %s\nunknown: %s", state, got, want)
		}
	}
	if c.woken.Load() != 8 {
		t.Errorf("woken %d times", c.woken.Load())
	}
}

// What is wrong with a form is said beside what was typed, and nothing is stored.
func TestFormsThatComeBack(t *testing.T) {
	c := newCounter(t)
	with := func(key, value string) url.Values {
		f := c.filled("ada@example.org")
		f.Set(key, value)
		return f
	}
	for name, row := range map[string]struct {
		fields url.Values
		want   string
	}{
		"too quick":     {with("stamp", c.stamp(time.Second)), "send it once more"},
		"from tomorrow": {with("stamp", c.stamp(-time.Hour)), "send it once more"},
		"too old":       {with("stamp", c.stamp(25*time.Hour)), "send it once more"},
		"no stamp":      {with("stamp", ""), "send it once more"},
		"forged":        {with("stamp", strings.Repeat("A", token.Length)), "send it once more"},
		"another's":     {with("stamp", c.Keys.Sign(token.Leave, c.now.Add(-time.Minute).Unix())), "send it once more"},
		"no address":    {with("address", " "), "write your mail address"},
		"no mail":       {with("address", "ada"), "no mail address"},
		"host":          {with("address", "root@localhost"), "a domain such as example.org"},
		"two":           {with("address", "ada@example.org, ben@example.org"), "no mail address"},
		"long":          {with("address", strings.Repeat("a", 5000)+"@example.org"), "no mail address"},
		"script":        {with("address", `"><script>alert(1)</script>@example.org`), "no mail address"},
		"sql":           {with("address", `'; DROP TABLE subscribers; --`), "no mail address"},
		"lines":         {with("address", "ada@example.org\r\nBcc: eve@example.org"), "no mail address"},
		"nothing":       {url.Values{}, "send it once more"},
	} {
		status, body := c.post("/subscribe", row.fields)
		if status != 422 || !strings.Contains(body, row.want) || !strings.Contains(body, `role="alert"`) || strings.Contains(body, "<script") {
			t.Errorf("%s: %d %s", name, status, body)
		}
		if typed := row.fields.Get("address"); typed == "ada@example.org" && !strings.Contains(body, `value="ada@example.org"`) {
			t.Errorf("%s: what was typed is lost: %s", name, body)
		}
	}
	if m, ok := c.asked(t); ok || c.woken.Load() > 0 {
		t.Errorf("a mail: %+v", m)
	}
	f := with("website", "https://spam.example")
	if status, body := c.post("/subscribe", f); status != 200 || !strings.Contains(body, "Look into your mailbox") {
		t.Errorf("a robot: %d %s", status, body)
	}
	if m, ok := c.asked(t); ok {
		t.Errorf("a robot has a mail: %+v", m)
	}
}

// A name is one line of what can be seen.
func TestNames(t *testing.T) {
	c := newCounter(t)
	f := c.filled("ada@example.org")
	f.Set("name", "Ada\r\nBcc: eve@example.org\x00\u202e <b>"+strings.Repeat("x", 500))
	c.post("/subscribe", f)
	m, _ := c.asked(t)
	if _, _, err := c.Store.Confirm(t.Context(), m.Consent, c.now); err != nil {
		t.Fatal(err)
	}
	s, _, err := c.Store.Subscriber(t.Context(), m.Subscriber)
	if err != nil || !strings.HasPrefix(s.Name, "Ada Bcc: eve@example.org <b>xxx") || len(s.Name) != 100 {
		t.Errorf("%q, %v", s.Name, err)
	}
}

// One client asks for so many addresses, and all clients together for more; who
// is in one IPv6 network is one client, and only a proxy of ours says who asks.
func TestLimits(t *testing.T) {
	c := newCounter(t)
	c.Proxies = []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32"), netip.MustParsePrefix("10.0.0.0/8")}
	n := 0
	until := func(most int, from func(i int) (remote, forwarded string)) (done int, retry string) {
		for i := range most {
			r := form("/subscribe", c.filled(fmt.Sprintf("reader%d@example.org", n)))
			n++
			remote, forwarded := from(i)
			r.RemoteAddr = remote
			if forwarded != "" {
				r.Header.Set("X-Forwarded-For", forwarded)
			}
			status, _, head := c.do(r)
			if status == 429 {
				return i, head.Get("Retry-After")
			}
		}
		return most, ""
	}
	for name, row := range map[string]struct {
		from func(int) (string, string)
		want int
	}{
		"one address":     {func(int) (string, string) { return "192.0.2.1:4000", "" }, 10},
		"lies":            {func(i int) (string, string) { return "192.0.2.2:4000", fmt.Sprintf("198.51.100.%d", i) }, 10},
		"behind a proxy":  {func(i int) (string, string) { return "127.0.0.1:4000", fmt.Sprintf("203.0.113.%d, 192.0.2.3", i) }, 10},
		"two proxies":     {func(i int) (string, string) { return "127.0.0.1:4000", "192.0.2.4, 10.1.2.3" }, 10},
		"one v6 network":  {func(i int) (string, string) { return fmt.Sprintf("[2001:db8::%x]:4000", i+1), "" }, 10},
		"junk":            {func(i int) (string, string) { return "127.0.0.1:4000", fmt.Sprintf("junk%d", i) }, 10},
		"many are behind": {func(i int) (string, string) { return "127.0.0.1:4000", fmt.Sprintf("198.51.100.%d", i) }, 40},
	} {
		if done, retry := until(40, row.from); done != row.want || row.want < 40 && (retry == "" || retry == "0") {
			t.Errorf("%s: %d, retry after %q", name, done, retry)
		}
	}
	c.now = c.now.Add(time.Hour)
	if done, _ := until(200, func(i int) (string, string) { return fmt.Sprintf("100.64.0.%d:1", i), "" }); done != 100 {
		t.Errorf("all together: %d", done)
	}
}

// A form on another site cannot fill in ours; a provider's click has no origin.
func TestCrossOrigin(t *testing.T) {
	c := newCounter(t)
	for _, row := range []struct {
		origin, site string
		want         int
	}{
		{"", "", 200},
		{"https://evil.example", "", 403},
		{"https://digest.example.org", "", 200},
		{"null", "", 200}, // an old browser, on our own page
		{"null", "same-origin", 200},
		{"null", "cross-site", 403}, // a frame without an origin
		{"https://evil.example", "cross-site", 403},
	} {
		r := form("/subscribe", c.filled("ada@example.org"))
		for name, value := range map[string]string{"Origin": row.origin, "Sec-Fetch-Site": row.site} {
			if value != "" {
				r.Header.Set(name, value)
			}
		}
		if status, _, _ := c.do(r); status != row.want {
			t.Errorf("origin %q, from %q: %d, want %d", row.origin, row.site, status, row.want)
		}
	}
}

func TestNoForm(t *testing.T) {
	c := newCounter(t)
	c.SignUp = false
	for _, method := range []string{http.MethodGet, http.MethodPost} {
		r := form("/subscribe", c.filled("ada@example.org"))
		r.Method = method
		if method == http.MethodGet {
			r.Body = http.NoBody
		}
		if status, body, _ := c.do(r); status != 404 || !strings.Contains(body, "added by the editor") || strings.Contains(body, "/subscribe") {
			t.Errorf("%s: %d %s", method, status, body)
		}
	}
	if m, ok := c.asked(t); ok {
		t.Errorf("%+v", m)
	}
}

// KeepClient decides whether the record has the network address (S39).
func TestClientIsKeptOnlyWhereWanted(t *testing.T) {
	for keep, want := range map[bool]string{true: "192.0.2.1", false: ""} {
		c := newCounter(t)
		c.KeepClient = keep
		c.post("/subscribe", c.filled("ada@example.org"))
		m, _ := c.asked(t)
		if a, err := c.Store.Agreement(t.Context(), m.Subscriber); err != nil || a.Client != want || a.Wording == "" || !a.Asked.Equal(c.now) {
			t.Errorf("%+v, %v", a, err)
		}
	}
}

// The sentence that readers agree to has a version: who changes the one changes
// the other, and this test.
func TestWording(t *testing.T) {
	c := newCounter(t)
	_, body := c.get("/subscribe")
	sentence := regexp.MustCompile(`By subscribing you agree[^<]*`).FindString(body)
	sum := sha256.Sum256([]byte(sentence))
	c.post("/subscribe", c.filled("ada@example.org"))
	m, _ := c.asked(t)
	a, err := c.Store.Agreement(t.Context(), m.Subscriber)
	if got := a.Wording + " " + hex.EncodeToString(sum[:4]); err != nil || got != "form-1 be4b40f9" {
		t.Errorf("%s of %q, %v", got, sentence, err)
	}
}
