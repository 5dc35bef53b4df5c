package preflight

import (
	"net/url"
	"regexp"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html"
)

// page holds the HTML part against the rules for HTML.
func (l *letter) page() {
	doc, err := newView(l.html.body)
	if err != nil {
		l.fail(0, "nest fewer elements in the template", "the HTML part cannot be parsed: %s", short(err.Error()))
		return
	}
	l.doc = doc
	l.foreign()
	l.images()
	l.layout()
	l.language()
	l.inline()
	l.outlook()
	l.palette()
	l.shapes()
	l.outline()
	l.linkTexts()
	l.sizes()
	l.titled()
	l.preheader()
	l.support()
}

// foreign holds S23: nothing that runs, asks or comes from elsewhere.
func (l *letter) foreign() {
	const mend = "take it out of the template"
	for _, e := range l.doc.els {
		n := e.node
		switch n.Data {
		case "script", "iframe", "frame", "object", "embed", "applet", "form", "input", "button", "select", "textarea", "base", "svg", "video", "audio":
			l.fail(23, mend, "<%s> in the HTML part", n.Data)
		case "link":
			l.fail(23, mend, "<link rel=%q> in the HTML part", short(attr(n, "rel")))
		case "meta":
			if strings.EqualFold(attr(n, "http-equiv"), "refresh") {
				l.fail(23, mend, "<meta http-equiv=refresh> in the HTML part")
			}
		}
		for _, a := range n.Attr {
			switch {
			case strings.HasPrefix(a.Key, "on"):
				l.fail(23, mend, "<%s %s> runs a script", n.Data, short(a.Key))
			case a.Key == "style" && strings.Contains(a.Val, "url("), a.Key == "background":
				l.fail(23, mend, "<%s> has a background from elsewhere", n.Data)
			case (a.Key == "src" || a.Key == "srcset") && n.Data == "img" && !strings.HasPrefix(strings.TrimSpace(a.Val), "http"):
				l.fail(23, "leave the picture out or put it on the web side", "a picture inside the letter: %s", short(a.Val))
			}
		}
	}
	for _, at := range l.doc.sheet.ats {
		if strings.HasPrefix(at, "@import") || strings.HasPrefix(at, "@font-face") {
			l.fail(23, mend, "%s in the style sheet", short(at))
		}
	}
	for _, r := range l.doc.sheet.rules {
		for _, d := range r.decls {
			if strings.Contains(d.value, "url(") && !strings.HasPrefix(r.at, "@font-face") {
				l.fail(23, mend, "the style sheet loads %s", short(d.value))
			}
		}
	}
}

// images holds S24, S33, and of S40 the pixel.
func (l *letter) images() {
	for _, e := range l.doc.els {
		n := e.node
		if n.Data != "img" {
			if holdsText(n.Data) && !e.hidden && e.from == e.to && contains(n, "img") {
				l.warn(24, "say it in words beside the picture", "a <%s> whose only content is a picture", n.Data)
			}
			continue
		}
		src := short(attr(n, "src"))
		if _, ok := lookAttr(n, "alt"); !ok {
			l.warn(33, "give it an alt, an empty one if it only decorates", "a picture without alt: %s", src)
		}
		width, height := attr(n, "width"), attr(n, "height")
		if width == "" || height == "" {
			l.warn(33, "give it width and height as attributes", "a picture without width and height: %s", src)
		}
		if e.hidden || tiny(width) || tiny(height) {
			l.fail(40, "take it out: the letter counts nobody", "a picture that nobody can see, as trackers use: %s", src)
		} else if u, err := url.Parse(attr(n, "src")); err == nil && u.Hostname() != "" && !l.ownHost(u) {
			l.fail(40, "put it on the web side or leave it out", "a picture at %s, which learns who opens the letter", short(u.Host))
		}
	}
}

func tiny(size string) bool { return size == "0" || size == "1" || size == "2" }

// holdsText names the elements that must say something without pictures.
func holdsText(name string) bool {
	return name == "a" || name == "h1" || name == "h2" || name == "h3" || name == "td" || name == "th"
}

func contains(n *html.Node, name string) bool {
	for d := range n.Descendants() {
		if d.Type == html.ElementNode && d.Data == name {
			return true
		}
	}
	return false
}

// language holds S27.
func (l *letter) language() {
	const mend = "put lang and dir on <html>, and lang on the element that wraps the body"
	form := regexp.MustCompile(`^[a-zA-Z]{2,3}(-[a-zA-Z0-9]{2,8})*$`)
	wrapped := false
	for _, e := range l.doc.els {
		lang, has := lookAttr(e.node, "lang")
		if has && !form.MatchString(lang) {
			l.warn(27, mend, "<%s lang=%q> names no language", e.node.Data, short(lang))
		}
		switch {
		case e.node.Data == "html":
			if !has {
				l.warn(27, mend, "<html> has no lang")
			}
			if d := attr(e.node, "dir"); d != "ltr" && d != "rtl" {
				l.warn(27, mend, "<html> has no dir")
			}
		case has && e.node.Data != "body" && e.from == 0 && e.to == len(l.doc.runs):
			wrapped = true
		}
	}
	if !wrapped {
		l.warn(27, mend, "no element inside <body> repeats lang for the whole letter; web mail drops <html>'s")
	}
}

// titled holds S34.
func (l *letter) titled() {
	if subject := squeeze(decoded(l.value("Subject"))); l.doc.title != subject {
		l.warn(34, "make the title of the subject", "<title> is %q, the subject %q", short(l.doc.title), short(subject))
	}
}

// preheader holds S35.
func (l *letter) preheader() {
	text := firstText(l.doc.root)
	words := strings.TrimSpace(text)
	padding := 0
	if i := strings.IndexFunc(words, func(r rune) bool { return r == 0x34f || r == 0x200c || r == 0xad || r == 0xfeff }); i >= 0 {
		words, padding = strings.TrimSpace(words[:i]), utf8.RuneCountInString(words[i:])
	}
	words = squeeze(words)
	if n := utf8.RuneCountInString(words); n < 40 || n > 100 {
		l.warn(35, "begin the body with 40 to 100 characters that say what is inside", "the preheader has %d characters: %s", n, short(words))
	}
	if words == squeeze(decoded(l.value("Subject"))) {
		l.warn(35, "let it say something else", "the preheader is the subject once more")
	}
	if padding < 60 {
		l.warn(35, "pad it with at least 60 characters such as &#847;&zwnj;&nbsp;", "the preheader is padded with %d characters, so later text leaks into the list of mails", padding)
	}
}

// firstText is the text of the element in which the body's text begins.
func firstText(root *html.Node) string {
	var body *html.Node
	for n := range root.Descendants() {
		if n.Type == html.ElementNode && n.Data == "body" {
			body = n
			break
		}
	}
	if body == nil {
		return ""
	}
	for n := range body.Descendants() {
		if n.Type != html.TextNode || strings.TrimSpace(n.Data) == "" {
			continue
		}
		var b strings.Builder
		for c := range n.Parent.ChildNodes() {
			if c.Type == html.TextNode {
				b.WriteString(c.Data)
			}
		}
		return b.String()
	}
	return ""
}
