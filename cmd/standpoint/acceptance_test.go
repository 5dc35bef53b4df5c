package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"html"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// edition is edition.json, as far as the tests look at it.
type edition struct {
	Sections []struct {
		Stance  string  `json:"stance"`
		Entries []entry `json:"entries"`
	} `json:"sections"`
	Feeds  struct{ Read, Failed int } `json:"feeds"`
	Pieces struct{ Seen, Kept int }   `json:"pieces"`
}

type entry struct {
	Title, URL, Outlet, Stance, Doubt, Quote, Summary, Basis string
	Also                                                     []string
	AlsoAt                                                   []string `json:"also_at"`
}

func readEdition(t *testing.T, path string) (e edition) {
	t.Helper()
	data, err := os.ReadFile(path)
	check(t, err)
	check(t, json.Unmarshal(data, &e))
	return e
}

func (e edition) entries() (all []entry) {
	for _, s := range e.Sections {
		all = append(all, s.Entries...)
	}
	return all
}

// execute runs the program as a process of its own.
func execute(t *testing.T, dir string, args ...string) (status int, stdout string) {
	t.Helper()
	var out, errs bytes.Buffer
	cmd := exec.CommandContext(t.Context(), "standpoint", args...)
	cmd.Dir, cmd.Stdout, cmd.Stderr = dir, &out, &errs
	status = exitStatus(cmd.Run())
	t.Logf("standpoint %s: status %d\n%s%s", strings.Join(args, " "), status, out.String(), errs.String())
	return status, out.String()
}

// seed is one line of the seeds' expected.json.
type seed struct {
	Key, Outlet, Title, Primary string
	Accept                      []string
}

// seedFolder looks for shared/seeds beside the repository. The texts belong to
// their publishers, so they are no part of it.
func seedFolder(t *testing.T) string {
	t.Helper()
	dir, err := filepath.Abs(".")
	check(t, err)
	for {
		seeds := filepath.Join(dir, "shared", "seeds")
		if _, err := os.Stat(filepath.Join(seeds, "expected.json")); err == nil {
			return seeds
		}
		if parent := filepath.Dir(dir); parent != dir {
			dir = parent
			continue
		}
		t.Skip("no folder shared/seeds beside the repository: the acceptance test needs the five pieces in it")
	}
}

// comments is the part of a page that readers wrote.
var comments = regexp.MustCompile(`(?s)<section[^>]*comments.*?</section>`)

// serveSeeds serves the seeds as their README says; with bare, without what
// readers wrote.
func serveSeeds(t *testing.T, dir string, bare bool) *httptest.Server {
	t.Helper()
	base := ""
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		key, what, _ := strings.Cut(strings.Trim(r.URL.Path, "/"), "/")
		name := map[string]string{"feed": key + ".feed.xml", "article": key + ".article.html"}[what]
		data, err := os.ReadFile(filepath.Join(dir, filepath.Base(name)))
		if name == "" || err != nil {
			http.NotFound(w, r)
			return
		}
		w.Header().Set("Content-Type", map[string]string{"feed": "application/rss+xml", "article": "text/html; charset=utf-8"}[what])
		if bare {
			data = comments.ReplaceAll(data, nil)
		}
		fmt.Fprint(w, fill(string(data), base))
	}))
	base = s.URL
	t.Cleanup(s.Close)
	return s
}

func seedConfig(base string, seeds []seed) string {
	var b strings.Builder
	b.WriteString("zone: UTC\nfetch: {allow_private: true}\nmail: {from: Standpoint <digest@example.org>}\nsubscribers: [reader@example.org]\nsources:\n")
	for _, s := range seeds {
		fmt.Fprintf(&b, "  - {name: %q, url: %q}\n", s.Outlet, base+"/"+s.Key+"/feed")
	}
	return b.String()
}

