package feeds

import (
	"bufio"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
)

// fill reads the body of a success into out, and adds its own place to release.
func (c *Client) fill(ctx context.Context, s *span, out *response, r request, resp *http.Response) error {
	fault := &Error{Op: r.op, Subject: r.subject, Status: resp.StatusCode}
	address := visible(Redact(r.url), 200)
	watch := s.watch(resp.Body, c.limits.stretch)
	defer watch.stop()
	body, err := unzip(watch, resp.Header)
	if enc, ok := errors.AsType[encodingError](err); ok {
		fault.Class, fault.Detail = ClassUnparsable, address+" answered in the encoding "+strconv.Quote(visible(string(enc), 40))+", which nobody asked for"
		return fault
	}
	if err != nil {
		return c.transportError(ctx, r, address, s.cause(err))
	}
	if r.truncate {
		body = io.LimitReader(body, r.limit)
	}
	var release func()
	out.body, release, err = c.read(s, watch, body, resp.ContentLength, r.limit)
	leave := out.release
	out.release = func() { release(); leave() }
	switch {
	case err == nil:
		return nil
	case errors.Is(err, errTooLarge):
		fault.Class, fault.Detail, fault.Err = ClassTooLarge, fmt.Sprintf("%s sent more than %d KiB", address, r.limit>>10), err
		return fault
	case s.Err() == nil && len(out.body) > 0:
		out.cut = c.transportError(ctx, r, address, err)
		return nil
	}
	release()
	return c.transportError(ctx, r, address, s.cause(err))
}

var errTooLarge = errors.New("body too large")

// read reads a body of at most limit bytes; size is a hint, or -1. A body beyond
// smallBody needs a place, so that the memory for bodies is bounded for all
// feeds together; release gives the place back and must always be called. What
// came before an error is returned with it. The buffer never grows beyond the
// limit, as bytes.Buffer would.
func (c *Client) read(s *span, watch *watched, body io.Reader, size, limit int64) (_ []byte, release func(), err error) {
	release = func() {}
	buf := make([]byte, 0, min(max(size, 4<<10), smallBody, limit)+1)
	placed := false
	for {
		if len(buf) == cap(buf) {
			larger := min(2*int64(cap(buf)), limit+1)
			if larger > smallBody+1 && !placed {
				watch.stop()
				s.pause() // those who hold the places may be slow
				leave, err := enter(s, c.large)
				if err != nil {
					return nil, release, err
				}
				s.start()
				watch.start()
				release, placed = leave, true
			}
			buf = append(make([]byte, 0, larger), buf...)
		}
		n, err := body.Read(buf[len(buf):cap(buf)])
		buf = buf[:len(buf)+n]
		switch {
		case int64(len(buf)) > limit:
			release()
			return nil, func() {}, errTooLarge
		case err == io.EOF:
			return buf, release, nil
		case err != nil:
			return buf, release, err
		}
	}
}

// encodingError names a Content-Encoding that we did not ask for.
type encodingError string

func (e encodingError) Error() string { return "encoding " + string(e) }

// unzip undoes the content codings of a body (RFC 9110, section 8.4). We do it
// rather than net/http, because servers lie: they call gzip what is not, and
// they pack twice. Packing is believed only when the body begins as gzip does
// (RFC 1952, section 2.3.1); x-gzip is the old name (RFC 9110, section 8.4.1.3).
func unzip(body io.Reader, h http.Header) (io.Reader, error) {
	layers := 0
	for enc := range strings.SplitSeq(strings.Join(h.Values("Content-Encoding"), ","), ",") {
		switch enc = strings.ToLower(strings.TrimSpace(enc)); enc {
		case "", "identity":
		case "gzip", "x-gzip":
			if layers++; layers > 2 {
				return nil, encodingError("gzip, packed again and again")
			}
		default:
			return nil, encodingError(enc)
		}
	}
	for range layers {
		buffered := bufio.NewReader(body)
		if magic, _ := buffered.Peek(2); string(magic) != "\x1f\x8b" {
			return buffered, nil // an error of Peek comes again with the first Read
		}
		unpacked, err := gzip.NewReader(buffered)
		if err != nil {
			return nil, err
		}
		body = unpacked
	}
	return body, nil
}
