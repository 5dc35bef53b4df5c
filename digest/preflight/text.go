package preflight

import (
	"strings"
	"unicode"
)

// textURL is an address in the text part.
type textURL struct {
	url   string
	alone bool // it has its line to itself
	words bool // the HTML part has it, too, but not as a link
}

// maxColumns is S25's width.
const maxColumns = 76

// text holds the text part against S25 and reads its addresses.
func (l *letter) text() {
	rows := strings.Split(strings.TrimRight(l.plain.body, "\n"), "\n")
	for _, row := range rows {
		var urls []string
		if strings.Contains(row, ":") {
			urls = l.re.url.FindAllString(row, -1)
		}
		for _, u := range urls {
			// An address that has its line to itself ends where the line does.
			alone := strings.TrimSpace(row) == u
			if !alone {
				u = trimURL(u)
			}
			l.urls = append(l.urls, textURL{url: u, alone: alone})
		}
		if len(urls) > 1 && !l.known(row) {
			l.warn(25, "give each its own line", "%d addresses on one line: %s", len(urls), short(row))
		}
		if n := columns(row); n > maxColumns && len(urls) == 0 {
			l.warn(25, "break lines at 76 columns", "a line of %d columns in the text part: %s", n, short(row))
		} else if n > maxColumns && strings.TrimSpace(row) != urls[0] {
			l.warn(25, "give the address its own line", "a line of %d columns that is not an address alone: %s", n, short(row))
		}
		if !strings.ContainsAny(row, "&<") {
			continue
		}
		for _, m := range l.re.markup.FindAllString(row, -1) {
			if !l.known(m) {
				l.warn(25, "write plain characters in the text template", "markup in the text part: %s", short(m))
			}
		}
	}
}

// trimURL drops the punctuation that follows an address in a sentence.
func trimURL(u string) string { return strings.TrimRight(u, ".,;:!?)”’'>") }

// columns is the width of a line on a terminal, near enough to Unicode's annex 11.
func columns(s string) int {
	n := 0
	for _, r := range s {
		switch {
		case r < 0x300:
			n++
		case unicode.In(r, unicode.M, unicode.Cf), r >= 0x1f3fb && r <= 0x1f3ff:
		case r >= 0x1f300 && r <= 0x1faff, unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul):
			n += 2
		default:
			n++
		}
	}
	return n
}

// both holds the second half of S20: the same pieces and links in both parts.
func (l *letter) both() {
	const mend = "let both templates show the same pieces and links"
	inText, inHTML := map[string]bool{}, map[string]bool{}
	for _, u := range l.urls {
		inText[u.url] = true
	}
	for _, a := range l.doc.anchors {
		inHTML[a.href] = true
		if addr := mailtoAddress(a.href); addr != "" && strings.Contains(l.plain.body, addr) {
			continue
		}
		if !inText[a.href] && shown(a.href) {
			l.fail(20, mend, "the text part lacks the link %s", short(a.href))
		}
	}
	seen := bare(l.doc.zone(0, l.doc.length+1))
	for i, u := range l.urls {
		// What stands in both parts as words is no link: a piece wrote it.
		l.urls[i].words = !inHTML[u.url] && strings.Contains(seen, bare(u.url))
		if addr := mailtoAddress(u.url); u.alone && !l.urls[i].words && !inHTML[u.url] && (addr == "" || !strings.Contains(l.html.body, addr)) {
			l.fail(20, mend, "the HTML part lacks the link %s", short(u.url))
		}
	}
	l.sameItems(mend, seen)
}

// shown reports a link of the kinds that a letter may have; S46 tells of others.
func shown(href string) bool {
	for _, scheme := range []string{"http:", "https:", "mailto:"} {
		if len(href) > len(scheme) && strings.EqualFold(href[:len(scheme)], scheme) {
			return true
		}
	}
	return false
}

// sameItems compares the pieces: each h3 is in the text part, and each numbered
// line of the text part in the HTML part.
func (l *letter) sameItems(mend, seen string) {
	plain := bare(l.plain.body)
	titles := 0
	for _, h := range l.doc.headings {
		switch h.level {
		case 2:
			if !strings.Contains(plain, bare(h.text)) {
				l.warn(25, "show the same sections in the text template", "the text part lacks the section %q", short(h.text))
			}
		case 3:
			if !strings.Contains(plain, bare(h.text)) {
				l.fail(20, mend, "the text part lacks the piece %q", short(h.text))
			}
			titles++
		}
	}
	numbers := 0
	for row := range strings.SplitSeq(l.plain.body, "\n") {
		if m := l.re.numbered.FindStringSubmatch(row); m != nil {
			numbers++
			if !strings.Contains(seen, bare(m[1])) {
				l.fail(20, mend, "the HTML part lacks the piece %q", short(m[1]))
			}
		}
	}
	if titles > 0 && numbers == 0 {
		l.warn(25, "number the pieces in the text template", "no piece of the text part is numbered")
	}
}

// bare is a text without gaps, shapes and case: what both parts have in common.
func bare(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r), unseen(r), r >= 0x2066 && r <= 0x2069, symbol(string(r)) != "":
			return -1
		}
		return unicode.ToLower(r)
	}, s)
}
