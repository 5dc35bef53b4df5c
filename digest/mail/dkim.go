package mail

import (
	"crypto"
	"crypto/ed25519"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"

	"github.com/emersion/go-msgauth/dkim"
	"golang.org/x/net/idna"
)

// signedFields are what a signature covers: the fields of S3 and Reply-To, and
// Feedback-ID, which Gmail believes only when it is signed. A field that is not
// there is named too, so that nobody can add it. What readers see is named twice
// where one may stand: a second From would break the signature (RFC 6376 §8.15).
func signedFields() []string {
	return []string{
		"From", "From", "To", "To", "Subject", "Subject", "Date", "Date", "Reply-To", "Reply-To",
		"Message-ID", "MIME-Version", "Content-Type", "List-ID", "List-Unsubscribe", "List-Unsubscribe-Post", "Feedback-ID",
	}
}

// DKIMKey signs messages for a domain (RFC 6376). Make it with NewDKIMKey.
type DKIMKey struct {
	domain, selector string
	algorithm        string // rsa or ed25519
	public           []byte // as the DNS holds it
	key              crypto.Signer
}

// NewDKIMKey checks a private key, RSA of at least 1024 bits (RFC 8301 §3.2) or
// Ed25519 (RFC 8463), and where its public half is found: SELECTOR._domainkey.DOMAIN.
func NewDKIMKey(domain, selector string, key crypto.Signer) (DKIMKey, error) {
	k := DKIMKey{selector: selector, key: key}
	var err error
	if k.domain, err = idna.Lookup.ToASCII(domain); err != nil || !strings.Contains(k.domain, ".") {
		return DKIMKey{}, fmt.Errorf("dkim: %q is no domain to sign for", domain)
	}
	for label := range strings.SplitSeq(selector, ".") {
		if label == "" || len(label) > 63 || strings.Trim(label, "-") != label || strings.ContainsFunc(strings.ToLower(label), notLDH) {
			return DKIMKey{}, fmt.Errorf("dkim: selector %q is not made of DNS labels", selector)
		}
	}
	switch public := key.Public().(type) {
	case *rsa.PublicKey:
		k.algorithm = "rsa"
		if public.N.BitLen() < 1024 {
			return DKIMKey{}, fmt.Errorf("dkim: an RSA key of %d bits, which verifiers refuse; make one of 2048", public.N.BitLen())
		}
		if k.public, err = x509.MarshalPKIXPublicKey(public); err != nil {
			return DKIMKey{}, fmt.Errorf("dkim: %w", err)
		}
	case ed25519.PublicKey:
		k.algorithm, k.public = "ed25519", public
	default:
		return DKIMKey{}, errors.New("dkim: a key that is neither RSA nor Ed25519")
	}
	return k, nil
}

func notLDH(r rune) bool { return r == '_' || notAtom(r) }

// Record is the TXT record that DNS must hold for receivers to verify what the
// key signed: its name and its value (RFC 6376 §3.6.1, RFC 8463 §4).
func (k DKIMKey) Record() (name, value string) {
	return k.selector + "._domainkey." + k.domain,
		"v=DKIM1; k=" + k.algorithm + "; p=" + base64.StdEncoding.EncodeToString(k.public)
}

// aligned says whether the key signs for a From of the domain. Without a list of
// public suffixes: the one is the other, or lies under it (RFC 9989, relaxed).
func (k DKIMKey) aligned(from string) bool { return aligned(k.domain, from) }

func aligned(a, b string) bool {
	return a == b || strings.HasSuffix(a, "."+b) || strings.HasSuffix(b, "."+a)
}

// sign makes the DKIM-Signature field of a message that is given in parts
// (RFC 6376 §5), its CR LF included. Its t= is the wall clock's, which go-msgauth
// lets nobody set, and it writes h= on one line.
func (k DKIMKey) sign(message ...[]byte) (string, error) {
	// A signer for each message: none is shared between goroutines.
	s, err := dkim.NewSigner(&dkim.SignOptions{
		Domain: k.domain, Selector: k.selector, Signer: k.key, HeaderKeys: signedFields(),
		HeaderCanonicalization: dkim.CanonicalizationRelaxed, BodyCanonicalization: dkim.CanonicalizationRelaxed,
	})
	if err != nil {
		return "", fmt.Errorf("dkim: sign for %s: %w", k.domain, err)
	}
	for _, part := range message {
		_, _ = s.Write(part) // Close tells what fails here
	}
	if err := s.Close(); err != nil {
		return "", fmt.Errorf("dkim: sign for %s: %w", k.domain, err)
	}
	return s.Signature(), nil
}
