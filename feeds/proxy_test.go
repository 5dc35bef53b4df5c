package feeds

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
)

func TestGuardHost(t *testing.T) {
	g := newGuard()
	for _, s := range []string{
		"127.0.0.1", "2130706433", "0x7f000001", "0x7F.1", "017700000001", "127.1", "127.0.1", "0177.0.0.1", "0x7f.0.0.0x1", "127.0.0.1.", "0", "0x", "0.0.0.0",
		"10.1.2.3", "0xa.1.2.3", "167837955", "192.168.257", "169.254.169.254", "2852039166", "0xa9fea9fe", "100.100.100.200", "4294967295",
		"::1", "::", "::ffff:127.0.0.1", "::ffff:7f00:1", "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "fe80::1%lo", "fd00:ec2::254", "2002:7f00:1::",
		"１２７.０.０.１", "127。0。0。1", "ⓛocalhost",
		"localhost", "LOCALHOST", "localhost.", "feed.localhost", "printer.local", "Printer.Local.", "metadata.google.internal", "router.home.arpa", "intranet", "metadata", "",
	} {
		if _, ok := errors.AsType[*forbiddenError](g.host(s)); !ok {
			t.Errorf("%q passes", s)
		}
	}
	for _, s := range []string{"example.org", "8.8.8.8", "134744072", "0x8.8.8.8", "2606:4700::1111", "local.example.org", "127.0.0.1.example.org", "internal.example", "1.2.3.4.5", "256.1.1.1", "08.example", "müller.example"} {
		if err := g.host(s); err != nil {
			t.Errorf("%q is refused: %v", s, err)
		}
	}
}

// proxyServer is a plain proxy that answers for every host itself.
func proxyServer(t *testing.T, answer http.HandlerFunc) *url.URL {
	t.Helper()
	srv := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if !r.URL.IsAbs() {
			t.Errorf("%s is no request for a proxy", r.URL)
		}
		answer(w, r)
	})
	u, err := url.Parse(srv.URL)
	if err != nil {
		t.Fatal(err)
	}
	return u
}

func TestProxy(t *testing.T) {
	proxy := proxyServer(t, func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.String() {
		case "http://feed.example/feed":
			fmt.Fprint(w, smallFeed)
		case "http://feed.example/robots.txt":
			http.NotFound(w, r)
		case "http://feed.example/page":
			fmt.Fprint(w, "<p>Hello</p>")
		default:
			http.Redirect(w, r, strings.TrimPrefix(r.URL.Path, "/to/"), http.StatusMovedPermanently)
		}
	})
	c := NewClient(Options{Proxy: proxy}) // the proxy is on loopback, and may be
	defer c.Close()
	got, err := c.Fetch(t.Context(), Source{ID: "s", URL: "http://feed.example/feed"}, Validators{})
	if err != nil || len(got.Items) != 2 {
		t.Errorf("%d items, %v", len(got.Items), err)
	}
	if _, _, _, err := c.Page(t.Context(), "http://feed.example/page"); err != nil {
		t.Error(err)
	}
	for _, host := range []string{"127.0.0.1", "2130706433", "0x7f.1", "[::ffff:127.0.0.1]", "[64:ff9b::a9fe:a9fe]", "169.254.169.254", "localhost", "printer.local", "metadata.google.internal"} {
		for _, address := range []string{"http://" + host + "/x", "http://feed.example/to/http://" + host + "/x"} {
			_, err := c.Fetch(t.Context(), Source{ID: "s", URL: address}, Validators{})
			if fault := faultOf(t, err, ClassRefused); fault.Temporary() || fault.Mend == "" {
				t.Errorf("%s: temporary %v, %v", address, fault.Temporary(), err)
			}
			_, _, _, err = c.Page(t.Context(), address)
			faultOf(t, err, ClassRefused)
		}
	}
}

