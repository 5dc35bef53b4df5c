package main

import (
	"net"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"
	"golang.org/x/net/dns/dnsmessage"
)

// nameserver FILE answers by the file's lines "NAME A|TXT|PTR VALUE" on loopback;
// its address is in $DNS. What is not there is NXDOMAIN.
func nameserver(ts *testscript.TestScript, _ bool, args []string) {
	zone := map[string][]string{}
	for line := range strings.Lines(ts.ReadFile(args[0])) {
		if words := strings.SplitN(strings.TrimSpace(line), " ", 3); len(words) == 3 {
			key := words[0] + ". " + words[1]
			zone[key] = append(zone[key], words[2])
		}
	}
	conn, err := net.ListenPacket("udp", "127.0.0.1:0")
	ts.Check(err)
	ts.Defer(func() { conn.Close() })
	ts.Setenv("DNS", conn.LocalAddr().String())
	go func() {
		buf := make([]byte, 4096)
		for {
			n, from, err := conn.ReadFrom(buf)
			if err != nil {
				return
			}
			if reply, err := answerDNS(zone, buf[:n]); err == nil {
				conn.WriteTo(reply, from)
			}
		}
	}()
}

// answerDNS makes the answer to one question.
func answerDNS(zone map[string][]string, packet []byte) ([]byte, error) {
	var m dnsmessage.Message
	if err := m.Unpack(packet); err != nil || len(m.Questions) != 1 {
		return nil, err
	}
	q := m.Questions[0]
	kind := strings.TrimPrefix(q.Type.String(), "Type")
	m.Response, m.RecursionAvailable, m.Additionals = true, true, nil
	for _, value := range zone[strings.ToLower(q.Name.String())+" "+kind] {
		r := dnsmessage.Resource{Header: dnsmessage.ResourceHeader{Name: q.Name, Type: q.Type, Class: q.Class, TTL: 60}}
		switch q.Type {
		case dnsmessage.TypeA:
			r.Body = &dnsmessage.AResource{A: [4]byte(net.ParseIP(value).To4())}
		case dnsmessage.TypePTR:
			r.Body = &dnsmessage.PTRResource{PTR: dnsmessage.MustNewName(value)}
		default: // a TXT record comes in strings of 255 octets
			var parts []string
			for ; len(value) > 200; value = value[200:] {
				parts = append(parts, value[:200])
			}
			r.Body = &dnsmessage.TXTResource{TXT: append(parts, value)}
		}
		m.Answers = append(m.Answers, r)
	}
	if len(m.Answers) == 0 {
		m.RCode = dnsmessage.RCodeNameError
	}
	return m.Pack()
}
