package feeds

import (
	"bytes"
	"context"
	"errors"
	"net/url"
	"strings"
	"sync"
	"time"
)

const (
	maxRobotsBytes = 512 << 10 // of one file; RFC 9309, section 2.5, asks for 500 KiB at least
	robotsHops     = 5         // redirects, section 2.3.1.2
	robotsKeep     = 24 * time.Hour
	robotsRetry    = 10 * time.Minute // before a site that could not be asked is asked again, if it names no longer time
	maxSites       = 1000
	maxRuleBytes   = 8 << 20 // of all sites together
)

// robotsBook remembers the rules of sites for a day (section 2.4), of a bounded
// number and size: when it is full, any others are forgotten, and asked for
// again when they are needed.
type robotsBook struct {
	mu    sync.Mutex
	sites map[string]*site
	bytes int
}

// site is what is known of one scheme, host and port.
type site struct {
	ready   chan struct{} // closed when the rest is known
	turn    chan struct{} // holds a value when the next page may be asked for
	rules   *rules
	fault   *Error // why there are no rules; nil when there are
	unasked bool   // the one who wanted to ask gave up: somebody else must
	size    int
	timer   *time.Timer
}

// permitted returns nil when the robots.txt of u's site lets us ask for u, and
// waits for its Crawl-delay if pace is set. Who waits here holds no place, as
// the question itself needs one.
func (c *Client) permitted(ctx context.Context, r request, u *url.URL, pace bool) error {
	s, err := c.site(ctx, r, u)
	if err != nil {
		return err
	}
	if s.fault != nil {
		fault := *s.fault // each page has an error of its own
		fault.Op, fault.Subject = r.op, r.subject
		return &fault
	}
	path := u.EscapedPath()
	if u.RawQuery != "" {
		path += "?" + u.RawQuery
	}
	if !s.rules.allow(path) {
		return &Error{
			Op: r.op, Subject: r.subject, Class: ClassRobots,
			Detail: "the site's robots.txt asks programs to stay away from this page",
		}
	}
	if !pace || s.rules.delay == 0 {
		return nil
	}
	if _, err := take(ctx, s.turn); err != nil {
		return c.transportError(ctx, r, u.Redacted(), err)
	}
	time.AfterFunc(s.rules.delay, func() { s.turn <- struct{}{} })
	return nil
}

// site finds what is known of u's site, or asks. However many ask at once, one
// request is made.
func (c *Client) site(ctx context.Context, r request, u *url.URL) (*site, error) {
	key := u.Scheme + "://" + strings.ToLower(u.Host)
	for {
		s, mine := c.robots.find(key)
		if mine {
			c.settle(ctx, key, s, u)
		}
		if _, err := take(ctx, s.ready); err != nil {
			return nil, c.transportError(ctx, r, u.Redacted(), err)
		}
		if !s.unasked {
			return s, nil
		}
	}
}

// settle asks, and lets those go on who wait for the answer. That it asked in
// vain is the state to begin with, so that a panic does not leave them waiting.
func (c *Client) settle(ctx context.Context, key string, s *site, u *url.URL) {
	s.rules, s.unasked = &rules{}, true
	defer close(s.ready)
	defer c.robots.keep(key, s)
	s.rules, s.fault, s.unasked = c.ask(ctx, u)
}

// ask gets the robots.txt of u's site (section 2.3). A refusal to hand it out
// allows everything; a server in trouble, one that has had too many questions, and one
// that cannot be reached allow nothing for now.
func (c *Client) ask(ctx context.Context, u *url.URL) (_ *rules, fault *Error, unasked bool) {
	file := url.URL{Scheme: u.Scheme, Host: u.Host, Path: "/robots.txt"}
	resp, err := c.get(ctx, request{
		op: "page", subject: "robots.txt", url: file.String(), accept: "text/plain, */*;q=0.5",
		limit: maxRobotsBytes, truncate: true, redirects: robotsHops, whole: c.opts.Timeout,
	})
	if err == nil {
		defer resp.release()
		if err = resp.cut; err == nil {
			body := resp.body
			if len(body) == maxRobotsBytes { // half a rule would close more than the whole
				body = body[:bytes.LastIndexByte(body, '\n')+1]
			}
			return parseRobots(body, Product), nil, false
		}
	}
	fault, ok := errors.AsType[*Error](err)
	switch {
	case !ok || fault.Class == ClassCancelled:
		return &rules{}, nil, true
	case temporaryStatus(fault.Status):
		return &rules{}, &Error{
			Class: ClassRobots, Status: fault.Status, RetryAfter: fault.RetryAfter, Mend: fault.Mend, Err: err,
			Detail: "the site's robots.txt " + fault.Detail + ", so its pages are left alone for now",
		}, false
	case fault.Status != 0 || fault.Class == ClassRedirect:
		return &rules{}, nil, false // there is no file that could be read (section 2.3.1.3)
	}
	unreached := *fault
	unreached.Detail = "robots.txt: " + fault.Detail
	return &rules{}, &unreached, false
}

// take receives a value, or notices that the channel is closed.
func take(ctx context.Context, c <-chan struct{}) (struct{}, error) {
	select {
	case v := <-c:
		return v, nil
	case <-ctx.Done():
		return struct{}{}, ctx.Err()
	}
}

// find returns the entry for key; mine says that the caller has to fill it.
func (b *robotsBook) find(key string) (s *site, mine bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if s = b.sites[key]; s != nil {
		return s, false
	}
	s = &site{ready: make(chan struct{}), turn: make(chan struct{}, 1)}
	s.turn <- struct{}{}
	b.sites[key] = s
	return s, true
}

// keep keeps a filled entry for its time, and makes room for it.
func (b *robotsBook) keep(key string, s *site) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if s.unasked {
		delete(b.sites, key)
		return
	}
	life := robotsKeep
	if s.fault != nil {
		life = max(robotsRetry, s.fault.RetryAfter)
	}
	s.size = s.rules.size()
	b.bytes += s.size
	s.timer = time.AfterFunc(life, func() {
		b.mu.Lock()
		defer b.mu.Unlock()
		b.forget(key, s)
	})
	for other, old := range b.sites {
		if len(b.sites) <= maxSites && b.bytes <= maxRuleBytes {
			break
		}
		if old != s && old.timer != nil { // else somebody is just asking
			b.forget(other, old)
		}
	}
}

// forget needs the lock.
func (b *robotsBook) forget(key string, s *site) {
	if b.sites[key] == s {
		delete(b.sites, key)
		b.bytes -= s.size
		s.timer.Stop()
	}
}

// close forgets all, so that no timer outlives the client.
func (b *robotsBook) close() {
	b.mu.Lock()
	defer b.mu.Unlock()
	for key, s := range b.sites {
		if s.timer != nil {
			b.forget(key, s)
		}
	}
}
