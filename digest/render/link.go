package render

import (
	"html"
	htmltemplate "html/template"
	"net/mail"
	"net/url"
	"strings"

	"golang.org/x/net/idna"
)

// address returns a link as all outputs show it, or "" for one that no letter
// may carry: anything but absolute http and https (S46), or with a user name in
// it, which serves only to deceive. A host in another script comes out as
// punycode; characters that could end an attribute or a line are
// percent-encoded (RFC 3986, section 2.1), so that HTML, text and JSON hold the
// same bytes.
func address(raw string) string {
	u, err := url.Parse(strings.TrimSpace(raw))
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "" || u.User != nil {
		return ""
	}
	if !ascii(u.Host) {
		host, err := idna.Lookup.ToASCII(u.Hostname())
		if err != nil {
			return ""
		}
		if p := u.Port(); p != "" {
			host += ":" + p
		}
		u.Host = host
	}
	return encode(u.String())
}

// encode percent-encodes what RFC 3986 does not allow in a URL.
func encode(s string) string {
	const hex = "0123456789ABCDEF"
	var b strings.Builder
	for i := range len(s) {
		c := s[i]
		switch {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9', strings.IndexByte("-._~:/?#[]@!$&'()*+,;=%", c) >= 0:
			b.WriteByte(c)
		default:
			b.Write([]byte{'%', hex[c>>4], hex[c&15]})
		}
	}
	return b.String()
}

func ascii(s string) bool {
	for i := range len(s) {
		if s[i] >= 0x80 {
			return false
		}
	}
	return true
}

// href makes the attribute of a link from what address or leave returned.
// html/template would encode brackets and apostrophes in it once more, and the
// HTML part's links would then differ from the text part's (S20).
func href(link string) htmltemplate.HTMLAttr {
	if link == "" {
		return ""
	}
	return htmltemplate.HTMLAttr(`href="` + html.EscapeString(link) + `"`)
}

// leave makes the mailto link for unsubscribing (RFC 6068), or "" when the
// address is none.
func leave(addr string) string {
	a, err := mail.ParseAddress(addr)
	if err != nil || a.Address != addr {
		return ""
	}
	local, domain, _ := strings.Cut(addr, "@")
	// RFC 6068, section 2: "?", "&" and "%" in the local part must be encoded.
	local = strings.NewReplacer("%", "%25", "?", "%3F", "&", "%26", "#", "%23", "/", "%2F").Replace(local)
	return encode("mailto:" + local + "@" + domain + "?subject=unsubscribe")
}
