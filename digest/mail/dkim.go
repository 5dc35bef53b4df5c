package mail

import (
	"crypto"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"

	"golang.org/x/net/idna"
)

// signed are the fields that a signature covers: those of S3 and Reply-To, and
// Feedback-ID, which Gmail believes only when it is signed. A field that is not
// there is named too, so that nobody can add it. What readers see is named twice
// where one may stand: a second From would break the signature (RFC 6376 §8.15).
const signed = "From:From:To:To:Subject:Subject:Date:Date:Reply-To:Reply-To:\r\n" +
	" Message-ID:MIME-Version:Content-Type:List-ID:List-Unsubscribe:\r\n" +
	" List-Unsubscribe-Post:Feedback-ID"

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
func (k DKIMKey) aligned(from string) bool {
	return from == k.domain || strings.HasSuffix(from, "."+k.domain) || strings.HasSuffix(k.domain, "."+from)
}

// sign makes the DKIM-Signature field of a message from its other fields and the
// hash of its body (RFC 6376 §3.7). t is in Unix seconds.
//
// go-mail's signer signs before we patch the reader's token in; go-msgauth's
// reads the whole message again for each key, and takes the time from the wall
// clock, so a letter that is made again would differ. Both verify what we sign.
func (k DKIMKey) sign(fields []field, body [sha256.Size]byte, t int64) (string, error) {
	head := fmt.Sprintf("DKIM-Signature: v=1; a=%s-sha256; c=relaxed/relaxed; t=%d;\r\n d=%s;\r\n s=%s;\r\n h=%s;\r\n bh=%s;\r\n b=",
		k.algorithm, t, k.domain, k.selector, signed, base64.StdEncoding.EncodeToString(body[:]))
	h := sha256.New()
	for _, f := range picked(fields, signed) {
		h.Write(f.relaxed())
	}
	h.Write([]byte(strings.TrimSuffix(string(newField([]byte(head)).relaxed()), "\r\n")))
	hash := crypto.SHA256
	if k.algorithm == "ed25519" {
		hash = 0 // RFC 8463 §3: the digest itself is the message that is signed
	}
	sig, err := k.key.Sign(rand.Reader, h.Sum(nil), hash)
	if err != nil {
		return "", fmt.Errorf("dkim: sign for %s: %w", k.domain, err)
	}
	return head + folded(base64.StdEncoding.EncodeToString(sig)) + "\r\n", nil
}

// folded breaks base64 into lines; blanks in it mean nothing (RFC 6376 §3.5).
func folded(s string) string {
	const first, line = 72, 75
	var b strings.Builder
	for width := first; len(s) > width; width = line {
		b.WriteString(s[:width] + "\r\n ")
		s = s[width:]
	}
	return b.String() + s
}
