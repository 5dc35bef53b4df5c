package config

import (
	"crypto"
	"crypto/ed25519"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"runtime"
	"strings"
)

// DKIM names a key that signs messages (RFC 6376).
type DKIM struct {
	// Domain is the domain that vouches; empty stands for the one of Mail.From.
	Domain string `yaml:"domain"`
	// Selector is under which name the DNS holds the public key, before
	// ._domainkey. and the domain. Required.
	Selector string `yaml:"selector"`
	// KeyFile is a PEM file with the private key. Required.
	KeyFile string `yaml:"key_file"`
}

// Lengths of RSA keys in bits: what verifiers take at all (RFC 8301, section 3.2)
// and what they want.
const (
	leastRSA = 1024
	goodRSA  = 2048
)

// maxKey bounds a key file, in bytes.
const maxKey = 64 << 10

// Key reads the private key anew at each call: RSA (PKCS #1 or #8) or Ed25519
// (PKCS #8). No error holds any of it.
func (d DKIM) Key() (crypto.Signer, error) {
	file, err := os.Open(d.KeyFile)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	data, err := io.ReadAll(io.LimitReader(file, maxKey))
	if err != nil {
		return nil, err
	}
	block, _ := pem.Decode(data)
	if block == nil {
		return nil, errors.New("is no PEM file")
	}
	var key any
	switch block.Type {
	case "RSA PRIVATE KEY":
		key, err = x509.ParsePKCS1PrivateKey(block.Bytes)
	case "PRIVATE KEY":
		key, err = x509.ParsePKCS8PrivateKey(block.Bytes)
	default:
		return nil, fmt.Errorf("holds a block %s, not a private RSA or Ed25519 key", quote(block.Type))
	}
	if err != nil || block.Headers["DEK-Info"] != "" {
		return nil, errors.New("holds a private key that cannot be read: it is damaged, or has a passphrase")
	}
	switch key := key.(type) {
	case *rsa.PrivateKey:
		if key.N.BitLen() < leastRSA {
			return nil, fmt.Errorf("holds an RSA key of %d bits, which nobody accepts", key.N.BitLen())
		}
		return key, nil
	case ed25519.PrivateKey:
		return key, nil
	}
	return nil, errors.New("holds a key that is neither RSA nor Ed25519")
}

func (v *validator) dkim() {
	const list = "mail.dkim"
	if len(v.c.Mail.DKIM) > 2 {
		v.fail(list, fmt.Sprintf("mail.dkim has %d keys, but may have two", len(v.c.Mail.DKIM)), "keep one RSA key, and an Ed25519 key beside it if you like")
		return
	}
	seen := map[string]bool{}
	for i, d := range v.c.Mail.DKIM {
		at := v.c.doc.entry(list, i)
		v.dkimName(at, d)
		v.dkimFile(at, d)
		if name := strings.ToLower(d.Selector + " " + d.Domain); seen[name] {
			v.fail(at+".selector", fmt.Sprintf("%s.selector %s is used twice", at, quote(d.Selector)), "give each key a selector of its own")
		} else {
			seen[name] = true
		}
	}
}

// dkimName checks where receivers will look for the public key.
func (v *validator) dkimName(at string, d DKIM) {
	switch {
	case d.Selector == "":
		v.fail(at+".selector", at+".selector is missing", "write the name that the DNS record has before ._domainkey, e.g. s1")
	case !labels(d.Selector):
		v.fail(at+".selector", fmt.Sprintf("%s.selector %s is not made of DNS labels", at, quote(d.Selector)),
			"write letters, digits and hyphens, e.g. s1; the part before ._domainkey alone")
	}
	if d.Domain == "" {
		return
	}
	_, from, _ := strings.Cut(v.c.From().Address, "@")
	from, domain := strings.ToLower(from), strings.ToLower(d.Domain)
	switch {
	case !labels(domain) || !strings.Contains(domain, "."):
		v.fail(at+".domain", fmt.Sprintf("%s.domain %s is no domain", at, quote(d.Domain)), "write it as example.org, or leave it out for the domain of mail.from")
	case strings.Trim(from, letters+".") != "":
		// Not ASCII: mail compares it in its other form.
	case from != "" && from != domain && !strings.HasSuffix(from, "."+domain) && !strings.HasSuffix(domain, "."+from):
		v.fail(at+".domain", fmt.Sprintf("%s.domain %s does not vouch for the domain of mail.from, %s", at, quote(d.Domain), from),
			"sign for that domain or one above it, or leave domain out")
	}
}

// labels reports whether a text is DNS labels with dots between (RFC 1123,
// section 2.1), up to 63 characters each.
func labels(text string) bool {
	for label := range strings.SplitSeq(strings.ToLower(text), ".") {
		if label == "" || len(label) > 63 || strings.Trim(label, "-") != label || strings.Trim(label, letters) != "" {
			return false
		}
	}
	return true
}

func (v *validator) dkimFile(at string, d DKIM) {
	at += ".key_file"
	if d.KeyFile == "" {
		v.fail(at, at+" is missing", "name the PEM file with the private key, e.g. dkim/s1.pem; make one with: openssl genrsa -out s1.pem 2048")
		return
	}
	key, err := d.Key()
	if err != nil {
		mend := "name the file with the private key, as openssl genrsa -out s1.pem 2048 or openssl genpkey -algorithm ed25519 -out s2.pem makes it"
		text := err.Error()
		if _, ok := errors.AsType[*fs.PathError](err); ok {
			text, mend = reason(err), "name a PEM file that the user who runs standpoint can read"
		}
		v.fail(at, fmt.Sprintf("the key file %s: %s", d.KeyFile, text), mend)
		return
	}
	if key, ok := key.(*rsa.PrivateKey); ok && key.N.BitLen() < goodRSA {
		v.warn(at, fmt.Sprintf("an RSA key of %d bits is weak, and some receivers do not count it", key.N.BitLen()), "make one of 2048 with openssl genrsa")
	}
	if runtime.GOOS == "windows" {
		return
	}
	if info, err := os.Stat(d.KeyFile); err == nil && info.Mode().Perm()&0o004 != 0 {
		v.warn(at, "every user of this machine can read the key file, and sign in your name", "chmod 600 "+d.KeyFile)
	}
}
