package mail

import (
	"cmp"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"time"
)

// The ways to protect the connection (S7).
const (
	StartTLS    = "starttls" // RFC 3207, mandatory and verified: a server without it is refused
	ImplicitTLS = "implicit" // RFC 8314 §3.3
	NoTLS       = "none"     // to this very machine only
)

// Options say how to reach the mail server. The zero value of all but Host means
// the default.
type Options struct {
	Host string
	Port int    // 587 with starttls, 465 with implicit, 25 with none
	TLS  string // StartTLS when empty

	Username string // empty: no AUTH
	Password string

	PerConnection int           // messages on one connection; 20 (S19)
	Timeout       time.Duration // for the set-up, for each command and for the content; 1 minute
	FinalTimeout  time.Duration // for the answer to the final dot; 10 × Timeout. RFC 5321 §4.5.3.2.6 asks for 10 minutes: who gives up early mails twice
	HELO          string        // name in EHLO; our address as a literal when empty (RFC 5321 §4.1.3)

	RootCAs *x509.CertPool // nil: the system's
}

// SMTP hands messages to one mail server. It never changes and may be used from
// many goroutines, each with a Session of its own.
type SMTP struct {
	o   Options
	tls *tls.Config // nil with NoTLS
}

// NewSMTP checks the options. It does not connect.
func NewSMTP(o Options) (*SMTP, error) {
	if o.Host == "" {
		return nil, errors.New("mail server: no host")
	}
	if o.TLS == "" {
		o.TLS = StartTLS
	}
	port, ok := map[string]int{StartTLS: 587, ImplicitTLS: 465, NoTLS: 25}[o.TLS]
	switch {
	case !ok:
		return nil, fmt.Errorf("mail server %s: tls is %q, want starttls, implicit or none", o.Host, o.TLS)
	case o.TLS == NoTLS && !loopback(o.Host):
		return nil, fmt.Errorf("mail server %s: tls: none is for a server on this machine only; use starttls or implicit", o.Host)
	case o.Port < 0 || o.Port > 65535:
		return nil, fmt.Errorf("mail server %s: port %d does not exist", o.Host, o.Port)
	case o.PerConnection < 0 || o.Timeout < 0 || o.FinalTimeout < 0:
		return nil, fmt.Errorf("mail server %s: a limit below zero", o.Host)
	}
	o.Port = cmp.Or(o.Port, port)
	o.PerConnection = cmp.Or(o.PerConnection, 20)
	o.Timeout = cmp.Or(o.Timeout, time.Minute)
	o.FinalTimeout = cmp.Or(o.FinalTimeout, 10*o.Timeout)
	s := &SMTP{o: o}
	if o.TLS != NoTLS {
		s.tls = &tls.Config{ServerName: o.Host, RootCAs: o.RootCAs, MinVersion: tls.VersionTLS12} // RFC 8996
	}
	return s, nil
}

// Dial opens a session: connected, protected and logged in, or a SetupError.
func (s *SMTP) Dial(ctx context.Context) (*Session, error) {
	l, err := s.dial(ctx)
	if err != nil {
		return nil, err
	}
	return &Session{smtp: s, line: l}, nil
}

// loopback reports a host that cannot be another machine. Dialling checks once
// more where a name really led.
func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}
