package feeds

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/mmcdole/gofeed"
	"github.com/mmcdole/gofeed/json"
)

// Parsed is what Parse made of a document.
type Parsed struct {
	Format     string // such as "RSS 2.0"
	Title      string // the feed's own title, one line
	Items      []Item // in the feed's order; may be empty
	Repaired   bool   // the document is faulty and was mended before it could be read
	Incomplete bool   // the document breaks off; Items are those that came whole

	TTL       time.Duration // how long the feed asks not to be asked again (RSS 2.0); 0 when it does not
	SkipHours []int         // hours in GMT in which it asks not to be asked (RSS 2.0), ascending
}

// Parse reads an RSS, RDF, Atom or JSON Feed document. contentType is the HTTP
// header, and may be empty; base is the address that relative links are
// relative to when the feed names none itself; src goes into the items and the
// errors. The document is tried as it is first, and mended only when gofeed
// refuses it, because a wrong charset in the header does harm that the
// document's own declaration avoids. A feed without items is no error. The
// error is always a *Error.
func Parse(body []byte, contentType, base string, src SourceID) (Parsed, error) {
	p := parser{src: src, base: base, contentType: contentType, limit: 8 << 20}
	return p.parse(body)
}

// parser is one call of Parse.
type parser struct {
	src         SourceID
	base        string
	contentType string
	limit       int64 // bytes that a gzipped body may grow to
}

func (p *parser) parse(body []byte) (Parsed, error) {
	body, packed, err := p.unpack(body)
	if err != nil {
		return Parsed{}, err
	}
	body, wide := fromUTF16(body)
	visible := bytes.TrimLeft(body, "\ufeff \t\r\n\x00")
	if len(visible) == 0 {
		return Parsed{}, p.fault(ClassEmpty, "it is empty", "")
	}
	if visible[0] == '{' || visible[0] == '[' {
		return p.parseJSON(visible)
	}
	o, err := survey(body)
	if err != nil {
		return Parsed{}, p.tooLarge(err)
	}
	var plain *Parsed
	if isFeedRoot(o.root) && !wide && !needsDecoding(o, body) {
		if feed, err := decode(body); err == nil {
			out := p.convert(feed)
			out.Repaired = packed
			if len(feed.Items) >= o.items {
				return out, nil
			}
			plain = &out // tags that cross each other make gofeed lose items without a word
		}
	}
	out, err := p.mend(body, o, wide)
	if plain != nil && (err != nil || len(out.Items) <= len(plain.Items)) {
		plain.Incomplete = out.Incomplete
		return *plain, nil
	}
	return out, err
}

// mend is the second try.
func (p *parser) mend(body []byte, o outline, wide bool) (Parsed, error) {
	body, err := p.repair(body, o, wide)
	if err != nil {
		return Parsed{}, err
	}
	feed, incomplete, err := salvage(body)
	if err != nil {
		return Parsed{}, p.fault(ClassUnparsable, "not even the repair could read it: "+visibleError(err), "show the address to a feed validator")
	}
	out := p.convert(feed)
	out.Repaired, out.Incomplete = true, incomplete
	if incomplete && len(out.Items) == 0 && begun(body) {
		return Parsed{}, p.fault(ClassUnparsable, "the document breaks off before its first whole item", "it is tried again at the next run")
	}
	return out, nil
}

// begun reports whether a document has the beginning of an item.
func begun(doc []byte) bool {
	o, err := survey(doc)
	return err != nil || o.items > 0
}

// parseJSON reads a JSON Feed (jsonfeed.org, versions 1 and 1.1).
func (p *parser) parseJSON(body []byte) (Parsed, error) {
	if bytes.Count(body, []byte("{")) > maxItems {
		return Parsed{}, p.tooLarge(errTooMany)
	}
	feed, err := decode(body)
	if err != nil {
		return Parsed{}, p.fault(ClassUnparsable, "it is JSON, and broken: "+visibleError(err), "")
	}
	original, ok := feed.OriginalFeed().(*json.Feed)
	if !ok || original.Items == nil && !strings.Contains(original.Version, "jsonfeed.org") {
		return Parsed{}, p.fault(ClassNotFeed, "it is JSON that is no JSON Feed", "look for the feed's address on the site")
	}
	return p.convert(feed), nil
}

// decode runs gofeed on a document that has been surveyed, and turns a panic
// into an error.
func decode(doc []byte) (feed *gofeed.Feed, err error) {
	defer func() {
		if r := recover(); r != nil {
			feed, err = nil, fmt.Errorf("the parser gave up: %v", r)
		}
	}()
	gp := gofeed.NewParser()
	gp.KeepOriginalFeed = true // tells a permalink from another guid, HTML from plain text
	gp.RSSTranslator = &gofeed.DefaultRSSTranslator{DisableContentImageScan: true}
	return gp.Parse(bytes.NewReader(doc))
}

// isFeedRoot names the first elements of a feed.
func isFeedRoot(root string) bool {
	return root == "rss" || root == "feed" || root == "rdf"
}

// needsDecoding reports whether gofeed would misread the document, or read
// another one than survey did: it would believe any declaration, also a second
// one within the document, and also one that the bytes disprove.
func needsDecoding(o outline, body []byte) bool {
	if len(o.encodings) > 1 { // each would be obeyed, one on top of the other
		return true
	}
	for _, label := range o.encodings {
		switch {
		case label == "" || label == "utf-8" || label == "us-ascii":
		case !keepsASCII(label), isUTF8Text(body):
			return true
		}
	}
	return false
}

func (p *parser) fault(class Class, detail, mend string) *Error {
	return &Error{Op: "parse", Subject: string(p.src), Class: class, Detail: detail, Mend: mend}
}

func (p *parser) tooLarge(err error) *Error {
	e := p.fault(ClassTooLarge, "the document "+err.Error()+" to be a feed", "")
	e.Err = err
	return e
}

// notFeed explains a document whose root is no feed's.
func (p *parser) notFeed(body []byte, root string) *Error {
	if root == "" {
		return p.fault(ClassNotFeed, "it is text that is no feed", "look for the feed's address on the site")
	}
	if !slices.Contains([]string{"html", "head", "body", "title", "meta", "script", "link", "frameset", "div", "p", "br", "h1", "center"}, root) &&
		!bytes.Contains(bytes.ToLower(body[:min(len(body), 1024)]), []byte("<!doctype html")) {
		return p.fault(ClassNotFeed, "it is XML that is no feed: its root is <"+visible(root, 40)+">", "look for the feed's address on the site")
	}
	if isBotWall(body) {
		return p.fault(ClassBotWall, "it is a page that keeps programs out", "ask the site to let the feed through, or set fetch.user_agent")
	}
	e := p.fault(ClassNotFeed, "it is a web page, not a feed", "look for the feed's address on the site")
	if isLogin(body) {
		e.Detail = "it is a login page, not a feed"
	}
	e.Feeds = advertised(body, p.base)
	if len(e.Feeds) > 0 {
		e.Mend = `look for its feed link: <link rel="alternate"> says ` + visible(e.Feeds[0], 200)
	}
	return e
}

func visibleError(err error) string {
	if err == nil {
		err = errors.New("no cause known")
	}
	return visible(err.Error(), 160)
}
