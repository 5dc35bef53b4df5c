package feeds

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// TrimFurniture takes off the ends of a piece what is no part of its argument:
// at the top the title once more, the byline and the date line; at the bottom
// credits, calls to follow or subscribe, links to other pieces, and notes about
// the authors. It looks at the first and the last few paragraphs only, and
// leaves at least one.
func TrimFurniture(paras []string, title string, authors []string) []string {
	for range 5 {
		if len(paras) < 2 || !isTop(paras[0], title, authors) {
			break
		}
		paras = paras[1:]
	}
	for i := max(1, len(paras)-8); i < len(paras); i++ { // a heading that begins the furniture
		switch letters(paras[i]) {
		case "furtherreading", "relatedarticles", "relatedcontent", "relatedreading", "readmore", "notesforeditors", "notestoeditors", "abouttheauthor", "abouttheauthors", "abouttheexperts", "tags", "sharethis", "sharethisarticle", "footnotes":
			paras = paras[:i]
		}
	}
	for range 8 {
		if len(paras) < 2 || !isBottom(paras[len(paras)-1], authors) {
			break
		}
		paras = paras[:len(paras)-1]
	}
	return paras
}

func isTop(p, title string, authors []string) bool {
	got := letters(p)
	if got == "" || got == letters(title) {
		return true
	}
	if len(authors) > 0 {
		got = strings.TrimPrefix(strings.ReplaceAll(got, "and", ""), "by")
		names := strings.ReplaceAll(letters(strings.Join(authors, "")), "and", "")
		if got == strings.TrimPrefix(names, "by") {
			return true
		}
	}
	return isDateLine(p)
}

// letters is what two spellings of a title have in common.
func letters(s string) string {
	var b strings.Builder
	b.Grow(len(s))
	for _, r := range s {
		switch {
		case 'a' <= r && r <= 'z', '0' <= r && r <= '9':
			b.WriteByte(byte(r))
		case 'A' <= r && r <= 'Z':
			b.WriteByte(byte(r) + 'a' - 'A')
		case r < utf8.RuneSelf:
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			b.WriteRune(unicode.ToLower(r))
		}
	}
	return b.String()
}

// isDateLine recognises "New Atlanticist February 10, 2025 • 5:08 pm ET" and
// the like: short, with a year and a month, and no sentence.
func isDateLine(p string) bool {
	if utf8.RuneCountInString(p) > 80 || strings.HasSuffix(p, ".") || strings.HasSuffix(p, "?") {
		return false
	}
	year, month, others := false, false, 0
	for _, f := range strings.FieldsFunc(strings.ToLower(p), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }) {
		switch {
		case len(f) == 4 && (strings.HasPrefix(f, "19") || strings.HasPrefix(f, "20")) && strings.Trim(f, "0123456789") == "":
			year = true
		case isMonth(f):
			month = true
		case strings.Trim(f, "0123456789") == "":
			month = month || len(f) == 2 // 2025-02-10
		case f == "am" || f == "pm" || f == "et" || f == "by" || f == "published" || f == "updated" || f == "min" || f == "read":
		default:
			others++
		}
	}
	return year && month && others <= 4
}

func isMonth(s string) bool {
	for _, m := range []string{"january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december"} {
		if s == m || len(s) >= 3 && len(s) <= 4 && strings.HasPrefix(m, s) {
			return true
		}
	}
	return false
}

func isBottom(p string, authors []string) bool {
	low := strings.ToLower(p)
	for _, lead := range []string{"image:", "images:", "photo:", "photo by", "photo credit", "image credit", "source:", "credit:", "follow us", "subscribe to", "sign up", "share this", "tags:", "topics:", "filed under", "©", "copyright"} {
		if strings.HasPrefix(low, lead) && utf8.RuneCountInString(p) < 400 {
			return true
		}
	}
	if strings.HasPrefix(low, "the post ") && strings.Contains(low, " appeared first on ") {
		return true
	}
	if utf8.RuneCountInString(p) < 200 && (strings.HasSuffix(p, "›") || strings.HasSuffix(p, "»") && strings.Count(p, "«") == 0) {
		return true
	}
	for _, a := range authors {
		rest, ok := strings.CutPrefix(p, a)
		if ok && utf8.RuneCountInString(p) < 600 && (strings.HasPrefix(rest, " is ") || strings.HasPrefix(rest, " was ") || strings.HasPrefix(rest, ", ")) {
			return true
		}
	}
	return false
}
