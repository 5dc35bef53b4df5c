package preflight_test

import (
	"testing"

	"standpoint/digest/preflight"
)

// SPF is about the envelope's domain (S1), and DMARC may want it to be From's (S4).
func TestEnvelope(t *testing.T) {
	elsewhere := func(id *preflight.Identity) { id.Bounces = "bounces@mail.example.org" }
	for _, c := range []zoneCase{
		{name: "of its own", id: elsewhere, change: zones{"mail.example.org TXT": {"v=spf1 ip4:203.0.113.0/24 -all"}}, facts: []string{"spf mail.example.org"}},
		{name: "without a record", id: elsewhere, want: []string{"S1 mail.example.org has no SPF record"}},
		{
			name: "strict DMARC", id: elsewhere, change: zones{
				"mail.example.org TXT": {"v=spf1 ip4:203.0.113.0/24 -all"}, "_dmarc.example.org TXT": {"v=DMARC1; p=none; aspf=s; rua=mailto:a@example.org"},
			}, want: []string{"S4 nothing else for SPF (aspf=s) | set mail.bounce.address at example.org"},
		},
		{name: "strict DMARC and one domain", id: func(id *preflight.Identity) { id.Bounces = "bounces@Example.org" }, change: zones{"_dmarc.example.org TXT": {"v=DMARC1; p=none; aspf=s; rua=mailto:a@example.org"}}, facts: []string{"spf example.org"}},
	} {
		t.Run(c.name, c.run)
	}
}
