package feeds

import (
	"context"
	"encoding/binary"
	"fmt"
	"io"
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
// redirect into the private network, by every spelling and by a name.
func TestGuardAfterRedirect(t *testing.T) {
	inside := serve(t, func(_ http.ResponseWriter, r *http.Request) { t.Errorf("%s got inside", r.Host) })
	port := inside.URL[strings.LastIndex(inside.URL, ":"):]
	outside := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/robots.txt" {
			http.NotFound(w, r)
			return
		}
		http.Redirect(w, r, "http://"+strings.TrimPrefix(r.URL.Path, "/to/")+port, http.StatusFound)
	})
	c := NewClient(Options{})
	defer c.Close()
	// The guard of this client lets only the outer server pass.
	guarded := c.transport.DialContext
	open := newTestClient(t, Options{}).transport.DialContext
	c.transport.DialContext = func(ctx context.Context, network, address string) (net.Conn, error) {
		if strings.HasSuffix(outside.URL, address) {
			return open(ctx, network, address)
		}
		return guarded(ctx, network, address)
	}
	for _, host := range []string{
		"127.0.0.1", "localhost", "0.0.0.0", "10.0.0.1", "172.16.0.1", "192.168.0.1", "169.254.169.254", "100.64.0.1", "224.0.0.1", "255.255.255.255",
		"[::1]", "[::]", "[::ffff:127.0.0.1]", "[::ffff:a9fe:a9fe]", "[64:ff9b::7f00:1]", "[64:ff9b:1::1]", "[fe80::1]", "[fd00:ec2::254]", "[ff02::1]", "[2002:7f00:1::]",
	} {
		_, err := c.Fetch(t.Context(), Source{ID: "s", URL: outside.URL + "/to/" + host}, Validators{})
		faultOf(t, err, ClassRefused)
		_, _, _, err = c.Page(t.Context(), outside.URL+"/to/"+host)
		faultOf(t, err, ClassRefused)
	}
}

// TestGuardByName has names that lead into the private network: the guard sees
// what the resolver says, whatever it says the next time.
func TestGuardByName(t *testing.T) {
	dialer := &net.Dialer{Control: newGuard().control}
	for _, address := range []string{"127.0.0.1", "169.254.169.254", "10.0.0.1"} {
		dialer.Resolver = &net.Resolver{PreferGo: true, Dial: func(context.Context, string, string) (net.Conn, error) {
			client, server := net.Pipe()
			go answerDNS(server, netip.MustParseAddr(address))
			return client, nil
		}}
		c := NewClient(Options{})
		c.transport.DialContext = dialer.DialContext
		_, err := c.Fetch(t.Context(), Source{ID: "s", URL: "http://feed.example.org/"}, Validators{})
		if faultOf(t, err, ClassRefused); !strings.Contains(err.Error(), address) {
			t.Error(err)
		}
		c.Close()
	}
}

// answerDNS answers the questions of one connection with an IPv4 address (RFC
// 1035, section 4; over a pipe Go speaks the form for TCP, section 4.2.2).
func answerDNS(conn net.Conn, addr netip.Addr) {
	defer conn.Close()
	for {
		var size uint16
		if binary.Read(conn, binary.BigEndian, &size) != nil {
			return
		}
		q := make([]byte, size)
		if _, err := io.ReadFull(conn, q); err != nil {
			return
		}
		end := 12
		for q[end] != 0 {
			end += int(q[end]) + 1
		}
		end += 5 // the name's end, type and class
		a := append([]byte{q[0], q[1], 0x81, 0x80, 0, 1, 0, 0, 0, 0, 0, 0}, q[12:end]...)
		if q[end-3] == 1 { // type A
			a[7] = 1
			a = append(a, 0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4)
			a = append(a, addr.AsSlice()...)
		}
		if _, err := conn.Write(append(binary.BigEndian.AppendUint16(nil, uint16(len(a))), a...)); err != nil {
			return
		}
	}
}
