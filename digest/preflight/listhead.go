package preflight

import (
	"net/url"
	"strings"
)

// ways are the addresses of List-Unsubscribe (RFC 2369 §3.2).
func (l *letter) ways() (web, mailto []string) {
	for _, m := range l.re.angled.FindAllStringSubmatch(l.value("List-Unsubscribe"), -1) {
		way := strings.Join(strings.Fields(m[1]), "") // unfolding leaves a space
		if strings.HasPrefix(strings.ToLower(way), "mailto:") {
			mailto = append(mailto, way)
		} else {
			web = append(web, way)
		}
	}
	return web, mailto
}

// unsubscribe holds S10, or its note where there is no web side.
func (l *letter) unsubscribe() {
	if n := len(l.values("List-Unsubscribe")); n != 1 {
		l.fail(10, report, "%d List-Unsubscribe fields, want one", n)
		return
	}
	web, mailto := l.ways()
	switch {
	case len(mailto) == 0:
		l.fail(10, report, "List-Unsubscribe has no mailto address")
	case l.Unsubscribe != "" && !sameAddress(leaveAddress(mailto[0]), l.Unsubscribe):
		l.fail(10, "check mail.unsubscribe", "List-Unsubscribe's mailto is not the address that takes leavers")
	}
	post := l.values("List-Unsubscribe-Post")
	if l.Public == "" {
		if len(web) > 0 {
			l.fail(10, "set public_url", "List-Unsubscribe names a web address that nothing answers")
		}
		if len(post) > 0 {
			l.fail(10, "set public_url", "List-Unsubscribe-Post without a web side to post to")
		}
		return
	}
	switch {
	case len(web) != 1:
		l.fail(10, report, "List-Unsubscribe has %d web addresses, want one", len(web))
	default:
		l.oneClick(web[0])
	}
	if len(post) != 1 || post[0] != "List-Unsubscribe=One-Click" { // RFC 8058 §3.1
		l.fail(10, report, "List-Unsubscribe-Post is not List-Unsubscribe=One-Click")
	}
}

// oneClick holds the address for leaving by one click against S10.
func (l *letter) oneClick(way string) {
	u, ok := https(way)
	switch {
	case !ok:
		l.fail(10, "give public_url with https", "the address for leaving is not https")
	case !strings.HasPrefix(way, strings.TrimSuffix(l.Public, "/")+"/"):
		l.fail(10, "check public_url", "the address for leaving is at %s, not under public_url", short(u.Host))
	case l.names(way):
		l.fail(10, report, "the address for leaving tells the reader's own")
	case !opaque(way[len(u.Scheme)+len("://")+len(u.Host):]):
		l.fail(10, report, "the address for leaving holds no token that cannot be guessed")
	}
}

// opaque reports whether a path or query holds a word of at least 128 bits'
// worth of letters and digits.
func opaque(s string) bool {
	for _, w := range strings.FieldsFunc(s, func(r rune) bool { return strings.ContainsRune("/?&=.#:", r) }) {
		if len(w) >= 20 && jumbled(w) {
			return true
		}
	}
	return false
}

// jumbled reports whether a word looks drawn by lot: letters and digits mixed,
// often changing from one to the other or from capital to small.
func jumbled(w string) bool {
	changes, kinds, last := 0, 0, 0
	for _, c := range []byte(w) {
		kind := 0
		switch {
		case c >= '0' && c <= '9':
			kind = 1
		case c >= 'a' && c <= 'z':
			kind = 2
		case c >= 'A' && c <= 'Z':
			kind = 4
		}
		if kind != 0 && kind != last {
			changes++
		}
		if kind != 0 {
			last = kind
		}
		kinds |= kind
	}
	return kinds&(kinds-1) != 0 && changes*5 >= len(w)
}

// list holds S13.
func (l *letter) list() {
	if n := len(l.values("List-ID")); n != 1 {
		l.fail(13, report, "%d List-ID fields, want one", n)
		return
	}
	m := l.re.listID.FindStringSubmatch(l.value("List-ID"))
	switch {
	case m == nil:
		l.fail(13, "write mail.list_id as label.domain", "List-ID %q does not end in <label.domain>", short(l.value("List-ID")))
	case len(m[1]) > 255: // RFC 2919 §2
		l.fail(13, "shorten mail.list_id", "List-ID has %d octets, 255 are allowed", len(m[1]))
	case m[1] == "localhost" || strings.HasSuffix(m[1], ".localhost"):
		l.fail(13, "set mail.list_id to a label under your own domain", "List-ID is on localhost, which is nobody's")
	case !l.ours(m[1]):
		l.warn(13, "set mail.list_id to a label under your own domain", "List-ID %s is not under our domain", short(m[1]))
	}
	archive := l.value("List-Archive")
	switch m := l.re.angled.FindStringSubmatch(archive); {
	case l.Public == "" && archive != "":
		l.fail(13, "set public_url", "List-Archive names a web address that nothing answers")
	case l.Public == "":
	case archive == "":
		l.warn(13, report, "no List-Archive, though there is a web side")
	case m == nil || !strings.HasPrefix(m[1]+"/", strings.TrimSuffix(l.Public, "/")+"/"):
		l.fail(13, "check public_url", "List-Archive is not under public_url")
	}
}

// sameAddress compares two addresses; a domain may be written as Unicode or not.
func sameAddress(a, b string) bool {
	here, there := domain(a), domain(b)
	return strings.EqualFold(strings.TrimSuffix(a, here), strings.TrimSuffix(b, there)) && ascii(here) == ascii(there)
}

// leaveAddress is a mailto link's address without the token that says who leaves:
// behind a plus sign in the local part (RFC 5233), as the pipeline's letters have
// it.
func leaveAddress(link string) string {
	addr := mailtoAddress(link)
	local := strings.TrimSuffix(addr, "@"+domain(addr))
	if at := strings.LastIndexByte(local, '+'); at >= 0 && folded(local[at+1:]) {
		return local[:at] + addr[len(local):]
	}
	return addr
}

// folded reports whether a word can be a token of at least 128 bits in base32 (RFC
// 4648 §6), in either case.
func folded(w string) bool {
	const base32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz234567"
	return len(w) >= 26 && strings.Trim(w, base32) == ""
}

// mailtoAddress is the address of a mailto link, or "".
func mailtoAddress(link string) string {
	if len(link) < len("mailto:") || !strings.EqualFold(link[:len("mailto:")], "mailto:") {
		return ""
	}
	addr, _, _ := strings.Cut(link[len("mailto:"):], "?")
	if s, err := url.PathUnescape(addr); err == nil {
		return s
	}
	return ""
}
