package bounce

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// meaning is what a final failure with a status (RFC 3463) and a server's words
// says of an address. Whoever is suppressed for a fault of ours is lost without
// a reason, so what is not clearly about the address is not hard.
func meaning(status, words string) Kind {
	class, subject, detail := split(status)
	said := phrases(words)
	switch class {
	case "2":
		return Delivered
	case "4":
		return Soft
	}
	switch subject {
	case "1": // the address
		switch {
		case detail == "7" || detail == "8": // the sender's
			return Policy
		case said == Policy || said == Soft: // many send 5.1.1 for whatever they refuse
			return said
		}
		return Hard
	case "2": // the mailbox
		switch {
		case detail == "2":
			return Soft
		case detail == "1" && said == "":
			return Hard
		}
	case "3", "6": // its system's limits and the letter's form: a shorter letter might pass
		if said == "" {
			return Policy
		}
	case "4": // the way
		if strings.HasPrefix(detail, "31") || detail == "4" { // no such domain
			return Hard
		}
	case "7":
		return Policy
	}
	if said != "" {
		return said
	}
	return Soft
}

// split takes a status apart.
func split(status string) (class, subject, detail string) {
	parts := strings.SplitN(status, ".", 3)
	for len(parts) < 3 {
		parts = append(parts, "")
	}
	return parts[0], parts[1], parts[2]
}

// phrases makes out what a server's words say, empty where they say nothing that
// is known. A full mailbox comes first, since such texts often say, too, that
// mail is refused or unavailable.
func phrases(words string) Kind {
	words = strings.ToLower(words)
	for _, each := range []struct {
		kind  Kind
		words []string
	}{
		{Soft, []string{
			"mailbox full", "mailbox is full", "over quota", "overquota", "quota exceeded", "exceeded its quota", "exceeds quota",
			"exceeded storage", "at a rate that", "too quickly", "out of storage", "insufficient disk", "not enough space", "mailbox size limit", "storage allocation",
			"boîte est pleine", "postfach ist voll", "speicherplatz",
		}},
		{Hard, []string{
			"user unknown", "unknown user", "no such user", "no such recipient", "no such mailbox", "no such address", "no mailbox here",
			"user not found", "recipient not found", "address not found", "mailbox not found", "unknown recipient", "recipient unknown",
			"does not exist", "doesn't exist", "doesn't have a", "does not have a", "unknown or illegal alias", "invalid recipient", "invalid mailbox",
			"unrouteable address", "unroutable address", "not listed in", "recipientnotfound", "bad destination mailbox", "host not found",
			"domain not found", "account has been disabled", "account is disabled", "account that you tried to reach is disabled",
			"mailbox unavailable or access denied", "mailbox disabled", "mailbox is disabled", "no longer available", "no longer valid", "is inactive", "recipient address rejected: access denied",
			"n'existe pas", "existiert nicht", "nicht gefunden", "unbekannt", "не существует", "не найден", "nie istnieje", "no existe",
		}},
		{Policy, []string{
			"spam", "blocked", "blacklist", "blocklist", "block list", "dmarc", "spf check", "spf fail", "dkim", "policy", "reputation", "unsolicited", "bulk mail",
			"rate limit", "too many messages", "message too large", "message size", "not permitted", "authentication required", "virus", "relay access denied", "relaying denied",
		}},
	} {
		for _, w := range each.words {
			if strings.Contains(words, w) {
				return each.kind
			}
		}
	}
	return ""
}

// better is the status that says most: many servers give 5.0.0 as the status of a
// report and the true one in the words behind it.
func better(status, words string) string {
	status = strings.TrimSpace(status)
	if code := statusIn(status); code != "" {
		status = code
	} else {
		status = ""
	}
	class, subject, _ := split(status)
	if status != "" && subject != "0" {
		return status
	}
	if found := statusIn(words); found != "" && (class == "" || found[:1] == class) {
		return found
	}
	if status != "" {
		return status
	}
	if reply := regexp.MustCompile(`(?:^|[^0-9.])([245])[0-5][0-9](?:[ -]|$)`).FindStringSubmatch(words); reply != nil {
		return reply[1] + ".0.0"
	}
	return ""
}

// statusIn finds an enhanced status code (RFC 3463 §2). An IP address is none.
func statusIn(text string) string {
	found := regexp.MustCompile(`(?:^|[^0-9.])([245]\.[0-9]{1,3}\.[0-9]{1,3})(?:[^0-9.]|\.[^0-9]|\.?$)`).FindStringSubmatch(text)
	if found == nil {
		return ""
	}
	return found[1]
}

// maxDetail is how much of a server's words is kept, in runes.
const maxDetail = 300

// clean makes one line of a server's words, without addresses: readers are
// numbers in logs and lists.
func clean(s string) string {
	const far = 8 * maxDetail
	if len(s) > far {
		s = s[:far]
	}
	s = regexp.MustCompile(`<?[^\s<>()\[\]:;,"']+@[^\s<>()\[\];,"']+>?`).ReplaceAllLiteralString(s, "[address]")
	var b strings.Builder
	n, gap := 0, false
	for _, r := range s {
		switch {
		case unicode.IsSpace(r), unicode.IsControl(r):
			gap = n > 0
			continue
		case r == utf8.RuneError, !unicode.IsPrint(r):
			continue
		case n >= maxDetail:
			return b.String() + "…"
		}
		if gap {
			b.WriteByte(' ')
			gap, n = false, n+1
		}
		b.WriteRune(r)
		n++
	}
	return b.String()
}

// address takes an address out of what a report says, in lower case; empty where
// there is none.
func address(s string) string {
	if _, after, ok := strings.Cut(s, ";"); ok { // RFC 3464 §2.3.1: type; address
		s = after
	}
	s = strings.ToLower(strings.Trim(strings.TrimSpace(s), `<>"' `))
	s = strings.TrimPrefix(s, "smtp:")
	if len(s) > 254 || strings.Count(s, "@") != 1 || strings.ContainsFunc(s, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) }) {
		return ""
	}
	return s
}