// TestProxyTunnel asks for https addresses through a proxy, and a SOCKS proxy
// for anything.
func TestProxyTunnel(t *testing.T) {
	inner := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, smallFeed) }))
	defer inner.Close()
	target := inner.Listener.Addr().String()
	tunnel := func(w net.Conn) {
		far, err := net.Dial("tcp", target)
		if err != nil {
			t.Error(err)
			return
		}
		go func() { _, _ = io.Copy(far, w); far.Close() }()
		_, _ = io.Copy(w, far)
	}
	connect := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodConnect || r.Host != "example.com:443" {
			t.Errorf("%s %s", r.Method, r.Host)
		}
		conn, _, err := http.NewResponseController(w).Hijack()
		if err != nil {
			t.Error(err)
			return
		}
		defer conn.Close()
		fmt.Fprint(conn, "HTTP/1.1 200 OK\r\n\r\n")
		tunnel(conn)
	})
	socks, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer socks.Close()
	go func() {
		conn, err := socks.Accept()
		if err != nil {
			return
		}
		defer conn.Close()
		head := make([]byte, 3)                                 // version, one method, none
		_, _ = io.ReadFull(conn, head)                          // RFC 1928, section 3
		_, _ = conn.Write([]byte{5, 0})                         //
		ask := make([]byte, 5+len("example.com")+2)             // section 4: a name, not an address
		_, _ = io.ReadFull(conn, ask)                           //
		_, _ = conn.Write([]byte{5, 0, 0, 1, 0, 0, 0, 0, 0, 0}) // section 6
		if string(ask[5:16]) == "example.com" {
			tunnel(conn)
		}
	}()
	for _, raw := range []string{connect.URL, "socks5://" + socks.Addr().String()} {
		proxy, err := url.Parse(raw)
		if err != nil {
			t.Fatal(err)
		}
		c := NewClient(Options{Proxy: proxy})
		c.transport.TLSClientConfig = inner.Client().Transport.(*http.Transport).TLSClientConfig.Clone()
		got, err := c.Fetch(t.Context(), Source{ID: "s", URL: "https://example.com/feed"}, Validators{})
		if err != nil || len(got.Items) != 2 {
			t.Errorf("%s: %d items, %v", raw, len(got.Items), err)
		}
		c.Close()
	}
}

// TestProxyDown blames the proxy and not the site, and keeps its password.
func TestProxyDown(t *testing.T) {
	srv := httptest.NewServer(http.NotFoundHandler())
	srv.Close()
	proxy, err := url.Parse(strings.Replace(srv.URL, "://", "://user:secret@", 1))
	if err != nil {
		t.Fatal(err)
	}
	c := NewClient(Options{Proxy: proxy, Pause: 1})
	defer c.Close()
	_, err = c.Fetch(t.Context(), Source{ID: "s", URL: "http://feed.example/"}, Validators{})
	fault := faultOf(t, err, ClassConnect)
	if !strings.HasPrefix(fault.Detail, "the proxy http://user:xxxxx@127.0.0.1") || fault.Mend != "check fetch.proxy" {
		t.Error(err)
	}
}

// TestEnvironmentIgnored has proxies in the environment and none in the options.
func TestEnvironmentIgnored(t *testing.T) {
	for _, name := range []string{"HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"} {
		t.Setenv(name, "http://proxy.example:3128")
	}
	c := newTestClient(t, Options{})
	dialled := make(chan string, 2)
	c.transport.DialContext = func(_ context.Context, _, address string) (net.Conn, error) {
		dialled <- address
		return nil, context.DeadlineExceeded
	}
	for address, want := range map[string]string{"http://feed.example/": "feed.example:80", "https://feed.example/": "feed.example:443"} {
		_, err := c.Fetch(t.Context(), Source{ID: "s", URL: address}, Validators{})
		if err == nil {
			t.Error("no error")
		}
		if got := <-dialled; got != want {
			t.Errorf("%s dialled %s", address, got)
		}
	}
}
