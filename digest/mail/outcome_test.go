package mail_test

import (
	"context"
	"errors"
	"io"
	"net"
	"net/textproto"
	"strings"
	"testing"

	gosmtp "github.com/emersion/go-smtp"

	"standpoint/digest/mail"
)

func sendError(t *testing.T, err error) *mail.SendError {
	t.Helper()
	e, ok := errors.AsType[*mail.SendError](err)
	if !ok {
		t.Fatalf("Send gave %v, want a SendError", err)
	}
	return e
}

// A refusal at any stage is the one reader's, and the next reader gets the mail
// on the same connection.
func TestReplies(t *testing.T) {
	reply := func(code int, enh ...int) *gosmtp.SMTPError {
		return &gosmtp.SMTPError{Code: code, EnhancedCode: gosmtp.EnhancedCode(enh), Message: "no, <Bad@example.com>,\r\nnot\tnow"}
	}
	for name, c := range map[string]refusal{
		"sender later":     {"MAIL", reply(451, 4, 7, 1), mail.Deferred, false},
		"sender never":     {"MAIL", reply(553, 5, 1, 8), mail.Refused, true},
		"reader later":     {"RCPT", reply(450, 4, 2, 1), mail.Deferred, false},
		"mailbox full":     {"RCPT", reply(452, 4, 2, 2), mail.Deferred, false},
		"reader never":     {"RCPT", reply(550, 5, 1, 1), mail.Refused, false},
		"no right to send": {"RCPT", reply(550, 5, 7, 1), mail.Refused, true},
		"log in first":     {"RCPT", reply(530, 5, 5, 1), mail.Refused, true},
		"content later":    {"end of data", reply(451, 4, 3, 0), mail.Deferred, false},
		"content never":    {"end of data", reply(554, 5, 6, 0), mail.Refused, false},
		"unsigned":         {"end of data", reply(550, 5, 7, 26), mail.Refused, true},
	} {
		t.Run(name, func(t *testing.T) { testReply(t, c) })
	}
}

type refusal struct {
	stage   string
	err     *gosmtp.SMTPError
	outcome mail.Outcome
	policy  bool
}

func testReply(t *testing.T, c refusal) {
	first := true
	s := &server{}
	no := func(stage string) error {
		if stage == c.stage && first {
			first = false
			return c.err
		}
		return nil
	}
	s.onMail = func(*gosmtp.Conn, string) error { return no("MAIL") }
	s.onRcpt = func(*gosmtp.Conn, string) error { return no("RCPT") }
	accepted := 0
	s.onData = func(_ *gosmtp.Conn, r io.Reader) error {
		_, _ = io.Copy(io.Discard, r)
		err := no("end of data")
		if err == nil {
			accepted++
		}
		return err
	}
	x := open(t, serve(t, s, mail.NoTLS).options)
	e := sendError(t, x.Send(t.Context(), letterTo(t, 1, "bad@example.com")))
	if e.Outcome != c.outcome || e.Stage != c.stage || e.Code != c.err.Code || e.Policy() != c.policy {
		t.Errorf("outcome %s at %s, code %d, policy %v; want %s at %s, %d, %v", e.Outcome, e.Stage, e.Code, e.Policy(), c.outcome, c.stage, c.err.Code, c.policy)
	}
	if strings.Contains(strings.ToLower(e.Error()), "bad@example") || !strings.Contains(e.Reply, "no, <[reader]>, not now") {
		t.Errorf("the server's words: %q", e.Error())
	}
	if !strings.HasPrefix(e.Reply, e.Enhanced) || e.Enhanced == "" {
		t.Errorf("enhanced code %q of %q", e.Enhanced, e.Reply)
	}
	if err := x.Send(t.Context(), letterTo(t, 2, "good@example.com")); err != nil {
		t.Errorf("the next reader: %v", err)
	}
	// RFC 5321 §4.1.1.2: a second MAIL needs the refused transaction closed.
	if got := strings.Contains(s.said(), "RSET"); got != (c.stage == "RCPT") {
		t.Errorf("RSET said: %v", got)
	}
	if accepted != 1 || s.conns != 1 {
		t.Errorf("%d accepted on %d connections, want 1 on 1", accepted, s.conns)
	}
}

// greet plays a server up to and including the answer to the last of verbs.
func greet(c *textproto.Conn, verbs ...string) bool {
	_ = c.PrintfLine("220 here")
	for _, verb := range verbs {
		line, err := c.ReadLine()
		if err != nil || !strings.HasPrefix(strings.ToUpper(line), verb) {
			return false
		}
		switch verb {
		case "DATA":
			_ = c.PrintfLine("354 go on")
		default:
			_ = c.PrintfLine("250 fine")
		}
	}
	return true
}

