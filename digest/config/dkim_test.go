package config

import (
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func pkcs8(t *testing.T, key any) []byte {
	t.Helper()
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	return pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})
}

func TestDKIMKeys(t *testing.T) {
	big, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	weak, err := rsa.GenerateKey(rand.Reader, 1024)
	if err != nil {
		t.Fatal(err)
	}
	_, edwards, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	other, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	pkcs1 := pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(big)})
	for name, c := range map[string]struct {
		data []byte
		mode os.FileMode
		want string // of the error or, after "warning: ", of the only warning; empty: neither
	}{
		"PKCS #1":    {pkcs1, 0o600, ""},
		"PKCS #8":    {pkcs8(t, big), 0o640, ""},
		"Ed25519":    {pkcs8(t, edwards), 0o600, ""},
		"weak":       {pkcs8(t, weak), 0o600, "warning: an RSA key of 1024 bits is weak"},
		"open":       {pkcs8(t, edwards), 0o644, "warning: every user of this machine can read the key file"},
		"ECDSA":      {pkcs8(t, other), 0o600, "holds a key that is neither RSA nor Ed25519"},
		"public":     {pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: []byte("x")}), 0o600, `holds a block "PUBLIC KEY"`},
		"passphrase": {pem.EncodeToMemory(&pem.Block{Type: "ENCRYPTED PRIVATE KEY"}), 0o600, `holds a block "ENCRYPTED PRIVATE KEY"`},
		"damaged":    {pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: []byte("x")}), 0o600, "it is damaged, or has a passphrase"},
		"no PEM":     {[]byte("open sesame"), 0o600, "is no PEM file"},
		"empty":      {nil, 0o600, "is no PEM file"},
	} {
		t.Run(name, func(t *testing.T) {
			folder := t.TempDir()
			if err := os.WriteFile(filepath.Join(folder, "key.pem"), c.data, c.mode); err != nil {
				t.Fatal(err)
			}
			path := filepath.Join(folder, "config.yaml")
			if err := os.WriteFile(path, []byte(good+"  dkim:\n    - selector: s1\n      key_file: key.pem\n"), 0o600); err != nil {
				t.Fatal(err)
			}
			loaded, err := Load(path, weekly)
			want, warning := strings.CutPrefix(c.want, "warning: ")
			if isError := c.want != "" && !warning; isError != (err != nil) || isError && !strings.Contains(err.Error(), want) {
				t.Fatalf("error %v, want %q", err, c.want)
			}
			if err != nil {
				if strings.Contains(err.Error(), "sesame") {
					t.Errorf("the file's text is shown: %v", err)
				}
				return
			}
			if got := fmt.Sprint(loaded.Warnings()); warning != (len(loaded.Warnings()) == 1) || !strings.Contains(got, want) {
				t.Errorf("warnings %s, want %q", got, want)
			}
			if key, err := loaded.Mail.DKIM[0].Key(); err != nil || key == nil {
				t.Errorf("the key of an accepted file: %v", err)
			}
		})
	}
}

// Letters must not link to where nothing answers, without a word.
func TestPublicURLIsWarnedOf(t *testing.T) {
	smtp := "  delivery: smtp\n  smtp:\n    host: smtp.example.org\n"
	for text, want := range map[string]int{
		good + smtp: 0, good + "public_url: https://digest.example.org\n": 0, good + smtp + "public_url: https://digest.example.org\n": 1,
	} {
		c, _, err := load(t, text)
		if err != nil || len(c.Warnings()) != want {
			t.Errorf("%d warnings, want %d, error %v:\n%s", len(c.Warnings()), want, err, text)
		}
	}
}
