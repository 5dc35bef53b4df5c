package preflight

import (
	"crypto"
	"crypto/ed25519"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"fmt"
	"slices"
	"strings"
)

// Key is a DKIM key that signs, without its secret half.
type Key struct {
	Domain, Selector string           // the signature's d= and s=
	Public           crypto.PublicKey // *rsa.PublicKey or ed25519.PublicKey
}

// Sizes of RSA keys in bits (RFC 8301 §3.2): receivers ignore what is below the
// first, and the second is what S2 asks for.
const (
	rsaLeast = 1024
	rsaGood  = 2048
)

// checkKeys holds the published keys against S2.
func (q *inquiry) checkKeys() error {
	if len(q.id.Keys) == 0 {
		q.open("dkim", "no key is configured (mail.dkim), so there is no record to compare; the mail server may sign with its own")
		return nil
	}
	rsaKey := false
	for _, k := range q.id.Keys {
		if err := q.checkKey(k); err != nil {
			return err
		}
		_, is := k.Public.(*rsa.PublicKey)
		rsaKey = rsaKey || is
	}
	if !rsaKey {
		q.open("dkim", "only Ed25519 keys sign: many receivers cannot verify them yet, so sign by an RSA key, too")
	}
	return nil
}

func (q *inquiry) checkKey(k Key) error {
	domain := ascii(k.Domain)
	name := strings.ToLower(k.Selector) + "._domainkey." + domain
	txt, failed, silent := q.records(name)
	if silent != nil {
		return silent
	}
	if failed != nil {
		q.broken(2, name, failed)
		return nil
	}
	kind, own, bits := publicHalf(k.Public)
	if kind == "" {
		q.fault(2, fmt.Sprintf("the key for %s is a %T", name, k.Public), "sign by an RSA or an Ed25519 key")
		return nil
	}
	publish := `publish at ` + name + ` the TXT record "v=DKIM1; k=` + kind + `; p=` + own + `"`
	before := len(q.report.Findings)
	switch len(txt) {
	case 0:
		q.fault(2, "there is no DKIM key at "+name, publish)
	case 1:
		q.weighKey(name, parseTags(txt[0]), kind, own, publish)
	default: // RFC 6376 §3.6.2.2
		q.fault(2, fmt.Sprintf("there are %d TXT records at %s, and which one counts is undefined", len(txt), name), "leave only the key there: "+publish)
	}
	if bits > 0 && bits < rsaGood {
		q.fault(2, fmt.Sprintf("the RSA key for %s has %d bits%s", name, bits, onlyIf(bits < rsaLeast, ", and receivers ignore keys below 1024")), "make one of 2048 bits under a new selector, publish it, and then change the config")
	}
	if len(q.report.Findings) == before {
		size := ""
		if bits > 0 {
			size = fmt.Sprintf(" of %d bits", bits)
		}
		q.good("dkim", "%s has our %s key%s", name, kind, size)
	}
	return nil
}

// publicHalf is the key as its record has it: the algorithm's name (RFC 6376
// §3.6.1, RFC 8463 §4), the p= and, for RSA, the size in bits.
func publicHalf(key crypto.PublicKey) (kind, p string, bits int) {
	switch k := key.(type) {
	case *rsa.PublicKey:
		der, err := x509.MarshalPKIXPublicKey(k)
		if err != nil {
			return "", "", 0
		}
		return "rsa", base64.StdEncoding.EncodeToString(der), k.N.BitLen()
	case ed25519.PublicKey:
		return "ed25519", base64.StdEncoding.EncodeToString(k), 0
	}
	return "", "", 0
}

// weighKey holds one key record (RFC 6376 §3.6.1) against our key.
func (q *inquiry) weighKey(name string, t tags, kind, own, publish string) {
	at := "the DKIM record at " + name
	for _, junk := range t.junk {
		q.fault(2, at+" holds "+cite(junk)+", which is no tag", publish)
	}
	for _, double := range t.double {
		q.fault(2, at+" has the tag "+double+" twice", publish)
	}
	if v, ok := t.get("v"); ok && (v != "DKIM1" || t.list[0].name != "v") {
		q.fault(2, at+" must begin with v=DKIM1, in capitals", publish)
	}
	if k := t.or("k", "rsa"); k != kind {
		q.fault(2, fmt.Sprintf("%s is for an %s key, and ours is %s", at, cite(k), kind), publish)
		return
	}
	if h, ok := t.get("h"); ok && !holds(h, "sha256") {
		q.fault(2, at+" does not allow SHA-256: h="+cite(h), "take h= out of it")
	}
	if s, ok := t.get("s"); ok && !holds(s, "*") && !holds(s, "email") {
		q.fault(2, at+" is not for mail: s="+cite(s), "take s= out of it")
	}
	p, ok := t.get("p")
	p = strings.Join(strings.Fields(p), "") // RFC 6376 §3.2 lets base64 be folded
	switch {
	case !ok:
		q.fault(2, at+" has no key in it (p=)", publish)
	case p == "":
		q.fault(2, at+" revokes the key: its p= is empty", "sign under another selector, or "+publish)
	case !sameKey(kind, p, own):
		q.fault(2, at+" has another key than the one we sign with", publish)
	}
	if holds(t.or("t", ""), "y") {
		q.open("dkim", "%s says t=y, testing: receivers may treat the letters as unsigned; take it out when all works", at)
	}
}

// holds looks for a word in a list with colons.
func holds(list, word string) bool {
	return slices.ContainsFunc(strings.Split(list, ":"), func(s string) bool { return strings.TrimSpace(s) == word })
}

// sameKey compares what is published with ours. RSA keys are found in either of
// two wrappings.
func sameKey(kind, published, own string) bool {
	if strings.TrimRight(published, "=") == strings.TrimRight(own, "=") {
		return true
	}
	if kind != "rsa" {
		return false
	}
	der, err := base64.StdEncoding.DecodeString(published)
	if err != nil {
		return false
	}
	bare, err := x509.ParsePKCS1PublicKey(der)
	if err != nil {
		return false
	}
	_, wrapped, _ := publicHalf(bare)
	return wrapped == own
}

func onlyIf(is bool, text string) string {
	if is {
		return text
	}
	return ""
}
