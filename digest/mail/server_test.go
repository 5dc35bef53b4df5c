package mail_test

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"io"
	"log"
	"math/big"
	"net"
	netmail "net/mail"
	"net/textproto"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-sasl"
	gosmtp "github.com/emersion/go-smtp"
	"go.uber.org/goleak"

	"standpoint/digest/mail"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const user, password = "digest", "open sesame"

// stored is one message as the server took it over.
type stored struct {
	from, to string
	data     []byte
}

// server is a real SMTP server on loopback. The hooks run inside its session;
// nil accepts.
type server struct {
	mails   []stored
	conns   int
	dialog  bytes.Buffer // all that was said in clear, both sides
	mu      sync.Mutex
	mech    map[string]func() sasl.Server
	onMail  func(c *gosmtp.Conn, from string) error
	onRcpt  func(c *gosmtp.Conn, to string) error
	onData  func(c *gosmtp.Conn, r io.Reader) error // nil stores the message
	options mail.Options
}

// serve starts s on a port of its own. tlsMode is what the server offers: "starttls",
// "implicit" or "none". s.options then lead to it.
func serve(t testing.TB, s *server, tlsMode string) *server {
	t.Helper()
	cert, pool := certificate(t)
	srv := gosmtp.NewServer(gosmtp.BackendFunc(func(c *gosmtp.Conn) (gosmtp.Session, error) {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.conns++
		return &session{server: s, conn: c}, nil
	}))
	srv.Domain, srv.ErrorLog, srv.AllowInsecureAuth = "localhost", log.New(io.Discard, "", 0), true
	srv.Debug = locked{s}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s.options = mail.Options{
		Host: "127.0.0.1", Port: l.Addr().(*net.TCPAddr).Port, TLS: tlsMode, RootCAs: pool,
		Timeout: 10 * time.Second,
	}
	switch tlsMode {
	case mail.StartTLS:
		srv.TLSConfig = &tls.Config{Certificates: []tls.Certificate{cert}}
	case mail.ImplicitTLS:
		l = tls.NewListener(l, &tls.Config{Certificates: []tls.Certificate{cert}})
	}
	var done sync.WaitGroup
	done.Go(func() { _ = srv.Serve(l) })
	t.Cleanup(func() { srv.Close(); done.Wait() })
	return s
}

func (s *server) got() []stored {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]stored(nil), s.mails...)
}

func (s *server) said() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.dialog.String()
}

type locked struct{ s *server }

func (w locked) Write(b []byte) (int, error) {
	w.s.mu.Lock()
	defer w.s.mu.Unlock()
	return w.s.dialog.Write(b)
}

type session struct {
	*server
	conn *gosmtp.Conn
	now  stored
}

func (s *session) Reset()        { s.now = stored{} }
func (s *session) Logout() error { return nil }

func (s *session) Mail(from string, _ *gosmtp.MailOptions) error {
	s.now.from = from
	if s.onMail != nil {
		return s.onMail(s.conn, from)
	}
	return nil
}

func (s *session) Rcpt(to string, _ *gosmtp.RcptOptions) error {
	s.now.to = to
	if s.onRcpt != nil {
		return s.onRcpt(s.conn, to)
	}
	return nil
}

func (s *session) Data(r io.Reader) (err error) {
	if s.onData != nil {
		return s.onData(s.conn, r)
	}
	if s.now.data, err = io.ReadAll(r); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.mails = append(s.mails, s.now)
	return nil
}

func (s *session) AuthMechanisms() []string {
	var names []string
	for name := range s.mech {
		names = append(names, name)
	}
	return names
}

func (s *session) Auth(mech string) (sasl.Server, error) {
	make, ok := s.mech[mech]
	if !ok {
		return nil, gosmtp.ErrAuthUnknownMechanism
	}
	return make(), nil
}

// plain takes the one right user.
func plain() sasl.Server {
	return sasl.NewPlainServer(func(_, u, p string) error {
		if u != user || p != password {
			return gosmtp.ErrAuthFailed
		}
		return nil
	})
}

// script is a server that says and does what play does with one connection, for
// faults that no real server can be asked for. It speaks without TLS.
func script(t testing.TB, play func(net.Conn, *textproto.Conn)) mail.Options {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var done sync.WaitGroup
	done.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			done.Go(func() {
				defer c.Close()
				_ = c.(*net.TCPConn).SetReadBuffer(1 << 16) // so that a long letter cannot be on the way whole
				play(c, textproto.NewConn(c))
			})
		}
	})
	t.Cleanup(func() { l.Close(); done.Wait() })
	return mail.Options{
		Host: "127.0.0.1", Port: l.Addr().(*net.TCPAddr).Port, TLS: mail.NoTLS,
		Timeout: 10 * time.Second,
	}
}

// certificate makes a CA for this test alone and a server's certificate by it.
func certificate(t testing.TB) (tls.Certificate, *x509.CertPool) {
	t.Helper()
	now := time.Now()
	make := func(c, parent *x509.Certificate, by *ecdsa.PrivateKey) ([]byte, *ecdsa.PrivateKey) {
		key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		if by == nil {
			by = key
		}
		c.NotBefore, c.NotAfter = now.Add(-time.Hour), now.Add(time.Hour)
		der, err := x509.CreateCertificate(rand.Reader, c, parent, &key.PublicKey, by)
		if err != nil {
			t.Fatal(err)
		}
		return der, key
	}
	ca := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "test CA"},
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign,
	}
	caDER, caKey := make(ca, ca, nil)
	der, key := make(&x509.Certificate{
		SerialNumber: big.NewInt(2), DNSNames: []string{"localhost"}, IPAddresses: []net.IP{{127, 0, 0, 1}},
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}, ca, caKey)
	root, err := x509.ParseCertificate(caDER)
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	pool.AddCert(root)
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, pool
}

var (
	sender = mail.Sender{From: netmail.Address{Name: "Standpoint", Address: "digest@example.org"}}
	date   = time.Date(2026, 3, 2, 7, 7, 0, 0, time.FixedZone("", 3600))
)

// letterTo makes a short letter of edition 12 for subscriber id.
func letterTo(t testing.TB, id int64, addr string) *mail.Message {
	t.Helper()
	l := mail.Letter{Subject: "Standpoint 12", HTML: "<p>Text</p>\n", Text: "Text\n.\nafter a dot\n"}
	m, err := mail.Compose(sender, l, mail.Recipient{ID: id, Address: addr}, 12, date)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func open(t testing.TB, o mail.Options) *mail.Session {
	t.Helper()
	s, err := mail.NewSMTP(o)
	if err != nil {
		t.Fatal(err)
	}
	x, err := s.Dial(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { x.Close() })
	return x
}
