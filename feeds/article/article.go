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
	"net/url"
	"strings"
	"time"
	"unicode/utf8"

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
	Paywalled         bool      // only the free part is there; a long text behind a style sheet's wall does not count
	KeepMissed        bool      // the rules keep something that the page does not have; the text was found without them
}

// ErrNoText is returned for a page in which no piece was found: an index, a
// login form, a page that only a script fills.
var ErrNoText = errors.New("no text of a piece in the page")

// maxElements is how many elements of a page are looked at. The largest pages
// of outlets have some ten thousand.
const maxElements = 60_000

// Extract is Rules.Extract without rules.
func Extract(page []byte, contentType, pageURL string) (Article, error) {
	return Rules{}.Extract(page, contentType, pageURL)
}

// Extract finds the piece in a page. contentType is the HTTP header and may be
// empty; pageURL is the address the page came from. The error is ErrNoText, or
// says why the page is not to be read.
func (r Rules) Extract(page []byte, contentType, pageURL string) (a Article, err error) {
	defer func() { // a library's fault on one page must harm that page only
		if p := recover(); p != nil {
			a, err = Article{}, fmt.Errorf("article %s: the extractor gave up", feeds.Redact(pageURL))
		}
	}()
	doc, err := parse(page, contentType)
	if errors.Is(err, ErrNoText) {
		return Article{}, err
	}
	if err == nil {
		a, err = r.extract(doc, pageURL)
	}
	if err != nil && !errors.Is(err, ErrNoText) {
		err = fmt.Errorf("article %s: %w", feeds.Redact(pageURL), err)
	}
	if err != nil {
		return Article{}, err
	}
	return a, nil
}

// parse makes a tree of a page, within bounds.
func parse(page []byte, contentType string) (*html.Node, error) {
	text := page
	encoding, name, _ := charset.DetermineEncoding(page[:min(len(page), 1024)], contentType)
	if name != "utf-8" || !utf8.Valid(page) {
		var err error
		if text, err = encoding.NewDecoder().Bytes(page); err != nil {
			return nil, ErrNoText
		}
	}
	text, err := slim(text)
	if err != nil {
		return nil, err
	}
	doc, err := html.Parse(bytes.NewReader(text))
	if err == nil && weight(doc, 0) > maxWeight {
		err = errTooHeavy
	}
	return doc, err
}

func (r Rules) extract(doc *html.Node, pageURL string) (Article, error) {
	base, err := url.Parse(pageURL)
	if err != nil {
		base = &url.URL{}
	}
	r.dropFrom(doc)
	m := newMetas(doc, base)
	a := m.article(base)
	wall := readWall(doc, m)
	kept := r.kept(doc)
	held := ancestors(kept)
	unfold(doc)
	dropConsent(doc, prose(doc))
	dropClutter(doc, held)
	a.CommentsUncertain = pruneComments(doc)
	dropCells(doc, held)
	paras := a.keptText(doc, kept)
	if a.KeepMissed = len(r.keep) > 0 && len(paras) == 0; len(paras) == 0 {
		if paras, err = a.readableText(doc, base); err != nil {
			return Article{}, err
		}
	}
	paras = a.bodyOf(m.own, paras)
	a.Paywalled = wall.paywalled(paras)
	a.Text = strings.Join(trimWall(paras), "\n\n")
	if a.Text == "" {
		return Article{}, ErrNoText
	}
	if a.Language == "" {
		a.Language = guessLanguage(a.Text)
	}
	return a, nil
}

// keptText is the text of what the rules keep and the pruning has left.
func (a *Article) keptText(doc *html.Node, kept []*html.Node) (paras []string) {
	for _, n := range kept {
		if inTree(doc, n) {
			paras = append(paras, feeds.NodeParagraphs(n)...)
		}
	}
	return feeds.TrimFurniture(paras, a.Title, a.Authors)
}

// readableText is the text that the extractor finds in what the pruning has
// left; there may be none.
func (a *Article) readableText(doc *html.Node, base *url.URL) ([]string, error) {
	unwrap(doc)
	p := readability.NewParser()
	p.MaxElemsToParse = maxElements
	found, err := p.ParseAndMutate(doc, base)
	if err != nil || found.Node == nil {
		return nil, err
	}
	a.fill(found)
	return feeds.TrimFurniture(feeds.NodeParagraphs(found.Node), a.Title, a.Authors), nil
}

// bodyOf is the text that a page gives in its JSON-LD, where the page itself,
// which a script would fill, holds less than a third of it. What the outlet locks
// stays locked.
func (a *Article) bodyOf(own piece, paras []string) []string {
	if own.locked || len(own.body) < 600 || len(strings.Join(paras, " "))*3 > len(own.body) {
		return paras
	}
	body := own.body
	if !strings.Contains(body, "\n\n") {
		body = strings.ReplaceAll(body, "\n", "\n\n")
	}
	return feeds.TrimFurniture(feeds.Paragraphs(body), a.Title, a.Authors)
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
