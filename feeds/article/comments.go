package article

import (
	"strings"

	"golang.org/x/net/html"
)

// pruneComments takes readers' comments out of a page, in three ways: by what
// the page calls them, by the heading over them, and by their shape, many equal
// boxes behind the piece. It reports whether it kept something, or dropped much,
// on the evidence of the shape alone, which cannot tell the readers of a piece
// from the many authors of one ("experts react").
func pruneComments(doc *html.Node) (uncertain bool) {
	p := pruner{total: prose(doc)}
	p.byName(doc)
	p.byHeading(doc)
	p.byShape(doc)
	unname(doc)
	return p.uncertain
}

// pruner prunes one page.
type pruner struct {
	total     int // prose of the page as it came, in bytes
	uncertain bool
}

// Bytes of prose that must stand before what is taken for comments.
const (
	beforeNamed = 300   // a short post may have comments
	beforeShape = 1_200 // listicles and interviews begin their boxes earlier
)

// byName drops what is called comments.
func (p *pruner) byName(doc *html.Node) {
	before := 0
	var walk func(n *html.Node)
	walk = func(n *html.Node) {
		for c := n.FirstChild; c != nil; {
			next := c.NextSibling
			if isProse(c) {
				before += len(strings.TrimSpace(c.Data))
			}
			if c.Type == html.ElementNode {
				if p.isNamedComments(c, before) {
					drop(c)
				} else {
					walk(c)
				}
			}
			c = next
		}
	}
	walk(doc)
}

func (p *pruner) isNamedComments(n *html.Node, before int) bool {
	if isElement(n, "html", "body", "head", "main", "h1", "meta", "link") {
		return false
	}
	plain, strong := commentName(n)
	if !plain && !strong || holdsHeading(n) {
		return false
	}
	own := prose(n)
	if strong {
		return p.total-own >= beforeNamed/2 || own == 0
	}
	// "comment" is also what outlets call an opinion piece.
	return own < beforeNamed || before >= beforeNamed && (own*2 < p.total || alike(n) > 1)
}

func holdsHeading(n *html.Node) bool {
	for d := range n.Descendants() {
		if isElement(d, "h1") {
			return true
		}
	}
	return false
}

// alike counts the siblings of n with its element and class, itself included.
func alike(n *html.Node) (count int) {
	if n.Parent == nil {
		return 1
	}
	for s := n.Parent.FirstChild; s != nil; s = s.NextSibling {
		if s.Type == html.ElementNode && s.Data == n.Data && commentClass(s) {
			count++
		}
	}
	return count
}

func commentClass(n *html.Node) bool {
	plain, strong := commentName(n)
	return plain || strong
}

// commentName looks at class, id, microdata and labels. strong names are used
// for nothing else.
func commentName(n *html.Node) (plain, strong bool) {
	if t := attr(n, "itemtype"); strings.HasSuffix(t, "/Comment") || strings.HasSuffix(t, "/UserComments") {
		return true, true
	}
	switch attr(n, "itemprop") {
	case "comment", "commentText":
		return true, true
	}
	if strings.ContainsAny(n.Data, "-:") && strings.Contains(n.Data, "comment") && !isCommentSwitch(n.Data) { // a custom element
		return true, true
	}
	if strings.Contains(strings.ToLower(attr(n, "aria-labelledby")), "comments") {
		return true, true
	}
	plain = hasAttr(n, "data-comment-id") || hasAttr(n, "data-commentid")
	switch strings.ToLower(attr(n, "aria-label")) {
	case "comments", "reader comments", "readers' comments", "discussion":
		return true, true
	}
	for t := range strings.FieldsSeq(strings.ToLower(attr(n, "class") + " " + attr(n, "id") + " " + attr(n, "data-testid") + " " + attr(n, "data-component"))) {
		switch t {
		case "respond", "comments", "comment-list", "commentlist", "comment-respond", "comment-thread", "comment-section", "comment-form", "comment-area", "reader-responses", "reader-response", "readers-comments", "reader-letters", "readers-letters", "letters-to-the-editor",
			"replies", "fb-comments", "u-comment", "p-comment", "webmentions", "isso-thread", "wpdcom", "remark42", "giscus", "utterances", "livefyre", "commento", "spot-im-frame-inpage", "viafoura", "discussion-thread", "response-list":
			return true, true
		}
		for _, lead := range []string{"comments-", "comments_", "comments__", "disqus", "reader-comment", "user-comment", "coral-", "coral_", "hyvor-talk", "wpdiscuz", "openweb-", "cusdis", "commentlist", "commentsection", "commentthread", "commentswrapper", "commentscontainer", "commentsblock", "commentslist", "commentsarea", "usercomment", "readercomment"} {
			if strings.HasPrefix(t, lead) && !isCommentSwitch(t) {
				return true, true
			}
		}
		if strings.HasSuffix(t, "-comments") || strings.HasSuffix(t, "_comments") {
			strong = strong || !isCommentSwitch(t)
		}
		if t == "comment" || strings.HasPrefix(t, "comment-") || strings.HasPrefix(t, "comment_") {
			plain = plain || !isCommentSwitch(t)
		}
	}
	return plain || strong, strong
}

