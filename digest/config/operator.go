package config

import (
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"strconv"
)

// Operator says how whoever runs Standpoint hears of its health. All of it is
// off by default.
type Operator struct {
	// Listen is the loopback address with port, such as 127.0.0.1:9310, at which
	// the daemon answers /healthz, /readyz and /metrics. Empty: nowhere.
	Listen string `yaml:"listen"`
	// Ping is the address that is asked after each successful edition run: https,
	// or http on this machine. Empty: none.
	Ping string `yaml:"ping"`
	// Mail is the bare address that hears of what goes wrong. Empty: nobody.
	Mail string `yaml:"mail"`
}

func (v *validator) operator() {
	o := v.c.Operator
	v.listen(o.Listen)
	v.ping(o.Ping)
	if o.Mail != "" {
		v.bare("operator.mail", o.Mail)
	}
}

// listen accepts this machine alone: what is answered there is for the
// operator's own tools, and has no log-in.
func (v *validator) listen(at string) {
	if at == "" {
		return
	}
	const path, mend = "operator.listen", `write e.g. 127.0.0.1:9310, or "" for none`
	host, port, err := net.SplitHostPort(at)
	if err != nil {
		v.fail(path, fmt.Sprintf("operator.listen %s is no address with a port", quote(at)), mend)
		return
	}
	if n, err := strconv.ParseUint(port, 10, 16); err != nil || n == 0 {
		v.fail(path, fmt.Sprintf("operator.listen: %s is no port", quote(port)), "write a number from 1 to 65535 behind the colon")
		return
	}
	if ip, err := netip.ParseAddr(host); err != nil || !ip.IsLoopback() {
		v.fail(path, fmt.Sprintf("operator.listen %s is not an address of this machine alone", quote(at)),
			"write 127.0.0.1 or [::1] before the port; to look from elsewhere, put a web server with a log-in before it")
	}
}

// ping accepts an address whose secret part nobody else can read on its way.
func (v *validator) ping(address string) {
	if address == "" {
		return
	}
	const path = "operator.ping"
	u, err := url.Parse(address)
	switch {
	case err != nil || u.Hostname() == "" || u.Scheme != "https" && u.Scheme != "http" || !oneLine(address):
		v.fail(path, "operator.ping is no web address", `write e.g. https://ping.example.org/your-own-token, or "" for none`)
	case u.User != nil:
		v.fail(path, "operator.ping has a user or password in it", "use an address whose path is the secret, as services that wait for pings give")
	case u.Scheme == "http" && !loopback(u.Hostname()):
		v.fail(path, "operator.ping would go in the clear to another machine", "write https://")
	}
}
