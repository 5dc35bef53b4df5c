package feeds

import (
	"context"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// limits are the parts of Options.Timeout. A server that is gone, that says
// nothing, or that talks too slowly to ever finish is given up before the whole
// time is over.
type limits struct {
	connect time.Duration // to look the name up and to connect, and again for the TLS handshake
	answer  time.Duration // from the request to the first byte of the answer
	stretch time.Duration // in which at least crawl bytes of a body must come
	again   time.Duration // after which a failed try is the last; see retry
}

const crawl = 1 << 10

func limitsOf(whole time.Duration) limits {
	return limits{connect: whole / 3, answer: whole / 2, stretch: whole / 3, again: whole / 3}
}

func (c *Client) newTransport() *http.Transport {
	dialer := &net.Dialer{Timeout: c.limits.connect, KeepAlive: 30 * time.Second}
	perHost := c.opts.PerHost
	t := &http.Transport{
		Proxy:                  nil, // not the environment's either
		DialContext:            dialer.DialContext,
		ForceAttemptHTTP2:      true,
		DisableCompression:     true, // see unzip
		TLSHandshakeTimeout:    c.limits.connect,
		ResponseHeaderTimeout:  c.limits.answer,
		IdleConnTimeout:        20 * time.Second,
		MaxIdleConns:           100,
		MaxResponseHeaderBytes: 128 << 10,
	}
	switch {
	case c.opts.Proxy != nil:
		t.Proxy = http.ProxyURL(c.opts.Proxy)
		perHost = c.opts.Parallel // to the transport all plain http hosts behind a proxy are one
	case !c.opts.AllowPrivate:
		dialer.Control = c.guard.control
	}
	t.MaxIdleConnsPerHost, t.MaxConnsPerHost = perHost, perHost
	return t
}

// lateError is a time-out of ours.
type lateError struct{ words string }

func (e *lateError) Error() string { return e.words }

// span is the time that one request has with all its redirects. Waits for our own
// sake, for a place or for a site's turn, do not count: they are none of the
// server's slowness.
type span struct {
	context.Context
	end   context.CancelCauseFunc
	whole time.Duration
	mu    sync.Mutex
	timer *time.Timer
	left  int // parts of the whole; a part that a pause breaks off is not counted
	runs  bool
}

const spanParts = 16

func newSpan(ctx context.Context, whole time.Duration) *span {
	timed, end := context.WithCancelCause(ctx)
	s := &span{Context: timed, end: end, whole: whole, left: spanParts}
	s.timer = time.AfterFunc(whole, s.tick)
	s.timer.Stop()
	return s
}

// start lets the clock run, if it does not.
func (s *span) start() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.runs {
		s.runs = true
		s.timer.Reset(s.whole / spanParts)
	}
}

// pause stops it until the next start.
func (s *span) pause() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.runs = false
	s.timer.Stop()
}

func (s *span) tick() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.runs {
		return
	}
	if s.left--; s.left == 0 {
		s.end(&lateError{"did not finish within " + seconds(s.whole)})
		return
	}
	s.timer.Reset(s.whole / spanParts)
}

func (s *span) close() {
	s.pause()
	s.end(nil)
}

// cause prefers the reason why the span ended to its effect on the transport.
func (s *span) cause(err error) error {
	if late, ok := context.Cause(s.Context).(*lateError); ok {
		return late
	}
	return err
}

// watch ends the span when less than crawl bytes come within a stretch.
func (s *span) watch(body io.Reader, stretch time.Duration) *watched {
	w := &watched{Reader: body, stretch: stretch}
	w.timer = time.AfterFunc(stretch, func() {
		if w.total.Load() == 0 {
			s.end(&lateError{"began its answer and sent nothing for " + seconds(stretch)})
			return
		}
		s.end(&lateError{"sent less than 1 KiB in " + seconds(stretch)})
	})
	return w
}

// watched is a body under watch.
type watched struct {
	io.Reader
	timer   *time.Timer
	stretch time.Duration
	total   atomic.Int64 // bytes
	since   int          // bytes in this stretch
}

func (w *watched) Read(p []byte) (int, error) {
	n, err := w.Reader.Read(p)
	w.total.Add(int64(n))
	if w.since += n; w.since >= crawl {
		w.start()
	}
	return n, err
}

// start begins a new stretch.
func (w *watched) start() {
	w.since = 0
	w.timer.Reset(w.stretch)
}

// stop ends the watch, or, with a start after it, leaves out what is our own
// slowness.
func (w *watched) stop() { w.timer.Stop() }

// hostKey is what the budget per host goes by: the host in lower case, with its
// port where that is not the scheme's own.
func hostKey(u *url.URL) string {
	host := strings.TrimSuffix(strings.ToLower(u.Hostname()), ".")
	port := u.Port()
	if port == "" || port == "80" && u.Scheme == "http" || port == "443" && u.Scheme == "https" {
		return host
	}
	return net.JoinHostPort(host, port)
}
