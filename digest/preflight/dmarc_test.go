package preflight_test

import (
	"slices"
	"strings"
	"testing"

	"standpoint/digest/preflight"
)

func dmarcRecord(records ...string) zones { return zones{"_dmarc.example.org TXT": records} }

// TestDMARC is S4 and S5, by RFC 9989.
func TestDMARC(t *testing.T) {
	const rua = "; rua=mailto:r@example.org"
	for _, c := range []zoneCase{
		{name: "sound", facts: []string{"dmarc example.org asks for reject"}},
		{name: "none", change: dmarcRecord(), want: []string{"S4 example.org has no DMARC record, nor"}},
		{name: "the least", change: dmarcRecord("v=DMARC1; p=none" + rua), facts: []string{"dmarc asks for none", "dmarc p=none asks receivers for reports only"}},
		{name: "two", change: dmarcRecord("v=DMARC1; p=none", "v=DMARC1; p=reject"), want: []string{"S4 has 2 DMARC records"}},
		{name: "one and another text", change: dmarcRecord("hello", "v=DMARC1; p=none"+rua), facts: []string{"dmarc asks for none"}},
		{name: "small letters", change: dmarcRecord("v=dmarc1; p=none"), want: []string{`S4 "v=dmarc1; p=none", which does not begin`}},
		{name: "version last", change: dmarcRecord("p=none; v=DMARC1"), want: []string{"S4 does not begin with v=DMARC1"}},
		{name: "spaces", change: dmarcRecord("v = DMARC1 ;p = reject ; np=reject" + rua + " ;"), facts: []string{"dmarc asks for reject"}},
		{name: "policy in capitals", change: dmarcRecord("v=DMARC1; p=Reject; np=reject" + rua), facts: []string{"dmarc asks for reject"}},
		{name: "pct=10", change: dmarcRecord("v=DMARC1; p=reject; np=reject; pct=10" + rua), want: []string{`S5 pct="10", which was removed: the policy counts for all letters | take pct out; to try a policy out, add t=y`}},
		{name: "pct=100", change: dmarcRecord("v=DMARC1; p=reject; np=reject; pct=100" + rua), want: []string{"S5 has the tag pct, which was removed"}},
		{name: "rf and ri", change: dmarcRecord("v=DMARC1; p=reject; rf=afrf; ri=86400" + rua), want: []string{"S5 has the tag rf,", "S5 has the tag ri,"}},
		{name: "t=y", change: dmarcRecord("v=DMARC1; p=reject; np=reject; t=y" + rua), facts: []string{"dmarc asks for reject, one step milder while t=y"}},
		{name: "t=maybe", change: dmarcRecord("v=DMARC1; p=reject; np=reject; t=maybe" + rua), want: []string{`S5 says t="maybe", which means nothing | the values of t are y, n`}},
		{name: "np is suggested", change: dmarcRecord("v=DMARC1; p=quarantine" + rua), facts: []string{"dmarc np=reject in the record of example.org keeps"}},
		{name: "np is not needed below reject", change: dmarcRecord("v=DMARC1; p=reject" + rua), absent: []string{"dmarc np=reject"}},
		{name: "sp is for others", change: dmarcRecord("v=DMARC1; p=reject; sp=none; np=reject" + rua), facts: []string{"dmarc example.org asks for reject"}},
		{name: "psd=y of one's own ends in oneself", change: dmarcRecord("v=DMARC1; p=quarantine; psd=y" + rua), facts: []string{"dmarc np=reject in the record of example.org"}},
		{name: "no reports", change: dmarcRecord("v=DMARC1; p=reject"), facts: []string{"dmarc has no rua="}},
		{name: "no p", change: dmarcRecord("v=DMARC1" + rua), want: []string{"S5 has no p="}},
		{name: "bad p with reports", change: dmarcRecord("v=DMARC1; p=monitor" + rua), want: []string{`S4 says p="monitor", which is no policy: receivers take it for p=none`}},
		{name: "bad p without", change: dmarcRecord("v=DMARC1; p=monitor"), want: []string{"S4 receivers ignore the record"}},
		{name: "bad sp", change: dmarcRecord("v=DMARC1; p=reject; sp=no; rua=r@example.org"), want: []string{`S4 says sp="no"`, `S5 sends reports to "r@example.org", which is no address of the kind`}},
		{name: "unknown tag", change: dmarcRecord("v=DMARC1; p=reject; adkin=s" + rua), want: []string{`S5 has the tag "adkin", which DMARC does not know`}},
		{name: "bad adkim", change: dmarcRecord("v=DMARC1; p=reject; adkim=strict" + rua), want: []string{`S5 says adkim="strict"`}},
		{name: "bad fo", change: dmarcRecord("v=DMARC1; p=reject; fo=1:x" + rua), want: []string{"S5 says fo="}},
		{name: "fo", change: dmarcRecord("v=DMARC1; p=reject; fo=1:d:s" + rua), facts: []string{"dmarc asks for reject"}},
		{name: "size of reports", change: dmarcRecord("v=DMARC1; p=reject; rua=mailto:r@example.org!10m"), want: []string{"S5 limits reports"}},
		{name: "p twice", change: dmarcRecord("v=DMARC1; p=reject; p=none" + rua), want: []string{"S5 has the tag p twice"}},
		{name: "commas", change: dmarcRecord("v=DMARC1, p=none"), want: []string{"S4 does not begin with v=DMARC1"}},
		{name: "junk", change: dmarcRecord("v=DMARC1; p=reject; " + strings.Repeat("ще; ", 2500) + rua[2:]), want: append(many("S5 which is no tag", 5), "S5 and 2495 more")},
		{name: "control characters", change: dmarcRecord("v=DMARC1; p=\x1b[31mreject\r\n" + rua), want: []string{`S4 says p="\x1b[31mreject"`}},
		{name: "broken", change: dmarcRecord("!servfail"), want: []string{"S4 no answer about _dmarc.example.org"}},
		{name: "broken above", change: zones{"_dmarc.org TXT": {"!servfail"}}, want: []string{"S4 no answer about _dmarc.example.org or a name above"}},
		{name: "strict, and our own", change: dmarcRecord("v=DMARC1; p=reject; np=reject; adkim=s" + rua), facts: []string{"dmarc asks for reject"}},
	} {
		t.Run(c.name, c.run)
	}
}

