// Package demo is a small web of invented outlets, served on loopback, on which
// the real worker can show what it does: feeds of every common kind, pages with
// all that surrounds an article on a real site, two syndicated pieces, one page
// with hostile comments and one outlet whose feed is dead.
//
// Everything in it is made up: outlets, authors, officials and their words. The
// texts lie in outlets/, one folder for each outlet and one file for each piece,
// and README.md says how to change them. No file there says how a piece ought to
// be judged; that stands in testdata/expected.json, for tests only.
//
// It refuses a text it does not fully understand, with an error that names the
// file. It promises that every piece was published within Span before the time
// given to New, and that the same time gives the same bytes.
package demo

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"html/template"
	"net/http"
	"time"

	"standpoint/feeds"
)

//go:embed outlets layouts
var files embed.FS

// Span is how far back the oldest piece may lie.
const Span = 6 * 24 * time.Hour

// Site is the web of sample outlets as it stands at one moment.
type Site struct {
	outlets []*outlet
	layouts *template.Template
}

// New reads the embedded outlets and dates their pieces back from now. Its error
// names the file that it could not understand.
func New(now time.Time) (*Site, error) {
	layouts, err := template.ParseFS(files, "layouts/*.html.tmpl")
	if err != nil {
		return nil, fmt.Errorf("parse layouts: %w", err)
	}
	outlets, err := load(files, now.UTC())
	if err != nil {
		return nil, err
	}
	return &Site{outlets: outlets, layouts: layouts}, nil
}

// Sources lists the outlets as an operator would configure them, the dead one
// included. Base is the address at which Handler is served, such as
// "http://127.0.0.1:8080".
func (s *Site) Sources(base string) []feeds.Source {
	sources := make([]feeds.Source, 0, len(s.outlets))
	for _, o := range s.outlets {
		sources = append(sources, feeds.Source{
			ID:      feeds.NewSourceID(o.Name),
			Name:    o.Name,
			Country: o.Country,
			URL:     base + o.Path() + "feed",
		})
	}
	return sources
}

// Handler serves the list of outlets, and each outlet's front page, feed and
// articles. Links are absolute and lead to the host that the request named.
func (s *Site) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, r *http.Request) {
		s.page(w, r, "index", time.Time{}, view{Outlets: s.outlets})
	})
	for _, o := range s.outlets {
		mux.HandleFunc("GET "+o.Path()+"feed", func(w http.ResponseWriter, r *http.Request) {
			s.feed(w, r, o)
		})
		mux.HandleFunc("GET "+o.Path()+"{$}", func(w http.ResponseWriter, r *http.Request) {
			s.page(w, r, "front", o.updated(), view{Outlet: o})
		})
		for _, p := range o.pages() {
			mux.HandleFunc("GET "+p.Path(), func(w http.ResponseWriter, r *http.Request) {
				s.page(w, r, o.layout, p.Published, view{Outlet: o, Piece: p})
			})
		}
	}
	return mux
}

// feed answers with the outlet's feed, or with its failure.
func (s *Site) feed(w http.ResponseWriter, r *http.Request, o *outlet) {
	if o.failure != 0 {
		http.Error(w, http.StatusText(o.failure), o.failure)
		return
	}
	body, kind, err := o.feed(origin(r))
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	serve(w, r, kind, o.updated(), body)
}

// page answers with one layout, filled.
func (s *Site) page(w http.ResponseWriter, r *http.Request, layout string, changed time.Time, v view) {
	v.Base = origin(r)
	var body bytes.Buffer
	if err := s.layouts.ExecuteTemplate(&body, layout+".html.tmpl", v); err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	serve(w, r, "text/html; charset=utf-8", changed, body.Bytes())
}

// serve sends body with both validators, so that a client which has it already
// is told 304 (RFC 9110, section 13).
func serve(w http.ResponseWriter, r *http.Request, kind string, changed time.Time, body []byte) {
	sum := sha256.Sum256(body)
	w.Header().Set("Content-Type", kind)
	w.Header().Set("ETag", `"`+hex.EncodeToString(sum[:8])+`"`)
	http.ServeContent(w, r, "", changed, bytes.NewReader(body))
}

// origin is the address under which the client reached the site.
func origin(r *http.Request) string { return "http://" + r.Host }
