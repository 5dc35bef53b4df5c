// Package article takes the text of a piece out of a web page.
//
// It refuses pages without a text. It promises that readers' comments are not
// part of the text: no extraction library keeps them out, and a digest that
// sorts by stance would otherwise take its stance from them. They are pruned
// before the library sees the page. Menus, newsletter boxes, related links,
// hidden text and notes about the authors are left out where they can be told.
// It fetches nothing; the page is handed in.
package article

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/url"
	"strings"
	"time"

	readability "codeberg.org/readeck/go-readability/v2"
	"golang.org/x/net/html"
	"golang.org/x/net/html/charset"

	"standpoint/feeds"
)

// Article is what a page holds of a piece. All texts are plain.
type Article struct {
	Text              string    // paragraphs apart by a blank line; never empty
	Title             string    // one line; may be empty
	Authors           []string  // may be empty
	Published         time.Time // UTC; zero when the page names no usable date
	Canonical         string    // the address that the page calls its own, absolute http(s); may be empty
	Language          string    // BCP 47; may be empty
	CommentsUncertain bool      // something looked like comments and was kept, as in "experts react" pieces: take no stance from the text's tail alone
}

// ErrNoText is returned for a page in which no piece was found: an index, a
// login form, a page that only a script fills.
var ErrNoText = errors.New("no text of a piece in the page")

// maxElements is how many elements of a page are looked at. The largest pages
// of outlets have some ten thousand.
const maxElements = 60_000

// Extract finds the piece in a page. contentType is the HTTP header and may be
// empty; pageURL is the address the page came from. The error is ErrNoText, or
// says why the page is not to be read.
func Extract(page []byte, contentType, pageURL string) (a Article, err error) {
	defer func() { // a library's fault on one page must harm that page only
		if r := recover(); r != nil {
			a, err = Article{}, fmt.Errorf("article %s: the extractor gave up", feeds.Redact(pageURL))
		}
	}()
	utf8, err := charset.NewReader(bytes.NewReader(page), contentType)
	if err != nil {
		return Article{}, ErrNoText
	}
	text, err := io.ReadAll(utf8)
	if err == nil {
		text, err = slim(text)
	}
	if err != nil {
		return Article{}, fmt.Errorf("article %s: %w", feeds.Redact(pageURL), err)
	}
	doc, err := html.Parse(bytes.NewReader(text))
	if err == nil && weight(doc, 0) > maxWeight {
		err = errTooHeavy
	}
	if err != nil {
		return Article{}, fmt.Errorf("article %s: %w", feeds.Redact(pageURL), err)
	}
	base, err := url.Parse(pageURL)
	if err != nil {
		base = &url.URL{}
	}
	a = readMeta(doc, base)
	dropClutter(doc)
	a.CommentsUncertain = pruneComments(doc)
	p := readability.NewParser()
	p.MaxElemsToParse = maxElements
	found, err := p.ParseAndMutate(doc, base)
	if err != nil {
		return Article{}, fmt.Errorf("article %s: %w", feeds.Redact(pageURL), err)
	}
	if found.Node == nil {
		return Article{}, ErrNoText
	}
	a.fill(found)
	a.Text = strings.Join(feeds.TrimFurniture(feeds.NodeParagraphs(found.Node), a.Title, a.Authors), "\n\n")
	if a.Text == "" {
		return Article{}, ErrNoText
	}
	return a, nil
}

// fill takes from the library what the page's own words left open.
func (a *Article) fill(found readability.Article) {
	if a.Title == "" {
		a.Title = feeds.Line(found.Title(), 500)
	}
	if len(a.Authors) == 0 {
		a.Authors = feeds.Authors(found.Byline())
	}
	if t, err := found.PublishedTime(); err == nil && a.Published.IsZero() {
		a.Published = feeds.Date("", &t)
	}
	if a.Language == "" {
		a.Language = feeds.Language(found.Language())
	}
}