// TestAlignment: whose DKIM signature counts for us.
func TestAlignment(t *testing.T) {
	signs := func(domain string) func(*preflight.Identity) {
		return func(id *preflight.Identity) { id.Keys[0].Domain = domain }
	}
	at := func(domain, record string, more zones) zones {
		z := zones{"s1._domainkey." + domain + " TXT": {"p=" + wrapped(rsa2048())}}
		if record != "" {
			z["_dmarc.example.org TXT"] = []string{record}
		}
		for k, v := range more {
			z[k] = v
		}
		return z
	}
	for _, c := range []zoneCase{
		{name: "a subdomain", change: at("mail.example.org", "", nil), id: signs("mail.example.org")},
		{name: "a subdomain, strict", change: at("mail.example.org", "v=DMARC1; p=reject; adkim=s; rua=mailto:r@example.org", nil), id: signs("mail.example.org"), want: []string{"S4 DKIM signs as mail.example.org, and the DMARC record of example.org wants example.org"}},
		{name: "a provider", change: at("relay.example", "", nil), id: signs("relay.example"), want: []string{"S4 DKIM signs as relay.example, which is not aligned with example.org"}},
		{name: "a subdomain of its own", change: at("mail.example.org", "", zones{"_dmarc.mail.example.org TXT": {"v=DMARC1; p=none; psd=n"}}), id: signs("mail.example.org"), want: []string{"S4 one belongs to mail.example.org, the other to example.org"}},
		{name: "its zone is broken", change: at("mail.example.org", "", zones{"_dmarc.mail.example.org TXT": {"!servfail"}}), id: signs("mail.example.org"), want: []string{"S4 no answer about _dmarc.mail.example.org"}},
		{name: "no DMARC: nothing to align", change: at("relay.example", "", zones{"_dmarc.example.org TXT": nil}), id: signs("relay.example"), want: []string{"S4 example.org has no DMARC record, nor"}},
	} {
		t.Run(c.name, c.run)
	}
}

