package web_test

import (
	"context"
	"database/sql"
	"fmt"
	"net/url"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"standpoint/digest"
	"standpoint/digest/render"
	"standpoint/digest/store"
	"standpoint/digest/token"
)

// What strangers write into fields.
var (
	scripts = []string{
		`<script>alert(7)</script>`, `"><img src=x onerror=alert(7)>`, `'><svg/onload=alert(7)>`, `</title></textarea></style><script>alert(7)</script>`,
		`javascript:alert(7)`, `{{.}}{{range .}}`, `<a style="position:fixed" href=//evil.example>x</a>`, "\u2028<script>\u2029", `%3Cscript%3E`, `&lt;script&gt;`, `<!--`, `]]>`,
	}
	queries = []string{
		`'; DROP TABLE subscribers; --`, `' OR '1'='1`, `1; ATTACH DATABASE '/tmp/x' AS x`, `" UNION SELECT secret FROM keys --`, `\'; UPDATE subscribers SET state='active'--`, `%' OR 1=1 --`, "x\x00'; DROP TABLE editions;--",
	}
	// None of these is an address that mail can go to; SMTPUTF8 is not used.
	addresses = []string{
		"", "@", "a@", "@example.org", "a@b", "a b@example.org", "a@example.org, b@example.org", "a@example.org;b@example.org", "<a@example.org> x",
		"a@example.org\r\nBcc: b@example.org", "a@example.org\nSubject: x", "a%0d%0aBcc:b@example.org", "a@example.org\x00", "a@exam\u00adple.org\u202e", "аdmin@example.org",
		"a@example.org>\r\nRCPT TO:<b@example.org", "\"a\nb\"@example.org", "a@[127.0.0.1]", "a@[IPv6:::1]", "a@localhost", "a@-example.org", "a@exa_mple..org",
		strings.Repeat("a", 65) + "@example.org", "a@" + strings.Repeat("b.", 130) + "org", "a@" + strings.Repeat("c", 64) + ".org", "|/bin/sh@example.org\n", "a@@example.org", "\u200ba\u200b@", "a＠example.org",
	}
)

// TestAbuseOfFields puts script, SQL and what looks like an address into every
// field of every form. No page carries it but as text, the tables stay, and only
// addresses that mail can go to are written to.
func TestAbuseOfFields(t *testing.T) {
	t.Parallel()
	f := newFort(t)
	f.draft(t)
	stamp := f.Keys.Sign(token.Stamp, noon.Add(-time.Minute).Unix())
	asked, client := 0, 0
	for _, path := range f.paths() {
		fields := f.fieldsOf(t, path)
		for _, field := range fields {
			texts := slices.Concat(scripts, queries)
			if field == "address" {
				texts = append(texts, addresses...)
			}
			for _, text := range texts {
				form := url.Values{
					"stamp": {stamp}, "address": {fmt.Sprintf("field%d@example.org", asked)}, "act": {"save"},
					"do": {"correct"}, "stance": {"arm"}, "why": {"x"}, "revision": {"1"}, "item": {"1"},
				}
				if field == "why" {
					form.Set("do", "hold")
				}
				form.Set(field, text)
				client++
				status, head, body := f.post(path, form, client)
				if status >= 500 || head.Get("Set-Cookie") != "" || head.Get("Bcc") != "" {
					t.Fatalf("%s, %s=%q: %d", path[:8], field, text, status)
				}
				if path == "/subscribe" && status == 200 {
					asked++
				}
				inert(t, fmt.Sprintf("%s with %s=%q", path[:8], field, text), body)
			}
		}
		_, _, body := f.ask("GET", path, "", nil, client)
		inert(t, path[:8]+" afterwards", body)
	}
	f.sound(t)
	f.onlyAddresses(t, asked)
	if log, err := f.Store.ApprovalLog(t.Context(), 1); err != nil || !slices.ContainsFunc(log, func(a store.Act) bool { return strings.Contains(a.Why, "<script>") }) {
		t.Errorf("no script came into the draft's log: %d acts, %v", len(log), err)
	}
}

