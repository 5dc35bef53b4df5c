package feeds

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"time"
)

// Fetched is what one Fetch brought.
type Fetched struct {
	NotModified bool       // the server said 304: Items, Format, Title, TTL, SkipHours and what is said of the document are empty
	Items       []Item     // in the feed's order; may be empty
	Validators  Validators // to be stored with the items; empty when the server gave none, or when the body was incomplete
	FinalURL    string     // the address that answered, after redirects
	Moved       string     // where the source has moved for good: the end of the permanent redirects (301, 308) that the way began with; else empty
	Format      string     // such as "RSS 2.0"
	Title       string     // the feed's own title
	Repaired    bool       // the feed is faulty and was read all the same
	Incomplete  bool       // the document breaks off; Items are those that came whole

	Fresh     time.Duration // how long the server or the feed asks not to be asked again, as they say it; see NextVisit
	FreshBy   string        // who asks: "Cache-Control", "ttl", or "Retry-After" when a broken body was asked for again; empty when Fresh is 0
	TTL       time.Duration // the feed's own part in Fresh (RSS 2.0); 0 when it names none
	SkipHours []int         // hours of the day in GMT, 0 to 23, in which the feed asks not to be asked (RSS 2.0)
}

// Fetch gets a feed if it has changed since v and parses it. The error is
// always a *Error. A feed that has no items is no error.
//
// What can heal at once is tried again, see retry. A body that broke off is
// asked for again too, and of several broken ones the one with most items is
// kept. Robots.txt is not asked: a feed is there for programs to read.
func (c *Client) Fetch(ctx context.Context, src Source, v Validators) (Fetched, error) {
	var best Fetched
	err := c.retry(ctx, func(whole time.Duration) error {
		got, cut, err := c.fetchOnce(ctx, src, v, whole)
		if err != nil {
			return err
		}
		if best.FinalURL == "" || cut == nil || len(got.Items) > len(best.Items) {
			best = got
		}
		return cut
	})
	if best.FinalURL == "" {
		return Fetched{}, err
	}
	if last, ok := errors.AsType[*Error](err); ok && last.RetryAfter > best.Fresh {
		best.Fresh, best.FreshBy = last.RetryAfter, "Retry-After"
	}
	return best, nil
}

// fetchOnce is one try. Cut is why the body is incomplete although some items
// could be had.
func (c *Client) fetchOnce(ctx context.Context, src Source, v Validators, whole time.Duration) (f Fetched, cut, err error) {
	r := request{
		op: "fetch", subject: string(src.ID), url: src.URL,
		accept:     "application/atom+xml, application/rss+xml, application/feed+json;q=0.9, application/xml;q=0.8, text/xml;q=0.7, */*;q=0.1",
		validators: v, limit: c.opts.MaxFeedBytes, redirects: maxRedirects, whole: whole,
	}
	resp, err := c.get(ctx, r)
	if err != nil {
		return Fetched{}, nil, err
	}
	defer resp.release()
	f = Fetched{FinalURL: resp.finalURL, Moved: resp.trail.address()}
	if resp.status == http.StatusNotModified {
		f.NotModified = true
		f.Validators = refreshed(v, resp.header)
		f.Fresh, f.FreshBy = fresh(resp.header, 0)
		return f, nil, nil
	}
	leave, err := enter(ctx, c.parsing)
	if err != nil {
		return Fetched{}, nil, c.transportError(ctx, r, src.URL, err)
	}
	defer leave()
	p := parser{src: src.ID, base: resp.finalURL, contentType: resp.header.Get("Content-Type"), limit: c.opts.MaxFeedBytes}
	parsed, err := p.parse(resp.body)
	if resp.cut != nil {
		if err != nil || len(parsed.Items) == 0 {
			return Fetched{}, nil, resp.cut // the broken connection is the cause, the broken XML its effect
		}
		if !parsed.Repaired && !parsed.Incomplete {
			resp.cut = nil // it ends with its root, whatever length was announced
		} else {
			parsed.Incomplete = true
		}
	}
	if err != nil {
		return Fetched{}, nil, err
	}
	f.Items, f.Title, f.Repaired, f.Incomplete = parsed.Items, parsed.Title, parsed.Repaired, parsed.Incomplete
	f.Format, f.TTL, f.SkipHours = parsed.Format, parsed.TTL, parsed.SkipHours
	f.Fresh, f.FreshBy = fresh(resp.header, parsed.TTL)
	if f.Incomplete { // a 304 would hide the rest for ever, and so would waiting
		f.Fresh, f.FreshBy = 0, ""
		return f, resp.cut, nil
	}
	f.Validators = validators(resp.header)
	return f, nil, nil
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
