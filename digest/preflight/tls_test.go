package preflight_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"io"
	"log"
	"math/big"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"

	"standpoint/digest/mail"
	"standpoint/digest/preflight"
)

// TestServer is the D half of S7: a real server on loopback, a real dial by the
// code that sends.
func TestServer(t *testing.T) {
	trusted := newAuthority(t)
	for _, row := range []struct {
		name    string
		server  server
		options mail.Options
		want    string // empty: all is well
		mend    string
	}{
		{name: "STARTTLS and a log-in", options: mail.Options{TLS: mail.StartTLS, Username: "digest", Password: "right"}},
		{name: "implicit TLS", server: server{implicit: true}, options: mail.Options{TLS: mail.ImplicitTLS}},
		{name: "TLS 1.2", server: server{most: tls.VersionTLS12}, options: mail.Options{TLS: mail.StartTLS}},
		{name: "a wrong password", options: mail.Options{TLS: mail.StartTLS, Username: "digest", Password: "wrong"}, want: "fails at AUTH: it answers 535", mend: "mail.smtp.username (digest) and the password in STANDPOINT_SMTP_PASSWORD"},
		{name: "no AUTH", server: server{noAuth: true}, options: mail.Options{TLS: mail.StartTLS, Username: "digest", Password: "right"}, want: "fails at AUTH: the server offers no AUTH", mend: "leave mail.smtp.username empty"},
		{name: "no STARTTLS", server: server{noTLS: true}, options: mail.Options{TLS: mail.StartTLS}, want: "fails at STARTTLS: the server offers no STARTTLS"},
		{name: "TLS 1.1", server: server{most: tls.VersionTLS11}, options: mail.Options{TLS: mail.StartTLS}, want: "protocol version not supported", mend: "TLS 1.2 or 1.3"},
		{name: "for another name", server: server{name: "mail.example.org"}, options: mail.Options{TLS: mail.StartTLS}, want: "certificate", mend: "write in mail.smtp.host the name that the certificate is for: mail.example.org"},
		{name: "expired", server: server{old: true}, options: mail.Options{TLS: mail.ImplicitTLS}, want: "expired", mend: "renew it"},
		{name: "by an unknown authority", options: mail.Options{TLS: mail.StartTLS, RootCAs: x509.NewCertPool()}, want: "unknown authority", mend: "nobody that this machine trusts"},
		{name: "TLS too early", options: mail.Options{TLS: mail.ImplicitTLS}, want: "fails at TLS", mend: "set mail.smtp.tls to starttls"},
		{name: "gone", server: server{gone: true}, options: mail.Options{TLS: mail.StartTLS}, want: "fails at dial", mend: "see mail.smtp.host, port and tls"},
	} {
		t.Run(row.name, func(t *testing.T) {
			o := row.options
			if o.RootCAs == nil {
				o.RootCAs = trusted.pool
			}
			row.server.implicit = row.server.implicit || row.name == "expired"
			o.Host, o.Port, o.Timeout = "127.0.0.1", row.server.start(t, trusted), 10*time.Second
			s, err := mail.NewSMTP(o)
			if err != nil {
				t.Fatal(err)
			}
			x, err := s.Dial(t.Context())
			if err == nil {
				x.Close()
			}
			if row.want == "" {
				if err != nil {
					t.Error(err)
				}
				return
			}
			e, ok := errors.AsType[*mail.SetupError](err)
			if !ok {
				t.Fatalf("dial: %v", err)
			}
			f := preflight.Server(preflight.ServerFault{
				Where: "127.0.0.1", Step: e.Step, Code: e.Code, Reply: e.Reply, Err: e.Err, User: o.Username, Secret: "STANDPOINT_SMTP_PASSWORD",
			})
			if f.Severity != preflight.Error || f.Name() != "S7" || !strings.Contains(f.What, row.want) || !strings.Contains(f.Mend, row.mend) {
				t.Errorf("found %s", f)
			}
		})
	}
}

