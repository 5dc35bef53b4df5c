package article

import (
	"bytes"
	"errors"

	"golang.org/x/net/html"
)

// maxTags is how many tags a page may have. The largest pages of outlets have
// some ten thousand.
const maxTags = 150_000

// maxWeight bounds the work on a page: the bytes of its texts and of its elements,
// each times its depth in the tree. We and the extractor look at all that is below
// an element for many of them; an ordinary page weighs a few million.
const maxWeight = 32 << 20

// elementWeight is what an element costs, as many bytes of text.
const elementWeight = 8

var (
	errTooManyTags = errors.New("the page has too many tags to be an article")
	errTooHeavy    = errors.New("the page nests too much too deep to be an article")
)

// weight is what maxWeight bounds.
func weight(n *html.Node, depth int) (sum int) {
	if n.Type == html.TextNode {
		return len(n.Data) * depth
	}
	sum = elementWeight * depth
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		sum += weight(c, depth+1)
	}
	return sum
}

// slim copies a page without its scripts, styles, comments and formatting tags.
// Formatting tags go because of a rule of HTML (section 13.2.4.3): those left
// open are opened again in every following block, so that a few hundred of them
// turn a small page into gigabytes of tree.
func slim(page []byte) ([]byte, error) {
	out := make([]byte, 0, len(page))
	z := html.NewTokenizer(bytes.NewReader(page))
	tags, skipping := 0, false
	for {
		next := z.Next()
		raw := z.Raw()
		switch next {
		case html.ErrorToken:
			return out, nil
		case html.CommentToken:
			continue
		case html.TextToken:
			if !skipping {
				out = append(out, raw...)
			}
			skipping = false
			continue
		case html.StartTagToken, html.SelfClosingTagToken, html.EndTagToken:
			if tags++; tags > maxTags {
				return nil, errTooManyTags
			}
		case html.DoctypeToken:
		}
		skipping = false
		name, _ := z.TagName()
		switch string(name) {
		case "b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u":
			continue
		case "script", "style":
			if next == html.StartTagToken && !bytes.Contains(bytes.ToLower(raw), []byte("ld+json")) {
				skipping = true
				continue
			}
		}
		out = append(out, raw...)
	}
}