// A lost connection is judged by what can have been sent, and by nothing else.
func TestLostConnection(t *testing.T) {
	for name, c := range map[string]struct {
		play    func(net.Conn, *textproto.Conn)
		outcome mail.Outcome
		stage   string
	}{
		"at MAIL": {func(_ net.Conn, p *textproto.Conn) {
			greet(p, "EHLO")
			_, _ = p.ReadLine()
		}, mail.Deferred, "MAIL"},
		"at RCPT": {func(_ net.Conn, p *textproto.Conn) {
			greet(p, "EHLO", "MAIL")
			_, _ = p.ReadLine()
		}, mail.Deferred, "RCPT"},
		"before the answer to DATA": {func(_ net.Conn, p *textproto.Conn) {
			greet(p, "EHLO", "MAIL", "RCPT")
			_, _ = p.ReadLine()
		}, mail.Deferred, "DATA"},
		"in the content": {func(_ net.Conn, p *textproto.Conn) {
			greet(p, "EHLO", "MAIL", "RCPT", "DATA")
			_, _ = p.ReadLine()
		}, mail.Deferred, "content"},
		"after the final dot": {func(_ net.Conn, p *textproto.Conn) {
			greet(p, "EHLO", "MAIL", "RCPT", "DATA")
			_, _ = io.Copy(io.Discard, p.DotReader())
		}, mail.Unknown, "end of data"},
		"nonsense after the final dot": {func(_ net.Conn, p *textproto.Conn) {
			greet(p, "EHLO", "MAIL", "RCPT", "DATA")
			_, _ = io.Copy(io.Discard, p.DotReader())
			_ = p.PrintfLine("OK big@example.com")
		}, mail.Unknown, "end of data"},
		"closing at RCPT": {func(_ net.Conn, p *textproto.Conn) {
			greet(p, "EHLO", "MAIL")
			_, _ = p.ReadLine()
			_ = p.PrintfLine("421 4.3.2 going down")
		}, mail.Deferred, "RCPT"},
		"closing after the dot": {func(_ net.Conn, p *textproto.Conn) {
			greet(p, "EHLO", "MAIL", "RCPT", "DATA")
			_, _ = io.Copy(io.Discard, p.DotReader())
			_ = p.PrintfLine("421 4.3.2 going down")
		}, mail.Deferred, "end of data"},
	} {
		t.Run(name, func(t *testing.T) {
			x := open(t, script(t, c.play))
			m := letterTo(t, 1, "big@example.com")
			if c.stage == "content" {
				m = bulky(t)
			}
			e := sendError(t, x.Send(t.Context(), m))
			if e.Outcome != c.outcome || e.Stage != c.stage {
				t.Errorf("%s at %s, want %s at %s: %v", e.Outcome, e.Stage, c.outcome, c.stage, e)
			}
			if strings.Contains(e.Error(), "big@example") {
				t.Errorf("error tells the address: %v", e)
			}
		})
	}
}

// bulky is a letter that no socket buffer swallows whole.
func bulky(t *testing.T) *mail.Message {
	l := mail.Letter{Subject: "big", HTML: strings.Repeat("<p>more and more</p>\n", 1<<19), Text: "t"}
	m, err := mail.Compose(sender, l, mail.Recipient{ID: 1, Address: "big@example.com"}, 12, date)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// After the answer nothing can take it back: not a closed connection, not a
// server that has no RSET. The next message finds a new connection by itself.
func TestLostAfterTheAnswer(t *testing.T) {
	o := script(t, func(_ net.Conn, p *textproto.Conn) {
		if !greet(p, "EHLO", "MAIL", "RCPT", "DATA") {
			return
		}
		_, _ = io.Copy(io.Discard, p.DotReader())
		_ = p.PrintfLine("250 2.0.0 stored")
	})
	x := open(t, o)
	for id := range int64(3) {
		if err := x.Send(t.Context(), letterTo(t, id, "a@example.com")); err != nil {
			t.Errorf("message %d: %v", id, err)
		}
	}
}

// Half a letter must not be stored because we said goodbye.
func TestNoFinalDotAfterAFault(t *testing.T) {
	ended := make(chan bool, 1)
	ctx, cancel := context.WithCancel(t.Context())
	o := script(t, func(_ net.Conn, p *textproto.Conn) {
		greet(p, "EHLO", "MAIL", "RCPT", "DATA")
		_, _ = p.ReadLine()
		cancel()
		_, err := io.Copy(io.Discard, p.DotReader())
		ended <- err == nil
	})
	x := open(t, o)
	e := sendError(t, x.Send(ctx, bulky(t)))
	if e.Outcome != mail.Deferred || !errors.Is(e, context.Canceled) {
		t.Errorf("%v", e)
	}
	x.Close()
	if <-ended {
		t.Error("the server took half a letter for a whole one")
	}
}

func TestEndedContextSendsNothing(t *testing.T) {
	s := serve(t, &server{}, mail.NoTLS)
	x := open(t, s.options)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	e := sendError(t, x.Send(ctx, letterTo(t, 1, "a@example.com")))
	if e.Outcome != mail.Deferred || len(s.got()) != 0 {
		t.Errorf("%v; server has %d mails", e, len(s.got()))
	}
}

func TestNotAMailServer(t *testing.T) {
	o := script(t, func(_ net.Conn, p *textproto.Conn) { _ = p.PrintfLine("HTTP/1.1 400 Bad Request") })
	if e := dialError(t, o); e.Step != "greeting" || !strings.Contains(e.Error(), "does not speak SMTP") {
		t.Errorf("%v", e)
	}
}

func TestBusyServer(t *testing.T) {
	o := script(t, func(_ net.Conn, p *textproto.Conn) { _ = p.PrintfLine("421 4.3.2 too many connections") })
	if e := dialError(t, o); e.Code != 421 || !e.Temporary() {
		t.Errorf("code %d, temporary %v: %v", e.Code, e.Temporary(), e)
	}
}
