package article

import (
	"strings"

	"golang.org/x/net/html"
)

// unfold shows what a page hides until its readers press "read more": they can
// see it, and it is the larger part of some pieces. Without such a switch beside
// it, what is hidden stays hidden.
func unfold(doc *html.Node) {
	var folded []*html.Node
	for n := range doc.Descendants() {
		if n.Type == html.ElementNode && isHidden(n) && prose(n) >= 200 && !holdsHeading(n) && foldSwitch(n) != nil {
			folded = append(folded, n)
		}
	}
	for _, n := range folded {
		drop(foldSwitch(n))
		n.Attr = nil
	}
}

// foldSwitch is the control beside n that opens it.
func foldSwitch(n *html.Node) *html.Node {
	for _, s := range []*html.Node{beside(n, false), beside(n, true)} {
		if s == nil || !isElement(s, "button", "a", "div", "span", "p", "label", "summary") {
			continue
		}
		label, ok := shortText(s, 60)
		if !ok {
			continue
		}
		switch strings.Trim(strings.ToLower(label), " .…+↓▼»›→") {
		case "read more", "read full article", "read the full article", "read the rest", "continue reading", "keep reading", "show full text", "show full article", "expand text", "expand article",
			"weiterlesen", "mehr lesen", "ganzen artikel lesen", "lire la suite", "afficher la suite", "czytaj dalej", "czytaj więcej", "rozwiń tekst", "читати далі", "читати повністю": // "show more" opens readers' comments, too
			return s
		}
	}
	return nil
}

// beside is the next or the previous sibling that is an element.
func beside(n *html.Node, next bool) *html.Node {
	for {
		if next {
			n = n.NextSibling
		} else {
			n = n.PrevSibling
		}
		if n == nil || n.Type == html.ElementNode {
			return n
		}
	}
}

// dropConsent takes out walls that ask for consent to cookies. They may be
// longer than the piece, so their words decide along with their names.
func dropConsent(n *html.Node, total int) {
	for c := n.FirstChild; c != nil; {
		next := c.NextSibling
		if isElement(c, "div", "section", "dialog", "aside") && isConsent(c, total) {
			drop(c)
		} else if c.Type == html.ElementNode {
			dropConsent(c, total)
		}
		c = next
	}
}

func isConsent(n *html.Node, total int) bool {
	if len(n.Attr) == 0 || !consentNamed(n) || prose(n)*10 > total*7 {
		return false
	}
	for d := range n.Descendants() {
		if isElement(d, "h1", "article", "main") {
			return false
		}
	}
	said, hits := strings.ToLower(text(n)), 0
	for _, w := range []string{"cookie", "consent", "partners", "legitimate interest", "personal data", "accept all", "einwillig", "datenschutz", "akzeptieren", "personenbezogen", "consentement", "données personnelles", "ciasteczk", "zgod", "згод"} {
		if strings.Contains(said, w) {
			hits++
		}
	}
	return hits >= 2
}

// consentNamed goes by the names that makers of such walls use. A class may also
// file a piece under a subject.
func consentNamed(n *html.Node) bool {
	names := words(n)
	for i, w := range names {
		switch w {
		case "category", "tag", "topic", "post":
			return false
		case "cmp", "tcf", "gdpr", "rodo", "dsgvo", "consent", "cookie", "cookies", "cookiewall", "cookiebar", "cookiebot", "onetrust", "didomi", "usercentrics", "quantcast", "truste", "klaro", "iubenda", "cky":
			return true
		case "privacy":
			if i+1 < len(names) && (names[i+1] == "wall" || names[i+1] == "manager" || names[i+1] == "notice" || names[i+1] == "banner") {
				return true
			}
		}
	}
	return false
}

// dropCells takes out the cells beside the piece where a table lays out the
// page: those without prose, when one cell has several paragraphs of it.
func dropCells(doc *html.Node, keep map[*html.Node]bool) {
	var beside []*html.Node
	for t := range doc.Descendants() {
		if !isElement(t, "table") {
			continue
		}
		cells, laidOut := tableCells(t), false
		for _, c := range cells {
			laidOut = laidOut || paragraphsOfProse(c) >= 3
		}
		for _, c := range cells {
			if laidOut && prose(c)-linkedProse(c) < 200 && !holdsHeading(c) && !keep[c] {
				beside = append(beside, c)
			}
		}
	}
	for _, c := range beside {
		drop(c)
	}
}

// tableCells are the cells of a table itself, none for a table with headings.
func tableCells(t *html.Node) (cells []*html.Node) {
	headed := false
	var walk func(n *html.Node)
	walk = func(n *html.Node) {
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			switch {
			case isElement(c, "td"):
				cells = append(cells, c)
			case isElement(c, "th", "caption"):
				headed = true
			case isElement(c, "tbody", "tr", "thead", "tfoot"):
				walk(c)
			}
		}
	}
	walk(t)
	if headed {
		return nil
	}
	return cells
}

func paragraphsOfProse(n *html.Node) (count int) {
	for d := range n.Descendants() {
		if isProse(d) {
			count++
		}
	}
	return count
}

// linkedProse counts the bytes of prose below n that are links.
func linkedProse(n *html.Node) (total int) {
	for d := range n.Descendants() {
		if isElement(d, "a") {
			total += prose(d)
		}
	}
	return total
}

// unwrap takes the boxes of page builders away from around a piece's
// paragraphs, when there are several: the extractor would take the largest box
// for the piece.
func unwrap(doc *html.Node) {
	var boxes []*html.Node
	known := map[*html.Node]bool{}
	full := 0
	for n := range doc.Descendants() {
		if isElement(n, "div", "section") && len(n.Attr) > 0 && isBuilderBox(n) {
			boxes = append(boxes, n)
			known[n] = true
			if !known[n.Parent] && prose(n) > 0 {
				full++
			}
		}
	}
	if full < 2 {
		return
	}
	for _, b := range boxes {
		for c := b.FirstChild; c != nil; c = b.FirstChild {
			b.RemoveChild(c)
			b.Parent.InsertBefore(c, b)
		}
		drop(b)
	}
}

// isBuilderBox goes by the names that WordPress, its builders, Drupal and
// Squarespace give to a block of text.
func isBuilderBox(n *html.Node) bool {
	for c := range strings.FieldsSeq(attr(n, "class")) {
		switch c {
		case "elementor-widget", "elementor-widget-container", "elementor-text-editor", "et_pb_text", "et_pb_text_inner", "wpb_text_column", "wpb_wrapper", "fl-module", "fl-module-content", "fl-rich-text",
			"wp-block-group", "wp-block-group__inner-container", "brxe-text", "sqs-block", "sqs-block-content", "sqs-html-content", "field__item", "paragraph--type--text", "text-block":
			return true
		}
	}
	return false
}
