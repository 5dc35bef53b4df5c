package feeds

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"time"
)

const (
	maxTries     = 3
	maxShortWait = 5 * time.Second // the longest Retry-After that is waited for within one call
)

// retry calls try, with the time that it has, until it succeeds: at most three
// times, and again only for what can heal at once. That is a connection that
// was refused or broken off, a name server in trouble, a 5xx, and a 429 or 503
// that asks for 5 s at most, which it then gets in full. A longer Retry-After, a
// time-out and everything else are for the next run. The pauses have no jitter,
// so that runs can be repeated.
//
// A failure that comes later than a third of Options.Timeout after the call is
// the last, and later tries have two thirds of it, so that a site in trouble
// does not keep the run for much longer than one that hangs. Between tries no
// place of any budget is held.
func (c *Client) retry(ctx context.Context, try func(whole time.Duration) error) error {
	late := time.NewTimer(c.limits.again)
	defer late.Stop()
	pause := c.opts.Pause
	whole := c.opts.Timeout
	for n := 1; ; n++ {
		err := try(whole)
		if err == nil || n == maxTries {
			return err
		}
		wait, ok := heals(err)
		if !ok {
			return err
		}
		select {
		case <-late.C:
			return err
		default:
		}
		timer := time.NewTimer(max(wait, pause))
		select {
		case <-timer.C:
		case <-ctx.Done():
			timer.Stop()
			return err
		}
		pause *= 2
		whole = c.opts.Timeout * 2 / 3
	}
}

// heals says whether trying again soon may help, and how long to wait at least.
func heals(err error) (time.Duration, bool) {
	e, ok := errors.AsType[*Error](err)
	if !ok || e.RetryAfter > maxShortWait {
		return 0, false
	}
	switch e.Class {
	case ClassConnect:
		return 0, brokenOff(e.Err)
	case ClassDNS:
		dns, ok := errors.AsType[*net.DNSError](e.Err)
		return 0, ok && !dns.IsNotFound && !dns.IsTimeout
	case ClassClientError, ClassServerError:
		switch {
		case e.Status == http.StatusNotImplemented || e.Status == http.StatusHTTPVersionNotSupported:
			return 0, false
		case e.Status == http.StatusTooManyRequests:
			return e.RetryAfter, e.RetryAfter > 0
		}
		return e.RetryAfter, e.Status >= 500
	}
	return 0, false
}

// brokenOff tells a connection that was refused or lost from an answer that
// made no sense. The errors of HTTP/2 have no exported types.
func brokenOff(err error) bool {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return true
	}
	if _, ok := errors.AsType[*net.OpError](err); ok {
		return true
	}
	return strings.Contains(err.Error(), "stream error") || strings.Contains(err.Error(), "GOAWAY")
}
