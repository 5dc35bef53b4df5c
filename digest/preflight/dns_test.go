package preflight_test

import (
	"context"
	"crypto/x509"
	"encoding/base64"
	"net"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"standpoint/digest/preflight"
)

func dkimRecord(records ...string) zones {
	return zones{"s1._domainkey.example.org TXT": records}
}

// TestDKIMRecord is the D half of S2.
func TestDKIMRecord(t *testing.T) {
	p := wrapped(rsa2048())
	key := func(domain, selector string, public any) func(*preflight.Identity) {
		return func(id *preflight.Identity) {
			id.Keys = []preflight.Key{{Domain: domain, Selector: selector, Public: public}}
		}
	}
	for _, c := range []zoneCase{
		{name: "sound", facts: []string{"dkim s1._domainkey.example.org has our rsa key of 2048 bits"}},
		{name: "no key", id: func(id *preflight.Identity) { id.Keys = nil }, facts: []string{"dkim no key is configured"}},
		{name: "no record", change: dkimRecord(), want: []string{`S2 there is no DKIM key at s1._domainkey.example.org | publish at s1._domainkey.example.org the TXT record "v=DKIM1; k=rsa; p=` + p}},
		{name: "two records", change: dkimRecord("v=DKIM1; p="+p, "v=DKIM1; p="), want: []string{"S2 there are 2 TXT records"}},
		{name: "only p", change: dkimRecord("p=" + p), facts: []string{"dkim has our rsa key"}},
		{name: "folded", change: dkimRecord("v=DKIM1 ; k = rsa; p=" + p[:50] + " \t" + p[50:] + ";"), facts: []string{"dkim has our rsa key"}},
		{name: "revoked", change: dkimRecord("v=DKIM1; p="), want: []string{"S2 revokes the key"}},
		{name: "without p", change: dkimRecord("v=DKIM1; k=rsa"), want: []string{"S2 has no key in it"}},
		{name: "another key", change: dkimRecord("v=DKIM1; p=" + wrapped(rsaKey(2047))), want: []string{"S2 has another key"}},
		{name: "cut off", change: dkimRecord("v=DKIM1; p=" + p[:200]), want: []string{"S2 has another key"}},
		{name: "bare PKCS #1", change: dkimRecord("v=DKIM1; p=" + base64.StdEncoding.EncodeToString(x509.MarshalPKCS1PublicKey(rsa2048()))), facts: []string{"dkim has our rsa key"}},
		{name: "another version", change: dkimRecord("v=DKIM2; p=" + p), want: []string{"S2 must begin with v=DKIM1"}},
		{name: "version last", change: dkimRecord("p=" + p + "; v=DKIM1"), want: []string{"S2 must begin with v=DKIM1"}},
		{name: "of another kind", change: dkimRecord("v=DKIM1; k=ed25519; p=" + wrapped(edKey())), want: []string{`S2 is for an "ed25519" key, and ours is rsa`}},
		{name: "SHA-1 only", change: dkimRecord("v=DKIM1; h=sha1; p=" + p), want: []string{"S2 does not allow SHA-256"}},
		{name: "not for mail", change: dkimRecord("v=DKIM1; s=tlsrpt; p=" + p), want: []string{"S2 is not for mail"}},
		{name: "for all", change: dkimRecord("v=DKIM1; s=*; h=sha1:sha256; p=" + p), facts: []string{"dkim has our rsa key"}},
		{name: "testing", change: dkimRecord("v=DKIM1; t=s : y; p=" + p), facts: []string{"dkim says t=y, testing"}},
		{name: "quotes in the record", change: dkimRecord(`"v=DKIM1; p=` + p + `"`), want: []string{"S2 which is no tag", "S2 has another key"}},
		{name: "p twice", change: dkimRecord("v=DKIM1; p=" + p + "; p="), want: []string{"S2 has the tag p twice"}},
		{name: "1024 bits", change: zones{"s1._domainkey.example.org TXT": {"p=" + wrapped(rsaKey(1024))}}, id: key("example.org", "s1", rsaKey(1024)), want: []string{"S2 has 1024 bits | make one of 2048"}},
		{name: "768 bits", change: dkimRecord("p=" + wrapped(rsaKey(768))), id: key("example.org", "s1", rsaKey(768)), want: []string{"S2 has 768 bits, and receivers ignore"}},
		{name: "Ed25519", change: zones{"e._domainkey.example.org TXT": {"v=DKIM1; k=ed25519; p=" + wrapped(edKey())}}, id: key("example.org", "e", edKey()), facts: []string{"dkim only Ed25519 keys sign"}},
		{name: "broken zone", change: dkimRecord("!servfail"), want: []string{"S2 no answer about s1._domainkey"}},
		{name: "a strange key", id: key("example.org", "s1", "secret"), want: []string{"S2 is a string"}},
		{name: "in capitals, with a dot", id: key("Example.ORG.", "S1", rsa2048()), facts: []string{"dkim has our rsa key"}},
	} {
		t.Run(c.name, c.run)
	}
}

