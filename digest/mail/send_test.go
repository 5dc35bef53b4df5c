package mail_test

import (
	"context"
	"crypto/hmac"
	"crypto/md5"
	"crypto/x509"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"testing"

	"github.com/emersion/go-sasl"
	gosmtp "github.com/emersion/go-smtp"
	"github.com/google/go-cmp/cmp"

	"standpoint/digest/mail"
)

func TestDelivery(t *testing.T) {
	for _, mode := range []string{mail.StartTLS, mail.ImplicitTLS, mail.NoTLS} {
		t.Run(mode, func(t *testing.T) {
			s := serve(t, &server{mech: map[string]func() sasl.Server{"PLAIN": plain}}, mode)
			s.options.Username, s.options.Password = user, password
			m := letterTo(t, 1, "reader@example.com")
			if err := open(t, s.options).Send(t.Context(), m); err != nil {
				t.Fatal(err)
			}
			got := s.got()
			if len(got) != 1 || got[0].from != "digest@example.org" || got[0].to != "reader@example.com" {
				t.Fatalf("server has %v", got)
			}
			// What travels is what an .eml of it holds, a line with a dot included.
			if diff := cmp.Diff(string(m.Bytes()), string(got[0].data)); diff != "" {
				t.Errorf("on the wire (-want +got):\n%s", diff)
			}
			p := parse(t, got[0].data)
			if diff := cmp.Diff([]string{"Text\n.\nafter a dot\n", "<p>Text</p>\n"}, p.contents); diff != "" {
				t.Errorf("parts (-want +got):\n%s", diff)
			}
		})
	}
}

// login and cram are the two mechanisms that go-sasl has no server for.
type login struct{ step int }

func (l *login) Next(answer []byte) (challenge []byte, done bool, err error) {
	l.step++
	switch {
	case l.step == 1:
		return []byte("Username:"), false, nil
	case l.step == 2 && string(answer) == user:
		return []byte("Password:"), false, nil
	case l.step == 3 && string(answer) == password:
		return nil, true, nil
	}
	return nil, false, errors.New("wrong")
}

type cram struct{ asked bool }

func (c *cram) Next(answer []byte) (challenge []byte, done bool, err error) {
	const nonce = "<1896.697170952@example.org>"
	if !c.asked {
		c.asked = true
		return []byte(nonce), false, nil
	}
	mac := hmac.New(md5.New, []byte(password))
	mac.Write([]byte(nonce))
	if string(answer) != user+" "+hex.EncodeToString(mac.Sum(nil)) {
		return nil, false, errors.New("wrong")
	}
	return nil, true, nil
}

