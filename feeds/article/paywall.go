package article

import (
	"slices"
	"strings"

	"golang.org/x/net/html"
)

// teaserWords is the length below which the text of a locked piece is taken for
// its free part. Shorter opinion pieces exist; longer free parts hardly do.
const teaserWords = 250

// openingWords is the same for a page that tells machines and readers alike that
// there is more.
const openingWords = 600

// wall is what a page says about being paid for.
type wall struct {
	open   bool     // it says that it is free
	locked bool     // it says that it is not, for machines
	boxed  bool     // it has a box that is named so, with words in it
	labels []string // its short texts, one of which may say so to readers
}

// readWall looks at a page as it came.
func readWall(doc *html.Node, m *metas) wall {
	w := wall{open: m.own.open, locked: m.own.locked && !m.own.open}
	for _, tier := range m.tags["article:content_tier"] {
		switch strings.ToLower(strings.TrimSpace(tier)) {
		case "free":
			w.open = true
		case "locked", "metered":
			w.locked = true
		}
	}
	if w.open {
		return w
	}
	seen := 0
	var walk func(n *html.Node)
	walk = func(n *html.Node) {
		if seen++; seen > maxElements {
			return
		}
		if n.Type == html.TextNode {
			if len(n.Data) >= 16 && len(n.Data) < 200 {
				w.labels = append(w.labels, n.Data)
			}
			return
		}
		if isElement(n, "nav", "footer", "li", "script", "style", "noscript", "template", "dialog", "head") || isHidden(n) {
			return
		}
		if !w.boxed && isWallBox(n) {
			_, empty := shortText(n, 12)
			w.boxed = !empty && text(n) != ""
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			walk(c)
		}
	}
	walk(doc)
	return w
}

// isWallBox goes by the names that makers of paywalls use.
func isWallBox(n *html.Node) bool {
	if len(n.Attr) == 0 || !isElement(n, "div", "section", "aside", "article") {
		return false
	}
	if name := attr(n, "class") + attr(n, "id"); !strings.Contains(name, "all") && !strings.Contains(name, "eter") && !strings.Contains(name, "only") && !strings.Contains(name, "iano") && !strings.Contains(name, "tp") {
		return false // most boxes, at little cost
	}
	names := words(n)
	for i, w := range names {
		next := ""
		if i+1 < len(names) {
			next = names[i+1]
		}
		switch {
		case w == "paywall" || w == "regwall" || w == "piano" || w == "meter" || w == "paywalled" || w == "metered":
			return true
		case (w == "subscriber" || w == "subscribers" || w == "members" || w == "member") && next == "only", w == "tp" && next == "container", w == "pay" && next == "wall":
			return true
		}
	}
	return false
}

// paywalled decides, now that the text is known. A page that says it is free is
// believed. A page that says it is not, or shows a wall, may still hold the
// whole text behind a style sheet: then it is long, and does not end in an offer;
// longer still (openingWords), where it tells its readers of the wall as well.
func (w wall) paywalled(paras []string) bool {
	if w.open || len(paras) == 0 {
		return false
	}
	last := paras[len(paras)-1]
	if endsInWall(paras) {
		return true
	}
	words := 0
	for _, p := range paras {
		words += len(strings.Fields(p))
	}
	offers := func() bool { return slices.ContainsFunc(w.labels, isWallSentence) } // costly, and seldom asked
	if w.locked && words < openingWords && offers() {
		return true
	}
	short := words < teaserWords
	broken := strings.HasSuffix(last, "…") || strings.HasSuffix(last, "...") || strings.HasSuffix(last, "[…]")
	if !short && !broken {
		return false
	}
	return w.locked || w.boxed && short && broken || (short || w.boxed) && offers()
}

// trimWall takes a wall's sentences off the end of a text, of which at least
// one paragraph stays.
func trimWall(paras []string) []string {
	for len(paras) > 1 && endsInWall(paras) {
		paras = paras[:len(paras)-1]
	}
	return paras
}

// endsInWall reports whether the last paragraph is a wall's.
func endsInWall(paras []string) bool {
	last := paras[len(paras)-1]
	return len(last) < 400 && isWallSentence(last)
}

// isWallSentence knows what stands where the free part ends. An offer to
// subscribe alone is none: open pages have it too.
func isWallSentence(s string) bool {
	s = strings.ToLower(s)
	if !slices.ContainsFunc(wallStems(), func(stem string) bool { return strings.Contains(s, stem) }) {
		return false // most texts, at little cost
	}
	return slices.ContainsFunc(wallSentences(), func(w string) bool { return strings.Contains(s, w) })
}

// wallStems are parts of words of which each of the sentences has one.
func wallStems() []string {
	return []string{
		"subscri", "member", "regist", "sign in", "log in", "article", "weiterlesen", "weiterzulesen", "abonn", "abbon", "pour lire", "il vous", "tylko dla", "wykup", "dalej", "dalsza",
		"передплат", "чита", "членів", "leyendo", "suscript", "leggere", "lezen",
	}
}

func wallSentences() []string {
	return []string{
		"subscribe to continue", "subscribe to read", "subscribe now to continue", "subscribe to keep reading", "subscribe to unlock", "register to continue reading", "register to read", "sign in to continue reading", "sign in to read", "log in to continue reading", "log in to read",
		"article is for members", "article is for subscribers", "article is for paying", "post is for paid subscribers", "post is for paying subscribers", "post is for subscribers", "content is for members", "content is for subscribers", "available to subscribers only", "only available to subscribers", "available only to subscribers", "exclusive to subscribers", "exclusive to members", "for members only", "for subscribers only",
		"number of free articles", "free article limit", "article limit", "last free article", "unlock this article", "to read the full article, subscribe", "to read the full story, subscribe",
		"jetzt abonnieren und weiterlesen", "mit abo weiterlesen", "nur für abonnent", "artikel ist für abonnent", "inhalt ist für abonnent", "weiterlesen mit einem abo", "um weiterzulesen", "exklusiv für abonnent",
		"réservé aux abonné", "réservée aux abonné", "abonnez-vous pour lire", "abonnez-vous pour continuer", "pour lire la suite", "il vous reste",
		"tylko dla prenumerator", "tylko dla subskrybent", "wykup dostęp", "aby czytać dalej", "dalsza część artykułu jest dostępna",
		"лише для передплатник", "тільки для передплатник", "щоб читати далі", "щоб продовжити читання", "доступно за передплатою", "лише для членів",
		"para seguir leyendo", "solo para suscriptores", "exclusivo para suscriptores", "per continuare a leggere", "riservato agli abbonati", "om verder te lezen", "alleen voor abonnees",
	}
}