// isCommentSwitch reports whether a name only says whether comments are open,
// or counts them, or links to them.
func isCommentSwitch(t string) bool {
	for _, w := range []string{"open", "closed", "link", "count", "enabled", "disabled", "has-", "no-", "with-", "without-", "-on", "-off", "number"} {
		if strings.HasPrefix(t, w) || strings.HasSuffix(t, w) {
			return true
		}
	}
	return false
}

// unname takes the names off what stays, because the extractor distrusts them.
func unname(doc *html.Node) {
	for d := range doc.Descendants() {
		if d.Type == html.ElementNode && len(d.Attr) > 0 && commentClass(d) {
			d.Attr = nil
		}
	}
}

// byHeading drops a heading over comments and all that follows it.
func (p *pruner) byHeading(doc *html.Node) {
	before := 0
	var walk func(n *html.Node) *html.Node
	walk = func(n *html.Node) *html.Node {
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			if isProse(c) {
				before += len(strings.TrimSpace(c.Data))
			}
			if c.Type != html.ElementNode {
				continue
			}
			if before >= beforeNamed {
				if s, ok := shortText(c, 60); ok && (isCommentHeading(s) || isWeakHeading(s) && followedByBoxes(c)) {
					return c
				}
			}
			if found := walk(c); found != nil {
				return found
			}
		}
		return nil
	}
	if top := walk(doc); top != nil {
		for top.Parent != nil && !isElement(top.Parent, "body", "html", "main") && !proseBefore(top) {
			top = top.Parent
		}
		for top != nil {
			next := top.NextSibling
			drop(top)
			top = next
		}
	}
}

// proseBefore reports whether n's parent has prose before n.
func proseBefore(n *html.Node) bool {
	for s := n.PrevSibling; s != nil; s = s.PrevSibling {
		if prose(s) > 0 {
			return true
		}
	}
	return false
}

// isCommentHeading knows the headings that stand over nothing but comments.
func isCommentHeading(s string) bool {
	s = strings.Trim(strings.ToLower(s), " :.!…#")
	bare := strings.TrimSpace(strings.Trim(s, "0123456789,.() "))
	switch bare {
	case "join the discussion", "join the conversation", "join the debate", "leave a reply", "leave a comment", "post a comment", "add a comment", "add your comment", "write a comment", "have your say", "what do you think?", "your comments",
		"comments", "comment", "reader comments", "readers' comments", "readers’ comments", "reader responses", "comments from readers", "view comments", "show comments", "view all comments", "conversation",
		"kommentare", "leserkommentare", "commentaires", "laisser un commentaire", "comentarios", "deja un comentario", "commenti", "reacties", "komentarze", "kommentarer", "kommentit", "komentáře", "коментарі", "комментарии":
		return true
	case "responses", "replies", "response", "reply", "thoughts":
		return bare != s // with a number: "12 responses"
	}
	return strings.Contains(bare, "thoughts on “") || strings.Contains(bare, "responses to “") || strings.HasPrefix(bare, "thoughts on ") && bare != s
}

// isWeakHeading knows those that may also stand over a part of the piece.
func isWeakHeading(s string) bool {
	switch strings.Trim(strings.ToLower(s), " :.!…") {
	case "discussion", "responses", "replies", "reactions", "debate", "debatte", "diskussion", "ihre meinung", "réactions", "vos réactions", "vos commentaires", "débat", "dyskusja", "wasze opinie", "обговорення", "дискусія", "webmentions", "mentions", "letters to the editor", "reader letters", "readers' letters", "letters from readers", "leserbriefe", "courrier des lecteurs", "listy czytelników", "листи читачів":
		return true
	}
	return false
}

// followedByBoxes reports whether lists or boxes rather than paragraphs and
// headings follow n, at its own level or its parent's.
func followedByBoxes(n *html.Node) bool {
	boxes, others, seen := 0, 0, 0
	for s := n.NextSibling; s != nil && others == 0 && seen < 200; s = s.NextSibling {
		seen++
		switch {
		case isElement(s, "p", "h2", "h3", "blockquote", "table", "figure"):
			others++
		case isElement(s, "ol", "ul", "div", "article", "li", "section"):
			boxes += max(1, len(boxChildren(s)))
		}
	}
	return boxes >= 2 && others == 0
}
