package demo

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"standpoint/feeds"
)

// noon is the moment that these tests show the site at.
func noon() time.Time { return time.Date(2025, time.October, 6, 12, 0, 0, 0, time.UTC) }

// newSite opens the site, or ends the test.
func newSite(t *testing.T) *Site {
	t.Helper()
	s, err := New(noon())
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// get asks the site for a path, with optional header lines as key, value.
func get(t *testing.T, s *Site, path string, header ...string) *http.Response {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "http://127.0.0.1:8025"+path, nil)
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	s.Handler().ServeHTTP(w, r)
	return w.Result()
}

// fetch is get for what must be there.
func fetch(t *testing.T, s *Site, path string) []byte {
	t.Helper()
	res := get(t, s, path)
	body, err := io.ReadAll(res.Body)
	if err != nil || res.StatusCode != http.StatusOK || len(body) == 0 {
		t.Fatalf("GET %s: status %d, %d bytes, %v", path, res.StatusCode, len(body), err)
	}
	return body
}

func TestSources(t *testing.T) {
	const base = "http://127.0.0.1:8025"
	s := newSite(t)
	sources := s.Sources(base)
	if len(sources) != 9 {
		t.Fatalf("%d sources, want 9", len(sources))
	}
	dead := 0
	for _, source := range sources {
		if source.ID != feeds.NewSourceID(source.Name) || source.ID == "" || len(source.Country) != 2 {
			t.Errorf("incomplete source %+v", source)
		}
		res := get(t, s, strings.TrimPrefix(source.URL, base))
		switch res.StatusCode {
		case http.StatusOK:
		case http.StatusServiceUnavailable:
			dead++
		default:
			t.Errorf("%s: status %d", source.URL, res.StatusCode)
		}
	}
	if dead != 1 {
		t.Errorf("%d dead feeds, want 1", dead)
	}
}

func TestFeedsAreWellFormed(t *testing.T) {
	s := newSite(t)
	for _, o := range s.outlets {
		if o.failure != 0 {
			continue
		}
		t.Run(o.Slug, func(t *testing.T) {
			body := fetch(t, s, o.Path()+"feed")
			if got := countEntries(t, body, o.charset); got != len(o.Pieces) {
				t.Errorf("%d entries in the feed, want %d", got, len(o.Pieces))
			}
		})
	}
}

// countEntries reads a feed of any kind to its end.
func countEntries(t *testing.T, body []byte, charset string) int {
	t.Helper()
	if body[0] == '{' {
		var doc jsonDoc
		if err := json.Unmarshal(body, &doc); err != nil {
			t.Fatal(err)
		}
		return len(doc.Items)
	}
	d := xml.NewDecoder(bytes.NewReader(body))
	d.CharsetReader = func(label string, in io.Reader) (io.Reader, error) {
		if charset != latin1 || !strings.EqualFold(label, latin1) {
			return nil, fmt.Errorf("unexpected charset %q", label)
		}
		raw, err := io.ReadAll(in)
		runes := make([]rune, len(raw))
		for i, b := range raw {
			runes[i] = rune(b)
		}
		return strings.NewReader(string(runes)), err
	}
	count := 0
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return count
		}
		if err != nil {
			t.Fatal(err)
		}
		if start, ok := token.(xml.StartElement); ok && (start.Name.Local == "item" || start.Name.Local == "entry") {
			count++
		}
	}
}

func TestConditionalGet(t *testing.T) {
	s := newSite(t)
	for _, o := range s.outlets {
		if o.failure != 0 {
			continue
		}
		first := get(t, s, o.Path()+"feed")
		etag, changed := first.Header.Get("ETag"), first.Header.Get("Last-Modified")
		if etag == "" || changed == "" {
			t.Errorf("%s: ETag %q, Last-Modified %q", o.Slug, etag, changed)
		}
		for _, header := range [][]string{{"If-None-Match", etag}, {"If-Modified-Since", changed}} {
			if res := get(t, s, o.Path()+"feed", header...); res.StatusCode != http.StatusNotModified {
				t.Errorf("%s with %s: status %d, want 304", o.Slug, header[0], res.StatusCode)
			}
		}
		if res := get(t, s, o.Path()+"feed", "If-None-Match", `"other"`); res.StatusCode != http.StatusOK {
			t.Errorf("%s with a stale ETag: status %d, want 200", o.Slug, res.StatusCode)
		}
	}
}

