package feeds

import (
	"context"
	"net/http"
	"strings"
)

// Fetched is what one Fetch brought.
type Fetched struct {
	NotModified bool       // the server said 304: nothing else than Validators and the address is set
	Items       []Item     // in the feed's order; may be empty
	Validators  Validators // to be stored with the items; empty when the server gave none, or when the body was incomplete
	FinalURL    string     // the address that answered, after redirects
	Permanent   bool       // FinalURL differs, and every redirect on the way was permanent (301 or 308): the source has moved
	Title       string     // the feed's own title
	Repaired    bool       // the feed is faulty and was read all the same
	Incomplete  bool       // the document breaks off; Items are those that came whole
}

// Fetch gets a feed if it has changed since v and parses it. The error is
// always a *Error. A feed that has no items is no error.
func (c *Client) Fetch(ctx context.Context, src Source, v Validators) (Fetched, error) {
	r := request{
		op: "fetch", subject: string(src.ID), url: src.URL,
		accept:     "application/atom+xml, application/rss+xml, application/feed+json;q=0.9, application/xml;q=0.8, text/xml;q=0.7, */*;q=0.1",
		validators: v, limit: c.opts.MaxFeedBytes,
	}
	resp, err := c.get(ctx, r)
	if err != nil {
		return Fetched{}, err
	}
	defer resp.release()
	f := Fetched{FinalURL: resp.finalURL, Permanent: resp.permanent}
	if resp.status == http.StatusNotModified {
		f.NotModified = true
		f.Validators = refreshed(v, resp.header)
		return f, nil
	}
	leave, err := enter(ctx, c.parsing)
	if err != nil {
		return Fetched{}, c.transportError(ctx, r, src.URL, err)
	}
	defer leave()
	p := parser{src: src.ID, base: resp.finalURL, contentType: resp.header.Get("Content-Type"), limit: c.opts.MaxFeedBytes}
	parsed, err := p.parse(resp.body)
	if resp.cut != nil {
		if err != nil || len(parsed.Items) == 0 {
			return Fetched{}, resp.cut // the broken connection is the cause, the broken XML its effect
		}
		parsed.Incomplete = true
	}
	if err != nil {
		return Fetched{}, err
	}
	f.Items, f.Title, f.Repaired, f.Incomplete = parsed.Items, parsed.Title, parsed.Repaired, parsed.Incomplete
	if !f.Incomplete { // else a 304 would hide the rest for ever
		f.Validators = validators(resp.header)
	}
	return f, nil
}

// validators takes the validators of a response (RFC 9110, section 8.8). One
// that could not be sent back is left out.
func validators(h http.Header) Validators {
	return Validators{ETag: sendable(h.Get("ETag")), LastModified: sendable(h.Get("Last-Modified"))}
}

// refreshed updates stored validators from a 304 (RFC 9111, section 4.3.4).
func refreshed(old Validators, h http.Header) Validators {
	v := validators(h)
	if v.ETag == "" {
		v.ETag = old.ETag
	}
	if v.LastModified == "" {
		v.LastModified = old.LastModified
	}
	return v
}

func sendable(s string) string {
	s = strings.TrimSpace(s)
	if len(s) > 512 {
		return ""
	}
	for i := range len(s) {
		if s[i] < ' ' || s[i] == 0x7f {
			return ""
		}
	}
	return s
}
