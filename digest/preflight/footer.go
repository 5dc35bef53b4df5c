package preflight

import (
	"html"
	"slices"
	"strings"
	"unicode"
)

// Where a letter's top and its footer are looked for.
const (
	topChars, footChars = 600, 3000
	topLines, footLines = 20, 45
)

// waysOut holds S14: a way to leave in the top line and in the footer of both
// parts. A letter whose footer has none is not sent; one that has none at its
// top is.
func (l *letter) waysOut() {
	const (
		mend = "put the link for leaving into the template's footer"
		more = "put a second link for leaving into the template's top line, since clipping hides footers"
	)
	if l.doc != nil {
		var at []int
		for _, a := range l.doc.anchors {
			if !a.in.hidden && !blank(a.text) && l.isLeave(a.href, a.text) {
				at = append(at, a.at)
			}
		}
		l.placed("HTML", at, topChars, l.doc.length, footChars, mend, more)
	}
	if l.plain != nil {
		var at []int
		rows := strings.Split(strings.TrimRight(l.plain.body, "\n"), "\n")
		for i, row := range rows {
			if l.rowLeaves(row) {
				at = append(at, i)
			}
		}
		l.placed("text", at, topLines, len(rows), footLines, mend, more)
	}
}

func (l *letter) placed(part string, at []int, top, length, foot int, mend, more string) {
	n := len(at)
	if n == 0 || at[n-1] < length-foot || n == 1 && length > top+foot/10 && at[0] < top {
		l.fail(14, mend, "the %s part has no link for leaving in its footer", part)
	}
	if n == 0 || at[0] >= top || n == 1 && at[0] >= length-foot {
		l.warn(14, more, "the %s part has no link for leaving in its top line", part)
	}
}

// rowLeaves reports a line of text with a way to leave in it.
func (l *letter) rowLeaves(row string) bool {
	if strings.Contains(row, ":") {
		for _, u := range l.re.url.FindAllString(row, -1) {
			if l.isLeave(trimURL(u), row) {
				return true
			}
		}
	}
	return l.Unsubscribe != "" && strings.Contains(strings.ToLower(row), strings.ToLower(l.Unsubscribe))
}

// footer holds S41: who sends, where, why, and how a person is reached.
func (l *letter) footer() {
	if l.Postal == "" {
		l.warn(41, "set mail.postal", "no postal address is configured for the footer")
	}
	if l.doc != nil {
		l.foot("HTML", l.doc.zone(l.doc.length-footChars, l.doc.length+1))
	}
	if l.plain != nil {
		rows := strings.Split(strings.TrimRight(l.plain.body, "\n"), "\n")
		l.foot("text", strings.Join(rows[max(0, len(rows)-footLines):], "\n"))
	}
}

// foot looks for the words of the languages that letters speak.
func (l *letter) foot(part, text string) {
	flat, whole := bare(text), " "+fold(text)
	from := l.from()
	if from.Address != "" && !strings.Contains(flat, bare(from.Name)) && !strings.Contains(flat, bare(from.Address)) {
		l.warn(41, "name the sender in the template's footer", "the %s part's footer does not say who sends it", part)
	}
	if l.Postal != "" && !strings.Contains(letters(text), letters(l.Postal)) {
		l.warn(41, "show mail.postal in the template's footer", "the %s part's footer lacks the postal address", part)
	}
	if !has(whole, "because ", "why you get", "why do you get", "why you receive", "why do you receive", "you asked", "you subscribed", "you signed up", "you are subscribed",
		" weil sie", " parce que vous", " бо ви") {
		l.warn(41, "say in the template's footer why readers get the letter", "the %s part's footer does not say why it came", part)
	}
	if !has(whole, " reply", " replies", " write to us", " write to the editor", " contact", " antworten sie", " répondez", " дайте відповідь") {
		l.warn(41, "say in the template's footer how a person is reached", "the %s part's footer does not say how to reach a person", part)
	}
}

// has reports whether a text has one of the phrases.
func has(text string, phrases ...string) bool {
	return slices.ContainsFunc(phrases, func(p string) bool { return strings.Contains(text, p) })
}

// letters keeps a text's letters and digits.
func letters(s string) string {
	return strings.Map(func(r rune) rune {
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			return -1
		}
		return unicode.ToLower(r)
	}, s)
}

// leftovers finds what a template has left unfilled. What a piece itself says
// is none: no feed can stop an edition by a pair of braces.
func (l *letter) leftovers() {
	const mend = "mend the template: a value was not filled in"
	// A match may reach from one piece's words into another's, so that two signs
	// of it in the pieces are enough.
	look := func(where, text string) {
		var found []string
		if strings.Contains(text, "{{") || strings.Contains(text, "no value") || strings.Contains(text, "ZgotmplZ") {
			found = l.re.leftover.FindAllString(text, -1)
		}
		if strings.Contains(text, "%!") {
			found = append(found, l.re.format.FindAllString(text, -1)...)
		}
		for _, m := range found {
			if !l.known(html.UnescapeString(m)) && !l.known(m[:2]) {
				l.fail(0, mend, "%s holds %q", where, short(m))
			}
		}
	}
	for _, f := range l.fields {
		if !strings.EqualFold(f.name, "DKIM-Signature") {
			look("field "+f.name, decoded(f.value))
		}
	}
	if l.plain != nil {
		look("the text part", l.plain.body)
	}
	if l.html != nil {
		look("the HTML part", l.html.body)
	}
}

// known reports whether a piece's own text holds the words.
func (l *letter) known(words string) bool {
	if l.tokens == "" && len(l.Texts) > 0 {
		l.tokens = bare(strings.Join(l.Texts, "\n"))
	}
	w := bare(words)
	return w != "" && strings.Contains(l.tokens, w)
}