func TestPages(t *testing.T) {
	s := newSite(t)
	fetch(t, s, "/")
	hostile := 0
	for _, o := range s.outlets {
		fetch(t, s, o.Path())
		for _, p := range o.pages() {
			page := string(fetch(t, s, p.Path()+"?"+o.track))
			canonical := `<link rel="canonical" href="http://127.0.0.1:8025` + p.Canonical() + `">`
			for _, part := range []string{canonical, string(p.Body()), `class="cookies"`, `class="newsletter"`, `class="related"`} {
				if !strings.Contains(page, part) {
					t.Errorf("%s lacks %.60q", p.Path(), part)
				}
			}
			if strings.Contains(page, `<ol class="comment-list">`) {
				hostile++
			}
		}
	}
	if hostile != 1 {
		t.Errorf("%d pages with comments, want 1", hostile)
	}
	if res := get(t, s, "/heron-street/nothing-of-the-kind"); res.StatusCode != http.StatusNotFound {
		t.Errorf("unknown page: status %d, want 404", res.StatusCode)
	}
}

func TestReprints(t *testing.T) {
	borrowed, copied := 0, 0
	for _, o := range newSite(t).outlets {
		for _, p := range o.Pieces {
			switch {
			case p.Original == nil:
			case p.Original.Outlet == o:
				t.Errorf("%s reprints %q from itself", o.Slug, p.Title)
			case p.borrowed:
				borrowed++
			default:
				copied++
			}
		}
	}
	if borrowed != 1 || copied != 1 {
		t.Errorf("%d reprints by link and %d by copy, want one of each", borrowed, copied)
	}
}

func TestSameTimeSameBytes(t *testing.T) {
	one, two := newSite(t), newSite(t)
	for _, o := range one.outlets {
		if o.failure == 0 && !bytes.Equal(fetch(t, one, o.Path()+"feed"), fetch(t, two, o.Path()+"feed")) {
			t.Errorf("%s: two sites of the same moment differ", o.Slug)
		}
	}
}

func TestLoadNamesTheFileItRefuses(t *testing.T) {
	const good = "Name: X\nFormat: json\n"
	for name, test := range map[string]struct{ outlet, piece, want string }{
		"misspelt header": {good, "Titel: A\n", `no header "Titel"`},
		"unknown format":  {"Name: X\nFormat: rdf\n", "", `no format "rdf"`},
		"unknown charset": {good + "Charset: koi8-r\n", "", `no charset "koi8-r"`},
		"too old":         {good, "Title: A\nAuthor: B\nAge: 150h\n\nC", "150h"},
		"in the future":   {good, "Title: A\nAuthor: B\nAge: -1h\n\nC", "-1h"},
		"no text":         {good, "Title: A\nAuthor: B\nAge: 1h\n", "want title, author and text"},
		"no original":     {good, "Reprint-Of: y/z\nAge: 1h\n", `no original "y/z"`},
	} {
		t.Run(name, func(t *testing.T) {
			web := fstest.MapFS{"outlets/x/outlet.txt": {Data: []byte(test.outlet)}}
			if test.piece != "" {
				web["outlets/x/01-a.txt"] = &fstest.MapFile{Data: []byte(test.piece)}
			}
			_, err := load(web, noon())
			if err == nil || !strings.Contains(err.Error(), test.want) || !strings.Contains(err.Error(), "x") {
				t.Errorf("load = %v, want %q", err, test.want)
			}
		})
	}
}