// draft puts an edition before its editor, who can hold it and correct it.
func (f *fort) draft(t *testing.T) {
	t.Helper()
	e := render.Sample(f.Pack, noon)
	e.Number, e.Corrections, e.Window = 1, nil, digest.Window{From: noon.AddDate(0, 0, -7), To: noon}
	if err := f.Store.Draft(t.Context(), e, nil, "required", noon); err != nil {
		t.Fatal(err)
	}
	f.Drafts = refusing(t)
	f.Drafts.Hold = func(ctx context.Context, edition int, why string) error {
		return f.Store.Hold(ctx, edition, "editor", why, noon)
	}
	f.Drafts.Correct = func(ctx context.Context, o store.Order, revision int) error {
		o.At, o.Who = noon, "editor"
		return f.Store.Order(ctx, o, revision)
	}
}

// fieldsOf lists the names of a page's fields, and two that it has not.
func (f *fort) fieldsOf(t *testing.T, path string) []string {
	t.Helper()
	_, _, body := f.ask("GET", path, "", nil, 0)
	names := []string{"id", "_method"}
	for n := range elements(t, body) {
		if slices.Contains([]string{"input", "select", "textarea", "button"}, n.Data) {
			if name := attribute(n, "name"); name != "" && !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
	}
	return names
}

// inert asks that a page has no script, no style of its own, no handler, and links
// to nowhere but this site and by mail.
func inert(t *testing.T, what, body string) {
	t.Helper()
	if !strings.Contains(body, "<") {
		return
	}
	for n := range elements(t, body) {
		if slices.Contains([]string{"script", "iframe", "object", "embed", "base", "style", "img"}, n.Data) {
			t.Errorf("%s: there is a %s", what, n.Data)
		}
		for _, a := range n.Attr {
			low := strings.ToLower(strings.TrimSpace(a.Val))
			link := slices.Contains([]string{"href", "src", "action", "formaction", "xlink:href"}, a.Key)
			if strings.HasPrefix(a.Key, "on") || a.Key == "style" || link && (strings.HasPrefix(low, "javascript:") || strings.Contains(low, "//evil.example")) {
				t.Errorf("%s: <%s %s=%q>", what, n.Data, a.Key, a.Val)
			}
		}
	}
}

// onlyAddresses asks that the list has the one reader, and beside it only requests
// with an address that is one, not more of them than were answered well.
func (f *fort) onlyAddresses(t *testing.T, asked int) {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+filepath.Join(f.dir, store.FileName)+"?mode=ro")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	clean := regexp.MustCompile(`^[A-Za-z0-9.!#$%&'*+/=?^_{|}~-]{1,64}@[A-Za-z0-9-]{1,63}(\.[A-Za-z0-9-]{1,63})+$`)
	got := column(t, db, `SELECT address FROM subscribers`)
	for _, a := range got {
		if !clean.MatchString(a) {
			t.Errorf("%q is on the list", a)
		}
	}
	if len(got) > asked+1 || asked == 0 {
		t.Errorf("%d addresses, %d forms were taken", len(got), asked)
	}
	if got := column(t, db, `SELECT address FROM subscribers WHERE state = 'active'`); !slices.Equal(got, []string{"reader@example.org"}) {
		t.Errorf("active: %q", got)
	}
	if got := column(t, db, `SELECT name FROM subscribers WHERE name GLOB '*[' || char(1) || '-' || char(31) || ']*'`); len(got) > 0 {
		t.Errorf("names with line ends: %q", got)
	}
}

// elements are the elements of a page.
func elements(t *testing.T, body string) func(func(*html.Node) bool) {
	t.Helper()
	root, err := html.Parse(strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	return func(yield func(*html.Node) bool) {
		for n := range root.Descendants() {
			if n.Type == html.ElementNode && !yield(n) {
				return
			}
		}
	}
}

func attribute(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}
