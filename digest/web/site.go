package web

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"log/slog"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"time"

	"standpoint/digest"
	"standpoint/digest/render"
	"standpoint/digest/store"
	"standpoint/digest/token"
	"standpoint/digest/topic"
	"standpoint/templates"
)

// Site answers readers and editors: the archive, joining, choosing and leaving,
// and the drafts. All fields are required but Wake.
type Site struct {
	Store    *store.DB
	Keys     token.Keys
	Pack     *topic.Pack
	Renderer *render.Renderer
	Frame    render.Frame // Web is the public address, with a path perhaps
	Pages    templates.Site
	Zone     *time.Location
	Now      func() time.Time
	Log      *slog.Logger

	Proxies    []netip.Prefix // whose X-Forwarded-For is believed
	SignUp     bool           // new readers may ask to join
	KeepClient bool           // with the record of consent
	NoIndex    bool           // search engines are asked to leave the archive out

	// Recipient returns an address as mail needs it, or says what is wrong with it.
	Recipient func(address string) (string, error)
	// Drafts does what the editor's page asks for.
	Drafts Drafts
	// Wake says that mail waits to be sent; nil: somebody looks often enough.
	Wake func(context.Context)
}

// Handler answers everything below the public address. A request may carry that
// address's path, or the proxy may have taken it off.
func (s *Site) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /site.css", s.style)
	mux.HandleFunc("GET /icon.svg", s.icon)
	mux.HandleFunc("GET /favicon.ico", s.icon) // for who does not read pages to their head
	mux.HandleFunc("GET /robots.txt", s.robots)
	s.joining(mux)
	s.archive(mux)
	s.drafting(mux)
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		s.message(w, r, http.StatusNotFound, message{Heading: "There is nothing here", Text: []string{"The address may be mistyped, or the page may be gone."}})
	})
	return s.based(guard(mux))
}

// based takes the public address's own path off.
func (s *Site) based(next http.Handler) http.Handler {
	base := s.base()
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		rest, ok := strings.CutPrefix(r.URL.Path, base)
		switch {
		case !ok || base == "" || rest != "" && rest[0] != '/':
		case rest == "":
			r = r.Clone(r.Context())
			r.URL.Path, r.URL.RawPath = "/", ""
		default:
			http.StripPrefix(base, next).ServeHTTP(w, r)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// base is the path of the public address, without a slash at its end.
func (s *Site) base() string {
	u, err := url.Parse(s.Frame.Web)
	if err != nil {
		return ""
	}
	return strings.TrimSuffix(u.Path, "/")
}

// The policy of every page: nothing but its own style sheet and pictures, forms
// that come back here, and no frame around it. There is no script.
const policy = "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

// guard sets what every answer carries, and refuses methods that no page has.
func guard(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", policy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		switch r.Method {
		case http.MethodGet, http.MethodHead:
			r.Body = http.MaxBytesReader(w, r.Body, 0)
		case http.MethodPost:
			r.Body = http.MaxBytesReader(w, r.Body, mostForm)
		default:
			h.Set("Allow", "GET, HEAD, POST")
			http.Error(w, "only GET, HEAD and POST", http.StatusMethodNotAllowed)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// mostForm bounds the body of a form, in bytes: the longest has a name, an
// address and a choice of outlets.
const mostForm = 64 << 10

// page is what surrounds every page, and its own part.
type page struct {
	Title, Kind string
	Private     bool   // one reader's or the editor's: kept by nobody, found by nobody
	Canonical   string // public address; empty: none
	Description string // in a sentence, for who shows a link to the page; empty: none
	Body        any

	Language, Paper, Topic, Base, Style, Signature string
	NoIndex, SignUp                                bool
}

// fill fills a page by its template's name.
func (s *Site) fill(name string, p page) ([]byte, error) {
	p.Language, p.Paper, p.Topic = digest.English, render.Paper, s.Pack.Name
	_, mark := s.sheet()
	p.Base, p.Style, p.Signature = s.base(), mark, s.Renderer.Signature(s.Frame)
	p.NoIndex, p.SignUp = s.NoIndex, s.SignUp
	var b bytes.Buffer
	err := s.Pages.Pages[name].Execute(&b, p)
	return b.Bytes(), err
}

// show fills a page by its template's name and answers with it.
func (s *Site) show(w http.ResponseWriter, r *http.Request, status int, name string, p page) {
	body, err := s.fill(name, p)
	if err != nil {
		s.Log.Error("page not made", "page", name, "err", err)
		http.Error(w, "this page could not be made", http.StatusInternalServerError)
		return
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	if p.Private {
		h.Set("X-Robots-Tag", "noindex, nofollow")
	} else if s.NoIndex {
		h.Set("X-Robots-Tag", "noindex")
	}
	if h.Get("Cache-Control") == "" {
		h.Set("Cache-Control", "no-store")
	}
	w.WriteHeader(status)
	if r.Method != http.MethodHead {
		_, _ = w.Write(body)
	}
}

// message is a page of a few sentences.
type message struct {
	Heading string
	Text    []string
	Link    *pageLink
}

type pageLink struct{ Name, URL string }

func (s *Site) message(w http.ResponseWriter, r *http.Request, status int, m message) {
	s.show(w, r, status, "message", page{Title: m.Heading, Private: true, Body: m})
}

// fault answers when the store cannot, and says why in the log alone.
func (s *Site) fault(w http.ResponseWriter, r *http.Request, err error) {
	s.Log.Error("request not answered", "path", route(r), "err", err)
	w.Header().Set("Retry-After", "60")
	s.message(w, r, http.StatusServiceUnavailable, message{Heading: "This cannot be done now", Text: []string{"The fault is ours. Please try again in a few minutes."}})
}

// route is the pattern that a request matched: the path itself may be somebody's
// token, which no log may hold.
func route(r *http.Request) string {
	if r.Pattern != "" {
		return r.Pattern
	}
	return "unknown"
}

func (s *Site) style(w http.ResponseWriter, r *http.Request) {
	sheet, mark := s.sheet()
	h := w.Header()
	h.Set("Content-Type", "text/css; charset=utf-8")
	h.Set("ETag", `"`+mark+`"`)
	h.Set("Cache-Control", "public, max-age=31536000, immutable")
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(sheet))
}

// sheet is the style sheet with the colours of the pack's stances, and what
// changes with either.
func (s *Site) sheet() (sheet []byte, mark string) {
	colours := render.Palette(s.Pack)
	sum := sha256.Sum256([]byte(colours))
	return append(slices.Clone(s.Pages.Style), colours...), s.Pages.Mark + hex.EncodeToString(sum[:3])
}

// icon is named in every page: browsers ask every site for one.
func (s *Site) icon(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Content-Type", "image/svg+xml")
	h.Set("Cache-Control", "public, max-age=86400")
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(s.Pages.Icon))
}

// robots asks to leave out what is one reader's, and with noindex everything
// (RFC 9309).
func (s *Site) robots(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Cache-Control", "public, max-age=3600")
	rules := "User-agent: *\nDisallow: " + s.base() + "/leave/\nDisallow: " + s.base() + "/confirm/\nDisallow: " + s.base() + "/choose/\nDisallow: " + s.base() + "/draft/\n"
	if s.NoIndex {
		rules = "User-agent: *\nDisallow: /\n"
	}
	_, _ = w.Write([]byte(rules))
}
