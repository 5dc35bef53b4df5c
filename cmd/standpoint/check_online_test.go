package main

import (
	"crypto/ed25519"
	"crypto/x509"
	"encoding/pem"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"standpoint/digest/config"
	"standpoint/digest/preflight"
)

// TestIdentity: the DNS is asked for the keys that really sign, each under its
// own domain or From's.
func TestIdentity(t *testing.T) {
	private := ed25519.NewKeyFromSeed(make([]byte, ed25519.SeedSize))
	der, err := x509.MarshalPKCS8PrivateKey(private)
	check(t, err)
	file := filepath.Join(t.TempDir(), "s1.pem")
	check(t, os.WriteFile(file, pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}), 0o600))
	cfg := config.Defaults()
	cfg.Mail.From = "Standpoint <digest@example.org>"
	cfg.Mail.SMTP.Host = "smtp.example.org"
	cfg.Mail.DKIM = []config.DKIM{{Selector: "s1", KeyFile: file}, {Domain: "mail.example.org", Selector: "s2", KeyFile: file}}
	id, err := (&settings{Config: cfg}).identity()
	check(t, err)
	if id.From != "digest@example.org" || id.Host != "" || len(id.Keys) != 2 {
		t.Fatalf("identity %+v; the server is none of ours where letters go to a folder", id)
	}
	for i, want := range []preflight.Key{{Domain: "example.org", Selector: "s1"}, {Domain: "mail.example.org", Selector: "s2"}} {
		got := id.Keys[i]
		if got.Domain != want.Domain || got.Selector != want.Selector || !private.Public().(ed25519.PublicKey).Equal(got.Public) {
			t.Errorf("key %d is %+v", i, got)
		}
	}
	cfg.Mail.DKIM[1].KeyFile = file + ".gone"
	if _, err := (&settings{Config: cfg}).identity(); err == nil || !strings.Contains(err.Error(), "mail.dkim[1]: "+file+".gone") {
		t.Errorf("a missing key file: %v", err)
	}
}

// TestResolverAddress: a name server is an address, with the DNS's port where none is
// given.
func TestResolverAddress(t *testing.T) {
	yes, empty := true, ""
	for _, row := range []struct {
		address string
		ok      bool
	}{{"9.9.9.9", true}, {"9.9.9.9:5353", true}, {"2620:fe::fe", true}, {"[2620:fe::fe]:53", true}, {"dns.example.org", false}, {"9.9.9.9:", false}, {":53", false}} {
		if _, err := (online{wanted: &yes, resolver: &row.address}).server(); (err == nil) != row.ok {
			t.Errorf("%q: %v", row.address, err)
		}
	}
	if r, err := (online{wanted: &yes, resolver: &empty}).server(); err != nil || r == nil {
		t.Errorf("the system's: %v, %v", r, err)
	}
}
