package preflight

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// outline holds S32's headings.
func (l *letter) outline() {
	tops, last := 0, 0
	for _, h := range l.doc.headings {
		if h.level == 1 {
			tops++
		}
		if h.level > last+1 {
			l.warn(32, "use h1 once, h2 for a stance, h3 for a piece", "an h%d follows an h%d: %s", h.level, last, short(h.text))
		}
		if blank(h.text) {
			l.warn(32, "take it out or fill it", "an h%d without text", h.level)
		}
		last = h.level
	}
	if tops != 1 {
		l.warn(32, "use h1 once, h2 for a stance, h3 for a piece", "%d h1, want one", tops)
	}
}

// linkTexts holds S32's links: each says where it leads.
func (l *letter) linkTexts() {
	to := map[string]string{}
	for _, a := range l.doc.anchors {
		text := fold(a.text)
		own := slices.Contains(l.Links, a.href) // its words are its author's
		switch {
		case blank(text):
			l.warn(32, "give the link words", "a link without text: %s", short(a.href))
			continue
		case vague(text) && !own:
			l.warn(32, "say in the link where it leads", "a link that says only %q: %s", short(text), short(a.href))
		}
		if other, taken := to[text]; taken && other != a.href && !own {
			l.warn(32, "tell them apart by their words", "%q is the text of two links: %s", short(text), short(a.href))
		}
		to[text] = a.href
		if h := a.in.light.height; h > 0 && h < 24 {
			l.warn(32, "give it a line height of 24 px", "a link of %.0f px height is hard to hit: %s", h, short(a.text))
		}
	}
}

func vague(text string) bool {
	switch strings.Trim(text, " .…›»→>") {
	case "read more", "more", "here", "click here", "click", "link", "this", "this link", "read on", "learn more", "details", "continue", "continue reading", "see more", "read":
		return true
	}
	return false
}

// sizes holds S32's sizes: what is read has 16 px or more (bylines and the footer,
// up to two thirds of a short letter, may have less), nothing less than 12, and
// lines of running text stand apart.
func (l *letter) sizes() {
	all, small := 0, 0
	for _, r := range l.doc.runs {
		n := utf8.RuneCountInString(r.text)
		all += n
		if r.light.size < 15.99 {
			small += n
		}
		if r.light.size < 11.99 {
			l.warn(32, "use 14 px or more", "a text of %.0f px: %s", r.light.size, short(r.text))
		}
		if !r.heading && n > 80 && r.light.height < 1.49*r.light.size {
			l.warn(32, "use a line height of 1.5", "lines of %.0f px for text of %.0f px: %s", r.light.height, r.light.size, short(r.text))
		}
	}
	if 3*small > 2*all {
		l.warn(32, "use 16 px for the body", "%d %% of the text is smaller than 16 px", 100*small/all)
	}
}
