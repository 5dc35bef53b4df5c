package feeds

import (
	"fmt"
	"net/url"
	"slices"
	"strings"

	"golang.org/x/net/idna"
)

// maxURL is the longest address that is kept, in bytes. Browsers and mail
// programs begin to fail at about twice as much.
const maxURL = 4096

// Clean makes an address fit to be shown to readers and to be fetched: http or
// https, scheme and host in lower case, without user and password, default
// port, dot segments, fragment and the parameters that only track the reader.
// What identifies the piece stays as it was, in its order. It is empty when raw
// is no such address; javascript:, data: and relative ones are none.
func Clean(raw string) string {
	u := parseWeb(raw)
	if u == nil {
		return ""
	}
	u.RawQuery = strings.Join(slices.DeleteFunc(strings.Split(u.RawQuery, "&"), tracks), "&")
	return u.String()
}

// Key is the identity of an address: two addresses with the same key are the
// same piece. It is Clean, and besides it treats http and https, a leading
// "www.", one trailing slash, the order of the parameters and the spelling of
// percent-encodings (RFC 3986, section 6.2.2) as equal. It is no address
// itself. It is empty when raw is no http or https address.
func Key(raw string) string {
	u := parseWeb(raw)
	if u == nil {
		return ""
	}
	host := strings.TrimPrefix(u.Host, "www.")
	path := strings.TrimSuffix(normalEscapes(u.EscapedPath()), "/")
	var pairs []string
	for pair := range strings.SplitSeq(u.RawQuery, "&") {
		if tracks(pair) {
			continue
		}
		k, v, _ := strings.Cut(pair, "=")
		k, v = normalQuery(k), normalQuery(v)
		if v != "" {
			k += "=" + v
		}
		pairs = append(pairs, k)
	}
	slices.Sort(pairs)
	key := host + path
	if len(pairs) > 0 {
		key += "?" + strings.Join(pairs, "&")
	}
	if u.Fragment != "" {
		key += "#" + normalEscapes(u.EscapedFragment())
	}
	return key
}

// parseWeb parses an http or https address and normalises what never carries
// meaning. It is nil for anything else.
func parseWeb(raw string) *url.URL {
	raw = strings.Map(func(r rune) rune {
		if r == '\t' || r == '\n' || r == '\r' { // browsers drop them too (WHATWG URL, section 4.4)
			return -1
		}
		return r
	}, strings.TrimSpace(raw))
	if len(raw) > maxURL || strings.ContainsFunc(raw, hidden) {
		return nil
	}
	u, err := url.Parse(raw)
	if err != nil || u.Opaque != "" {
		return nil
	}
	u = (&url.URL{}).ResolveReference(u) // removes dot segments
	u.Scheme = strings.ToLower(u.Scheme)
	host := strings.TrimRight(strings.ToLower(u.Hostname()), ".")
	if u.Scheme != "http" && u.Scheme != "https" || host == "" || strings.ContainsAny(host, " \"<>\\^`{|}%") {
		return nil
	}
	if strings.ContainsFunc(host, func(r rune) bool { return r >= 0x80 }) {
		if host, err = idna.Lookup.ToASCII(host); err != nil { // as browsers send it, and look-alike letters show
			return nil
		}
	}
	port := u.Port()
	if port == "80" && u.Scheme == "http" || port == "443" && u.Scheme == "https" {
		port = ""
	}
	if strings.Contains(host, ":") {
		host = "[" + host + "]"
	}
	if port != "" {
		host += ":" + port
	}
	u.Host, u.User, u.ForceQuery = host, nil, false
	u.RawQuery = escapeQuery(u.RawQuery)
	if !strings.HasPrefix(u.Fragment, "!") { // "#!/path" was once how scripts named pages
		u.Fragment, u.RawFragment = "", ""
	}
	if u.Path == "" {
		u.Path = "/"
	}
	if len(raw) > maxURL/3 && len(u.String()) > maxURL { // a letter may become three percent-encodings and more
		return nil
	}
	return u
}

// escapeQuery encodes what may not stand in a query (RFC 3986, section 3.4) and
// leaves the rest as it was; net/url would let blanks and quotes through.
func escapeQuery(q string) string {
	var b strings.Builder
	for i := range len(q) {
		if c := q[i]; c <= ' ' || c >= 0x7f || strings.IndexByte("\"<>\\^`{|}", c) >= 0 {
			fmt.Fprintf(&b, "%%%02X", c)
		} else {
			b.WriteByte(c)
		}
	}
	return b.String()
}

// tracks reports whether a "name=value" of a query only follows the reader
// around. An empty pair is none that anybody would miss.
func tracks(pair string) bool {
	name, value, _ := strings.Cut(strings.ToLower(pair), "=")
	for _, p := range []string{"utm_", "mc_", "mtm_", "pk_", "hsa_", "vero_", "oly_", "_hs", "__hs", "itm_", "wt_", "at_medium", "at_campaign", "at_custom", "ns_", "fb_", "trk"} {
		if strings.HasPrefix(name, p) {
			return true
		}
	}
	switch name {
	case "", "fbclid", "gclid", "gclsrc", "dclid", "gbraid", "wbraid", "msclkid", "yclid", "ysclid", "twclid", "ttclid", "igsh", "igshid",
		"li_fat_id", "mkt_tok", "_ga", "_gl", "__s", "_openstat", "hsctatracking", "s_cid", "cmpid", "ncid", "xtor", "guccounter",
		"ref_src", "ref_url", "emci", "emdi", "ceid", "__twitter_impression", "sr_share", "ss_source", "ss_campaign_id", "ml_subscriber", "ml_subscriber_hash":
		return true
	case "ref", "source", "src", "from", "via", "mod", "cmp", "medium", "share":
		switch value { // these names may identify a piece, but never with these values
		case "rss", "feed", "rss_feed", "rssfeed", "atom", "email", "newsletter", "twitter", "x", "facebook", "linkedin", "mastodon", "bluesky", "telegram", "whatsapp":
			return true
		}
	}
	return false
}

// normalQuery spells a name or value of a query in one way.
func normalQuery(s string) string {
	if plain, err := url.QueryUnescape(s); err == nil {
		return url.QueryEscape(plain)
	}
	return s
}

// normalEscapes spells percent-encodings in upper case and undoes those of
// characters that need none (RFC 3986, section 6.2.2.1 and 6.2.2.2).
func normalEscapes(path string) string {
	var b strings.Builder
	for i := 0; i < len(path); i++ {
		if path[i] != '%' || i+2 >= len(path) {
			b.WriteByte(path[i])
			continue
		}
		hex := strings.ToUpper(path[i : i+3])
		i += 2
		plain, err := url.PathUnescape(hex)
		if err == nil && (isAlnum(plain[0]) || strings.Contains("-._~", plain)) {
			hex = plain
		}
		b.WriteString(hex)
	}
	return b.String()
}

func isAlnum(b byte) bool {
	return 'a' <= b && b <= 'z' || 'A' <= b && b <= 'Z' || '0' <= b && b <= '9'
}
