package mail_test

import (
	"io"
	"net"
	"net/textproto"
	"strings"
	"testing"

	"standpoint/digest/mail"
)

// scene plays a server that offers PIPELINING. It reads the whole envelope before
// it answers any of it, then gives the answers in turn.
func scene(t *testing.T, empty chan<- string, mailings ...[3]string) mail.Options {
	return script(t, func(_ net.Conn, p *textproto.Conn) {
		_ = p.PrintfLine("220 here")
		_, _ = p.ReadLine()
		_ = p.PrintfLine("250-here\r\n250 PIPELINING")
		for _, answers := range mailings {
			for _, verb := range []string{"MAIL", "RCPT", "DATA"} {
				if line, err := p.ReadLine(); err != nil || !strings.HasPrefix(line, verb) {
					t.Errorf("said %q, %v; want %s at once", line, err, verb)
					return
				}
			}
			for _, answer := range answers {
				_ = p.PrintfLine("%s", answer)
			}
			if strings.HasPrefix(answers[2], "354") {
				text, err := io.ReadAll(p.DotReader())
				if err != nil {
					return
				}
				if strings.HasPrefix(answers[1], "250") {
					_ = p.PrintfLine("250 taken")
				} else {
					empty <- string(text)
					_ = p.PrintfLine("554 no valid recipients")
				}
			}
			if !strings.HasPrefix(answers[0]+answers[1], "250 fine250") && strings.HasPrefix(answers[0], "250") {
				if line, _ := p.ReadLine(); line != "RSET" {
					t.Errorf("said %q, want RSET", line)
				}
				_ = p.PrintfLine("250 fine")
			}
		}
		_, _ = p.ReadLine() // QUIT
		_ = p.PrintfLine("221 bye")
	})
}

// A refusal in the middle of a pipelined envelope harms nobody but the reader,
// whatever the server says to DATA.
func TestPipelinedRefusals(t *testing.T) {
	empty := make(chan string, 1)
	good := [3]string{"250 fine", "250 fine", "354 go on"}
	x := open(t, scene(
		t, empty, good,
		[3]string{"250 fine", "550 5.1.1 nobody", "354 go on"}, good,
		[3]string{"250 fine", "451 4.7.1 later", "503 no reader"}, good,
		[3]string{"550 5.7.1 not you", "503 no sender", "503 no reader"}, good,
	))
	for i, want := range []mail.Outcome{
		mail.Accepted, mail.Refused, mail.Accepted, mail.Deferred, mail.Accepted, mail.Refused, mail.Accepted,
	} {
		if err := x.Send(t.Context(), letterTo(t, int64(i), "a@example.com")); mail.OutcomeOf(err) != want {
			t.Errorf("letter %d: %v, want %s", i, err, want)
		}
	}
	if text := <-empty; text != "" {
		t.Errorf("a letter without a reader was not empty: %q", text)
	}
}

// What the server stores is the message, whatever its lines begin or end with.
func TestDotsArriveAsTheyAre(t *testing.T) {
	s := serve(t, &server{}, mail.NoTLS)
	x := open(t, s.options)
	l := mail.Letter{Subject: "Dots", HTML: "<p>.</p>\n.\n..\n", Text: ".\n.a\n\n..\nb.\n.\n"}
	m, err := mail.Compose(sender, l, mail.Recipient{ID: 1, Address: "a@example.com"}, 12, date)
	if err != nil {
		t.Fatal(err)
	}
	if err := x.Send(t.Context(), m); err != nil {
		t.Fatal(err)
	}
	if got := s.got(); len(got) != 1 || string(got[0].data) != string(m.Bytes()) {
		t.Errorf("stored %q, want %q", got, m.Bytes())
	}
	if !strings.Contains(s.said(), "\r\n..\r\n") {
		t.Error("no dot was doubled: the test tests nothing")
	}
}

func TestWhoseFault(t *testing.T) {
	for _, c := range []struct {
		e                        mail.SendError
		policy, address, greylit bool
	}{
		{e: mail.SendError{Outcome: mail.Refused, Stage: "RCPT", Code: 550, Enhanced: "5.1.1"}, address: true},
		{e: mail.SendError{Outcome: mail.Refused, Stage: "RCPT", Code: 556, Enhanced: "5.1.10"}, address: true},
		{e: mail.SendError{Outcome: mail.Refused, Stage: "end of data", Code: 550, Enhanced: "5.1.1"}, address: true},
		{e: mail.SendError{Outcome: mail.Refused, Stage: "RCPT", Code: 550, Enhanced: "5.2.1"}, address: true},
		{e: mail.SendError{Outcome: mail.Refused, Stage: "RCPT", Code: 550}, address: true},
		{e: mail.SendError{Outcome: mail.Refused, Stage: "RCPT", Code: 550, Reply: "Unknown user"}, address: true},
		{e: mail.SendError{Outcome: mail.Refused, Stage: "RCPT", Code: 550, Reply: "Relay not permitted"}, policy: true},
		{e: mail.SendError{Outcome: mail.Refused, Stage: "RCPT", Code: 550, Reply: "rejected: 192.0.2.1 is in a Black list"}},
		{e: mail.SendError{Outcome: mail.Refused, Stage: "end of data", Code: 550}},
		{e: mail.SendError{Outcome: mail.Refused, Stage: "RCPT", Code: 554}},
		{e: mail.SendError{Outcome: mail.Refused, Stage: "RCPT", Code: 552, Enhanced: "5.2.2"}},
		{e: mail.SendError{Outcome: mail.Refused, Stage: "RCPT", Code: 550, Enhanced: "5.1.8"}, policy: true},
		{e: mail.SendError{Outcome: mail.Refused, Stage: "RCPT", Code: 550, Enhanced: "5.7.1"}, policy: true},
		{e: mail.SendError{Outcome: mail.Refused, Stage: "MAIL", Code: 550, Enhanced: "5.1.1"}, policy: true},
		{e: mail.SendError{Outcome: mail.Refused, Stage: "RCPT", Code: 530}, policy: true},
		{e: mail.SendError{Outcome: mail.Deferred, Stage: "RCPT", Code: 451, Enhanced: "4.7.1"}, greylit: true},
		{e: mail.SendError{Outcome: mail.Deferred, Stage: "RCPT", Code: 421}},
		{e: mail.SendError{Outcome: mail.Deferred, Stage: "RCPT"}},
		{e: mail.SendError{Outcome: mail.Deferred, Stage: "end of data", Code: 452}},
		{e: mail.SendError{Outcome: mail.Unknown, Stage: "end of data"}},
	} {
		if c.e.Policy() != c.policy || c.e.BadAddress() != c.address || c.e.OfReader() != c.greylit {
			t.Errorf("%v: policy %v, bad address %v, of the reader %v", &c.e, c.e.Policy(), c.e.BadAddress(), c.e.OfReader())
		}
	}
}
