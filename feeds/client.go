package feeds

import (
	"context"
	"net/http"
	"net/url"
	"runtime"
	"sync"
	"time"
)

// Options of a Client. The zero value of each field means its default.
type Options struct {
	UserAgent    string        // the whole header, sent as it is; default UserAgent(Product, Contact)
	Contact      string        // a web or mail address for the default User-Agent; default none
	AllowPrivate bool          // lets loopback and private addresses be fetched: tests and the demo only
	Timeout      time.Duration // one whole request with its redirects and its body; default 15 s; see limits
	MaxFeedBytes int64         // of a feed, decompressed; default 8 MiB
	MaxPageBytes int64         // of a page, decompressed; default 4 MiB
	PerHost      int           // requests at once to one host; default 2
	Parallel     int           // requests at once in all: feeds, pages and robots.txt together; default 32
	Pause        time.Duration // before a feed is asked a second time, doubled before the third; default 500 ms

	// Proxy is an http, https or socks5 proxy for all requests. Nil means none:
	// the environment (HTTP_PROXY and its kin) is never asked. With a proxy it
	// is the proxy that looks names up and connects, so the guard can only judge
	// how addresses are spelled: a public name that leads into the proxy's own
	// network must be refused by the proxy. The proxy itself may be private.
	Proxy *url.URL
}

func (o Options) withDefaults() Options {
	if o.UserAgent = ownAgent(o.UserAgent); o.UserAgent == "" {
		o.UserAgent = UserAgent(Product, o.Contact)
	}
	if o.Timeout <= 0 {
		o.Timeout = 15 * time.Second
	}
	if o.MaxFeedBytes <= 0 {
		o.MaxFeedBytes = 8 << 20
	}
	if o.MaxPageBytes <= 0 {
		o.MaxPageBytes = 4 << 20
	}
	if o.PerHost <= 0 {
		o.PerHost = 2
	}
	if o.Parallel <= 0 {
		o.Parallel = 32
	}
	if o.Pause <= 0 {
		o.Pause = 500 * time.Millisecond
	}
	return o
}

// Client fetches feeds and pages. It is safe for concurrent use, and meant to
// be shared: its limits on requests per host and in all, on parsers at work and
// on large bodies in memory hold for all that use it together, and so does what
// it learned from robots.txt files. Close it when done.
type Client struct {
	opts      Options
	limits    limits
	guard     guard
	transport *http.Transport
	hosts     hostGate
	places    chan struct{} // a place for each request, until its body is parsed
	parsing   chan struct{} // a place for each feed that is being parsed
	large     chan struct{} // a place for each body beyond smallBody
	robots    robotsBook
}

const (
	maxRedirects = 10
	smallBody    = 512 << 10 // bytes; bodies up to here are held without a place
	largeBodies  = 4         // bodies beyond that at once: memory stays flat however many feeds arrive
)

// NewClient makes a Client.
func NewClient(o Options) *Client {
	o = o.withDefaults()
	c := &Client{
		opts:    o,
		limits:  limitsOf(o.Timeout),
		guard:   newGuard(),
		hosts:   hostGate{limit: o.PerHost, waiting: map[string]*hostPlaces{}},
		places:  make(chan struct{}, o.Parallel),
		parsing: make(chan struct{}, runtime.GOMAXPROCS(0)),
		large:   make(chan struct{}, largeBodies),
		robots:  robotsBook{sites: map[string]*site{}},
	}
	c.transport = c.newTransport()
	return c
}

// Close frees the idle connections. Requests under way are not ended; cancel
// their contexts for that.
func (c *Client) Close() {
	c.transport.CloseIdleConnections()
	c.robots.close()
}

// enter takes a place and returns the function that gives it back.
func enter(ctx context.Context, places chan struct{}) (func(), error) {
	select {
	case places <- struct{}{}:
		return func() { <-places }, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// hostGate lets limit requests at a time through to each host. They wait here
// rather than in the transport, where the waiting would count against the
// time-out of the request.
type hostGate struct {
	limit   int
	mu      sync.Mutex
	waiting map[string]*hostPlaces
}

type hostPlaces struct {
	places chan struct{}
	users  int
}

func (g *hostGate) enter(ctx context.Context, host string) (func(), error) {
	g.mu.Lock()
	h := g.waiting[host]
	if h == nil {
		h = &hostPlaces{places: make(chan struct{}, g.limit)}
		g.waiting[host] = h
	}
	h.users++
	g.mu.Unlock()
	leave, err := enter(ctx, h.places)
	if err != nil {
		g.drop(host)
		return nil, err
	}
	return func() { leave(); g.drop(host) }, nil
}

func (g *hostGate) drop(host string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if h := g.waiting[host]; h != nil {
		if h.users--; h.users == 0 {
			delete(g.waiting, host)
		}
	}
}
