package feeds

import (
	"context"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// request is one GET.
type request struct {
	op, subject string // for the error
	url         string
	accept      string
	validators  Validators
	limit       int64 // bytes of the body
	truncate    bool  // a longer body is cut short at the limit, and no error
	redirects   int   // followed at most
	whole       time.Duration
	robots      bool // each address on the way is looked up in its site's robots.txt
}

// response is what came of it: a success, or 304.
type response struct {
	status   int
	header   http.Header
	body     []byte
	cut      error // the connection broke off within the body; body holds what came
	finalURL string
	trail    trail
	release  func()
}

// redirectError refuses a hop.
type redirectError struct{ why string }

func (e *redirectError) Error() string { return e.why }

// get makes one conditional GET (RFC 9110, section 13), follows its redirects
// and reads the body. The caller calls release when it has done with the body.
//
// Each hop waits for a place of its own host, holding no other host's: hosts
// that redirect to each other cannot block each other, and many feeds that lead
// to one host do not rush it.
func (c *Client) get(ctx context.Context, r request) (*response, error) {
	u, err := url.Parse(strings.TrimSpace(r.url))
	if err != nil || !isWeb(u) {
		return nil, &Error{
			Op: r.op, Subject: r.subject, Class: ClassRefused,
			Detail: strconv.Quote(visible(r.url, 200)) + " is no http or https address",
		}
	}
	address := u.Redacted()
	way := newTrail(u)
	s := newSpan(ctx, r.whole)
	defer s.close()
	for {
		s.pause()
		if r.robots {
			if err := c.permitted(ctx, r, u, way.newHost); err != nil {
				return nil, err
			}
		}
		out, status, next, err := c.hop(ctx, s, r, u, address)
		if err != nil {
			return nil, err
		}
		if next == nil {
			out.trail = way
			return out, nil
		}
		if err := way.follow(u, next, status, r.redirects); err != nil {
			return nil, c.transportError(ctx, r, address, err)
		}
		u = next
	}
}

// hop asks one address. The answer is a response, or the next address.
func (c *Client) hop(ctx context.Context, s *span, r request, u *url.URL, address string) (_ *response, status int, next *url.URL, err error) {
	fail := func(err error) (*response, int, *url.URL, error) {
		return nil, 0, nil, c.transportError(ctx, r, address, s.cause(err))
	}
	if c.opts.Proxy != nil && !c.opts.AllowPrivate {
		if err := c.guard.host(u.Hostname()); err != nil {
			return fail(err)
		}
	}
	leaveHost, err := c.hosts.enter(s, hostKey(u))
	if err != nil {
		return fail(err)
	}
	defer leaveHost()
	leave, err := enter(s, c.places)
	if err != nil {
		return fail(err)
	}
	held := false
	defer func() {
		if !held {
			leave()
		}
	}()
	s.start()
	hop, leaveHop := context.WithCancel(s)
	defer leaveHop()
	resp, err := c.send(hop, r, u)
	if err != nil {
		return fail(err)
	}
	defer resp.Body.Close()
	if resp.StatusCode >= 300 { // nobody waits for what is only read to keep the connection, or to explain
		enough := time.AfterFunc(time.Second, leaveHop)
		defer enough.Stop()
	}
	if next, err := nextHop(resp); err != nil || next != nil {
		if err != nil {
			return fail(err)
		}
		_, _ = io.CopyN(io.Discard, resp.Body, 2<<10)
		return nil, resp.StatusCode, next, nil
	}
	out := &response{status: resp.StatusCode, header: resp.Header, finalURL: u.String(), release: leave}
	if resp.StatusCode == http.StatusNotModified && r.validators != (Validators{}) {
		out.release = func() {}
		return out, 0, nil, nil
	}
	if resp.StatusCode < 200 || resp.StatusCode > 299 {
		return nil, 0, nil, statusError(r, address, resp)
	}
	if err := c.fill(ctx, s, out, r, resp); err != nil {
		return nil, 0, nil, err
	}
	held = true // until the caller has parsed the body, so that bodies in memory are bounded too
	return out, 0, nil, nil
}

// send writes the request and reads the head of the answer.
func (c *Client) send(ctx context.Context, r request, u *url.URL) (*http.Response, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), nil)
	if err != nil {
		return nil, err
	}
	req.Header.Set("User-Agent", c.opts.UserAgent)
	req.Header.Set("Accept", r.accept)
	req.Header.Set("Accept-Encoding", "gzip")
	// Both, as RFC 9110, section 13.1.3 has it: a server that knows entity tags
	// ignores the date.
	if r.validators.ETag != "" {
		req.Header.Set("If-None-Match", r.validators.ETag)
	}
	if r.validators.LastModified != "" {
		req.Header.Set("If-Modified-Since", r.validators.LastModified)
	}
	if u.User != nil {
		password, _ := u.User.Password()
		req.SetBasicAuth(u.User.Username(), password)
	}
	return c.transport.RoundTrip(req) // http.Client would follow redirects by itself, and refuse bad ones in its own words
}
