package main

import (
	"bytes"
	"io"
	"net"
	"net/mail"
	"os"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/emersion/go-smtp"
)

// letter is a message as the server took it over.
type letter struct{ to, id string }

// sink is a real SMTP server on loopback that keeps what it takes.
type sink struct {
	mu      sync.Mutex
	server  *smtp.Server
	open    net.Listener
	bound   *os.File // the reserved port
	port    int
	letters []letter
	refuse  string // addresses with this text are refused
	code    int
	onDot   func(n int)
}

func newSink() *sink { return &sink{} }

// reserve takes a port without listening on it: whoever connects is refused, and
// nobody else can have it.
func (s *sink) reserve() error {
	fd, err := syscall.Socket(syscall.AF_INET, syscall.SOCK_STREAM, 0)
	if err != nil {
		return err
	}
	s.bound = os.NewFile(uintptr(fd), "reserved port")
	if err := syscall.Bind(fd, &syscall.SockaddrInet4{Addr: [4]byte{127, 0, 0, 1}}); err != nil {
		return err
	}
	name, err := syscall.Getsockname(fd)
	if err != nil {
		return err
	}
	s.port = name.(*syscall.SockaddrInet4).Port
	return nil
}

// listen listens on the reserved port, or on any.
func (s *sink) listen() (net.Listener, error) {
	if s.bound == nil {
		return net.Listen("tcp", "127.0.0.1:0")
	}
	defer s.bound.Close()
	if err := syscall.Listen(int(s.bound.Fd()), syscall.SOMAXCONN); err != nil {
		return nil, err
	}
	return net.FileListener(s.bound)
}

// start takes mail from now on.
func (s *sink) start() error {
	listener, err := s.listen()
	if err != nil {
		return err
	}
	s.port = listener.Addr().(*net.TCPAddr).Port
	server := smtp.NewServer(smtp.BackendFunc(func(*smtp.Conn) (smtp.Session, error) { return &session{sink: s}, nil }))
	server.Domain, server.ReadTimeout, server.WriteTimeout = "127.0.0.1", time.Minute, time.Minute
	server.ErrorLog = silent{}
	s.server, s.open = server, listener
	go server.Serve(listener)
	return nil
}

func (s *sink) stop() {
	if s.server != nil {
		s.open.Close() // the server may not have come to know it yet
		s.server.Close()
	}
}

func (s *sink) answer(text string, code int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.refuse, s.code = text, code
}

// hook sets what happens before the final dot of a letter is answered; it gets
// the number of letters since the last take.
func (s *sink) hook(f func(n int)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.onDot = f
}

// take returns the letters and forgets them.
func (s *sink) take() []letter {
	s.mu.Lock()
	defer s.mu.Unlock()
	got := s.letters
	s.letters = nil
	return got
}

type session struct {
	sink *sink
	to   string
}

func (x *session) Reset()                               {}
func (x *session) Logout() error                        { return nil }
func (x *session) Mail(string, *smtp.MailOptions) error { return nil }
func (x *session) Rcpt(to string, _ *smtp.RcptOptions) error {
	x.sink.mu.Lock()
	defer x.sink.mu.Unlock()
	if x.sink.code != 0 && strings.Contains(to, x.sink.refuse) {
		return &smtp.SMTPError{Code: x.sink.code, EnhancedCode: smtp.EnhancedCode{x.sink.code / 100, 1, 1}, Message: "no such box"}
	}
	x.to = to
	return nil
}

func (x *session) Data(r io.Reader) error {
	data, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	m, err := mail.ReadMessage(bytes.NewReader(data))
	if err != nil {
		return err
	}
	s := x.sink
	s.mu.Lock()
	s.letters = append(s.letters, letter{to: x.to, id: m.Header.Get("Message-Id")})
	n, hook := len(s.letters), s.onDot
	s.mu.Unlock()
	if hook != nil {
		hook(n)
	}
	return nil
}

type silent struct{}

func (silent) Printf(string, ...any) {}
func (silent) Println(...any)        {}

// lines collects what a child process writes, and lets tests wait for a text.
type lines struct {
	mu   sync.Mutex
	text bytes.Buffer
	more chan struct{}
}

func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	select {
	case l.more <- struct{}{}:
	default:
	}
	return l.text.Write(p)
}

func (l *lines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

// wait blocks until the text was written so many times.
func (l *lines) wait(t *testing.T, text string, times int) {
	t.Helper()
	limit := time.After(20 * time.Second)
	for strings.Count(l.String(), text) < times {
		select {
		case <-l.more:
		case <-limit:
			t.Fatalf("%q was not written %d times:\n%s", text, times, l)
		}
	}
}
