package config

import (
	"fmt"
	"net"
	"net/netip"
	"strconv"
	"strings"
)

// Web is the side for readers: the archive, joining, choosing, leaving, and the
// editor's pages. It is off while Listen is empty.
type Web struct {
	// Listen is the address with port where the daemon answers, behind a reverse
	// proxy: 127.0.0.1:8080, or :8080 for all addresses. Empty: nowhere. It needs
	// Config.PublicURL.
	Listen string `yaml:"listen"`
	// Proxies are the addresses or networks (RFC 4632) of the reverse proxy, whose
	// X-Forwarded-For is believed. Default: this machine's own.
	Proxies []string `yaml:"proxies"`
	// SignUp shows the form for new readers. Default: true.
	SignUp bool `yaml:"sign_up"`
	// KeepClient keeps the network address from which a reader joined with the
	// record of consent. Default: false.
	KeepClient bool `yaml:"keep_client"`
	// NoIndex asks search engines to leave the archive out. Default: false.
	NoIndex bool `yaml:"noindex"`
}

func (v *validator) web() {
	w := v.c.Web
	if len(w.Proxies) > 64 {
		v.fail("web.proxies", "web.proxies has more than 64 entries", "name the networks that your proxies are in, e.g. 10.0.0.0/8")
	}
	for i, p := range w.Proxies {
		if _, err := Network(p); err != nil {
			v.fail(v.c.doc.entry("web.proxies", i), fmt.Sprintf("web.proxies: %s is neither an address nor a network", quote(p)), "write e.g. 127.0.0.1 or 10.0.0.0/8")
		}
	}
	if w.Listen == "" {
		return
	}
	host, port, err := net.SplitHostPort(w.Listen)
	if err != nil {
		v.fail("web.listen", fmt.Sprintf("web.listen %s is no address with a port", quote(w.Listen)), `write e.g. 127.0.0.1:8080, or "" for none`)
		return
	}
	if n, err := strconv.ParseUint(port, 10, 16); err != nil || n == 0 {
		v.fail("web.listen", fmt.Sprintf("web.listen: %s is no port", quote(port)), "write a number from 1 to 65535 behind the colon")
	} else if _, err := netip.ParseAddr(host); host != "" && err != nil {
		v.fail("web.listen", fmt.Sprintf("web.listen: %s is no address", quote(host)), "write an IP address such as 127.0.0.1, or nothing before the colon for all")
	}
	if w.Listen == v.c.Operator.Listen {
		v.fail("web.listen", "web.listen and operator.listen are the same", "give one of them another port: the operator's is not for readers")
	}
	if v.c.PublicURL == "" {
		v.fail("web.listen", "web.listen needs public_url", "write the https address at which readers reach it under public_url")
	}
}

// Network reads an address, which stands for itself alone, or a network in CIDR
// form.
func Network(s string) (netip.Prefix, error) {
	if strings.Contains(s, "/") {
		p, err := netip.ParsePrefix(s)
		return p.Masked(), err
	}
	a, err := netip.ParseAddr(s)
	if err != nil {
		return netip.Prefix{}, err
	}
	return netip.PrefixFrom(a, a.BitLen()), nil
}
