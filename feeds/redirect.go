package feeds

import (
	"net/http"
	"net/url"
	"strconv"
)

// trail is the way that one request went.
type trail struct {
	start   string
	hops    int
	leading bool   // all redirects so far were permanent, and none led from https to http
	moved   string // where the leading run of permanent redirects ends
	newHost bool   // the next hop asks another host than the one before
}

func newTrail(u *url.URL) trail {
	return trail{start: u.String(), leading: true, newHost: true}
}

// follow judges a redirect and takes note of it. Only the permanent ones at the
// beginning say where the source now lives (RFC 9110, section 15.4.2); what a
// temporary one leads to may change any day. A downgrade to http is followed,
// but nothing to keep.
func (t *trail) follow(from, to *url.URL, status, limit int) error {
	if !isWeb(to) {
		return &redirectError{"redirects to " + visible(to.Redacted(), 120) + ", which is no web address"}
	}
	if t.hops++; t.hops > limit {
		return &redirectError{"redirects more than " + strconv.Itoa(limit) + " times"}
	}
	permanent := status == http.StatusMovedPermanently || status == http.StatusPermanentRedirect
	t.leading = t.leading && permanent && (from.Scheme == to.Scheme || to.Scheme == "https")
	if t.leading {
		t.moved = to.String()
	}
	t.newHost = hostKey(from) != hostKey(to)
	return nil
}

// address is where the source has moved for good, or "".
func (t trail) address() string {
	if t.moved == t.start || len(t.moved) > maxURL {
		return ""
	}
	return t.moved
}

// maxHop is the longest path with its query that is followed, in bytes (RFC 9110,
// section 4.1). Each is held against all rules of a robots.txt.
const maxHop = 8000

// nextHop is the address that a redirect names (RFC 9110, section 15.4), or nil.
func nextHop(resp *http.Response) (*url.URL, error) {
	switch resp.StatusCode {
	case http.StatusMovedPermanently, http.StatusFound, http.StatusSeeOther, http.StatusTemporaryRedirect, http.StatusPermanentRedirect:
	default:
		return nil, nil
	}
	if resp.Header.Get("Location") == "" {
		return nil, nil
	}
	next, err := resp.Location()
	if err != nil {
		return nil, &redirectError{"redirects to " + strconv.Quote(visible(resp.Header.Get("Location"), 120)) + ", which is no address"}
	}
	if len(next.RequestURI()) > maxHop {
		return nil, &redirectError{"redirects to an address of more than " + strconv.Itoa(maxHop) + " bytes"}
	}
	next.Fragment, next.RawFragment = "", ""
	return next, nil
}

func isWeb(u *url.URL) bool {
	return u.Host != "" && u.Hostname() != "" && (u.Scheme == "http" || u.Scheme == "https")
}
