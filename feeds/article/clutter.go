package article

import (
	"strings"

	"golang.org/x/net/html"
)

// dropClutter takes out of a page what is never part of a piece: menus, forms,
// what is hidden from readers, cookie and newsletter boxes, share bars, related
// links, notes about authors. Nothing that holds the page's heading or a large
// part of its prose goes, whatever it is called, and nothing that is in keep.
func dropClutter(doc *html.Node, keep map[*html.Node]bool) {
	total := prose(doc)
	var out []*html.Node
	var walk func(n *html.Node)
	walk = func(n *html.Node) {
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			if c.Type != html.ElementNode {
				continue
			}
			if !keep[c] && isClutter(c) && !holdsPiece(c, total) {
				out = append(out, c)
				continue
			}
			if c.Data == "form" { // some frameworks wrap the whole page in one
				c.Data, c.DataAtom = "div", 0
			}
			walk(c)
		}
	}
	walk(doc)
	for _, n := range out {
		drop(n)
	}
	dropBoxes(doc, total, keep)
}

// holdsPiece reports whether n must stay: it is the frame of the page, or has
// its heading, or more than a third of its prose.
func holdsPiece(n *html.Node, total int) bool {
	if isElement(n, "html", "head", "body", "main", "article", "h1") {
		return true
	}
	p := prose(n)
	if p > 400 && p*3 > total {
		return true
	}
	for d := range n.Descendants() {
		if isElement(d, "h1") && !isElement(n, "nav", "form", "dialog") {
			return true
		}
	}
	return false
}

func isClutter(n *html.Node) bool {
	switch n.Data {
	case "nav", "form", "button", "dialog", "aside", "footer", "noscript", "iframe", "template", "svg", "object", "video", "audio", "select":
		return true
	}
	if isHidden(n) {
		return true
	}
	switch attr(n, "role") {
	case "navigation", "search", "dialog", "alertdialog", "complementary", "contentinfo", "menu", "menubar":
		return true
	}
	if n.Data == "sup" {
		return isNoteMark(n)
	}
	names := words(n)
	for i, w := range names {
		if i > 0 && isQualifier(names[i-1]) {
			continue // a frame that says what it has: "has-sidebar"
		}
		switch w {
		case "cookie", "cookies", "consent", "gdpr", "newsletter", "signup", "subscribe", "subscription", "paywall", "donate", "donation",
			"share", "sharing", "sharebar", "social", "addtoany", "sharedaddy",
			"related", "recommended", "recommendations", "recirculation", "readnext", "jp-relatedposts", "outbrain", "taboola",
			"breadcrumb", "breadcrumbs", "advert", "advertisement", "promo", "sponsor", "banner", "popup", "modal", "skip", "pagination",
			"authorbox", "authorbio", "bio", "biography", "tags", "taglist", "footnotes", "endnotes", "sidebar":
			return true
		case "col", "column":
			if i+1 < len(names) && names[i+1] == "side" {
				return true
			}
		case "about", "more", "read", "post":
			next := ""
			if i+1 < len(names) {
				next = names[i+1]
			}
			if w == "about" && (next == "author" || next == "authors" || next == "expert") || w == "more" && next == "from" || w == "read" && next == "next" || w == "post" && next == "tags" {
				return true
			}
		case "sr", "screen", "visually":
			return attr(n, "class") != "" && (strings.Contains(attr(n, "class"), "sr-only") || strings.Contains(attr(n, "class"), "screen-reader") || strings.Contains(attr(n, "class"), "visually-hidden"))
		}
	}
	return false
}

func isQualifier(w string) bool {
	return w == "has" || w == "with" || w == "no" || w == "without" || w == "hide"
}

// isNoteMark reports whether n is the number of a footnote.
func isNoteMark(n *html.Node) bool {
	s, ok := shortText(n, 8)
	if !ok || strings.Trim(s, "[]()*†0123456789, ") != "" {
		return false
	}
	for d := range n.Descendants() {
		if isElement(d, "a") {
			return true
		}
	}
	return false
}

// isHidden reports whether readers cannot see n.
func isHidden(n *html.Node) bool {
	if len(n.Attr) == 0 {
		return false
	}
	if hasAttr(n, "hidden") || attr(n, "aria-hidden") == "true" {
		return true
	}
	style := attr(n, "style")
	if style == "" {
		return false
	}
	style = strings.ReplaceAll(strings.ToLower(style), " ", "")
	for _, h := range []string{"display:none", "visibility:hidden", "font-size:0", "text-indent:-9"} {
		if strings.Contains(style, h) {
			return true
		}
	}
	return false
}

// dropBoxes takes out small boxes that only their heading betrays.
func dropBoxes(doc *html.Node, total int, keep map[*html.Node]bool) {
	var heads []*html.Node
	for d := range doc.Descendants() {
		if isElement(d, "h2", "h3", "h4", "h5", "h6", "p", "div", "span", "strong", "summary", "legend") {
			if s, ok := shortText(d, 60); ok && isBoxHeading(s) {
				heads = append(heads, d)
			}
		}
	}
	frames := map[*html.Node]bool{} // boxes too large to go, looked at once
	for _, h := range heads {
		box := h.Parent
		if box == nil {
			continue
		}
		if !frames[box] && !keep[box] && !isElement(box, "body", "main", "article") && !holdsPiece(box, total) && prose(box)*5 < total {
			drop(box)
			continue
		}
		frames[box] = true
		for s := h.NextSibling; s != nil; { // no box around it: the list that follows
			next := s.NextSibling
			if s.Type == html.ElementNode && !isElement(s, "ul", "ol") {
				break
			}
			drop(s)
			s = next
		}
		drop(h)
	}
}

func isBoxHeading(s string) bool {
	switch strings.TrimRight(strings.ToLower(s), " :.…›»→") {
	case "related", "related articles", "related content", "related posts", "related reading", "related stories", "related publications", "related topics", "related analysis", "more on this topic", "more from the author", "more by this author",
		"you may also like", "you might also like", "read next", "up next", "most read", "most popular", "popular", "trending", "latest", "latest news", "latest publications", "recommended", "recommended for you", "further reading", "explore more", "keep reading", "more like this", "editor's picks",
		"sign up for our newsletter", "subscribe to our newsletter", "newsletter", "get our newsletter", "stay informed", "stay up to date", "subscribe", "support us", "donate",
		"share", "share this", "share this article", "share this page", "follow us", "about the author", "about the authors", "about the experts", "tags", "topics", "in this section", "footnotes", "endnotes", "bibliography", "works cited", "fußnoten", "endnoten", "przypisy", "bibliografia", "примітки", "contents", "table of contents", "on this page":
		return true
	}
	return false
}

// shortText is the text below n when it has at most limit bytes and is not
// empty, in single blanks.
func shortText(n *html.Node, limit int) (string, bool) {
	var b strings.Builder
	for d := range n.Descendants() {
		if d.Type != html.TextNode {
			continue
		}
		s := strings.TrimSpace(d.Data)
		if b.Len()+len(s) > limit {
			return "", false
		}
		b.WriteString(s)
		b.WriteByte(' ')
	}
	s := strings.Join(strings.Fields(b.String()), " ")
	return s, s != ""
}
