package web

import (
	"net"
	"net/netip"
	"testing"
	"testing/synctest"
)

// callers is a listener whose connections come from addresses that a test names.
type callers struct {
	net.Listener
	from chan string
}

func (c *callers) Accept() (net.Conn, error) {
	from, ok := <-c.from
	if !ok {
		return nil, net.ErrClosed
	}
	return &caller{from: net.TCPAddrFromAddrPort(netip.MustParseAddrPort(from))}, nil
}

func (c *callers) Close() error { return nil }

type caller struct {
	net.Conn
	from   net.Addr
	closed bool
}

func (c *caller) RemoteAddr() net.Addr { return c.from }
func (c *caller) Close() error         { c.closed = true; return nil }

// One address of the wide world has its share of connections, those of proxies
// nearby share what there is, and who closes one makes room.
func TestBoundedListener(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		in := &callers{from: make(chan string)}
		b := &bounded{Listener: in, room: make(chan struct{}, mostOpen), of: map[netip.Addr]int{}, closed: make(chan struct{})}
		got := make(chan net.Conn, 2*mostOpen)
		go func() {
			defer close(got)
			for {
				c, err := b.Accept()
				if err != nil {
					return
				}
				got <- c
			}
		}()
		take := func(want int, from string, n int) (all []net.Conn) {
			t.Helper()
			for range n {
				in.from <- from
			}
			synctest.Wait()
			for len(got) > 0 {
				all = append(all, <-got)
			}
			if len(all) != want {
				t.Errorf("%d of %d connections from %s, want %d", len(all), n, from, want)
			}
			return all
		}
		mine := take(mostOfAddress, "192.0.2.1:99", 2*mostOfAddress)
		for range 2 { // closing twice makes room once
			mine[0].Close()
		}
		take(1, "[::ffff:192.0.2.1]:99", 2)
		const rest = mostOpen - mostOfAddress
		near := take(rest, "10.0.0.1:99", rest)
		if len(b.room) != mostOpen {
			t.Errorf("%d places are taken", len(b.room))
		}
		near[0].Close()
		take(1, "127.0.0.1:99", 1)
		close(in.from)
		b.Close()
		b.Close()
		synctest.Wait()
		if _, open := <-got; open {
			t.Error("it listens on")
		}
	})
}
