package preflight

import (
	"mime"
	"net/mail"
	"net/url"
	"strings"
	"unicode"
	"unicode/utf8"
)

// report is the mend of what no setting and no template can have done.
const report = "this is a fault of the program: please report it"

// headers holds the header fields against S8 to S10, S13, S15 and S36.
func (l *letter) headers() {
	l.once()
	l.sender()
	l.messageID()
	l.unsubscribe()
	l.list()
	l.automatic()
	l.subject()
}

// once holds S9: what RFC 5322 §3.6 wants exactly once, and one reader in To.
func (l *letter) once() {
	for _, name := range []string{"From", "To", "Subject", "Date", "Message-ID", "MIME-Version", "Content-Type"} {
		if n := len(l.values(name)); n != 1 {
			l.fail(9, report, "%d %s fields, want one", n, name)
		}
	}
	for _, name := range []string{"Reply-To", "Sender"} {
		if n := len(l.values(name)); n > 1 {
			l.fail(9, report, "%d %s fields, want one at most", n, name)
		}
	}
	for _, name := range []string{"From", "To"} {
		if v := l.value(name); v != "" {
			if list, err := mail.ParseAddressList(v); err != nil || len(list) != 1 {
				l.fail(9, report, "%s does not hold one address", name)
			}
		}
	}
	if v := l.value("Date"); v != "" {
		if _, err := mail.ParseDate(v); err != nil {
			l.fail(9, report, "Date %q is none", short(v))
		}
	}
}

// sender holds S8.
func (l *letter) sender() {
	from := l.from()
	if from.Address == "" {
		return // S9 has told
	}
	if !l.ours(domain(from.Address)) {
		l.fail(8, "set mail.from to an address of your own domain", "From is at %s, which is not ours", short(domain(from.Address)))
	}
	reply := l.value("Reply-To")
	for _, v := range []string{from.Address, reply} {
		if l.re.noReply.MatchString(v) {
			l.warn(8, "set mail.reply_to to an address that a person reads", "%s says that nobody reads it", short(v))
		}
	}
	if reply == "" {
		return
	}
	if _, err := mail.ParseAddress(reply); err != nil {
		l.fail(8, "set mail.reply_to to one mail address", "Reply-To %q is no address", short(reply))
	}
}

// from is the sender; empty where it cannot be read.
func (l *letter) from() mail.Address {
	if a, err := mail.ParseAddress(l.value("From")); err == nil {
		return *a
	}
	return mail.Address{}
}

// ours reports whether a domain is one of ours or under one.
func (l *letter) ours(host string) bool {
	if len(l.Domains) == 0 {
		return under(host, domain(l.from().Address))
	}
	for _, d := range l.Domains {
		if under(host, ascii(d)) {
			return true
		}
	}
	return false
}

func under(host, parent string) bool {
	host, parent = strings.ToLower(host), strings.ToLower(parent)
	return parent != "" && (host == parent || strings.HasSuffix(host, "."+parent))
}

func domain(addr string) string { return addr[strings.LastIndexByte(addr, '@')+1:] }

// messageID holds S9's second half.
func (l *letter) messageID() {
	id := l.value("Message-ID")
	if id == "" {
		return
	}
	if !l.re.messageID.MatchString(id) {
		l.fail(9, report, "Message-ID %q is none", short(id))
	} else if host := domain(strings.Trim(id, "<>")); !l.ours(host) {
		l.fail(9, report, "Message-ID ends in %s, which is not our domain", short(host))
	}
}

// subject holds S36.
func (l *letter) subject() {
	raw := l.value("Subject")
	s, err := new(mime.WordDecoder).DecodeHeader(raw)
	switch {
	case err != nil || !utf8.ValidString(s):
		l.fail(36, report, "the subject cannot be decoded")
		return
	case strings.TrimSpace(s) == "":
		l.fail(36, "give the edition a subject", "the subject is empty")
		return
	case strings.ContainsFunc(s, func(r rune) bool { return unicode.IsControl(r) || turns(r) }):
		l.fail(36, report, "the subject holds characters that are not seen")
	}
	if n := utf8.RuneCountInString(s); n > 60 {
		l.warn(36, "shorten what makes the subject", "the subject has %d characters, 60 are shown", n)
	}
	if !strings.ContainsFunc(s, unicode.IsDigit) {
		l.warn(36, "put the edition's number or date into the subject", "the subject names neither number nor date")
	}
	if strings.ContainsFunc(s, emoji) {
		l.warn(36, "take it out", "the subject has an emoji in it")
	}
}

// turns reports whether a character turns the direction of all that follows.
func turns(r rune) bool { return r >= 0x202a && r <= 0x202e }

func emoji(r rune) bool {
	return r >= 0x1f000 && r <= 0x1faff || r >= 0x2600 && r <= 0x27bf || r == 0xfe0f
}

// automatic holds S15.
func (l *letter) automatic() {
	auto, precedence := fold(l.value("Auto-Submitted")), fold(l.value("Precedence"))
	if !strings.HasPrefix(auto, "auto-generated") && precedence != "bulk" && precedence != "list" {
		l.fail(15, report, "neither Auto-Submitted: auto-generated nor Precedence: bulk, so holiday replies will come")
	}
	if v := l.value("Feedback-ID"); strings.Count(v, ":") > 3 {
		l.warn(15, "shorten mail.feedback_id to four fields with colons between", "Feedback-ID has %d fields, Gmail reads four", strings.Count(v, ":")+1)
	}
}

// https parses an absolute https address.
func https(s string) (*url.URL, bool) {
	u, err := url.Parse(s)
	return u, err == nil && u.Scheme == "https" && u.Hostname() != ""
}
