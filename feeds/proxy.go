package feeds

import (
	"net/netip"
	"strconv"
	"strings"

	"golang.org/x/net/idna"
)

// host judges an address's host by its spelling alone. It stands in for control
// where a proxy looks names up: the proxy is all that we dial. It refuses
// private and reserved addresses in every spelling that some resolver or proxy
// takes for one, and names that belong to a private network: localhost, *.local
// (RFC 6762), *.internal, *.home.arpa (RFC 8375), and names without a dot.
//
// It cannot catch a public name with a private address, nor one that changes
// its address after we looked: the proxy alone can refuse these.
func (g guard) host(name string) error {
	// Browsers and net/http map wide digits and dots to plain ones, so the
	// judgement comes after that.
	if ascii, err := idna.Lookup.ToASCII(name); err == nil {
		name = ascii
	}
	name = strings.TrimRight(strings.ToLower(name), ".")
	addr, err := netip.ParseAddr(name)
	if err != nil {
		addr, err = looseAddr(name)
	}
	if err == nil {
		if !g.public(addr) {
			return &forbiddenError{addr: addr}
		}
		return nil
	}
	if !strings.Contains(name, ".") {
		return &forbiddenError{name: name}
	}
	for _, private := range []string{".localhost", ".local", ".internal", ".home.arpa"} {
		if strings.HasSuffix(name, private) {
			return &forbiddenError{name: name}
		}
	}
	return nil
}

// looseAddr reads an IPv4 address as inet_aton does: one to four numbers,
// decimal, octal or hexadecimal, of which the last fills the rest. The error
// says that it is none.
func looseAddr(s string) (netip.Addr, error) {
	parts := strings.Split(s, ".")
	if len(parts) > 4 {
		return netip.Addr{}, strconv.ErrRange
	}
	var all uint64
	for i, part := range parts {
		base := 10
		if rest, ok := strings.CutPrefix(part, "0x"); ok {
			base, part = 16, rest
			if part == "" {
				part = "0" // inet_aton takes a bare 0x for nought
			}
		} else if len(part) > 1 && part[0] == '0' {
			base = 8
		}
		n, err := strconv.ParseUint(part, base, 32)
		if err != nil {
			return netip.Addr{}, err
		}
		bits := 8
		if i == len(parts)-1 {
			bits = 8 * (5 - len(parts))
		}
		if n >= 1<<bits {
			return netip.Addr{}, strconv.ErrRange
		}
		all = all<<bits | n
	}
	return netip.AddrFrom4([4]byte{byte(all >> 24), byte(all >> 16), byte(all >> 8), byte(all)}), nil
}