// TestServerMends are answers that no server can be asked for at will.
func TestServerMends(t *testing.T) {
	for _, row := range []struct {
		fault preflight.ServerFault
		want  string
	}{
		{preflight.ServerFault{Step: "greeting", Code: 421, Reply: "busy"}, "it says later"},
		{preflight.ServerFault{Step: "STARTTLS", Code: 502, Reply: "no"}, "set TLS up"},
		{preflight.ServerFault{Step: "dial", Err: &net.DNSError{IsNotFound: true}}, "there is no such host"},
		{preflight.ServerFault{Step: "dial", Err: &net.DNSError{IsTimeout: true}}, "reaches its name server"},
		{preflight.ServerFault{Step: "TLS", Err: x509.CertificateInvalidError{Reason: x509.NotAuthorizedToSign}}, "sound certificate"},
		{preflight.ServerFault{Step: "EHLO", Code: 550, Reply: "go away"}, "mail.smtp.host"},
	} {
		if got := preflight.Server(row.fault); !strings.Contains(got.Mend, row.want) {
			t.Errorf("%+v: %s", row.fault, got)
		}
	}
}

// server says how a mail server is set up.
type server struct {
	implicit, noTLS, noAuth, old, gone bool
	most                               uint16 // highest TLS version
	name                               string // in the certificate; 127.0.0.1 when empty
}

func (s server) start(t *testing.T, by authority) (port int) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	port = l.Addr().(*net.TCPAddr).Port
	if s.gone {
		l.Close()
		return port
	}
	conf := &tls.Config{Certificates: []tls.Certificate{by.issue(t, s.name, s.old)}, MinVersion: tls.VersionTLS10, MaxVersion: s.most}
	srv := smtp.NewServer(smtp.BackendFunc(func(*smtp.Conn) (smtp.Session, error) {
		if s.noAuth {
			return guest{}, nil
		}
		return member{}, nil
	}))
	srv.Domain, srv.ErrorLog = "localhost", log.New(io.Discard, "", 0)
	switch {
	case s.implicit:
		l = tls.NewListener(l, conf)
	case !s.noTLS:
		srv.TLSConfig = conf
	}
	var done sync.WaitGroup
	done.Go(func() { _ = srv.Serve(l) })
	t.Cleanup(func() { srv.Close(); l.Close(); done.Wait() })
	return port
}

// guest takes no mail: nothing is mailed by a check.
type guest struct{}

func (guest) Reset()                               {}
func (guest) Logout() error                        { return nil }
func (guest) Mail(string, *smtp.MailOptions) error { panic("a check mails nothing") }
func (guest) Rcpt(string, *smtp.RcptOptions) error { panic("a check mails nothing") }
func (guest) Data(io.Reader) error                 { panic("a check mails nothing") }

// member wants a log-in.
type member struct{ guest }

func (member) AuthMechanisms() []string { return []string{sasl.Plain} }

func (member) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, user, password string) error {
		if user != "digest" || password != "right" {
			return smtp.ErrAuthFailed
		}
		return nil
	}), nil
}

// authority issues certificates for one test.
type authority struct {
	root *x509.Certificate
	key  *ecdsa.PrivateKey
	pool *x509.CertPool
}

func newAuthority(t *testing.T) authority {
	a := authority{pool: x509.NewCertPool()}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "test CA"}, IsCA: true, BasicConstraintsValid: true,
		KeyUsage: x509.KeyUsageCertSign, NotBefore: time.Now().Add(-9 * time.Hour), NotAfter: time.Now().Add(time.Hour),
	}
	a.key = newKey(t)
	der, err := x509.CreateCertificate(rand.Reader, template, template, &a.key.PublicKey, a.key)
	if err != nil {
		t.Fatal(err)
	}
	if a.root, err = x509.ParseCertificate(der); err != nil {
		t.Fatal(err)
	}
	a.pool.AddCert(a.root)
	return a
}

func (a authority) issue(t *testing.T, name string, old bool) tls.Certificate {
	template := &x509.Certificate{
		SerialNumber: big.NewInt(2), ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
		NotBefore: time.Now().Add(-3 * time.Hour), NotAfter: time.Now().Add(time.Hour),
	}
	if old {
		template.NotAfter = time.Now().Add(-time.Hour)
	}
	if name == "" {
		template.IPAddresses = []net.IP{{127, 0, 0, 1}}
	} else {
		template.DNSNames = []string{name}
	}
	key := newKey(t)
	der, err := x509.CreateCertificate(rand.Reader, template, a.root, &key.PublicKey, a.key)
	if err != nil {
		t.Fatal(err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}
}

func newKey(t *testing.T) *ecdsa.PrivateKey {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return key
}
