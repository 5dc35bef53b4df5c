package preflight_test

import (
	"context"
	"crypto/ed25519"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"math/big"
	"net"
	"slices"
	"strings"
	"testing"

	"standpoint/digest/preflight"
)

// zones answers as *net.Resolver does: by "NAME TYPE". The value "!servfail" is
// a name server's failure, "!timeout" its silence, "!refused" a closed port.
type zones map[string][]string

func (z zones) ask(ctx context.Context, name, kind string) ([]string, error) {
	e := &net.DNSError{Name: name, Server: "192.0.2.53:53"}
	if !strings.HasSuffix(name, ".") && kind != "PTR" {
		e.Err = "not a full name: the search list would be tried" // never in these tests
		return nil, e
	}
	values := z[strings.TrimSuffix(name, ".")+" "+kind]
	switch {
	case ctx.Err() != nil:
		e.Err, e.IsTimeout, e.UnwrapErr = "i/o timeout", true, ctx.Err()
	case len(values) == 0:
		e.Err, e.IsNotFound = "no such host", true
	case values[0] == "!servfail":
		e.Err, e.IsTemporary = "server misbehaving", true
	case values[0] == "!timeout":
		e.Err, e.IsTimeout, e.IsTemporary = "i/o timeout", true, true
	case values[0] == "!refused":
		e.Err, e.IsTemporary = "read udp 127.0.0.1:53: connection refused", true
	default:
		return values, nil
	}
	return nil, e
}

func (z zones) LookupTXT(ctx context.Context, name string) ([]string, error) {
	return z.ask(ctx, name, "TXT")
}

func (z zones) LookupMX(ctx context.Context, name string) ([]*net.MX, error) {
	values, err := z.ask(ctx, name, "MX")
	var out []*net.MX
	for _, v := range values {
		out = append(out, &net.MX{Host: v})
	}
	return out, err
}

func (z zones) LookupIPAddr(ctx context.Context, name string) ([]net.IPAddr, error) {
	values, err := z.ask(ctx, name, "A")
	var out []net.IPAddr
	for _, v := range values {
		out = append(out, net.IPAddr{IP: net.ParseIP(v)})
	}
	return out, err
}

func (z zones) LookupAddr(ctx context.Context, addr string) ([]string, error) {
	return z.ask(ctx, addr, "PTR")
}

// sound is a zone without a fault; a change is laid over it.
func sound(change zones) zones {
	z := zones{
		"example.org TXT":               {"site-verification=1", "v=spf1 ip4:203.0.113.0/24 -all"},
		"_dmarc.example.org TXT":        {"v=DMARC1; p=reject; np=reject; rua=mailto:reports@example.org"},
		"s1._domainkey.example.org TXT": {"v=DKIM1; k=rsa; p=" + wrapped(rsa2048())},
		"mail.example.org A":            {"203.0.113.5"},
		"203.0.113.5 PTR":               {"mail.example.org."},
	}
	for name, values := range change {
		z[name] = values
	}
	return z
}

// rsaKey is a key of so many bits. It is no product of primes, so nothing could
// be signed by it; its record is as long as a true one's.
func rsaKey(bits int) *rsa.PublicKey {
	n := new(big.Int).Lsh(big.NewInt(1), uint(bits-1))
	return &rsa.PublicKey{N: n.Add(n, big.NewInt(int64(bits)*2+1)), E: 65537}
}

func rsa2048() *rsa.PublicKey { return rsaKey(2048) }

func edKey() ed25519.PublicKey {
	return ed25519.NewKeyFromSeed(make([]byte, ed25519.SeedSize)).Public().(ed25519.PublicKey)
}

// wrapped is a key as p= has it.
func wrapped(key any) string {
	if k, ok := key.(ed25519.PublicKey); ok {
		return base64.StdEncoding.EncodeToString(k)
	}
	der, err := x509.MarshalPKIXPublicKey(key)
	if err != nil {
		panic(err)
	}
	return base64.StdEncoding.EncodeToString(der)
}

func identity() preflight.Identity {
	return preflight.Identity{
		From: "digest@example.org", Host: "mail.example.org",
		Keys: []preflight.Key{{Domain: "example.org", Selector: "s1", Public: rsa2048()}},
	}
}

// zoneCase is a zone and what is to be found in it. A want is a rule's name and
// a part of the text.
type zoneCase struct {
	name   string
	change zones
	id     func(*preflight.Identity)
	want   []string // findings, exactly these
	facts  []string // among others
	absent []string // facts that are not
}

func (c zoneCase) run(t *testing.T) {
	id := identity()
	if c.id != nil {
		c.id(&id)
	}
	got := preflight.DNS(t.Context(), sound(c.change), id)
	var found, facts []string
	for _, f := range got.Findings {
		found = append(found, f.Name()+" "+f.What+" | "+f.Mend)
		if f.Severity != preflight.Warning {
			t.Errorf("%s is no warning", f)
		}
	}
	for _, f := range got.Facts {
		facts = append(facts, f.Subject+" "+f.String())
	}
	if !alike(found, c.want) {
		t.Errorf("found:\n%s\nwant:\n%s", strings.Join(found, "\n"), strings.Join(c.want, "\n"))
	}
	for _, want := range c.facts {
		if !slices.ContainsFunc(facts, func(f string) bool { return begins(f, want) }) {
			t.Errorf("no fact %q in:\n%s", want, strings.Join(facts, "\n"))
		}
	}
	for _, not := range c.absent {
		if slices.ContainsFunc(facts, func(f string) bool { return begins(f, not) }) {
			t.Errorf("the fact %q in:\n%s", not, strings.Join(facts, "\n"))
		}
	}
}

func alike(got, want []string) bool {
	return slices.EqualFunc(got, want, begins)
}

// begins reports a text that has the rule or subject and the part.
func begins(text, want string) bool {
	head, part, _ := strings.Cut(want, " ")
	return strings.HasPrefix(text, head+" ") && strings.Contains(text, part)
}
