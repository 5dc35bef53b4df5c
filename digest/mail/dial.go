package mail

import (
	"bufio"
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/textproto"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/wneessen/go-mail/smtp"
)

var (
	errStalled = errors.New("no answer in time")
	errGarbled = errors.New("the server does not speak SMTP")
	errNoTLS   = errors.New("the server offers no STARTTLS; nothing was sent. If it speaks TLS from the first byte, set tls: implicit")
	errNoAuth  = errors.New("the server offers no AUTH that we know (PLAIN, LOGIN, SCRAM-SHA-256, SCRAM-SHA-1, CRAM-MD5)")
	errNotHere = errors.New("tls: none, and the host is not on this machine")
)

// line is one connection. It is go-mail's SMTP client rather than its Client:
// that one hides the server's reply in a text and cannot tell a lost answer from
// a lost message, its context ends with the dial, and it says NOOP and RSET
// around every message.
//
// Its Text is there for extensions (go-mail says so), and transactions are
// spoken on it.
type line struct {
	raw    net.Conn // under TLS, too: closing it ends whatever waits
	client *smtp.Client
	out    *bufio.Writer // for content, over the client's own: a letter is written at once
	sent   int           // messages tried
	dead   bool          // nothing more may be said on it, not even QUIT

	pipelining bool // the server takes several commands at once (RFC 2920)
}

// dial connects, protects and logs in, all within one Timeout.
func (s *SMTP) dial(ctx context.Context) (*line, error) {
	ctx, cancel := context.WithTimeoutCause(ctx, s.o.Timeout, errStalled)
	defer cancel()
	raw, err := new(net.Dialer).DialContext(ctx, "tcp", s.addr())
	if err != nil {
		return nil, s.fault(ctx, "dial", err)
	}
	l := &line{raw: raw}
	step := ""
	err = l.within(ctx, s.o.Timeout, func() (err error) {
		step, err = s.open(ctx, l)
		return err
	})
	if err == nil && l.dead {
		err = cmp.Or(context.Cause(ctx), errStalled)
	}
	if err != nil {
		raw.Close()
		return nil, s.fault(ctx, step, err)
	}
	// What the server offers under TLS, and after log-in, is what counts.
	l.pipelining, _ = l.client.Extension("PIPELINING")
	l.out = bufio.NewWriterSize(l.client.Text.W, 48<<10)
	return l, nil
}

// open says all that comes before the first message, and names the step that
// failed. The caller closes the connection then.
func (s *SMTP) open(ctx context.Context, l *line) (step string, err error) {
	conn := l.raw
	switch s.o.TLS {
	case NoTLS:
		// A hosts file can make any name of localhost.
		if a, ok := conn.RemoteAddr().(*net.TCPAddr); !ok || !a.IP.IsLoopback() {
			return "dial", errNotHere
		}
	case ImplicitTLS:
		t := tls.Client(conn, s.tls)
		if err := t.HandshakeContext(ctx); err != nil {
			return "TLS", err
		}
		conn = t
	}
	if l.client, err = smtp.NewClient(conn, s.o.Host); err != nil {
		return "greeting", err
	}
	l.client.SkipSMTPUTF8(true) // all our headers and envelopes are ASCII
	if err := l.client.Hello(s.helo(conn)); err != nil {
		return "EHLO", err
	}
	if s.o.TLS == StartTLS {
		// RFC 3207 §4.1: a missing STARTTLS may be an attacker's work, so it ends
		// the session instead of the protection.
		if ok, _ := l.client.Extension("STARTTLS"); !ok {
			return "STARTTLS", errNoTLS
		}
		if err := l.client.StartTLS(s.tls); err != nil {
			return "STARTTLS", err
		}
	}
	if s.o.Username != "" {
		return "AUTH", s.logIn(l.client)
	}
	return "", nil
}

// logIn picks the mechanism. PLAIN comes first: the channel is verified TLS, or
// this machine, and many servers announce SCRAM and CRAM-MD5 for accounts whose
// passwords they can only check as PLAIN.
func (s *SMTP) logIn(c *smtp.Client) error {
	here := s.o.TLS == NoTLS // only NewSMTP's and open's loopback gets this far without TLS
	_, offer := c.Extension("AUTH")
	offered := strings.Fields(strings.ToUpper(offer))
	user, pass := s.o.Username, s.o.Password
	for _, m := range []struct {
		name string
		auth smtp.Auth
	}{
		{"PLAIN", smtp.PlainAuth("", user, pass, s.o.Host, here)}, // RFC 4616
		{"LOGIN", smtp.LoginAuth(user, pass, s.o.Host, here)},
		{"SCRAM-SHA-256", smtp.ScramSHA256Auth(user, pass)}, // RFC 7677
		{"SCRAM-SHA-1", smtp.ScramSHA1Auth(user, pass)},     // RFC 5802
		{"CRAM-MD5", smtp.CRAMMD5Auth(user, pass)},          // RFC 2195
	} {
		if slices.Contains(offered, m.name) {
			return c.Auth(m.auth)
		}
	}
	return errNoAuth
}

// helo is the name we give. A bare host name or "localhost" makes many servers
// hang up; an address literal is always true (RFC 5321 §4.1.4).
func (s *SMTP) helo(conn net.Conn) string {
	if s.o.HELO != "" {
		return s.o.HELO
	}
	host, _, err := net.SplitHostPort(conn.LocalAddr().String())
	if err != nil {
		return "localhost"
	}
	if strings.Contains(host, ":") {
		zoneless, _, _ := strings.Cut(host, "%")
		return "[IPv6:" + zoneless + "]"
	}
	return "[" + host + "]"
}

func (s *SMTP) addr() string {
	return net.JoinHostPort(s.o.Host, strconv.Itoa(s.o.Port))
}

// fault makes the SetupError of a step.
func (s *SMTP) fault(ctx context.Context, step string, err error) error {
	e := &SetupError{Where: "mail server " + s.addr(), Step: step}
	if e.Code, _, e.Reply = answer(err); e.Code == 0 {
		e.Err = because(ctx, err)
	}
	return e
}

// within runs f and closes the connection under it when the context or the limit
// ends first: no command of SMTP can be broken off in any other way.
func (l *line) within(ctx context.Context, limit time.Duration, f func() error) error {
	ctx, cancel := context.WithTimeoutCause(ctx, limit, errStalled)
	defer cancel()
	stop := context.AfterFunc(ctx, func() { l.raw.Close() })
	err := f()
	if !stop() {
		l.dead = true
	}
	if err == nil {
		return nil
	}
	return because(ctx, err)
}

// because says why we hung up, rather than that the connection was closed.
func because(ctx context.Context, err error) error {
	if _, ok := errors.AsType[textproto.ProtocolError](err); ok {
		return errGarbled // its text quotes the server, and the server may quote the reader
	}
	if cause := context.Cause(ctx); cause != nil && !errors.Is(err, cause) {
		if _, replied := errors.AsType[*textproto.Error](err); !replied {
			return fmt.Errorf("%w (%w)", cause, err)
		}
	}
	return err
}
