package feeds

import (
	"fmt"
	"strings"
)

// Product is the name by which robots.txt files speak of this program (RFC
// 9309, section 2.2.1).
const Product = "Standpoint"

// UserAgent says who asks and whom to write to about it (RFC 9110, section
// 10.1.5). Program is a name and a version, "Standpoint/0.3"; contact is a web
// address or a mail address, and may be empty. Whatever stands in them, the
// result fits in a header and keeps its parentheses balanced.
func UserAgent(program, contact string) string {
	program = strings.Map(func(r rune) rune {
		if r == '/' || r < 0x80 && isToken(byte(r)) {
			return r
		}
		return -1
	}, program)
	if program = strings.Trim(program, "/"); program == "" {
		program = Product
	}
	about := "weekly digest of think tanks"
	if contact = contactAddress(contact); contact != "" {
		about += "; +" + contact
	}
	return program[:min(len(program), 100)] + " (" + about + ")"
}

// contactAddress writes a contact as an address of visible ASCII.
func contactAddress(s string) string {
	s = strings.TrimSpace(s)
	if s == "" || len(s) > 300 {
		return "" // cut short it would lead to somebody else
	}
	if strings.Contains(s, "@") && !strings.Contains(s, ":") {
		s = "mailto:" + s
	}
	var b strings.Builder
	for i := range len(s) {
		switch c := s[i]; {
		case c < ' ' || c == 0x7f:
		case c == ' ' || c >= 0x80 || c == '(' || c == ')' || c == '\\' || c == '"' || c == ';':
			fmt.Fprintf(&b, "%%%02X", c)
		default:
			b.WriteByte(c)
		}
	}
	return b.String()
}

// ownAgent is what an operator configured as the whole header, without what no
// header may hold.
func ownAgent(s string) string {
	s = strings.TrimSpace(strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return -1
		}
		return r
	}, s))
	return s[:min(len(s), 500)]
}

// isToken reports whether c may stand in a token (RFC 9110, section 5.6.2).
func isToken(c byte) bool {
	return isAlnum(c) || strings.IndexByte("!#$%&'*+-.^_`|~", c) >= 0
}
