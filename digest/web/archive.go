package web

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"standpoint/digest/store"
)

// How long others may keep what the archive says before they ask again.
const (
	shortly = 5 * time.Minute // what the next edition changes
	longer  = time.Hour       // what only a correction changes
)

// archive answers for what everybody may read: nothing in it is one reader's.
type archive struct {
	*Site
	cache *cache
}

// archive registers the archive's pages.
func (s *Site) archive(mux *http.ServeMux) {
	a := &archive{Site: s, cache: newCache(mostCached)}
	mux.HandleFunc("GET /{$}", a.page("home", shortly, a.home))
	mux.HandleFunc("GET /editions", a.page("editions", shortly, a.index))
	mux.HandleFunc("GET /editions.atom", a.page("atom", shortly, a.atom))
	mux.HandleFunc("GET /editions/{name}", a.numbered)
	mux.HandleFunc("GET /pieces/{number}", a.ofPiece)
	mux.HandleFunc("GET /method", a.method)
}

// maker makes an answer from the store.
type maker func(ctx context.Context) (*answer, error)

// page answers with one page under its own name.
func (a *archive) page(key string, age time.Duration, make maker) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) { a.answer(w, r, key, age, make) }
}

// answer answers with a page that is kept, or made now. Its ETag comes from its
// content, so it is a strong one (RFC 9110, section 8.8.1). It has no Last-Modified: a page
// changes with the configuration, too, and with what feeds answer, and a date of the
// store would tell when a draft was made.
func (a *archive) answer(w http.ResponseWriter, r *http.Request, key string, age time.Duration, make maker) {
	generation, err := a.Store.ArchiveGeneration(r.Context())
	var got *answer
	if err == nil {
		got, err = a.cache.ask(r.Context(), key, generation, func() (*answer, error) { return make(r.Context()) })
	}
	switch {
	case errors.Is(err, store.ErrNoEdition), errors.Is(err, errNoPiece):
		a.missing(w, r)
		return
	case err != nil:
		a.fault(w, r, err)
		return
	}
	h := w.Header()
	h.Set("Content-Type", got.kind)
	h.Set("ETag", got.tag)
	h.Set("Cache-Control", fmt.Sprintf("public, max-age=%d, must-revalidate", int(age/time.Second)))
	if got.policy != "" {
		h.Set("Content-Security-Policy", got.policy)
	}
	if a.NoIndex {
		h.Set("X-Robots-Tag", "noindex")
	}
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(got.body))
}

// missing answers for an edition or a piece that nobody can read.
func (a *archive) missing(w http.ResponseWriter, r *http.Request) {
	a.message(w, r, http.StatusNotFound, message{
		Heading: "There is nothing here", Text: []string{"No edition that has come out has this number, and no piece in one."},
		Link: &pageLink{"All editions", a.base() + "/editions"},
	})
}

// html fills a page of the layout.
func (a *archive) html(name string, p page) (*answer, error) {
	body, err := a.fill(name, p)
	if err != nil {
		return nil, fmt.Errorf("page %s: %w", name, err)
	}
	return newAnswer("text/html; charset=utf-8", body), nil
}

func newAnswer(kind string, body []byte) *answer {
	sum := sha256.Sum256(body)
	return &answer{body: body, kind: kind, tag: `"` + hex.EncodeToString(sum[:12]) + `"`}
}

// public is a page's public address; empty where there is none.
func (a *archive) public(path string) string {
	if a.Frame.Web == "" {
		return ""
	}
	return a.Frame.Web + path
}

// number reads a number as our own addresses write it, so that no page has two.
func number(s string) (int, bool) {
	n, err := strconv.Atoi(s)
	return n, err == nil && n > 0 && strconv.Itoa(n) == s
}

// withStyles is the policy of a page that brings style elements of its own: these
// are let through by their hashes (CSP Level 3, section 6.7.3.3), and no others.
func withStyles(body string) string {
	hashes := "style-src 'self'"
	for {
		_, rest, ok := strings.Cut(body, "<style>")
		style, after, closed := strings.Cut(rest, "</style>")
		if !ok || !closed {
			return strings.Replace(policy, "style-src 'self'", hashes, 1)
		}
		sum := sha256.Sum256([]byte(style))
		hashes += " 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
		body = after
	}
}