// TestAcceptance is the program's purpose: five real pieces of five outlets come
// into the edition, each where a careful reader would put it; what is about
// something else stays out, and so does what readers wrote under a piece.
func TestAcceptance(t *testing.T) {
	t.Parallel()
	folder := seedFolder(t)
	var seeds []seed
	data, err := os.ReadFile(filepath.Join(folder, "expected.json"))
	check(t, err)
	check(t, json.Unmarshal(data, &seeds))
	server, dir := serveSeeds(t, folder, false), t.TempDir()
	write(t, dir, "config.yaml", seedConfig(server.URL, seeds))
	if status, _ := execute(t, dir, "--now", "--out", "out"); status != statusDone {
		t.Fatalf("status %d", status)
	}
	entries := readEdition(t, filepath.Join(dir, "out", "edition.json")).entries()
	if len(entries) != len(seeds) {
		t.Errorf("%d entries, want %d", len(entries), len(seeds))
	}
	for _, s := range seeds {
		i := slices.IndexFunc(entries, func(e entry) bool { return e.Outlet == s.Outlet })
		if i < 0 {
			t.Errorf("%s: not in the edition", s.Key)
			continue
		}
		e := entries[i]
		t.Logf("%-22s %s, %s (want %s of %v), from the %s", s.Key, e.Stance, e.Doubt, s.Primary, s.Accept, e.Basis)
		if !slices.Contains(s.Accept, e.Stance) {
			t.Errorf("%s: stance %s, want one of %v", s.Key, e.Stance, s.Accept)
		}
		if !strings.HasSuffix(e.URL, "/"+s.Key+"/article") {
			t.Errorf("%s: address %s", s.Key, e.URL)
		}
		page, err := os.ReadFile(filepath.Join(folder, s.Key+".article.html"))
		check(t, err)
		if e.Quote == "" || !strings.Contains(words(string(page)), words(e.Quote)) {
			t.Errorf("%s: the quote is not in the page: %q", s.Key, e.Quote)
		}
		for _, c := range comments.FindAllString(string(page), -1) {
			for _, text := range []string{e.Quote, e.Summary} {
				if text != "" && strings.Contains(words(c), words(text)) {
					t.Errorf("%s: a reader's comment is quoted: %q", s.Key, text)
				}
			}
		}
	}
	if status, out := execute(t, dir, "--now", "--out", "again"); status != statusDone || !strings.Contains(out, "nothing was sent") {
		t.Errorf("second run: status %d: %s", status, out)
	}
	if _, err := os.Stat(filepath.Join(dir, "again")); err == nil {
		t.Error("second run: wrote an edition")
	}
	t.Run("comments", func(t *testing.T) { commentsCountForNothing(t, folder, seeds, entries) })
}

// commentsCountForNothing judges the page with comments once more without them.
func commentsCountForNothing(t *testing.T, folder string, seeds []seed, with []entry) {
	seeds = slices.DeleteFunc(slices.Clone(seeds), func(s seed) bool {
		page, err := os.ReadFile(filepath.Join(folder, s.Key+".article.html"))
		return err != nil || !comments.Match(page)
	})
	if len(seeds) == 0 {
		t.Fatal("no page has comments")
	}
	server, dir := serveSeeds(t, folder, true), t.TempDir()
	write(t, dir, "config.yaml", seedConfig(server.URL, seeds))
	if status, _ := execute(t, dir, "--now", "--dry-run", "--out", "out"); status != statusDone {
		t.Fatalf("status %d", status)
	}
	for _, bare := range readEdition(t, filepath.Join(dir, "out", "edition.json")).entries() {
		i := slices.IndexFunc(with, func(e entry) bool { return e.Outlet == bare.Outlet })
		if i < 0 {
			continue // said above
		}
		e := with[i]
		if e.Stance != bare.Stance || e.Doubt != bare.Doubt || e.Quote != bare.Quote || e.Summary != bare.Summary {
			t.Errorf("%s: with comments %s, %s; without %s, %s", e.Outlet, e.Stance, e.Doubt, bare.Stance, bare.Doubt)
		}
	}
}

var tag = regexp.MustCompile(`<[^>]*>`)

// words is a text without markup and with single spaces, for comparing.
func words(s string) string {
	return strings.Join(strings.Fields(html.UnescapeString(tag.ReplaceAllString(s, ""))), " ")
}
