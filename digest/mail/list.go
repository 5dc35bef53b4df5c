package mail

import (
	"errors"
	"fmt"
	netmail "net/mail"
	"strings"
)

// listID is the name of a list for machines, and for people.
type listID struct {
	phrase string // may be empty
	id     string // label.domain
}

// DefaultUnsubscribe is the address that takes leavers when none is set: from's
// with +unsubscribe, which most servers deliver to from's own mailbox
// (subaddressing, RFC 5233).
func DefaultUnsubscribe(from netmail.Address) string {
	local, host, ok := cutLast(from.Address, '@')
	if !ok {
		return ""
	}
	return path(local + "+unsubscribe@" + host)
}

// LeaveMail is the link of the holder of a folded token for leaving by mail (RFC
// 6068). The token stands behind a plus sign in the address, since that is what a
// mail program leaves as it is; where it has no room there, or the address needs
// quotes, it stands in the subject. Without a token the mail is for a person to
// read. The link is empty where the address is none.
func LeaveMail(addr, token string) string {
	a, err := address(addr)
	if err != nil {
		return ""
	}
	return leaveMail(a, token)
}

// leaveMail is LeaveMail for an address that was checked.
func leaveMail(addr, token string) string {
	local, host, _ := cutLast(addr, '@')
	personal := local + "+" + token + "@" + host
	switch {
	case token == "":
		return mailto(addr) + "?subject=unsubscribe"
	case len(local)+len("+")+len(token) > maxLocal, len(personal) > maxAddress, path(addr) != addr:
		return mailto(addr) + "?subject=leave%20" + token
	}
	return mailto(personal) + "?subject=unsubscribe"
}

// DefaultListID is the list's name when none is set: a label of ours under
// from's domain, which the sender owns. It must not change once letters are
// out, since readers' filters hang on it (RFC 2919 §2, S13).
func DefaultListID(from netmail.Address) string {
	_, host, ok := cutLast(from.Address, '@')
	if !ok {
		return ""
	}
	return "standpoint." + strings.ToLower(host)
}

// parseListID reads "Name <label.domain>" or "label.domain".
func parseListID(s string) (listID, error) {
	var l listID
	id := strings.TrimSpace(s)
	if open := strings.LastIndexByte(id, '<'); open >= 0 {
		rest, ok := strings.CutSuffix(id[open+1:], ">")
		if !ok {
			return l, errors.New(`want "Name <label.domain>" or "label.domain"`)
		}
		l.phrase = clean(strings.Trim(strings.TrimSpace(id[:open]), `"`), maxName)
		id = rest
	}
	l.id = strings.ToLower(id)
	switch {
	case len(l.id) > 255: // RFC 2919 §2
		return l, errors.New("longer than 255 octets")
	case !strings.Contains(l.id, "."):
		return l, errors.New("needs a label and a domain of yours: label.domain")
	case l.id == "localhost" || strings.HasSuffix(l.id, ".localhost"):
		// RFC 2919 §4 allows it for lists without a home; then no two
		// installations could be told apart, so S13 does not.
		return l, errors.New("localhost is nobody's domain: set mail.list_id")
	}
	for part := range strings.SplitSeq(l.id, ".") {
		if part == "" || strings.ContainsFunc(part, notAtom) {
			return l, fmt.Errorf("part %q is not made of letters, digits, '-' and '_'", part)
		}
	}
	return l, nil
}

func notAtom(r rune) bool {
	return (r < 'a' || r > 'z') && (r < '0' || r > '9') && r != '-' && r != '_'
}

// String is the field's value. The phrase follows the rules of a display name,
// quotes and encoded words included, so it is written as one.
func (l listID) String() string {
	if l.phrase == "" {
		return "<" + l.id + ">"
	}
	name := (&netmail.Address{Name: l.phrase, Address: "a@b"}).String()
	return strings.TrimSuffix(name, "<a@b>") + "<" + l.id + ">"
}

func cutLast(s string, sep byte) (before, after string, found bool) {
	i := strings.LastIndexByte(s, sep)
	if i < 0 {
		return s, "", false
	}
	return s[:i], s[i+1:], true
}
