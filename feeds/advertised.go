package feeds

import (
	"bytes"
	"net/url"
	"strings"

	"golang.org/x/net/html"
)

// advertised lists the feeds that a web page names as its alternates (HTML,
// section 4.6.7.1), at most five, as absolute addresses.
func advertised(page []byte, base string) []string {
	var out []string
	z := html.NewTokenizer(bytes.NewReader(page[:min(len(page), 256<<10)]))
	for len(out) < 5 {
		next := z.Next()
		if next == html.ErrorToken {
			break
		}
		if next != html.StartTagToken && next != html.SelfClosingTagToken {
			continue
		}
		name, more := z.TagName()
		if string(name) != "link" {
			continue
		}
		attr := map[string]string{}
		for more {
			var k, v []byte
			k, v, more = z.TagAttr()
			attr[string(k)] = string(v)
		}
		kind := strings.ToLower(attr["type"])
		if !strings.Contains(strings.ToLower(attr["rel"]), "alternate") ||
			!strings.Contains(kind, "rss") && !strings.Contains(kind, "atom") && !strings.Contains(kind, "feed+json") {
			continue
		}
		if link := resolve(base, attr["href"]); link != "" {
			out = append(out, link)
		}
	}
	return out
}

// isLogin reports whether a page asks for a password.
func isLogin(page []byte) bool {
	page = bytes.ToLower(page[:min(len(page), 256<<10)])
	return bytes.Contains(page, []byte(`type="password"`)) || bytes.Contains(page, []byte(`type='password'`))
}

// resolve makes ref absolute (RFC 3986, section 5). It is empty for what is no
// http or https address then.
func resolve(base, ref string) string {
	ref = strings.Join(strings.Fields(ref), "%20")
	if ref == "" || len(ref) > maxURL {
		return ""
	}
	u, err := url.Parse(ref)
	if err != nil {
		return ""
	}
	if !u.IsAbs() {
		b, err := url.Parse(base)
		if err != nil || b.Host == "" {
			return ""
		}
		u = b.ResolveReference(u)
	}
	if parseWeb(u.String()) == nil {
		return ""
	}
	return u.String()
}
