package article

import (
	"strings"

	"golang.org/x/net/html"
)

// byShape drops groups of equal boxes behind the piece.
func (p *pruner) byShape(doc *html.Node) {
	before := 0
	var walk func(n *html.Node)
	walk = func(n *html.Node) {
		if group := boxGroup(n, before); len(group) > 0 {
			if p.areComments(group) {
				last := group[len(group)-1]
				for s := group[0]; s != nil; {
					next := s.NextSibling
					drop(s)
					if s == last {
						break
					}
					s = next
				}
			}
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			if isProse(c) {
				before += len(strings.TrimSpace(c.Data))
			}
			if c.Type == html.ElementNode {
				walk(c)
			}
		}
	}
	walk(doc)
}

// boxGroup finds at least four children of n with the same shape that begin
// behind enough prose. before counts what stands before n.
func boxGroup(n *html.Node, before int) []*html.Node {
	boxes := boxChildren(n)
	if len(boxes) < 4 {
		return nil
	}
	groups := map[string][]*html.Node{}
	var best []*html.Node
	for _, b := range boxes {
		s := shape(b)
		if s == "" && answerable(b) {
			s = b.Data + " reply"
		}
		if s != "" {
			groups[s] = append(groups[s], b)
			if len(groups[s]) > len(best) {
				best = groups[s]
			}
		}
	}
	if len(best) < 4 {
		return nil
	}
	for c := n.FirstChild; c != nil && c != best[0]; c = c.NextSibling {
		before += prose(c)
	}
	if before < beforeShape {
		return nil
	}
	return best
}

func boxChildren(n *html.Node) []*html.Node {
	var out []*html.Node
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if isElement(c, "div", "li", "article", "section", "details") {
			out = append(out, c)
		}
	}
	return out
}

// shape spells the first elements of a box, without those that belong to any
// text. Only the first four, because answers nest behind them. It is empty for
// a box of fewer than three: a list item, a paragraph in a <div>.
func shape(n *html.Node) string {
	var b strings.Builder
	b.WriteString(n.Data)
	count, seen := 1, 0
	for d := range n.Descendants() {
		if seen++; seen > 100 || count == 4 {
			break
		}
		if d.Type != html.ElementNode || isElement(d, "p", "a", "br", "img", "q", "sup", "sub", "blockquote", "picture", "source", "figure", "abbr", "cite") {
			continue
		}
		b.WriteByte(' ')
		b.WriteString(d.Data)
		count++
	}
	if count < 3 {
		return ""
	}
	return b.String()
}

// answerable reports whether a box of few elements has the controls of a forum.
func answerable(n *html.Node) bool {
	seen := 0
	for d := range n.Descendants() {
		if seen++; seen > 30 {
			break
		}
		if d.Type != html.TextNode || len(d.Data) > 40 || !isElement(d.Parent, "a", "span", "label") {
			continue
		}
		s := strings.ToLower(strings.TrimSpace(d.Data))
		if isReplyMark(s) && !strings.HasPrefix(s, "answer") && !strings.HasPrefix(s, "report") { // these stand in interviews and lists of papers, too
			return true
		}
	}
	return false
}

// areComments judges a group. Boxes in which readers can answer are comments.
// Boxes with a heading and a long text are the parts of a piece by many
// authors. Of the rest a dozen is too many for a piece; fewer may go when the
// piece remains.
func (p *pruner) areComments(group []*html.Node) bool {
	replies, heads, size := 0, 0, 0
	for _, g := range group {
		heading, reply := marks(g)
		if heading {
			heads++
		}
		if reply {
			replies++
		}
		size += prose(g)
	}
	n := len(group)
	most := size*2 > p.total
	switch {
	case replies*2 >= n:
		return true
	case heads*2 >= n && size/n >= 250:
		p.uncertain = true
		return false
	case n >= 12:
		p.uncertain = p.uncertain || most
		return true
	case most:
		p.uncertain = true
		return false
	}
	return true
}

// marks reports whether a box has a heading, and whether it has the controls or
// the clock of a forum.
func marks(n *html.Node) (heading, reply bool) {
	for d := range n.Descendants() {
		switch {
		case isElement(d, "h2", "h3", "h4", "h5", "h6"):
			heading = true
		case d.Type == html.TextNode && len(d.Data) < 60:
			reply = reply || isReplyMark(strings.ToLower(strings.TrimSpace(d.Data)))
		}
	}
	return heading, reply
}

func isReplyMark(s string) bool {
	switch strings.Trim(s, " ()0123456789·|.:↩") {
	case "reply", "report", "like", "likes", "flag", "upvote", "downvote", "permalink", "recommend", "report abuse", "log in to reply", "answer", "antworten", "répondre", "responder", "rispondi", "odpowiedz", "відповісти", "ответить":
		return true
	case "hours ago", "hour ago", "days ago", "day ago", "minutes ago", "weeks ago", "week ago", "months ago", "month ago", "years ago", "year ago":
		return true
	}
	return strings.HasSuffix(s, " says:") || strings.HasSuffix(s, " ago") && len(s) < 30
}
