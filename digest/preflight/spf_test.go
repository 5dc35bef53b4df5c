package preflight_test

import (
	"fmt"
	"strings"
	"testing"

	"standpoint/digest/preflight"
)

func spfRecord(record string, more ...string) zones {
	z := zones{"example.org TXT": {record}}
	for i := 0; i < len(more); i += 2 {
		z[more[i]] = strings.Split(more[i+1], "|")
	}
	return z
}

// chain is a record with n includes, each of a record without look-ups.
func chain(n int) zones {
	z, record := zones{}, "v=spf1"
	for i := range n {
		record += fmt.Sprintf(" include:s%d.example", i)
		z[fmt.Sprintf("s%d.example TXT", i)] = []string{"v=spf1 ip4:198.51.100.1 ~all"}
	}
	z["example.org TXT"] = []string{record + " ip4:203.0.113.5 -all"}
	return z
}

// TestSPF is S1.
func TestSPF(t *testing.T) {
	relay := func(id *preflight.Identity) { id.Host = "smtp.relay.example" }
	for _, c := range []zoneCase{
		{name: "sound", facts: []string{"spf example.org lets 203.0.113.5 of mail.example.org send, in 0 of 10"}},
		{name: "none", change: zones{"example.org TXT": nil}, want: []string{"S1 example.org has no SPF record | publish"}},
		{name: "other texts only", change: spfRecord("hello"), want: []string{"S1 has no SPF record | publish"}},
		{name: "no space", change: spfRecord("v=spf1; -all"), want: []string{`S1 "v=spf1; -all" does not begin`}},
		{name: "version 2", change: spfRecord("v=spf10 -all"), want: []string{"S1 does not begin"}},
		{name: "capitals", change: spfRecord("V=SPF1 IP4:203.0.113.5 -ALL"), facts: []string{"spf example.org lets 203.0.113.5"}},
		{name: "two", change: zones{"example.org TXT": {"v=spf1 -all", "v=spf1 ip4:203.0.113.5 -all"}}, want: []string{"S1 has 2 SPF records"}},
		{name: "+all", change: spfRecord("v=spf1 +all"), want: []string{"S1 lets every machine"}},
		{name: "all by a range", change: spfRecord("v=spf1 ip4:0.0.0.0/0 -all"), want: []string{"S1 lets every machine"}},
		{name: "all in an include", change: spfRecord("v=spf1 include:s.example -all", "s.example TXT", "v=spf1 all"), want: []string{"S1 lets every machine"}},
		{name: "nobody", change: spfRecord("v=spf1 -all"), want: []string{"S1 lets nobody send"}},
		{name: "empty", change: spfRecord("v=spf1"), want: []string{"S1 lets nobody send"}},
		{name: "misspelt", change: spfRecord("v=spf1 ipv4:203.0.113.5 -all"), want: []string{`S1 "ipv4:203.0.113.5" cannot be evaluated: there is no such`}},
		{name: "bad address", change: spfRecord("v=spf1 ip4:203.0.113.500 -all"), want: []string{`S1 "ip4:203.0.113.500" cannot`}},
		{name: "bad behind all", change: spfRecord("v=spf1 ip4:203.0.113.5 -all ip4:x"), want: []string{"S1 stands behind all", `S1 "ip4:x" cannot`}},
		{name: "behind all", change: spfRecord("v=spf1 -all ip4:203.0.113.5"), want: []string{"S1 stands behind all"}},
		{name: "bad macro", change: spfRecord("v=spf1 exists:%{z}.example -all"), want: []string{"S1 cannot be evaluated: invalid macro"}},
		{name: "ptr", change: spfRecord("v=spf1 ptr ip4:203.0.113.5 -all"), want: []string{"S1 uses ptr"}},
		{name: "include of nothing", change: spfRecord("v=spf1 include:gone.example -all"), want: []string{`S1 "include:gone.example" cannot be evaluated: what it names has no SPF record`}},
		{name: "include of two", change: spfRecord("v=spf1 include:s.example -all", "s.example TXT", "v=spf1 -all|v=spf1 ~all"), want: []string{"S1 more than one SPF record"}},
		{name: "include of a broken zone", change: spfRecord("v=spf1 include:s.example -all", "s.example TXT", "!servfail"), want: []string{`S1 no answer about what "include:s.example"`}},
		{name: "include", change: spfRecord("v=spf1 include:s.example -all", "s.example TXT", "v=spf1 ip4:203.0.113.5 -all"), facts: []string{"spf lets 203.0.113.5 of mail.example.org send, in 1 of 10"}},
		{name: "redirect", change: spfRecord("v=spf1 redirect=s.example", "s.example TXT", "v=spf1 a:mail.example.org -all"), facts: []string{"spf lets 203.0.113.5 of mail.example.org send, in 2 of 10"}},
		{name: "mx", change: spfRecord("v=spf1 mx -all", "example.org MX", "mail.example.org."), facts: []string{"spf in 1 of 10"}},
		{name: "ten look-ups", change: chain(10), facts: []string{"spf in 10 of 10"}},
		{name: "eleven", change: chain(11), want: []string{"S1 needs 11 DNS look-ups"}},
		{name: "a bomb", change: chain(60), want: []string{"S1 needs 40 or more DNS look-ups"}},
		{name: "a loop", change: spfRecord("v=spf1 include:example.org -all"), want: []string{"S1 needs 40 or more"}},
		{name: "a loop of two", change: spfRecord("v=spf1 include:b.example include:b.example -all", "b.example TXT", "v=spf1 include:example.org include:example.org -all"), want: []string{"S1 needs 40 or more"}},
		{name: "a loop by redirect", change: spfRecord("v=spf1 redirect=example.org"), want: []string{"S1 needs 40 or more"}},
		{name: "two void", change: spfRecord("v=spf1 a:x.example a:y.example ip4:203.0.113.5 -all"), facts: []string{"spf in 2 of 10"}},
		{name: "three void", change: spfRecord("v=spf1 a:x.example a:y.example a:z.example ip4:203.0.113.5 -all"), want: []string{"S1 asks for 3 names that are not there"}},
		{name: "long and foreign", change: spfRecord("v=spf1 " + strings.Repeat("гей ", 3000) + "-all"), want: []string{"S1 has 21011 characters"}},
		{name: "foreign", change: spfRecord("v=spf1 гей гей а б в г д е -all"), want: append(many("S1 there is no such mechanism", 5), "S1 and 2 more of the kind")},
		{name: "the domain is broken", change: spfRecord("!servfail"), want: []string{"S1 no answer about example.org: server misbehaving"}},
		{
			name: "a relay that is not named", change: zones{"smtp.relay.example A": {"198.51.100.7"}}, id: relay,
			facts: []string{"spf could not tell which address sends: the record does not let 198.51.100.7", "ptr smtp.relay.example is a relay"},
		},
		{name: "a relay without address", id: relay, facts: []string{"spf could not tell which address sends: smtp.relay.example has no address"}},
		{
			name: "a server of this machine", id: func(id *preflight.Identity) { id.Host = "127.0.0.1" },
			facts: []string{"spf could not tell which address sends: 127.0.0.1 is of this machine", "ptr could not tell"},
		},
		{name: "a folder", id: func(id *preflight.Identity) { id.Host = "" }, facts: []string{"spf which address sends is not known: letters go to a folder"}},
	} {
		t.Run(c.name, c.run)
	}
}

func many(want string, n int) []string {
	out := make([]string, n)
	for i := range out {
		out[i] = want
	}
	return out
}
