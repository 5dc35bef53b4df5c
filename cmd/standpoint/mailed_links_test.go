package main

import (
	"bytes"
	"database/sql"
	"fmt"
	"io"
	"io/fs"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net/http"
	"net/mail"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"standpoint/digest/store"
	"standpoint/digest/token"
)

// publicAddress is the web side's address in the test's mails.
const publicAddress = "https://digest.example.org"

// S12: what looks for malware follows every link of every mail, and what it finds
// behind them, a hundred times at once, by GET and by HEAD. Nothing changes in the
// store: not the reader of a letter, nor who asked to be one, nor a draft.
func TestMailedLinksChangeNothing(t *testing.T) {
	t.Parallel()
	dir, addr := mailsOfAllKinds(t)
	links := mailedLinks(t, filepath.Join(dir, "state", "outbox"))
	for _, kind := range []string{"/leave/", "/confirm/", "/draft/"} {
		if !slices.ContainsFunc(links, func(l string) bool { return strings.HasPrefix(l, kind) }) {
			t.Errorf("no mail has a link with %s: %q", kind, links)
		}
	}
	before := wholeStore(t, dir)
	for _, l := range links {
		status, body := get(t, "http://"+addr+l)
		// A draft's own address is its readers', once it is approved.
		if status != http.StatusOK && l != "/editions/2" {
			t.Errorf("%s: %d", l, status)
		}
		for _, m := range regexp.MustCompile(`(?:href|action)="(/[^"]*)"`).FindAllStringSubmatch(body, -1) {
			if !slices.Contains(links, m[1]) {
				links = append(links, m[1])
			}
		}
	}
	if !slices.ContainsFunc(links, func(l string) bool { return strings.HasPrefix(l, "/choose/") }) {
		t.Errorf("no page leads to the choices: %q", links)
	}
	client := &http.Client{Timeout: time.Minute, Transport: &http.Transport{MaxIdleConnsPerHost: 100}}
	defer client.CloseIdleConnections()
	var work sync.WaitGroup
	for range 100 {
		work.Go(func() {
			for _, l := range links {
				for _, method := range []string{http.MethodHead, http.MethodGet} {
					r, err := http.NewRequestWithContext(t.Context(), method, "http://"+addr+l, nil)
					if err != nil {
						t.Error(err)
						return
					}
					answer, err := client.Do(r)
					if err != nil {
						t.Error(err)
						return
					}
					_, _ = io.Copy(io.Discard, answer.Body)
					answer.Body.Close()
					if answer.StatusCode >= 500 {
						t.Errorf("%s %s: %d", method, l, answer.StatusCode)
					}
				}
			}
		})
	}
	work.Wait()
	if after := wholeStore(t, dir); after != before {
		t.Errorf("%d links were followed, and the store is another: lost\n%s\ngained\n%s", len(links), without(before, after), without(after, before))
	}
}

// without is the lines of a text that another one has not.
func without(text, other string) string {
	lines := strings.Split(other, "\n")
	return strings.Join(slices.DeleteFunc(strings.Split(text, "\n"), func(l string) bool { return slices.Contains(lines, l) }), "\n")
}

// mailsOfAllKinds makes an edition, a draft and a request, with their mails in the
// outbox, and leaves a daemon running.
func mailsOfAllKinds(t *testing.T) (dir, addr string) {
	t.Helper()
	dir, config := workplace(t)
	addr = free(t)
	config += "public_url: " + publicAddress + "\nweb: {listen: \"" + addr + "\"}\n"
	config = regexp.MustCompile(`(?m)^.*Broken Lamp.*\n`).ReplaceAllString(config, "")
	write(t, dir, "config.yaml", regexp.MustCompile(`(?m)^.*Southern Cross.*\n`).ReplaceAllString(config, ""))
	if status, out := execute(t, dir, "--now"); status != statusDone || !strings.Contains(out, "Edition 1") {
		t.Fatalf("%d %s", status, out)
	}
	write(t, dir, "config.yaml", config+"approval: {mode: required, editor: editor@example.org}\n")
	if status, out := execute(t, dir, "--now"); status != statusDone {
		t.Fatalf("%d %s", status, out)
	}
	daemon, log := child(t, dir)
	log.wait(t, "web side for readers", 1)
	env := &environment{stdout: io.Discard, stderr: &screen{out: io.Discard}, now: time.Now}
	s, err := load(env, filepath.Join(dir, "config.yaml"))
	check(t, err)
	o, err := s.openCopy(t.Context(), env)
	check(t, err)
	stamp := o.worker.Keys.Sign(token.Stamp, time.Now().Add(-time.Minute).Unix())
	check(t, o.Close())
	answer, err := http.PostForm("http://"+addr+"/subscribe", url.Values{"address": {"cara@example.org"}, "stamp": {stamp}})
	check(t, err)
	answer.Body.Close()
	log.wait(t, "confirmation mailed", 1)
	stop(t, daemon, log) // how that ended is on disk then
	_, log = child(t, dir)
	log.wait(t, `"msg":"scheduled"`, 3)
	return dir, addr
}

// mailedLinks are the paths of our own links in all mails of a folder: in their
// headers, their texts and their HTML.
func mailedLinks(t *testing.T, dir string) (links []string) {
	t.Helper()
	check(t, filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || filepath.Ext(path) != ".eml" {
			return err
		}
		data, err := os.ReadFile(path)
		check(t, err)
		m, err := mail.ReadMessage(bytes.NewReader(data))
		check(t, err)
		text := m.Header.Get("List-Unsubscribe") + " " + m.Header.Get("List-Archive") + " " + m.Header.Get("List-Subscribe") + " " +
			plainParts(t, m.Header.Get("Content-Type"), m.Header.Get("Content-Transfer-Encoding"), m.Body)
		for _, found := range regexp.MustCompile(regexp.QuoteMeta(publicAddress)+`(/[A-Za-z0-9_./-]*)`).FindAllStringSubmatch(text, -1) {
			if l := strings.TrimRight(found[1], "."); !slices.Contains(links, l) {
				links = append(links, l)
			}
		}
		return nil
	}))
	return links
}

// plainParts are a message's parts, decoded, one behind the other.
func plainParts(t *testing.T, kind, encoding string, body io.Reader) string {
	t.Helper()
	media, params, err := mime.ParseMediaType(kind)
	check(t, err)
	if !strings.HasPrefix(media, "multipart/") {
		if strings.EqualFold(encoding, "quoted-printable") {
			body = quotedprintable.NewReader(body)
		}
		data, err := io.ReadAll(body)
		check(t, err)
		return string(data)
	}
	var b strings.Builder
	for r := multipart.NewReader(body, params["boundary"]); ; {
		p, err := r.NextRawPart()
		if err != nil {
			return b.String()
		}
		b.WriteString(plainParts(t, p.Header.Get("Content-Type"), p.Header.Get("Content-Transfer-Encoding"), p) + "\n")
	}
}

// wholeStore is every row of every table, but for the daemon's own note of since
// when slots count.
func wholeStore(t *testing.T, dir string) string {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+filepath.Join(dir, "state", store.FileName)+"?mode=ro")
	check(t, err)
	defer db.Close()
	rows, err := db.Query(`SELECT name FROM sqlite_master WHERE type = 'table' AND name <> 'slot_marks' ORDER BY name`)
	check(t, err)
	var names []string
	for rows.Next() {
		var n string
		check(t, rows.Scan(&n))
		names = append(names, n)
	}
	check(t, rows.Err())
	var b strings.Builder
	for _, n := range names {
		fmt.Fprintln(&b, n)
		check(t, dump(db, &b, n))
	}
	return b.String()
}
