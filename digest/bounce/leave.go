package bounce

import (
	"regexp"
	"slices"
	"strings"
)

// leavers collects what may be the token of a reader who wants to leave: in an
// address to which the message came, behind a plus sign, or in the subject behind
// "leave". From is not asked, since anybody can write it. What a server says, and
// what answers by itself, asks for nothing: such mail quotes whatever it is about.
//
// A mail program that writes at the reader's click may well call its mail
// auto-generated (RFC 3834 §5); one that answers calls it auto-replied.
func leavers(m *part) []string {
	if m.kind == "multipart/report" || nullSender(m) || answersByItself(m) {
		return nil
	}
	var found []string
	add := func(in string, shape *regexp.Regexp) {
		for _, match := range shape.FindAllStringSubmatch(in, maxMarks) {
			if mark := strings.ToLower(match[1]); len(found) < maxMarks && !slices.Contains(found, mark) {
				found = append(found, mark)
			}
		}
	}
	behindPlus := regexp.MustCompile(`(?i)\+([a-z2-7]{39})@`)
	for _, f := range m.header {
		switch strings.ToLower(f.name) {
		case "to", "cc", "delivered-to", "x-original-to", "envelope-to", "x-forwarded-to":
			add(f.value, behindPlus)
		}
	}
	add(subject(m), regexp.MustCompile(`(?i)\bleave\s+([a-z2-7]{39})\b`))
	return found
}

// answersByItself says that the message answers another one, and that nobody wrote
// it.
func answersByItself(m *part) bool {
	by := strings.ToLower(m.get("Auto-Submitted"))
	return strings.HasPrefix(by, "auto-replied") || strings.HasPrefix(by, "auto-notified") ||
		m.get("X-Autoreply") != "" || m.get("X-Autorespond") != "" || strings.EqualFold(m.get("Precedence"), "auto_reply") ||
		absent(strings.ToLower(subject(m)))
}
