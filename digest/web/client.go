package web

import (
	"net/http"
	"net/netip"
	"slices"
	"strings"
)

// client is who sent a request. What a proxy of ours says about it is believed, and
// of that only what the proxy itself has added: the last entry that is no proxy's.
// Everything before it is the client's own claim.
func (s *Site) client(r *http.Request) netip.Addr {
	at := addressOf(r.RemoteAddr)
	entries := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	for _, e := range slices.Backward(entries) {
		if !s.isProxy(at) {
			break
		}
		e = strings.TrimSpace(e)
		if bare, ok := strings.CutSuffix(e, "]"); ok { // some proxies write IPv6 as in a URL
			e = strings.TrimPrefix(bare, "[")
		}
		next := addressOf(e)
		if !next.IsValid() {
			break
		}
		at = next
	}
	return at
}

func (s *Site) isProxy(a netip.Addr) bool {
	return a.IsValid() && slices.ContainsFunc(s.Proxies, func(p netip.Prefix) bool { return p.Contains(a) })
}

// network is what limits count by: an address, of IPv6 the network that one
// customer is given (RFC 6177).
func network(a netip.Addr) netip.Prefix {
	bits := a.BitLen()
	if a.Is6() {
		bits = 64
	}
	p, err := a.Prefix(bits)
	if err != nil {
		return netip.Prefix{}
	}
	return p
}