func TestAuthMechanisms(t *testing.T) {
	for name, make := range map[string]func() sasl.Server{
		"LOGIN":    func() sasl.Server { return &login{} },
		"CRAM-MD5": func() sasl.Server { return &cram{} },
	} {
		s := serve(t, &server{mech: map[string]func() sasl.Server{name: make}}, mail.StartTLS)
		s.options.Username, s.options.Password = user, password
		if err := open(t, s.options).Send(t.Context(), letterTo(t, 1, "a@example.com")); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func dialError(t *testing.T, o mail.Options) *mail.SetupError {
	t.Helper()
	s, err := mail.NewSMTP(o)
	if err != nil {
		t.Fatal(err)
	}
	_, err = s.Dial(t.Context())
	e, ok := errors.AsType[*mail.SetupError](err)
	if !ok {
		t.Fatalf("Dial gave %v, want a SetupError", err)
	}
	if mail.OutcomeOf(err) != mail.Deferred {
		t.Errorf("outcome %s, want deferred: nothing was handed over", mail.OutcomeOf(err))
	}
	return e
}

func TestWrongPassword(t *testing.T) {
	s := serve(t, &server{mech: map[string]func() sasl.Server{"PLAIN": plain}}, mail.StartTLS)
	s.options.Username, s.options.Password = user, "guess"
	e := dialError(t, s.options)
	if e.Step != "AUTH" || e.Code == 0 || e.Temporary() {
		t.Errorf("step %q, code %d, temporary %v", e.Step, e.Code, e.Temporary())
	}
	if strings.Contains(e.Error(), "guess") {
		t.Errorf("error tells the password: %v", e)
	}
}

func TestNoAuthOffered(t *testing.T) {
	s := serve(t, &server{mech: map[string]func() sasl.Server{"XOAUTH2": plain}}, mail.StartTLS)
	s.options.Username, s.options.Password = user, password
	if e := dialError(t, s.options); e.Step != "AUTH" || !strings.Contains(e.Error(), "offers no AUTH") {
		t.Errorf("error %v", e)
	}
}

// S7: without STARTTLS there is no hand-over, no password, no address.
func TestNoSilentDowngrade(t *testing.T) {
	s := serve(t, &server{mech: map[string]func() sasl.Server{"PLAIN": plain}}, mail.NoTLS)
	s.options.TLS, s.options.Username, s.options.Password = mail.StartTLS, user, password
	if e := dialError(t, s.options); e.Step != "STARTTLS" || e.Temporary() {
		t.Errorf("step %q, temporary %v: %v", e.Step, e.Temporary(), e)
	}
	if said := s.said(); strings.Contains(said, "AUTH PLAIN ") || strings.Contains(said, "MAIL FROM") || strings.Contains(said, "digest") {
		t.Errorf("said in clear:\n%s", said)
	}
}

func TestUntrustedCertificate(t *testing.T) {
	for mode, step := range map[string]string{mail.StartTLS: "STARTTLS", mail.ImplicitTLS: "TLS"} {
		s := serve(t, &server{}, mode)
		s.options.RootCAs = x509.NewCertPool()
		if e := dialError(t, s.options); e.Step != step || e.Temporary() || !strings.Contains(e.Error(), "certificate") {
			t.Errorf("%s: step %q: %v", mode, e.Step, e)
		}
	}
}

func TestCertificateOfAnotherHost(t *testing.T) {
	_, pool := certificate(t)
	s := serve(t, &server{}, mail.StartTLS)
	s.options.RootCAs = pool // a CA of the same name with another key
	if e := dialError(t, s.options); e.Step != "STARTTLS" {
		t.Errorf("step %q: %v", e.Step, e)
	}
}

func TestNobodyListens(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	l.Close()
	e := dialError(t, mail.Options{Host: "127.0.0.1", Port: l.Addr().(*net.TCPAddr).Port, TLS: mail.NoTLS})
	if e.Step != "dial" || !e.Temporary() {
		t.Errorf("step %q, temporary %v", e.Step, e.Temporary())
	}
}

func TestNewSMTPRefuses(t *testing.T) {
	for want, o := range map[string]mail.Options{
		"no host":            {},
		"on this machine":    {Host: "smtp.example.org", TLS: mail.NoTLS},
		"want starttls":      {Host: "smtp.example.org", TLS: "ssl"},
		"port 70000":         {Host: "smtp.example.org", Port: 70000},
		"a limit below zero": {Host: "smtp.example.org", PerConnection: -1},
	} {
		if _, err := mail.NewSMTP(o); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%+v: %v, want %q", o, err, want)
		}
	}
	for _, host := range []string{"localhost", "127.0.0.1", "127.1.2.3", "::1"} {
		if _, err := mail.NewSMTP(mail.Options{Host: host, TLS: mail.NoTLS}); err != nil {
			t.Error(err)
		}
	}
}

// S19: a connection carries so many messages and no more.
func TestPerConnection(t *testing.T) {
	for _, c := range []struct{ limit, mails, conns int }{{2, 5, 3}, {0, 21, 2}, {1, 2, 2}} {
		s := serve(t, &server{}, mail.NoTLS)
		s.options.PerConnection = c.limit
		x := open(t, s.options)
		for i := range c.mails {
			if err := x.Send(t.Context(), letterTo(t, int64(i), fmt.Sprintf("r%d@example.com", i))); err != nil {
				t.Fatal(err)
			}
		}
		if n := len(s.got()); n != c.mails || s.conns != c.conns {
			t.Errorf("limit %d: %d mails on %d connections, want %d on %d", c.limit, n, s.conns, c.mails, c.conns)
		}
	}
}

func TestSessionsInParallel(t *testing.T) {
	s := serve(t, &server{mech: map[string]func() sasl.Server{"PLAIN": plain}}, mail.StartTLS)
	s.options.Username, s.options.Password = user, password
	post, err := mail.NewSMTP(s.options)
	if err != nil {
		t.Fatal(err)
	}
	var letters [4][]*mail.Message
	for i := range 20 {
		letters[i%4] = append(letters[i%4], letterTo(t, int64(i), fmt.Sprintf("r%d@example.com", i)))
	}
	errs := make(chan error)
	for w := range letters {
		go func() { errs <- sendAll(t.Context(), post, letters[w]) }()
	}
	for range letters {
		if err := <-errs; err != nil {
			t.Error(err)
		}
	}
	if n := len(s.got()); n != 20 {
		t.Errorf("%d mails, want 20", n)
	}
}

func sendAll(ctx context.Context, post *mail.SMTP, letters []*mail.Message) error {
	x, err := post.Dial(ctx)
	if err != nil {
		return err
	}
	defer x.Close()
	for _, m := range letters {
		if err := x.Send(ctx, m); err != nil {
			return err
		}
	}
	return nil
}

// A greeting with a bare name makes many servers hang up (RFC 5321 §4.1.4).
func TestEHLO(t *testing.T) {
	for name, want := range map[string]string{"": "EHLO [127.0.0.1]", "post.example.org": "EHLO post.example.org"} {
		s := serve(t, &server{}, mail.StartTLS)
		s.options.HELO = name
		open(t, s.options)
		if said := s.said(); !strings.Contains(said, want) {
			t.Errorf("said %q, want %q", said, want)
		}
	}
}

func BenchmarkSend(b *testing.B) {
	s := serve(b, &server{onData: func(_ *gosmtp.Conn, r io.Reader) error {
		_, err := io.Copy(io.Discard, r)
		return err
	}}, mail.StartTLS)
	s.options.PerConnection = 100
	l := mail.Letter{Subject: "Standpoint 12", HTML: strings.Repeat("<p>Garantien</p>\n", 1000), Text: "Text\n"}
	m, err := mail.Compose(sender, l, mail.Recipient{ID: 1, Address: "a@example.com"}, 12, date)
	if err != nil {
		b.Fatal(err)
	}
	x := open(b, s.options)
	b.SetBytes(int64(m.Size()))
	for b.Loop() {
		if err := x.Send(b.Context(), m); err != nil {
			b.Fatal(err)
		}
	}
}
