package main

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"standpoint/digest/store"
)

// drafting is an office whose editions wait for an editor, with a draft of edition
// 1 and the link to its page.
func drafting(t *testing.T, now *time.Time, mode string) (o *office, dir, link string, log *lines) {
	t.Helper()
	dir, config := workplace(t)
	log = &lines{}
	env := &environment{stdout: log, stderr: &screen{out: log}, now: func() time.Time { return *now }}
	config = strings.Replace(config, "mail:", "public_url: https://digest.example.org\nweb: {listen: \"127.0.0.1:8080\"}\napproval: {mode: "+mode+", editor: editor@example.org}\nmail:", 1)
	write(t, dir, "config.yaml", config+"schedule: {publish: \"7 7 * * 1\"}\n")
	s, err := load(env, filepath.Join(dir, "config.yaml"))
	check(t, err)
	o, err = s.open(t.Context(), env)
	check(t, err)
	t.Cleanup(func() { o.Close() })
	_, wanted, err := o.attendJob(t.Context())
	check(t, err)
	if !wanted {
		t.Fatal("nobody looks after drafts")
	}
	check(t, o.setSite(nil))
	_, err = o.worker.Gather(t.Context())
	check(t, err)
	check(t, o.publish(t.Context(), env, ""))
	mails, err := filepath.Glob(filepath.Join(dir, "state", "outbox", "editor", "*.eml"))
	check(t, err)
	if len(mails) != 1 {
		t.Fatalf("mails to the editor: %v\n%s", mails, log)
	}
	mail, err := os.ReadFile(mails[0])
	check(t, err)
	text := strings.ReplaceAll(string(mail), "=\r\n", "")
	link = regexp.MustCompile(`https://digest\.example\.org(/draft/[\w-]+)`).FindStringSubmatch(text)[1]
	return o, dir, link, log
}

// press sends a form of the editor's page.
func press(t *testing.T, o *office, link string, fields url.Values) int {
	t.Helper()
	r := httptest.NewRequest(http.MethodPost, link, strings.NewReader(fields.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	w := httptest.NewRecorder()
	o.readers.ServeHTTP(w, r)
	return w.Code
}

// sent says whether edition 1 is in the outbox.
func sent(dir string) bool {
	_, err := os.Stat(filepath.Join(dir, "state", "outbox", "edition-0001", "0001.eml"))
	return err == nil
}

// What the editor asks for on the page is done by the daemon's next look.
func TestEditorOnTheWeb(t *testing.T) {
	t.Parallel()
	now := nextMonday().Add(-time.Hour)
	o, dir, link, log := drafting(t, &now, "required")
	e, err := o.worker.Store.Edition(t.Context(), 1)
	check(t, err)
	if e.Entries() != 2 {
		t.Fatalf("%d entries", e.Entries())
	}
	var items []string
	for _, s := range e.Sections {
		for _, en := range s.Entries {
			items = append(items, strconv.FormatInt(en.Item, 10))
		}
	}
	if code := press(t, o, link, url.Values{"do": {"drop"}, "item": {items[0]}, "why": {"old"}, "revision": {"1"}}); code != http.StatusSeeOther {
		t.Errorf("drop: %d", code)
	}
	if code := press(t, o, link, url.Values{"do": {"approve"}, "revision": {"1"}}); code != http.StatusConflict {
		t.Errorf("approved what was not seen: %d", code)
	}
	select {
	case <-o.attendance.call:
	default:
		t.Error("nobody was called")
	}
	o.attend(t.Context())
	if sent(dir) {
		t.Error("sent before it was approved")
	}
	if code := press(t, o, link, url.Values{"do": {"approve"}, "revision": {"2"}}); code != http.StatusSeeOther {
		t.Errorf("approve: %d", code)
	}
	o.attend(t.Context())
	o.attend(t.Context())
	if !sent(dir) || strings.Count(log.String(), `msg="edition delivered"`) != 1 {
		t.Errorf("not sent, or twice:\n%s", log)
	}
	a, _, err := o.worker.Store.Approval(t.Context(), 1)
	if err != nil || a.State != store.DraftApproved || a.Who != "editor" {
		t.Errorf("%+v, %v", a, err)
	}
}

// The window passes while the daemon looks on.
func TestDaemonSendsAtTheDeadline(t *testing.T) {
	t.Parallel()
	now := nextMonday().Add(-24 * time.Hour)
	o, dir, _, log := drafting(t, &now, "window")
	now = now.Add(4*time.Hour - time.Minute)
	if o.attend(t.Context()); sent(dir) {
		t.Error("too early")
	}
	now = now.Add(time.Minute)
	if o.attend(t.Context()); !sent(dir) {
		t.Errorf("not sent:\n%s", log)
	}
}

// The commands work beside a daemon: what they change is there for its next look.
func TestEditorsCommandsBesideADaemon(t *testing.T) {
	t.Parallel()
	now := nextMonday().Add(-24 * time.Hour)
	o, dir, _, log := drafting(t, &now, "window")
	e, err := o.worker.Store.Edition(t.Context(), 1)
	check(t, err)
	var first, other string
	for _, s := range e.Sections {
		for _, en := range s.Entries {
			first, other = en.URL, first
		}
	}
	said := &lines{}
	env := &environment{stdout: said, stderr: &screen{out: said}, now: func() time.Time { return now }}
	config := filepath.Join(dir, "config.yaml")
	check(t, dispatch(t.Context(), env, []string{"editions", "hold", "--why", "wait", "--config", config}))
	now = now.Add(5 * time.Hour)
	if o.attend(t.Context()); sent(dir) {
		t.Error("sent although it is held")
	}
	check(t, dispatch(t.Context(), env, []string{"correct", other, "irrelevant", "--why", "off", "--config", config}))
	if err := dispatch(t.Context(), env, []string{"editions", "approve", "--config", config}); !errors.Is(err, store.ErrBusy) {
		t.Errorf("approved without the correction: %v", err)
	}
	o.attend(t.Context())
	if e, err = o.worker.Store.Edition(t.Context(), 1); err != nil || e.Entries() != 1 {
		t.Errorf("%d entries after the correction, %v", e.Entries(), err)
	}
	check(t, dispatch(t.Context(), env, []string{"correct", other, "--undo", "--config", config}))
	o.attend(t.Context())
	check(t, dispatch(t.Context(), env, []string{"editions", "drop", "1", first, "--why", "old", "--config", config}))
	check(t, dispatch(t.Context(), env, []string{"editions", "approve", "--config", config}))
	if sent(dir) || !strings.Contains(said.String(), "a daemon does within a minute") {
		t.Errorf("said:\n%s", said)
	}
	if o.attend(t.Context()); !sent(dir) || strings.Count(log.String(), `msg="edition delivered"`) != 1 {
		t.Errorf("not sent:\n%s", log)
	}
	if e, err = o.worker.Store.Edition(t.Context(), 1); err != nil || e.Entries() != 1 {
		t.Errorf("%d entries, %v", e.Entries(), err)
	}
}
