package feeds

import (
	"bytes"
	"context"
	"errors"
	"fmt"
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
}

// response is what came of it: a success, or 304.
type response struct {
	status    int
	header    http.Header
	body      []byte
	cut       error // the connection broke off within the body; body holds what came
	finalURL  string
	permanent bool // every hop was 301 or 308
	release   func()
}

// redirectError refuses a hop.
type redirectError struct{ why string }

func (e *redirectError) Error() string { return e.why }

// get makes one conditional GET (RFC 9110, section 13) and reads the body. The
// caller calls release when it has done with the body.
func (c *Client) get(ctx context.Context, r request) (*response, error) {
	u, err := url.Parse(strings.TrimSpace(r.url))
	if err != nil || u.Host == "" || (u.Scheme != "http" && u.Scheme != "https") {
		return nil, &Error{
			Op: r.op, Subject: r.subject, Class: ClassRefused,
			Detail: strconv.Quote(visible(r.url, 200)) + " is no http or https address",
		}
	}
	leave, err := c.hosts.enter(ctx, u.Host)
	if err != nil {
		return nil, c.transportError(ctx, r, u.Redacted(), err)
	}
	defer leave()
	timed, cancel := context.WithTimeout(ctx, c.opts.Timeout)
	defer cancel()
	req, err := http.NewRequestWithContext(timed, http.MethodGet, u.String(), nil)
	if err != nil {
		return nil, c.transportError(ctx, r, u.Redacted(), err)
	}
	req.Header.Set("User-Agent", c.opts.UserAgent)
	req.Header.Set("Accept", r.accept)
	// Both, as RFC 9110, section 13.1.3 has it: a server that knows entity tags
	// ignores the date.
	if r.validators.ETag != "" {
		req.Header.Set("If-None-Match", r.validators.ETag)
	}
	if r.validators.LastModified != "" {
		req.Header.Set("If-Modified-Since", r.validators.LastModified)
	}
	var hops hopCounter
	client := http.Client{Transport: c.transport, CheckRedirect: hops.check}
	resp, err := client.Do(req)
	if err != nil {
		return nil, c.transportError(ctx, r, u.Redacted(), err)
	}
	defer resp.Body.Close()
	out := &response{
		status: resp.StatusCode, header: resp.Header, finalURL: resp.Request.URL.String(),
		permanent: hops.all > 0 && hops.all == hops.permanent, release: func() {},
	}
	if resp.StatusCode == http.StatusNotModified && r.validators != (Validators{}) {
		return out, nil
	}
	if resp.StatusCode < 200 || resp.StatusCode > 299 {
		return nil, statusError(r, u.Redacted(), resp)
	}
	return out, c.fill(ctx, timed, out, r, resp)
}

// fill reads the body of a success into out.
func (c *Client) fill(ctx, timed context.Context, out *response, r request, resp *http.Response) error {
	fault := &Error{Op: r.op, Subject: r.subject, Status: resp.StatusCode}
	address := visible(Redact(r.url), 200)
	if enc := resp.Header.Get("Content-Encoding"); enc != "" && !strings.EqualFold(enc, "identity") && !strings.EqualFold(enc, "gzip") {
		fault.Class, fault.Detail = ClassUnparsable, address+" answered in the encoding "+strconv.Quote(visible(enc, 40))+", which nobody asked for"
		return fault
	}
	var err error
	out.body, out.release, err = c.read(timed, resp.Body, resp.ContentLength, r.limit)
	switch {
	case err == nil:
		return nil
	case errors.Is(err, errTooLarge):
		fault.Class, fault.Detail, fault.Err = ClassTooLarge, fmt.Sprintf("%s sent more than %d KiB", address, r.limit>>10), err
		return fault
	case timed.Err() == nil && len(out.body) > 0:
		out.cut = c.transportError(ctx, r, address, err)
		return nil
	}
	out.release()
	return c.transportError(ctx, r, address, err)
}

// hopCounter judges and counts the redirects of one request.
type hopCounter struct{ all, permanent int }

func (h *hopCounter) check(next *http.Request, via []*http.Request) error {
	if len(via) > maxRedirects {
		return &redirectError{"redirects more than " + strconv.Itoa(maxRedirects) + " times"}
	}
	if next.URL.Scheme != "http" && next.URL.Scheme != "https" {
		return &redirectError{"redirects to " + visible(next.URL.Redacted(), 120) + ", which is no web address"}
	}
	h.all++
	if s := next.Response.StatusCode; s == http.StatusMovedPermanently || s == http.StatusPermanentRedirect {
		h.permanent++
	}
	return nil
}

var errTooLarge = errors.New("body too large")

// read reads a body of at most limit bytes. A body beyond smallBody needs a
// place, so that the memory for bodies is bounded for all feeds together;
// release gives the place back and must always be called.
func (c *Client) read(ctx context.Context, body io.Reader, size, limit int64) (_ []byte, release func(), err error) {
	release = func() {}
	var buf bytes.Buffer
	if size > 0 {
		buf.Grow(int(min(size, smallBody)) + bytes.MinRead)
	}
	if _, err = io.CopyN(&buf, body, min(smallBody, limit)); err == nil {
		if release, err = enter(ctx, c.large); err != nil {
			return nil, func() {}, err
		}
		_, err = io.CopyN(&buf, body, limit-int64(buf.Len())+1)
	}
	if errors.Is(err, io.EOF) { // CopyN's way to say that the body was shorter
		return buf.Bytes(), release, nil
	}
	if err == nil {
		release()
		return nil, func() {}, errTooLarge
	}
	return buf.Bytes(), release, err
}

// retryAfter reads the Retry-After of a response (RFC 9110, section 10.2.3).
// The form with a date is measured against the server's own Date, so that
// neither clock matters. Nonsense and more than a week count as no answer.
func retryAfter(h http.Header) time.Duration {
	v := strings.TrimSpace(h.Get("Retry-After"))
	var d time.Duration
	if n, err := strconv.ParseUint(v, 10, 31); err == nil {
		d = time.Duration(n) * time.Second
	} else if until, err := http.ParseTime(v); err == nil {
		now, err := http.ParseTime(h.Get("Date"))
		if err != nil {
			return 0
		}
		d = until.Sub(now)
	}
	if d < 0 || d > 7*24*time.Hour {
		return 0
	}
	return d
}
