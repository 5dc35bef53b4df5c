package feeds

import (
	"fmt"
	"net/netip"
	"strconv"
	"syscall"
)

// guard decides which addresses may be dialled. Addresses of feeds and pages
// come from outside, so they are judged after the name lookup and at the moment
// of dialling: neither a redirect nor a name that changes its address between
// two lookups gets past it.
type guard struct {
	denied []netip.Prefix
}

// forbiddenError is the guard's refusal, of an address or of a name.
type forbiddenError struct {
	addr netip.Addr
	name string
}

func (e *forbiddenError) Error() string {
	if e.name != "" {
		return strconv.Quote(visible(e.name, 100)) + ", a name in a private network"
	}
	return fmt.Sprintf("%s, an address in a private or reserved network", e.addr)
}

// newGuard lists what is no public unicast address: the special-purpose
// registries of IANA (RFC 6890 and its updates).
func newGuard() guard {
	var g guard
	for _, s := range []string{
		"0.0.0.0/8",        // this network; 0.0.0.0 reaches loopback
		"10.0.0.0/8",       // private, RFC 1918
		"100.64.0.0/10",    // carrier-grade NAT, RFC 6598; Alibaba's metadata
		"127.0.0.0/8",      // loopback
		"168.63.129.16/32", // Azure's wire server
		"169.254.0.0/16",   // link-local, RFC 3927; metadata of most clouds
		"172.16.0.0/12",    // private
		"192.0.0.0/24",     // IETF protocols; Oracle's metadata
		"192.0.2.0/24",     // documentation, RFC 5737
		"192.88.99.0/24",   // 6to4 relay, RFC 7526
		"192.168.0.0/16",   // private
		"198.18.0.0/15",    // benchmarks, RFC 2544
		"198.51.100.0/24",  // documentation
		"203.0.113.0/24",   // documentation
		"224.0.0.0/4",      // multicast
		"240.0.0.0/4",      // reserved, and the broadcast address
		"2001::/23",        // IETF protocols, Teredo (RFC 4380) and ORCHID among them
		"2001:db8::/32",    // documentation, RFC 3849
		"2002::/16",        // 6to4, RFC 3056: carries any IPv4 address
		"3fff::/20",        // documentation, RFC 9637
	} {
		g.denied = append(g.denied, netip.MustParsePrefix(s))
	}
	return g
}

// control is a net.Dialer's Control.
func (g guard) control(_, address string, _ syscall.RawConn) error {
	ap, err := netip.ParseAddrPort(address)
	if err != nil {
		return &forbiddenError{}
	}
	if !g.public(ap.Addr()) {
		return &forbiddenError{addr: ap.Addr()}
	}
	return nil
}

// public reports whether a is a public unicast address. IPv4 addresses inside
// IPv6 ones, mapped (RFC 4291) or for NAT64 (RFC 6052), are judged by what they
// reach. Of IPv6 only 2000::/3 is handed out at all; loopback, unique local,
// link-local, site-local, multicast and the rest of NAT64 lie outside of it.
func (g guard) public(a netip.Addr) bool {
	a = a.Unmap().WithZone("")
	if !a.IsValid() {
		return false
	}
	if nat64 := netip.MustParsePrefix("64:ff9b::/96"); nat64.Contains(a) {
		b := a.As16()
		a = netip.AddrFrom4([4]byte(b[12:]))
	}
	if a.Is6() && !netip.MustParsePrefix("2000::/3").Contains(a) {
		return false
	}
	for _, p := range g.denied {
		if p.Contains(a) {
			return false
		}
	}
	return true
}
