package main

import (
	"bytes"
	"fmt"
	"io"
	"maps"
	"net"
	"net/mail"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-smtp"
)

// faulty is a mail server on loopback that fails as real ones do. What it does
// to a reader follows from his number, so that a run of it can be told again;
// all but "gone" happens once an edition.
type faulty struct {
	port int

	mu      sync.Mutex
	copies  map[string]map[string]int // letters taken, by reader and Message-ID
	asked   map[string]int            // RCPT commands, by reader
	met     map[string]bool           // readers whose fault has been this edition
	silent  map[string]int            // letters that it did not answer to, by reader
	trap    string                    // the stage to stop at
	after   int                       // and how many times to pass it before
	sprung  chan struct{}             // closed there
	release chan struct{}             // ends the stop
}

// The stages of a hand-over at which the server can be stopped.
const (
	atMail   = "mail"         // the answer to the letter before is out
	atRcpt   = "rcpt"         // nothing is on the way yet
	atData   = "data"         // the letter was read, not taken
	atAnswer = "before reply" // taken, and the client does not know
)

// faultOf says what befalls a reader. Each fault is two readers of a hundred's;
// the stalls, which cost a time-out each, are one's in 2,500.
func faultOf(reader int) string {
	switch reader % 2500 {
	case 1201:
		return "stalls at RCPT"
	case 2401:
		return "stalls before the reply"
	}
	return map[int]string{
		3: "gone", 7: "later at RCPT", 11: "later at the end", 13: "hangs up at RCPT", 17: "hangs up in the letter",
		19: "hangs up untaken", 23: "hangs up before the reply", 29: "hangs up after the reply",
	}[reader%50]
}

func gone(reader int) bool { return faultOf(reader) == "gone" }

func newFaulty(t *testing.T) *faulty {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	check(t, err)
	s := &faulty{port: listener.Addr().(*net.TCPAddr).Port, asked: map[string]int{}, release: make(chan struct{})}
	s.begin()
	server := smtp.NewServer(smtp.BackendFunc(func(c *smtp.Conn) (smtp.Session, error) { return &faultySession{faulty: s, conn: c}, nil }))
	server.Domain, server.ReadTimeout, server.WriteTimeout, server.ErrorLog = "127.0.0.1", time.Minute, time.Minute, silent{}
	go server.Serve(listener)
	t.Cleanup(func() { s.free(); listener.Close(); server.Close() })
	return s
}

// begin starts the count of an edition.
func (s *faulty) begin() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.copies, s.met, s.silent, s.asked = map[string]map[string]int{}, map[string]bool{}, map[string]int{}, map[string]int{}
}

// stopAt lets the server stop dead when it comes to a stage again, after so many
// times; the channel is closed then. It goes on when free is called.
func (s *faulty) stopAt(stage string, after int) <-chan struct{} {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.trap, s.after, s.sprung = stage, after, make(chan struct{})
	return s.sprung
}

func (s *faulty) free() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.trap = ""
	close(s.release)
	s.release = make(chan struct{})
}

// pass is called at each stage of each hand-over.
func (s *faulty) pass(stage string) {
	s.mu.Lock()
	release, stop := s.release, false
	if s.trap == stage {
		if s.after--; s.after < 0 {
			s.trap, stop = "", true
			close(s.sprung)
		}
	}
	s.mu.Unlock()
	if stop {
		<-release
	}
}

// taken are the copies by reader and Message-ID, and how often the server left a
// letter without an answer and was asked for a reader, by reader.
func (s *faulty) taken() (copies map[string]map[string]int, unanswered, asked map[string]int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return maps.Clone(s.copies), maps.Clone(s.silent), maps.Clone(s.asked)
}

type faultySession struct {
	*faulty
	conn  *smtp.Conn
	to    string
	fault string
	bye   bool // hang up before the next letter
}

func (x *faultySession) Reset()        {}
func (x *faultySession) Logout() error { return nil }

func (x *faultySession) hangUp() error {
	x.conn.Conn().Close()
	return errHungUp
}

var errHungUp = &smtp.SMTPError{Code: 421, EnhancedCode: smtp.EnhancedCode{4, 0, 0}, Message: "nobody hears this"}

func (x *faultySession) Mail(string, *smtp.MailOptions) error {
	x.pass(atMail)
	if x.bye {
		return x.hangUp()
	}
	return nil
}

func (x *faultySession) Rcpt(to string, _ *smtp.RcptOptions) error {
	x.pass(atRcpt)
	local, _, _ := strings.Cut(strings.TrimPrefix(to, "reader"), "@")
	reader, err := strconv.Atoi(local)
	if err != nil {
		return fmt.Errorf("%s is no reader", to)
	}
	x.to, x.fault = to, faultOf(reader)
	x.mu.Lock()
	if x.asked[to]++; x.met[to] && x.fault != "gone" {
		x.fault = ""
	}
	x.met[to] = true
	x.mu.Unlock()
	switch x.fault {
	case "gone":
		return &smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 1, 1}, Message: "no such mailbox here"}
	case "later at RCPT":
		return &smtp.SMTPError{Code: 451, EnhancedCode: smtp.EnhancedCode{4, 7, 1}, Message: "greylisted, come back"}
	case "hangs up at RCPT":
		return x.hangUp()
	case "stalls at RCPT":
		x.stall()
	}
	return nil
}

func (x *faultySession) Data(r io.Reader) error {
	if strings.HasPrefix(x.fault, "hangs up in") || x.fault == "hangs up untaken" || strings.HasSuffix(x.fault, "before the reply") {
		x.mu.Lock()
		x.silent[x.to]++
		x.mu.Unlock()
	}
	if x.fault == "hangs up in the letter" {
		return x.hangUp()
	}
	data, err := io.ReadAll(r)
	if err != nil {
		return err // a client that was killed: half a letter is none
	}
	m, err := mail.ReadMessage(bytes.NewReader(data))
	if err != nil {
		return err
	}
	x.pass(atData)
	switch x.fault {
	case "later at the end":
		return &smtp.SMTPError{Code: 452, EnhancedCode: smtp.EnhancedCode{4, 3, 1}, Message: "no room just now"}
	case "hangs up untaken":
		return x.hangUp()
	}
	x.mu.Lock()
	if x.copies[x.to] == nil {
		x.copies[x.to] = map[string]int{}
	}
	x.copies[x.to][m.Header.Get("Message-Id")]++
	x.mu.Unlock()
	x.pass(atAnswer)
	switch x.fault {
	case "hangs up before the reply":
		return x.hangUp()
	case "hangs up after the reply":
		x.bye = true
	case "stalls before the reply":
		x.stall()
	}
	return nil
}

// stall says nothing until the client has gone.
func (x *faultySession) stall() {
	_, _ = io.Copy(io.Discard, x.conn.Conn())
}
