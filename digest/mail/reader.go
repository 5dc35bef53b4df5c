package mail

import (
	"errors"
	"fmt"
	netmail "net/mail"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/idna"
)

// The longest parts of an address in octets (RFC 5321 §4.5.3.1.1, RFC 1035 §2.3.4).
const (
	maxLocalPart = 64
	maxLabel     = 63
)

// ParseReader reads a reader's address with or without a name (RFC 5322 §3.4) and
// returns it as SMTP takes it: the domain in ASCII and lower case, what stands
// before the @ untouched, since only its own server knows what that means. It
// refuses, with the reason, whatever could not be written to.
func ParseReader(s string) (netmail.Address, error) {
	a, err := netmail.ParseAddress(s)
	if err != nil {
		return netmail.Address{}, fmt.Errorf("%s is no mail address", shown(s))
	}
	at := strings.LastIndexByte(a.Address, '@')
	local, domain := a.Address[:at], a.Address[at+1:]
	wrong := func(reason string) (netmail.Address, error) {
		return netmail.Address{}, fmt.Errorf("%s %s", shown(a.Address), reason)
	}
	switch {
	case strings.ContainsFunc(local, func(r rune) bool { return r >= utf8.RuneSelf }):
		return wrong("has letters outside ASCII before the @, which mail servers need not take: ask for another address")
	case len(local) > maxLocalPart:
		return wrong(fmt.Sprintf("has %d octets before the @, and mail allows %d", len(local), maxLocalPart))
	case path(a.Address) != a.Address:
		return wrong("needs quotation marks before the @, which many mail servers refuse: ask for another address")
	}
	host, err := asciiDomain(domain)
	if err != nil {
		return wrong(err.Error())
	}
	if n := len(local) + 1 + len(host); n > maxAddress {
		return wrong(fmt.Sprintf("is %d octets long, and mail allows %d", n, maxAddress))
	}
	return netmail.Address{Name: a.Name, Address: local + "@" + host}, nil
}

// asciiDomain writes a domain as the DNS has it (RFC 5891 §5).
func asciiDomain(domain string) (string, error) {
	host, err := idna.Lookup.ToASCII(domain)
	if err != nil || host == "" {
		return "", errors.New("has a domain that cannot be")
	}
	for label := range strings.SplitSeq(host, ".") {
		switch {
		case label == "":
			return "", errors.New("has a domain that cannot be")
		case len(label) > maxLabel:
			return "", fmt.Errorf("has a part of %d octets in its domain, and the DNS allows %d", len(label), maxLabel)
		}
	}
	return strings.ToLower(host), nil
}

// shown quotes what somebody wrote, in short.
func shown(s string) string {
	const most = 80
	if r := []rune(s); len(r) > most {
		s = string(r[:most]) + "…"
	}
	return fmt.Sprintf("%q", s)
}
