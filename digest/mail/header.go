package mail

import (
	"errors"
	"fmt"
	netmail "net/mail"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/idna"
)

// How much of a text from outside a field takes, in runes. A field of this
// length stays far below the 998 octets of a line (RFC 5322 §2.1.1), folded or
// not; S36's 60 for the subject is the renderer's own aim.
const (
	maxSubject = 200
	maxName    = 100
	maxReply   = 300 // a server's words, for logs and the ledger
)

// maxAddress is the longest address in octets: a path has 256 with its angle
// brackets (RFC 5321 §4.5.3.1.3).
const maxAddress = 254

// clean makes one line of a text that may come from a feed or a form: controls
// and line ends become a space, and what is invisible or turns the direction of
// writing is dropped, so that what a header says is what a reader sees. The two
// joiners stay, Persian and Hindi need them.
func clean(s string, limit int) string {
	const zwnj, zwj = '\u200c', '\u200d'
	var b strings.Builder
	n, gap := 0, false
	for _, r := range s {
		switch {
		case unicode.IsSpace(r), unicode.IsControl(r):
			gap = n > 0
			continue
		case r == utf8.RuneError, unicode.In(r, unicode.Cf, unicode.Co, unicode.Cs) && r != zwnj && r != zwj:
			continue
		}
		if n >= limit {
			b.WriteRune('…')
			break
		}
		if gap {
			b.WriteByte(' ')
			n, gap = n+1, false
		}
		b.WriteRune(r)
		n++
	}
	// Plain text that looks like an encoded word would be decoded by mail
	// clients, with whatever it hides (RFC 2047 §5).
	return strings.ReplaceAll(b.String(), "=?", "= ?")
}

// address checks a bare address and returns it as SMTP takes it, its domain in
// ASCII. A local part outside ASCII needs SMTPUTF8 on every server of the way
// (RFC 6531 §3.1) and is refused here, at once and by name of the cause.
func address(s string) (string, error) {
	a, err := netmail.ParseAddress("<" + strings.TrimSpace(s) + ">")
	if err != nil {
		return "", errors.New("not a mail address") // the parser's words would quote it
	}
	at := strings.LastIndexByte(a.Address, '@')
	local := a.Address[:at]
	for _, r := range local {
		if r >= utf8.RuneSelf || unicode.IsControl(r) {
			return "", errors.New("mail address with a local part outside ASCII")
		}
	}
	host, err := idna.Lookup.ToASCII(a.Address[at+1:])
	if err != nil || host == "" {
		return "", errors.New("mail address without a usable domain")
	}
	if addr := local + "@" + strings.ToLower(host); len(addr) <= maxAddress {
		return addr, nil
	}
	return "", fmt.Errorf("mail address longer than %d octets", maxAddress)
}

// mailbox reads an address with or without a name; empty gives the other one.
func mailbox(s string, other netmail.Address) (netmail.Address, error) {
	if strings.TrimSpace(s) == "" {
		return other, nil
	}
	a, err := netmail.ParseAddress(s)
	if err != nil {
		return netmail.Address{}, errors.New("not a mail address")
	}
	addr, err := address(path(a.Address))
	return netmail.Address{Name: clean(a.Name, maxName), Address: addr}, err
}

// path writes a bare address as it stands between angle brackets: a local part
// with a space or a bracket in it is quoted (RFC 5321 §4.1.2).
func path(addr string) string {
	s := (&netmail.Address{Address: addr}).String()
	return s[1 : len(s)-1]
}

func domain(addr string) string {
	return addr[strings.LastIndexByte(addr, '@')+1:]
}

// mailto writes an address as a URI (RFC 6068 §2): all but the plain characters
// is percent-encoded, so neither a comma nor a '>' can end it early (RFC 2369 §2).
func mailto(addr string) string {
	const plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~+@"
	var b strings.Builder
	for _, c := range []byte(path(addr)) {
		if strings.IndexByte(plain, c) >= 0 {
			b.WriteByte(c)
		} else {
			fmt.Fprintf(&b, "%%%02X", c)
		}
	}
	return "mailto:" + b.String()
}
