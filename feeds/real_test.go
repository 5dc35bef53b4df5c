package feeds

import (
	"errors"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// want is what is expected of a document: the class of the error, or the number
// of items and, where they tell something, the first item's facts.
type want struct {
	class      Class
	items      int
	title      string // of the first item
	url        string // of the first item
	author     string // of the first item
	date       string // of the first item, RFC 3339 without zone
	feed       string // the feed's title
	repaired   bool
	incomplete bool
}

// realFeeds says what each of the documents that other readers test with must
// come to. They lie outside of the repository; see the test.
func realFeeds() map[string]want {
	return map[string]want{
		"feedjira-AtomEscapedHTMLInPreTag.xml":                {items: 1, title: "Test entry", feed: "Test feed"},
		"feedjira-AtomFeedWithSpacesAroundEquals.xml":         {items: 1, date: "2012-11-07T09:09:00"},
		"feedjira-InvalidDateFormat.xml":                      {items: 2, date: "2017-10-16T15:10:00", url: "http://example.com/item0", repaired: true, incomplete: true},
		"feedjira-Permalinks.xml":                             {items: 4, title: "Item 1"},
		"feedparser-always_strip_doctype.xml":                 {feed: "found"},
		"feedparser-bozo_invalid-bytes-with-bom.xml":          {feed: "Valid UTF8: ѨInvalid UTF8: España", repaired: true, incomplete: true},
		"feedparser-chardet-windows1255.xml":                  {items: 1, repaired: true},
		"feedparser-demoronize-1.xml":                         {items: 1},
		"feedparser-doctype_contains_entity_decl.xml":         {},
		"feedparser-doesnotexist-entity.xml":                  {feed: "testing &doesnotexist; entity"},
		"feedparser-double-encoded-html.xml":                  {items: 1},
		"feedparser-http_high_bit_date.xml":                   {},
		"feedparser-rss_incomplete_cdata.xml":                 {class: ClassUnparsable},
		"feedparser-rss_item_link_corrupted_ampersands.xml":   {items: 1, url: "http://link/get?a=1&b=2", repaired: true, incomplete: true},
		"feedparser-undeclared_namespace.xml":                 {},
		"feedparser-unsafe_base.xml":                          {items: 1, title: "Example test"},
		"feedparser-utf-16le-autodetect.xml":                  {repaired: true},
		"feedrs-rss_0.91_missing_id.xml":                      {items: 1, feed: "Servicio de Personal - Ingreso - Diputación de valencia"},
		"feedrs-rss_2.0_relurl_1.xml":                         {items: 2, author: "Jonas Große Sundrup", date: "2021-03-02T22:39:15", url: "https://insanity.industries/post/pareto-optimal-compression/"},
		"feedvalidator-content_encoded_contains_script.xml":   {items: 1, title: "Foo"},
		"feedvalidator-duplicate-entries-all.xml":             {items: 10, author: "John Doe", date: "2003-12-13T18:30:02"},
		"feedvalidator-invalid_pubdate_day.xml":               {feed: "Invalid date format"},
		"feedvalidator-pubDate_future.xml":                    {items: 1, date: "none"},
		"feedvalidator-pubDate_past.xml":                      {items: 1, date: "none"},
		"gofeed-empty_feed.xml":                               {class: ClassEmpty},
		"gofeed-invalid.json":                                 {class: ClassUnparsable},
		"gofeed-json11_feed.json":                             {items: 1, author: "author_name", date: "2019-10-12T07:20:50", url: "https://sample-json-feed.com/id"},
		"gofeed-rss_channel_item_description_mixed_cdata.xml": {items: 1, title: "i"},
	}
}

// moreRealFeeds is the rest of realFeeds.
func moreRealFeeds() map[string]want {
	return map[string]want{
		"gofeed-rss_channel_item_illegal_char.xml":             {items: 1, title: "abcd"},
		"gofeed-rss_channel_item_title_cdata_naked_markup.xml": {items: 1, title: "Item Title"},
		"gofeed-rss_feed_bom.xml":                              {feed: "Feed Title"},
		"gofeed-rss_feed_leading_spaces.xml":                   {feed: "Feed Title"},
		"gofeed-unknown_feed.xml":                              {class: ClassNotFeed},
		"miniflux-encoding_ISO-8859-1.xml":                     {items: 40, feed: "Golem.de", date: "2018-10-28T12:48:00"},
		"miniflux-encoding_WINDOWS-1251.xml":                   {items: 50, title: "Цитата #17703", date: "2018-03-21T07:27:32"},
		"miniflux-invalid-prolog.xml":                          {items: 1, title: "Café", feed: "테스트 피드", repaired: true},
		"miniflux-koi8r.xml":                                   {items: 2, title: "Первая новость", date: "2026-02-15T10:00:00"},
		"miniflux-large_atom.xml":                              {items: 25, title: "Using vale with vim", author: "jvoisin", date: "2024-03-10T16:15:00"},
		"miniflux-large_rss.xml":                               {items: 25, title: "Using vale with vim", author: "jvoisin", date: "2024-03-10T16:15:00"},
		"miniflux-no_encoding_ISO-8859-1.xml":                  {items: 9, title: "Perturbateurs endocriniens : quels effets sur le cerveau ?", repaired: true},
		"miniflux-rdf_UTF8.xml":                                {items: 60, title: "OLED-TVs: Vorsichtsmaßnahmen gegen Einbrennen"},
		"miniflux-small_atom.xml":                              {items: 20, title: "Parse podcast categories", author: "fguillot"},
		"miniflux-urdu_UTF8.xml":                               {items: 26, date: "2018-01-05T16:51:00"},
		"miniflux-utf8-incorrect-prolog.xml":                   {items: 1, title: "Café", repaired: true},
		"miniflux-windows-1252-incorrect-prolog.xml":           {feed: "Euro €", repaired: true},
		"netnewswire-phpxml.rss":                               {items: 20, date: "2021-09-06T10:17:00"},
		"nodefeedparser-compressed.xml":                        {items: 10, url: "http://www.oren.ru/news/2743422/", repaired: true},
		"nodefeedparser-guid-dupes.xml":                        {items: 1, title: "Huh?", date: "2014-06-19T06:00:00"},
		"nodefeedparser-iconv.xml":                             {items: 10, title: "В Бузулуке главные стройплощадки – детсад и Ледовый дворец"},
		"nodefeedparser-illegally-nested.xml":                  {items: 10, title: "My Professional Armchair Analysis of CES", date: "2018-01-17T20:50:00"},
		"nodefeedparser-mediacontent-dupes.xml":                {items: 1, date: "2013-02-03T04:13:03", repaired: true},
		"nodefeedparser-nondefaultnamespace.atom":              {items: 1, author: "Aristotle Pagaltzis", date: "2006-01-18T11:26:54"},
		"nodefeedparser-notafeed.html":                         {class: ClassNotFeed},
		"nodefeedparser-rss-with-relative-html-urls.xml":       {items: 1, title: "Post"},
		"nodefeedparser-saxerror.xml":                          {items: 3, title: "Good Item"},
		"nodefeedparser-unknown-namespace.atom":                {items: 1, author: "Henri Sivonen"},
		"rssparser-missing-fields.atom":                        {items: 1},
		"rssparser-unrecognized.rss":                           {class: ClassNotFeed},
		"yarr-lots-of-spaces.xml":                              {feed: "finally"},
		"yarr-missing-guid.xml":                                {items: 2, title: "foo"},
	}
}

// TestRealFeeds fetches the test documents of seven other feed readers. They
// are not part of the repository; the test is skipped where they are missing.
func TestRealFeeds(t *testing.T) {
	dir := filepath.Join("..", "..", "shared", "feeds", "real")
	if _, err := os.Stat(dir); err != nil {
		t.Skip("the real feeds do not lie beside the repository")
	}
	srv := httptest.NewServer(http.FileServer(http.Dir(dir)))
	defer srv.Close()
	c := newTestClient(t, Options{})
	all := realFeeds()
	maps.Copy(all, moreRealFeeds())
	for name, w := range all {
		t.Run(name, func(t *testing.T) {
			got, err := c.Fetch(t.Context(), Source{ID: "real", URL: srv.URL + "/" + name}, Validators{})
			checkFetched(t, got, err, w)
		})
	}
}

func checkFetched(t *testing.T, got Fetched, err error, w want) {
	t.Helper()
	if w.class != "" {
		if fault, ok := errors.AsType[*Error](err); !ok || fault.Class != w.class {
			t.Fatalf("error %v, want class %q", err, w.class)
		}
		return
	}
	if err != nil {
		t.Fatal(err)
	}
	if len(got.Items) != w.items {
		t.Fatalf("%d items, want %d", len(got.Items), w.items)
	}
	if got.Repaired != w.repaired || got.Incomplete != w.incomplete {
		t.Errorf("repaired %v, incomplete %v, want %v, %v", got.Repaired, got.Incomplete, w.repaired, w.incomplete)
	}
	if w.feed != "" && got.Title != w.feed {
		t.Errorf("feed title %q, want %q", got.Title, w.feed)
	}
	if w.items == 0 {
		return
	}
	it := got.Items[0]
	if w.title != "" && it.Title != w.title {
		t.Errorf("title %q, want %q", it.Title, w.title)
	}
	if w.url != "" && it.URL != w.url {
		t.Errorf("url %q, want %q", it.URL, w.url)
	}
	if w.author != "" && strings.Join(it.Authors, "|") != w.author {
		t.Errorf("authors %q, want %q", it.Authors, w.author)
	}
	date := "none"
	if !it.Published.IsZero() {
		date = it.Published.Format("2006-01-02T15:04:05")
	}
	if w.date != "" && date != w.date {
		t.Errorf("date %s, want %s", date, w.date)
	}
	for _, it := range got.Items {
		checkClean(t, it)
	}
}

// checkClean holds an item against what Item promises.
func checkClean(t *testing.T, it Item) {
	t.Helper()
	for name, s := range map[string]string{"title": it.Title, "teaser": it.Teaser, "url": it.URL, "guid": it.GUID, "authors": strings.Join(it.Authors, "|")} {
		if strings.ContainsFunc(s, func(r rune) bool { return hidden(r) && r != '\u200c' && r != '\u200d' }) {
			t.Errorf("%s %q has a hidden character", name, s)
		}
	}
	if it.URL != "" && Clean(it.URL) == "" {
		t.Errorf("url %q is no web address", it.URL)
	}
	if n := len([]rune(it.Title)); n > maxTitle {
		t.Errorf("title of %d runes", n)
	}
	if n := len([]rune(it.Teaser)); n > maxTeaser {
		t.Errorf("teaser of %d runes", n)
	}
	if it.Published.Location() != time.UTC || it.Updated.Location() != time.UTC {
		t.Error("a date is not in UTC")
	}
	if strings.Contains(it.Text, "\n\n\n") || strings.Contains(strings.ReplaceAll(it.Text, "\n\n", ""), "\n") {
		t.Error("paragraphs of the text are not one line each")
	}
}

func newTestClient(t *testing.T, o Options) *Client {
	t.Helper()
	o.AllowPrivate = true
	if o.Pause == 0 {
		o.Pause = time.Millisecond // real servers wait in real time; scripted ones do not
	}
	c := NewClient(o)
	t.Cleanup(c.Close)
	return c
}
