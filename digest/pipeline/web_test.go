package pipeline_test

import (
	"fmt"
	"hash/fnv"
	"html"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"standpoint/feeds"
)

// item is a piece on the test's web.
type item struct {
	id        string
	published time.Time
	off       bool // not on the subject
	full      bool // the feed carries the whole text
	bare      bool // neither text nor teaser in the feed
	link      string
	canonical string
	status    int    // of the page; 0: 200
	heading   string // in the title's stead
	head      string // of the page, as HTML
	words     string // behind the text of the page, as HTML
	whole     string // the text, in the text's stead
	reprints  string // id of the piece whose text it brings, with a header and a footer of its own
}

func (i item) title() string {
	if i.heading != "" {
		return i.heading
	}
	if i.off {
		return "Gardens of the Alps, part " + i.id
	}
	return "Ukraine needs binding security guarantees, part " + i.id
}

// text is long enough to be taken for an article.
func (i item) text() []string {
	if i.whole != "" {
		return []string{i.whole}
	}
	if i.reprints != "" {
		text := item{id: i.reprints}.text()
		text[0] = "Security guarantees for Ukraine: from our partners. " + i.own(15) + " " + text[0]
		return append(text, "This piece came out elsewhere first. "+i.own(40))
	}
	if i.off {
		return []string{
			"Roses grow slowly at the height of two thousand metres, as gardeners of part " + i.id + " have known for a century and more.",
			strings.Repeat("Water them in the evening and keep them out of the wind that comes down from the glacier. ", 12),
		}
	}
	return []string{
		"Ukraine needs binding security guarantees, and part " + i.id + " of this series says why Europe should sign a treaty that obliges it to fight. " + i.own(60),
		strings.Repeat("A promise without an obligation is worth nothing to Kyiv, and Moscow knows it well. Europe must commit itself by treaty to defend Ukraine, with an article like that of the Atlantic alliance. ", 4),
		"A legally binding mutual defence clause for Ukraine is the only guarantee that will deter another Russian invasion.",
		i.own(120),
	}
}

// own gives words in an order that no other piece has, so that none is taken for
// a reprint of another. They are English to those who look at the language.
func (i item) own(words int) string {
	english := strings.Fields("the of and that with from which where after before about because their there would should they have been this")
	nouns := strings.Fields("harbour council winter minister river letter garden railway evening bridge market school doctor village window")
	h := fnv.New64a()
	fmt.Fprint(h, i.id, words)
	random := rand.New(rand.NewPCG(h.Sum64(), 0))
	out := make([]string, words)
	for n := range out {
		out[n] = nouns[random.IntN(len(nouns))] + nouns[random.IntN(len(nouns))]
		if n%3 == 2 {
			out[n] = english[random.IntN(len(english))]
		}
	}
	return strings.Join(out, " ") + "."
}

func (i item) teaser() string { return i.text()[0] }

// outlet is a site with a feed.
type outlet struct {
	status int               // of the feed; 0: 200
	header map[string]string // of the feed's answer
	body   string            // in the feed's stead
	items  []item
}

// web is a site of many outlets.
type web struct {
	*httptest.Server
	mu       sync.Mutex
	outlets  map[string]*outlet
	requests map[string]int // by path
	same     map[string]int // answered with 304, by path
	hook     func(place string)
}

func newWeb(t testing.TB) *web {
	t.Helper()
	w := &web{outlets: map[string]*outlet{}, requests: map[string]int{}, same: map[string]int{}}
	w.Server = httptest.NewServer(w)
	t.Cleanup(w.Close)
	return w
}

// put changes an outlet, which is made if need be.
func (w *web) put(name string, change func(*outlet)) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.outlets[name] == nil {
		w.outlets[name] = &outlet{}
	}
	change(w.outlets[name])
}

// add puts pieces into an outlet's feed.
func (w *web) add(name string, items ...item) {
	w.put(name, func(o *outlet) { o.items = append(items, o.items...) })
}

// listen calls hook at each request.
func (w *web) listen(hook func(place string)) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.hook = hook
}

func (w *web) source(name string) feeds.Source {
	return feeds.Source{ID: feeds.SourceID(name), Name: strings.ToUpper(name), Country: "BE", URL: w.URL + "/" + name + "/feed"}
}

func (w *web) asked(path string) (requests, unchanged int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.requests[path], w.same[path]
}

func (w *web) ServeHTTP(rw http.ResponseWriter, r *http.Request) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.requests[r.URL.Path]++
	if w.hook != nil {
		w.hook("request " + r.URL.Path)
	}
	name, page, _ := strings.Cut(strings.Trim(r.URL.Path, "/"), "/")
	o := w.outlets[name]
	switch {
	case o == nil:
		http.NotFound(rw, r)
	case page == "feed":
		w.feed(rw, r, o)
	default:
		for _, i := range o.items {
			if i.id == page {
				w.page(rw, i)
				return
			}
		}
		http.NotFound(rw, r)
	}
}

func (w *web) feed(rw http.ResponseWriter, r *http.Request, o *outlet) {
	for name, value := range o.header {
		rw.Header().Set(name, value)
	}
	if o.status != 0 {
		rw.WriteHeader(o.status)
		return
	}
	body := o.body
	if body == "" {
		body = w.rss(strings.TrimSuffix(r.URL.Path, "feed"), o.items)
	}
	sum := fnv.New64a()
	sum.Write([]byte(body))
	tag := fmt.Sprintf(`"%x"`, sum.Sum64())
	rw.Header().Set("ETag", tag)
	if r.Header.Get("If-None-Match") == tag {
		w.same[r.URL.Path]++
		rw.WriteHeader(http.StatusNotModified)
		return
	}
	rw.Header().Set("Content-Type", "text/xml; charset=utf-8")
	fmt.Fprint(rw, body)
}

func (w *web) rss(base string, items []item) string {
	var b strings.Builder
	b.WriteString(`<?xml version="1.0"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>Outlet</title>`)
	for _, i := range items {
		link := i.link
		if link == "" {
			link = w.URL + base + i.id
		}
		fmt.Fprintf(&b, "<item><guid isPermaLink=\"false\">%s</guid><link>%s</link><title>%s</title>", i.id, link, i.title())
		if !i.published.IsZero() {
			fmt.Fprintf(&b, "<pubDate>%s</pubDate>", i.published.Format(time.RFC1123Z))
		}
		if !i.bare {
			fmt.Fprintf(&b, "<description>%s</description>", i.teaser())
		}
		if i.full {
			fmt.Fprintf(&b, "<content:encoded>%s</content:encoded>", html.EscapeString("<p>"+strings.Join(i.text(), "</p><p>")+"</p>"))
		}
		b.WriteString("</item>")
	}
	b.WriteString("</channel></rss>")
	return b.String()
}

func (w *web) page(rw http.ResponseWriter, i item) {
	if i.status != 0 {
		rw.WriteHeader(i.status)
		return
	}
	rw.Header().Set("Content-Type", "text/html; charset=utf-8")
	canonical := ""
	if i.canonical != "" {
		canonical = `<link rel="canonical" href="` + i.canonical + `">`
	}
	fmt.Fprintf(rw, "<!doctype html><html><head><title>%s</title>%s%s</head><body><article><h1>%s</h1><p>%s</p>%s</article></body></html>",
		i.title(), canonical, i.head, i.title(), strings.Join(i.text(), "</p><p>"), i.words)
}
