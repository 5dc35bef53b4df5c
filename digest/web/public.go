package web

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"sync"
	"time"
)

// The limits of the side for readers, which anybody may ask. A form is short and
// comes through a proxy that has it whole.
const (
	publicTime    = 15 * time.Second // for a request, and for its answer
	publicIdle    = 60 * time.Second // between two requests of a connection
	mostOpen      = 512              // connections
	mostOfAddress = 64               // connections from one address in the wide world
)

// Listen listens at an address for readers' requests, written as host and port.
// It takes 512 connections at once, and 64 from one address that is neither this
// machine's nor in a private network, where the proxies are.
func Listen(addr string) (net.Listener, error) {
	l, err := net.Listen("tcp", addr)
	if err != nil {
		return nil, fmt.Errorf("%w; stop what listens there, or choose another port", err)
	}
	return &bounded{Listener: l, room: make(chan struct{}, mostOpen), of: map[netip.Addr]int{}, closed: make(chan struct{})}, nil
}

// ServePublic answers readers' requests until it is closed. The handler gets
// requests that have come in whole, and its answer goes out when it has ended: a
// slow client keeps a connection and a little memory, and nothing else.
func ServePublic(l net.Listener, h http.Handler, log *slog.Logger) *Server {
	return serve(l, log, &http.Server{
		Handler:           whole(http.TimeoutHandler(h, answerTime, "busy\n")),
		ReadHeaderTimeout: headTime, ReadTimeout: publicTime, WriteTimeout: publicTime + answerTime, IdleTimeout: publicIdle,
		MaxHeaderBytes: maxHead,
	})
}

// whole reads a request's body before anything else is done with it.
func whole(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, mostForm))
		if err != nil {
			status, text := http.StatusBadRequest, "the request broke off"
			if _, long := errors.AsType[*http.MaxBytesError](err); long {
				status, text = http.StatusRequestEntityTooLarge, "more than any form here has"
			}
			w.Header().Set("Connection", "close")
			w.Header().Set("X-Content-Type-Options", "nosniff")
			http.Error(w, text, status)
			return
		}
		r.Body = io.NopCloser(bytes.NewReader(body))
		next.ServeHTTP(w, r)
	})
}

// bounded is a listener with a limited number of connections.
type bounded struct {
	net.Listener
	room chan struct{} // one for each connection
	once sync.Once
	// closed ends the wait for room.
	closed chan struct{}

	mu sync.Mutex
	of map[netip.Addr]int // connections of addresses that have any
}

// Accept waits until there is room. Connections beyond an address's own share are
// closed at once.
func (b *bounded) Accept() (net.Conn, error) {
	for {
		select {
		case b.room <- struct{}{}:
		case <-b.closed:
			return nil, net.ErrClosed
		}
		c, err := b.Listener.Accept()
		if err != nil {
			<-b.room
			return nil, err
		}
		from := addressOf(c.RemoteAddr().String())
		if !b.enter(from) {
			c.Close()
			<-b.room
			continue
		}
		return &boundedConn{Conn: c, leave: sync.OnceFunc(func() {
			b.exit(from)
			<-b.room
		})}, nil
	}
}

// Close ends the listening; connections stay.
func (b *bounded) Close() error {
	b.once.Do(func() { close(b.closed) })
	return b.Listener.Close()
}

func (b *bounded) enter(from netip.Addr) bool {
	if near(from) {
		return true
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.of[from] >= mostOfAddress {
		return false
	}
	b.of[from]++
	return true
}

func (b *bounded) exit(from netip.Addr) {
	if near(from) {
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.of[from]--; b.of[from] <= 0 {
		delete(b.of, from)
	}
}

func near(a netip.Addr) bool { return a.IsLoopback() || a.IsPrivate() || !a.IsValid() }

type boundedConn struct {
	net.Conn
	leave func()
}

func (c *boundedConn) Close() error {
	defer c.leave()
	return c.Conn.Close()
}

// addressOf reads the address of a connection's other end, with or without a
// port; not valid where there is none.
func addressOf(s string) netip.Addr {
	if at, err := netip.ParseAddrPort(s); err == nil {
		return at.Addr().Unmap().WithZone("")
	}
	a, err := netip.ParseAddr(s)
	if err != nil {
		return netip.Addr{}
	}
	return a.Unmap().WithZone("")
}