// TestPTR is S6.
func TestPTR(t *testing.T) {
	for _, c := range []zoneCase{
		{name: "confirmed", facts: []string{"ptr 203.0.113.5 is mail.example.org, and that leads back"}},
		{name: "none", change: zones{"203.0.113.5 PTR": nil}, want: []string{"S6 203.0.113.5 of mail.example.org has no PTR"}},
		{name: "leads elsewhere", change: zones{"203.0.113.5 PTR": {"host5.provider.example."}, "host5.provider.example A": {"203.0.113.6"}}, want: []string{"S6 is called host5.provider.example, which does not lead back"}},
		{name: "leads nowhere", change: zones{"203.0.113.5 PTR": {"host5.provider.example."}}, want: []string{"S6 does not lead back"}},
		{name: "one of two leads back", change: zones{"203.0.113.5 PTR": {"a.example.", "mail.example.org."}}, facts: []string{"ptr 203.0.113.5 is mail.example.org"}},
		{name: "a provider's name that leads back", change: zones{"203.0.113.5 PTR": {"h.provider.example."}, "h.provider.example A": {"203.0.113.5"}}, facts: []string{"ptr 203.0.113.5 is h.provider.example"}},
		{name: "broken", change: zones{"203.0.113.5 PTR": {"!servfail"}}, want: []string{"S6 no answer about the PTR of 203.0.113.5"}},
		{name: "one address of two", change: zones{"mail.example.org A": {"203.0.113.5", "2001:db8::5"}}, want: []string{"S6 2001:db8::5 of mail.example.org has no PTR"}},
		{name: "private", change: zones{"mail.example.org A": {"10.0.0.5"}}, facts: []string{"ptr could not tell: 10.0.0.5"}},
		{
			name: "of the same organisation", id: func(id *preflight.Identity) { id.From = "digest@news.example.org" },
			change: zones{"news.example.org TXT": {"v=spf1 ip4:203.0.113.5 -all"}, "203.0.113.5 PTR": nil}, want: []string{"S6 has no PTR"},
		},
	} {
		t.Run(c.name, c.run)
	}
}

// TestSilence: a name server that cannot be reached is one finding, not ten.
func TestSilence(t *testing.T) {
	for _, c := range []zoneCase{
		{name: "refused", change: zones{"example.org TXT": {"!refused"}}, want: []string{"S1 the name server cannot be reached: read udp 127.0.0.1:53: connection refused | see that this machine reaches its name server, or name another one by --resolver; not checked: SPF, the DKIM keys, DMARC, PTR"}},
		{name: "silent", change: zones{"example.org TXT": {"!timeout"}}, want: []string{"S1 the name server cannot be reached: no answer in time"}},
		{name: "silent about an include", change: spfRecord("v=spf1 include:slow.example -all", "slow.example TXT", "!timeout"), want: []string{"S1 the name server did not answer about slow.example: no answer in time"}},
		{name: "silent later", change: dkimRecord("!timeout"), want: []string{"S2 did not answer about s1._domainkey.example.org: no answer in time | see that this machine reaches its name server, or name another one by --resolver; not checked: the DKIM keys, DMARC, PTR"}, facts: []string{"spf example.org lets"}},
		{name: "silent about DMARC", change: zones{"_dmarc.org TXT": {"!timeout"}}, want: []string{"S4 did not answer about _dmarc.org"}},
		{name: "silent about the PTR", change: zones{"203.0.113.5 PTR": {"!timeout"}}, want: []string{"S6 did not answer about 203.0.113.5"}},
	} {
		t.Run(c.name, c.run)
	}
}

// hole is a name server that never answers.
type hole struct{ zones }

func (hole) LookupTXT(ctx context.Context, name string) ([]string, error) {
	<-ctx.Done()
	return nil, &net.DNSError{Err: "i/o timeout", Name: name, IsTimeout: true, UnwrapErr: ctx.Err()}
}

func TestTenSecondsInAll(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		got := preflight.DNS(t.Context(), hole{}, identity())
		if took := time.Since(start); took != 10*time.Second {
			t.Errorf("took %v", took)
		}
		if len(got.Findings) != 1 || !strings.Contains(got.Findings[0].What, "cannot be reached: no answer in time") {
			t.Errorf("found %v", got.Findings)
		}
	})
}

// slow answers each question after a second.
type slow struct{ zones }

func (s slow) LookupTXT(ctx context.Context, name string) ([]string, error) {
	select {
	case <-ctx.Done():
	case <-time.After(time.Second):
	}
	return s.zones.LookupTXT(ctx, name)
}

// TestSlowAnswers: a bomb on a slow name server does not hold the check for
// longer either.
func TestSlowAnswers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		got := preflight.DNS(t.Context(), slow{sound(chain(30))}, identity())
		if took := time.Since(start); took > 10*time.Second {
			t.Errorf("took %v", took)
		}
		if len(got.Findings) != 1 || got.Findings[0].Name() != "S1" {
			t.Errorf("found %v", got.Findings)
		}
	})
}

// deaf takes a second for each answer, and does not hear that nobody waits.
type deaf struct{ zones }

func (d deaf) LookupTXT(_ context.Context, name string) ([]string, error) {
	time.Sleep(time.Second)
	return d.zones.LookupTXT(context.Background(), name)
}

func TestNothingIsAskedAfterTheEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		preflight.DNS(t.Context(), deaf{sound(chain(30))}, identity())
		if took := time.Since(start); took > 11*time.Second {
			t.Errorf("took %v", took)
		}
	})
}

// TestForeignDomain: names are asked for in the DNS's letters.
func TestForeignDomain(t *testing.T) {
	zoneCase{
		id: func(id *preflight.Identity) {
			id.From, id.Keys, id.Host = "digest@Ґанок.example", nil, ""
		},
		change: zones{"xn--80auie62b.example TXT": {"v=spf1 ip4:203.0.113.5 -all"}},
		want:   []string{"S4 xn--80auie62b.example has no DMARC record"},
	}.run(t)
}
