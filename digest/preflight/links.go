package preflight

import (
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"net/mail"
	"net/url"
	"slices"
	"strings"
)

// leaving holds the rules that ask about links: S14, S40, S41, S45 and S46.
func (l *letter) leaving() {
	if l.doc != nil {
		for _, a := range l.doc.anchors {
			l.link(a.href, a.text)
		}
		for _, e := range l.doc.els {
			if src := attr(e.node, "src"); strings.HasPrefix(src, "http") {
				l.link(src, "")
			}
		}
	}
	for _, u := range l.urls {
		if u.alone && !u.words {
			l.link(u.url, "")
		}
	}
	l.waysOut()
	l.footer()
}

// link holds one link against S40, S45 and S46.
func (l *letter) link(href, text string) {
	const mend = "mend the link in the template"
	own := slices.Contains(l.Links, href)
	u, err := url.Parse(href)
	switch {
	case href == "" || err != nil:
		l.fail(46, mend, "a link that cannot be read: %q", short(href))
		return
	case strings.HasPrefix(href, "#"):
		return
	case u.Scheme == "":
		l.fail(46, "write it with https:// and a host", "a relative link, which leads nowhere in a mail: %s", short(href))
		return
	case u.Scheme == "mailto":
		l.mailtoLink(href)
		return
	case u.Scheme != "http" && u.Scheme != "https":
		l.fail(46, mend, "a link with scheme %s", short(u.Scheme))
		return
	case u.Hostname() == "":
		l.fail(46, mend, "a link without a host: %s", short(href))
		return
	case u.User != nil:
		l.fail(46, mend, "a link with a user name in it, which deceives: %s", short(href))
	}
	if !own && strings.ContainsFunc(u.Host, func(r rune) bool { return r >= 0x80 || r <= ' ' || r == '%' }) {
		l.fail(46, "write the host as punycode", "a host in another script, which can deceive: %s", short(u.Host))
	}
	for _, key := range tracking(u) {
		l.warn(46, "strip it", "the parameter %s only tracks: %s", short(key), short(href))
	}
	if web, ok := https(l.Public); ok && strings.EqualFold(u.Host, web.Host) && u.Scheme == "http" {
		l.fail(46, "write our own addresses with https", "a link to ourselves without https: %s", short(href))
	}
	if !own {
		l.online(href, text)
		l.private(href, text, u)
	}
}

// mailtoLink holds a mailto link against S46: it opens one letter to one address.
func (l *letter) mailtoLink(href string) {
	if _, err := mail.ParseAddress("<" + mailtoAddress(href) + ">"); err != nil {
		l.fail(46, "write one mail address behind mailto:", "a mailto link that names no address: %s", short(href))
	}
}

// tracking lists the parameters that identify a campaign or a reader.
func tracking(u *url.URL) []string {
	var out []string
	for pair := range strings.SplitSeq(u.RawQuery, "&") {
		key, _, _ := strings.Cut(pair, "=")
		key = strings.ToLower(key)
		switch {
		case strings.HasPrefix(key, "utm_"), strings.HasPrefix(key, "mc_"), key == "fbclid", key == "gclid":
			out = append(out, key)
		}
	}
	return out
}

// online holds S45: without a web side nothing offers it.
func (l *letter) online(href, text string) {
	if text == "" || !l.re.online.MatchString(strings.TrimSpace(text)) {
		return
	}
	if l.Public == "" {
		l.fail(45, "set public_url, or leave the line out of the template", "the letter offers a web copy, and there is no web side: %s", short(href))
	} else if !strings.HasPrefix(href+"/", strings.TrimSuffix(l.Public, "/")+"/") {
		l.fail(45, "check public_url and the template", "the web copy is not under public_url: %s", short(href))
	}
}

// private holds S40: no link tells who follows it, but the one for leaving.
func (l *letter) private(href, text string, u *url.URL) {
	const mend = "link to the piece itself"
	if l.names(href) {
		l.fail(40, "take the reader's address out", "a link holds the reader's address, plain or disguised: %s", short(u.Host))
		return
	}
	if l.isLeave(href, text) {
		return
	}
	if inner := u.EscapedPath() + "?" + u.RawQuery; strings.Contains(strings.ToLower(inner), "http%3a") || strings.Contains(strings.ToLower(inner), "https%3a") || strings.Contains(inner, "://") {
		l.fail(40, mend, "a link that passes through %s to another address", short(u.Host))
		return
	}
	if l.ownHost(u) && opaque(u.EscapedPath()+"?"+u.RawQuery) {
		l.fail(40, mend, "a link to ourselves with a token in it, which only the one for leaving may have: %s", short(u.Host))
	}
}

// isLeave reports a link for leaving.
func (l *letter) isLeave(href, text string) bool {
	web, mailto := l.ways()
	if slices.Contains(web, href) || slices.Contains(mailto, href) {
		return true
	}
	if addr := mailtoAddress(href); addr != "" {
		if leaveAddress(href) != addr {
			return false // a token that is not the header's would be another reader's
		}
		if l.Unsubscribe != "" {
			return sameAddress(addr, l.Unsubscribe)
		}
		return len(mailto) > 0 && sameAddress(addr, leaveAddress(mailto[0]))
	}
	if l.Public == "" || !strings.HasPrefix(href, strings.TrimSuffix(l.Public, "/")+"/") {
		return false
	}
	t := fold(text + " " + href)
	return strings.Contains(t, "unsubscribe") || strings.Contains(t, "leave")
}

// names reports whether a link tells the reader's address, also disguised as
// hex, base64 or a digest.
func (l *letter) names(href string) bool {
	to, err := mail.ParseAddress(l.value("To"))
	if err != nil {
		return false
	}
	if l.disguises == nil {
		l.disguises = disguises(strings.ToLower(to.Address))
	}
	plain, err := url.QueryUnescape(strings.ReplaceAll(href, "+", "%2B"))
	if err != nil {
		plain = href
	}
	for i, d := range l.disguises {
		// base64 tells capitals from small letters, the rest does not.
		if i < 2 && strings.Contains(plain, d) || i >= 2 && strings.Contains(strings.ToLower(plain), d) {
			return true
		}
	}
	return false
}

func disguises(addr string) []string {
	m, s, t := md5.Sum([]byte(addr)), sha1.Sum([]byte(addr)), sha256.Sum256([]byte(addr))
	return []string{
		base64.RawStdEncoding.EncodeToString([]byte(addr)), base64.RawURLEncoding.EncodeToString([]byte(addr)),
		addr, hex.EncodeToString([]byte(addr)), hex.EncodeToString(m[:]), hex.EncodeToString(s[:]), hex.EncodeToString(t[:]),
	}
}

// ownHost says that an address is at the sender's domain or on the web side.
func (l *letter) ownHost(u *url.URL) bool {
	web, ok := https(l.Public)
	return l.ours(u.Hostname()) || ok && strings.EqualFold(web.Host, u.Host)
}
