package mail_test

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"errors"
	"fmt"
	"io"
	netmail "net/mail"
	"strings"
	"sync"
	"testing"

	"standpoint/digest/mail"
)

// lost is a key that cannot be reached when it is needed.
type lost struct{ crypto.Signer }

func (lost) Sign(io.Reader, []byte, crypto.SignerOpts) ([]byte, error) {
	return nil, errors.New("the token was pulled")
}

func TestNoLetterWithoutItsSignature(t *testing.T) {
	k, err := mail.NewDKIMKey("example.org", "s1", lost{keyOf(t, "rsa")})
	if err != nil {
		t.Fatal(err)
	}
	s := onWeb(t, "ed25519")
	s.DKIM = append(s.DKIM, k)
	m, err := mail.Compose(s, personalLetter(), mail.Recipient{ID: 3, Address: "a@example.com", Token: aToken}, 12, date)
	if want := "subscriber 3: dkim: sign for example.org: the token was pulled"; m != nil || err == nil || !strings.HasSuffix(err.Error(), want) {
		t.Errorf("error %v, want %q", err, want)
	}
}

// One composer serves all goroutines, and so do its keys.
func TestDKIMConcurrently(t *testing.T) {
	c, err := mail.NewComposer(onWeb(t, "ed25519", "rsa"), personalLetter(), 12, date)
	if err != nil {
		t.Fatal(err)
	}
	records := dns(t, "ed25519", "rsa")
	var group sync.WaitGroup
	for i := range 8 {
		group.Go(func() {
			m, err := c.Message(mail.Recipient{ID: int64(i), Address: fmt.Sprintf("r%d@example.com", i), Token: aToken})
			if err != nil {
				t.Error(err)
				return
			}
			if n, err := goVerifies(t, m.Bytes(), records); n != 2 || err != nil {
				t.Errorf("%d signatures, %v", n, err)
			}
		})
	}
	group.Wait()
}

func TestNewDKIMKeyRefuses(t *testing.T) {
	small, err := rsa.GenerateKey(rand.Reader, 1024)
	if err != nil {
		t.Fatal(err)
	}
	other, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	_, good, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		domain, selector string
		key              crypto.Signer
		want             string // empty: accepted
	}{
		{"example.org", "s1", small, ""},
		{"bücher.example", "s1.eu", good, ""},
		{"example.org", "s1", other, "neither RSA nor Ed25519"},
		{"example.org", "s_1", good, "DNS label"},
		{"example.org", "", good, "DNS label"},
		{"example.org", "-a", good, "DNS label"},
		{"example.org", "s1;d=evil", good, "DNS label"},
		{"example.org", strings.Repeat("s", 64), good, "DNS label"},
		{"org", "s1", good, "no domain"},
		{"exa mple.org", "s1", good, "no domain"},
		{"example.org; x=1", "s1", good, "no domain"},
	} {
		_, err := mail.NewDKIMKey(c.domain, c.selector, c.key)
		if (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s %s: error %v, want %q", c.domain, c.selector, err, c.want)
		}
	}
	s := sender
	s.From = netmail.Address{Address: "digest@example.net"}
	s.DKIM = []mail.DKIMKey{dkimKey(t, "rsa")}
	if _, err := mail.NewComposer(s, personalLetter(), 1, date); err == nil || !strings.Contains(err.Error(), "example.org does not vouch for example.net") {
		t.Errorf("S4: not aligned: %v", err)
	}
}
