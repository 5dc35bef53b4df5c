package feeds

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"testing"
)

func TestGuard(t *testing.T) {
	g := newGuard()
	for _, s := range []string{
		"127.0.0.1", "127.255.255.254", "0.0.0.0", "10.1.2.3", "172.16.0.1", "172.31.255.255", "192.168.1.1", "100.64.0.1", "100.100.100.200",
		"169.254.169.254", "168.63.129.16", "192.0.0.192", "192.0.2.1", "192.88.99.1", "198.18.0.1", "198.51.100.1", "203.0.113.1", "224.0.0.1", "239.255.255.255", "240.0.0.1", "255.255.255.255",
		"::", "::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::127.0.0.1", "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "64:ff9b:1::1", "100::1",
		"fe80::1", "fe80::1%lo", "fec0::1", "fc00::1", "fd00:ec2::254", "ff02::1", "2001::1", "2001:10::1", "2001:db8::1", "2002:7f00:1::", "2002:808:808::1", "3fff::1", "4000::1",
	} {
		if g.public(netip.MustParseAddr(s)) {
			t.Errorf("%s passes", s)
		}
		if err := g.control("tcp", netip.AddrPortFrom(netip.MustParseAddr(s), 80).String(), nil); err == nil {
			t.Errorf("dialling %s passes", s)
		}
	}
	for _, s := range []string{"8.8.8.8", "172.32.0.1", "100.128.0.1", "193.0.0.1", "223.255.255.255", "2606:4700::1111", "2a00:1450::1", "::ffff:8.8.8.8", "64:ff9b::808:808"} {
		if !g.public(netip.MustParseAddr(s)) {
			t.Errorf("%s is refused", s)
		}
	}
	if g.public(netip.Addr{}) || g.control("tcp", "no address", nil) == nil {
		t.Error("what is no address passes")
	}
}

// TestGuardInUse asks for private addresses in every spelling, straight and by
// way of a redirect.
func TestGuardInUse(t *testing.T) {
	srv := serve(t, func(w http.ResponseWriter, r *http.Request) {
		t.Errorf("%s got through", r.Host)
		fmt.Fprint(w, smallFeed)
	})
	port := srv.URL[strings.LastIndex(srv.URL, ":"):]
	c := NewClient(Options{})
	defer c.Close()
	for _, host := range []string{"127.0.0.1", "localhost", "[::ffff:127.0.0.1]", "[::1]", "0.0.0.0", "[::]", "[64:ff9b::7f00:1]"} {
		_, err := c.Fetch(t.Context(), Source{ID: "s", URL: "http://" + host + port}, Validators{})
		if faultOf(t, err, ClassRefused).Temporary() {
			t.Errorf("%s: the refusal is temporary", host)
		}
		_, _, _, err = c.Page(t.Context(), "http://"+host+port)
		faultOf(t, err, ClassRefused)
	}
}

// TestGuardAfterRedirect lets a public server, as far as the guard can tell,
// redirect into the private network.
func TestGuardAfterRedirect(t *testing.T) {
	inside := serve(t, func(http.ResponseWriter, *http.Request) { t.Error("got inside") })
	outside := serve(t, func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, inside.URL, http.StatusFound) })
	c := NewClient(Options{})
	defer c.Close()
	// The guard of this client holds only the inner server for private.
	dialer := c.transport.DialContext
	open := newTestClient(t, Options{}).transport.DialContext
	c.transport.DialContext = func(ctx context.Context, network, address string) (net.Conn, error) {
		if strings.HasSuffix(inside.URL, address) {
			return dialer(ctx, network, address)
		}
		return open(ctx, network, address)
	}
	_, err := c.Fetch(t.Context(), Source{ID: "s", URL: outside.URL}, Validators{})
	faultOf(t, err, ClassRefused)
}
