package feeds

import (
	"context"
	"net"
	"net/http"
	"runtime"
	"sync"
	"time"
)

// Options of a Client. The zero value of each field means its default.
type Options struct {
	UserAgent    string        // default "Standpoint (weekly digest of think tanks)"
	AllowPrivate bool          // lets loopback and private addresses be fetched: tests and the demo only
	Timeout      time.Duration // one whole request with its redirects and its body; default 30 s
	MaxFeedBytes int64         // of a feed, decompressed; default 8 MiB
	MaxPageBytes int64         // of a page, decompressed; default 4 MiB
	PerHost      int           // requests at once to one host; default 2
}

// Client fetches feeds and pages. It is safe for concurrent use, and meant to
// be shared: its limits on requests per host, on parsers at work and on large
// bodies in memory hold for all that use it together. Close it when done.
type Client struct {
	opts      Options
	transport *http.Transport
	hosts     hostGate
	parsing   chan struct{} // a place for each feed that is being parsed
	large     chan struct{} // a place for each body beyond smallBody
}

const (
	maxRedirects = 10
	smallBody    = 512 << 10 // bytes; bodies up to here are held without a place
	largeBodies  = 6         // bodies beyond that at once: memory stays flat however many feeds arrive
)

// NewClient makes a Client.
func NewClient(o Options) *Client {
	if o.UserAgent == "" {
		o.UserAgent = "Standpoint (weekly digest of think tanks)"
	}
	if o.Timeout <= 0 {
		o.Timeout = 30 * time.Second
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
	dialer := &net.Dialer{Timeout: 10 * time.Second, KeepAlive: 30 * time.Second}
	if !o.AllowPrivate {
		dialer.Control = newGuard().control
	}
	return &Client{
		opts: o,
		transport: &http.Transport{
			Proxy:                  nil, // the guard would see the proxy's address, not the target's
			DialContext:            dialer.DialContext,
			ForceAttemptHTTP2:      true,
			TLSHandshakeTimeout:    10 * time.Second,
			ResponseHeaderTimeout:  20 * time.Second,
			IdleConnTimeout:        20 * time.Second,
			MaxIdleConns:           100,
			MaxIdleConnsPerHost:    o.PerHost,
			MaxConnsPerHost:        o.PerHost,
			MaxResponseHeaderBytes: 128 << 10,
		},
		hosts:   hostGate{limit: o.PerHost, waiting: map[string]*hostPlaces{}},
		parsing: make(chan struct{}, runtime.GOMAXPROCS(0)),
		large:   make(chan struct{}, largeBodies),
	}
}

// Close frees the idle connections. Requests under way are not ended; cancel
// their contexts for that.
func (c *Client) Close() { c.transport.CloseIdleConnections() }

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