// TestInherited: a domain without a record goes by that of its organisation.
func TestInherited(t *testing.T) {
	at := func(more zones) zones {
		z := zones{
			"news.example.org TXT":               {"v=spf1 ip4:203.0.113.5 -all"},
			"s1._domainkey.news.example.org TXT": {"p=" + wrapped(rsa2048())},
		}
		for k, v := range more {
			z[k] = v
		}
		return z
	}
	from := func(id *preflight.Identity) {
		id.From, id.Keys[0].Domain = "digest@news.example.org", "news.example.org"
	}
	for _, c := range []zoneCase{
		{name: "p", change: at(nil), id: from, facts: []string{"dmarc example.org asks for reject for what is below it"}},
		{name: "sp", change: at(dmarcRecord("v=DMARC1; p=reject; sp=none; rua=mailto:r@example.org")), id: from, facts: []string{"dmarc example.org asks for none for"}},
		{name: "np is not for what exists", change: at(dmarcRecord("v=DMARC1; p=quarantine; np=reject; rua=mailto:r@example.org")), id: from, facts: []string{"dmarc asks for quarantine"}},
		{name: "its own wins", change: at(zones{"_dmarc.news.example.org TXT": {"v=DMARC1; p=none; rua=mailto:r@example.org"}}), id: from, facts: []string{"dmarc news.example.org asks for none"}},
		{name: "np is not suggested below the organisation", change: at(zones{"_dmarc.news.example.org TXT": {"v=DMARC1; p=quarantine; rua=mailto:r@example.org"}}), id: from, facts: []string{"dmarc news.example.org asks for quarantine"}, absent: []string{"dmarc np=reject"}},
		{name: "two of its own, one above", change: at(zones{"_dmarc.news.example.org TXT": {"v=DMARC1; p=none", "v=DMARC1; p=reject"}}), id: from, want: []string{"S4 news.example.org has 2 DMARC records"}, facts: []string{"dmarc example.org asks for reject"}},
		{name: "the registry's is not ours", change: at(zones{"_dmarc.example.org TXT": nil, "_dmarc.org TXT": {"v=DMARC1; p=reject; psd=y"}}), id: from, want: []string{"S4 news.example.org has no DMARC record"}},
	} {
		t.Run(c.name, c.run)
	}
}

// TestTreeWalk is RFC 9989 §4.10: which names are asked, and whose organisation
// a signature is of. Each row signs as one domain and sends from another; they
// are aligned where the walk from both ends at the same name.
func TestTreeWalk(t *testing.T) {
	record := func(s string) []string { return []string{"v=DMARC1; p=reject; " + s} }
	for _, row := range []struct {
		name       string
		zone       zones
		from, sign string
		aligned    bool
	}{
		{"highest record wins", zones{"_dmarc.mail.example.org TXT": record(""), "_dmarc.example.org TXT": record("")}, "a.mail.example.org", "b.example.org", true},
		{"psd=n ends the walk", zones{"_dmarc.mail.example.org TXT": record("psd=n"), "_dmarc.example.org TXT": record("")}, "a.mail.example.org", "b.example.org", false},
		{"psd=n holds below", zones{"_dmarc.mail.example.org TXT": record("psd=n"), "_dmarc.example.org TXT": record("")}, "a.mail.example.org", "b.mail.example.org", true},
		{"psd=y: one below it", zones{"_dmarc.org TXT": record("psd=y"), "_dmarc.a.example.org TXT": record("")}, "a.example.org", "b.example.org", true},
		{"psd=y parts its domains", zones{"_dmarc.org TXT": record("psd=y"), "_dmarc.example.org TXT": record(""), "_dmarc.other.org TXT": record("")}, "example.org", "other.org", false},
		{"psd=y below another", zones{"_dmarc.city.org TXT": record("psd=y"), "_dmarc.a.city.org TXT": record(""), "_dmarc.org TXT": record("")}, "a.city.org", "b.city.org", false},
		{"psd=y at the start does not count", zones{"_dmarc.city.org TXT": record("psd=y")}, "city.org", "city.org", true},
		{"without psd=y, a record at the top is the organisation's", zones{"_dmarc.org TXT": record(""), "_dmarc.a.org TXT": record("")}, "a.org", "b.org", true},
		{"several records are none", zones{"_dmarc.example.org TXT": {"v=DMARC1; p=none", "v=DMARC1; p=none"}, "_dmarc.a.example.org TXT": record("")}, "a.example.org", "b.example.org", false},
		{"psd in capitals", zones{"_dmarc.mail.example.org TXT": record("psd=N"), "_dmarc.example.org TXT": record("")}, "a.mail.example.org", "b.example.org", false},
		{"psd=u", zones{"_dmarc.mail.example.org TXT": record("psd=u"), "_dmarc.example.org TXT": record("")}, "a.mail.example.org", "b.example.org", true},
	} {
		t.Run(row.name, func(t *testing.T) {
			got := preflight.DNS(t.Context(), row.zone, preflight.Identity{
				From: "digest@" + row.from, Keys: []preflight.Key{{Domain: row.sign, Selector: "s1", Public: rsa2048()}},
			})
			apart := slices.ContainsFunc(got.Findings, func(f preflight.Finding) bool { return strings.Contains(f.What, "not aligned") })
			if none := slices.ContainsFunc(got.Findings, func(f preflight.Finding) bool { return strings.Contains(f.What, "has no DMARC record") }); none {
				t.Fatalf("no record was found: %v", got.Findings)
			}
			if apart == row.aligned {
				t.Errorf("aligned is %v: %v", !apart, got.Findings)
			}
		})
	}
}
