package preflight

import (
	"bytes"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"fmt"
	"strings"

	"github.com/emersion/go-msgauth/dkim"
)

// mustSign is S3's list; List-Unsubscribe-Post is asked for where it is there.
func mustSign() []string {
	return []string{
		"From", "To", "Subject", "Date", "Message-ID", "MIME-Version", "Content-Type",
		"List-ID", "List-Unsubscribe", "List-Unsubscribe-Post",
	}
}

// maxSignatures bounds the signatures that are verified.
const maxSignatures = 4

// signature holds S2 and S3, and of S4 what the message tells.
func (l *letter) signature() {
	n := len(l.values("DKIM-Signature"))
	switch {
	case l.broken:
		return // what is no header cannot be verified
	case n == 0 && l.Signed:
		l.fail(2, report, "a DKIM key is configured, and the message is not signed")
		return
	case n == 0:
		l.warn(2, "make a DKIM key and name it in mail.dkim", "the message is not signed")
		return
	case n > maxSignatures:
		l.fail(2, report, "%d DKIM signatures", n)
		return
	}
	checked, err := dkim.VerifyWithOptions(bytes.NewReader(l.raw), &dkim.VerifyOptions{LookupTXT: l.txt, MaxVerifications: maxSignatures})
	if err != nil {
		l.fail(2, report, "the DKIM signature cannot be read: %s", short(err.Error()))
		return
	}
	aligned := false
	for _, v := range checked {
		if v.Err != nil {
			l.fail(2, "publish the key's TXT record, and let nothing change the letter after signing", "the DKIM signature of %s does not verify: %s", short(v.Domain), short(v.Err.Error()))
			continue
		}
		l.covers(v)
		aligned = aligned || related(v.Domain, domain(l.from().Address))
	}
	if from := domain(l.from().Address); !aligned && len(checked) > 0 && checked[0].Err == nil && l.ours(from) {
		l.warn(4, "sign for From's domain in mail.dkim", "no signature is for From's domain, so DMARC does not count it")
	}
	for _, v := range l.values("DKIM-Signature") {
		l.key(parseTags(v))
	}
}

// related is DMARC's relaxed alignment, without a list of public suffixes: one
// name is the other's or below it.
func related(a, b string) bool { return under(a, b) || under(b, a) }

// txt answers the verifier.
func (l *letter) txt(name string) ([]string, error) {
	name = strings.TrimSuffix(name, ".")
	if l.TXT != nil {
		return l.TXT(name)
	}
	if v, ok := l.Keys[name]; ok {
		return []string{v}, nil
	}
	return nil, fmt.Errorf("no key is configured for %s", name)
}

// covers holds S3.
func (l *letter) covers(v *dkim.Verification) {
	for _, name := range mustSign() {
		if len(l.values(name)) == 0 {
			continue
		}
		signed := false
		for _, k := range v.HeaderKeys {
			signed = signed || strings.EqualFold(strings.TrimSpace(k), name)
		}
		if !signed {
			l.fail(3, report, "the signature does not cover %s", name)
		}
	}
}

// key holds the rest of S2: the length of an RSA key, and that no length of
// body is signed, behind which anybody could write (RFC 6376 §8.2).
func (l *letter) key(t tags) {
	if t.has("l") {
		l.fail(2, report, "the signature covers only a part of the body")
	}
	if !strings.HasPrefix(fold(t.or("a", "")), "rsa") {
		return
	}
	records, err := l.txt(squeeze(t.or("s", "")) + "._domainkey." + squeeze(t.or("d", "")))
	if err != nil {
		return // that it does not verify is told
	}
	const mend = "make an RSA key of 2048 bits"
	switch bits := rsaBits(strings.Join(records, "")); {
	case bits > 0 && bits < 1024:
		l.fail(2, mend, "the RSA key has %d bits, receivers ask for 1024 at least", bits)
	case bits > 0 && bits < 2048:
		l.warn(2, mend, "the RSA key has %d bits, 2048 are expected", bits)
	}
}

// rsaBits is the length of the key in a DKIM record; 0: it holds no RSA key.
func rsaBits(record string) int {
	der, err := base64.StdEncoding.DecodeString(strings.Join(strings.Fields(parseTags(record).or("p", "")), ""))
	if err != nil {
		return 0
	}
	if key, err := x509.ParsePKIXPublicKey(der); err == nil {
		if k, ok := key.(*rsa.PublicKey); ok {
			return k.N.BitLen()
		}
		return 0
	}
	if k, err := x509.ParsePKCS1PublicKey(der); err == nil {
		return k.N.BitLen()
	}
	return 0
}
