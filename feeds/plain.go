package feeds

import (
	"html"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Lengths of an Item's texts, in runes. A longer one is cut at a word and ends
// in an ellipsis.
const (
	maxTitle  = 500
	maxAuthor = 120
	maxTeaser = 1000
)

// Line makes one line of plain text of what a feed or a page gives: plain text,
// HTML, or HTML escaped once too often. Tags, scripts, control characters and
// invisible characters are gone, white space is single blanks, and there are at
// most limit runes.
func Line(s string, limit int) string { return cut(line(s, nil), limit) }

// line is Line without a limit. paras are the Paragraphs of s where somebody
// has made them already.
func line(s string, paras []string) string {
	for range 3 { // each round undoes one layer of escaping
		before := s
		if strings.Contains(s, cdata) {
			s, paras = withoutCDATA(s), nil
		}
		if looksLikeHTML(s) {
			if paras == nil {
				paras = Paragraphs(s)
			}
			s, paras = strings.Join(paras, " "), nil
		}
		if strings.Contains(s, "&") {
			s = html.UnescapeString(s)
		}
		if s == before {
			break
		}
		paras = nil
	}
	return squeeze(s)
}

// cdata begins a section of character data (XML 1.0, section 2.7).
const cdata = "<![CDATA["

// withoutCDATA drops the marks of sections within sections, which XML does not
// know: a browser would take all behind them for a comment.
func withoutCDATA(s string) string {
	return strings.NewReplacer(cdata, "", "]]>", "").Replace(s)
}

// looksLikeHTML reports whether s contains something that a browser would take
// for a tag: "a < b" and "I <3 Kyiv" do not.
func looksLikeHTML(s string) bool {
	for {
		i := strings.IndexByte(s, '<')
		if i < 0 || i+1 >= len(s) {
			return false
		}
		c := s[i+1]
		if c == '/' || c == '!' || c == '?' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' {
			return true
		}
		s = s[i+1:]
	}
}

// squeeze drops what has no glyph, makes single blanks of white space, and
// mends two old faults: UTF-8 that was read as Latin-1, and windows-1252
// punctuation under Unicode's control codes.
func squeeze(s string) string {
	if hasC1(s) {
		s = undoLatin1(s)
	}
	if plainRun(s) == len(s) {
		return s
	}
	var b strings.Builder
	b.Grow(len(s))
	blank, prev := false, rune(0)
	for i := 0; i < len(s); {
		if n := plainRun(s[i:]); n > 0 {
			if blank {
				b.WriteByte(' ')
				blank = false
			}
			b.WriteString(s[i : i+n])
			i += n
			prev = rune(s[i-1])
			continue
		}
		r, n := utf8.DecodeRuneInString(s[i:])
		i += n
		was := prev
		prev = r
		switch {
		case unicode.IsSpace(r) || r == '\u0085':
			blank = b.Len() > 0
			continue
		case r == utf8.RuneError:
			continue
		case r == '\u200c' || r == '\u200d': // joiners: needed in Persian, Hindi and emoji, a hiding place elsewhere
			if was < 0x0600 {
				continue
			}
		case hidden(r):
			continue
		}
		if blank {
			b.WriteByte(' ')
			blank = false
		}
		b.WriteRune(r)
	}
	return b.String()
}

// plainRun returns how many bytes of s from its start on are as they should be:
// ASCII with single blanks within. Nearly all text is that.
func plainRun(s string) int {
	n := 0
	for n < len(s) && isGraphic(s[n]) {
		for n < len(s) && isGraphic(s[n]) {
			n++
		}
		if n+1 < len(s) && s[n] == ' ' && isGraphic(s[n+1]) {
			n++
		}
	}
	return n
}

func isGraphic(c byte) bool { return ' ' < c && c < 0x7f }

// hasC1 reports whether s has one of Unicode's control codes from U+0080 to
// U+009F. In UTF-8 no other character has the byte 0xC2 before one of these.
func hasC1(s string) bool {
	for {
		i := strings.IndexByte(s, 0xc2)
		if i < 0 || i+1 >= len(s) {
			return false
		}
		if c := s[i+1]; 0x80 <= c && c < 0xa0 {
			return true
		}
		s = s[i+1:]
	}
}

// undoLatin1 gives back text whose UTF-8 bytes were taken for Latin-1, and
// otherwise what windows-1252 means by the codes from U+0080 to U+009F.
func undoLatin1(s string) string {
	raw := make([]byte, 0, len(s))
	for _, r := range s {
		if r > 0xff {
			raw = nil
			break
		}
		raw = append(raw, byte(r))
	}
	if raw != nil && utf8.Valid(raw) {
		return string(raw)
	}
	c1 := []rune(windows1252)
	return strings.Map(func(r rune) rune {
		if 0x80 <= r && r < 0xa0 {
			return c1[r-0x80]
		}
		return r
	}, s)
}

// windows1252 is what the bytes 0x80 to 0x9f mean in windows-1252 (WHATWG
// Encoding, index windows-1252).
const windows1252 = "€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ"

// hidden reports whether r must not stand in a text: control characters,
// overrides of the writing direction, zero-width and tag characters, and the
// code points that are no characters. Joiners are squeeze's business.
func hidden(r rune) bool {
	switch {
	case r < ' ' || 0x7f <= r && r < 0xa0:
		return true
	case r < 0xad:
		return false
	case r == 0xad, r == 0x61c, r == 0x180e, 0x200b <= r && r <= 0x200f, 0x202a <= r && r <= 0x202e, 0x2060 <= r && r <= 0x206f:
		return true
	case r == 0xfeff, 0xfff0 <= r && r <= 0xffff, 0xe0000 <= r && r <= 0xe0fff, 0xfdd0 <= r && r <= 0xfdef, r == 0x2028, r == 0x2029:
		return true
	}
	return r&0xfffe == 0xfffe
}

// cut shortens s to limit runes, at a word where one ends in the last fifth.
func cut(s string, limit int) string {
	if len(s) <= limit || utf8.RuneCountInString(s) <= limit {
		return s
	}
	end, n := 0, 0
	for i := range s {
		if n == limit-1 {
			end = i
			break
		}
		n++
	}
	s = s[:end]
	if i := strings.LastIndexByte(s, ' '); i > len(s)*4/5 {
		s = s[:i]
	}
	return strings.TrimRight(s, " ,;:") + "…"
}
