package mail_test

import (
	"context"
	"errors"
	"io"
	"net"
	"net/textproto"
	"strings"
	"testing"
	"time"

	"standpoint/digest/mail"
)

// silence plays a server that stops answering after the verbs.
func silence(ready chan<- struct{}, verbs ...string) func(net.Conn, *textproto.Conn) {
	return func(_ net.Conn, p *textproto.Conn) {
		if verbs != nil {
			greet(p, verbs...)
		}
		if len(verbs) > 0 && verbs[len(verbs)-1] == "DATA" {
			_, _ = io.Copy(io.Discard, p.DotReader())
		}
		select {
		case ready <- struct{}{}:
		default:
		}
		_, _ = io.Copy(io.Discard, p.R)
	}
}

// Time-outs and the context end a hand-over at any point, and soon.
func TestSilence(t *testing.T) {
	for _, c := range []struct {
		verbs   []string // nil: never greets
		outcome mail.Outcome
	}{
		{nil, mail.Deferred},
		{[]string{"EHLO"}, mail.Deferred},
		{[]string{"EHLO", "MAIL", "RCPT"}, mail.Deferred},
		{[]string{"EHLO", "MAIL", "RCPT", "DATA"}, mail.Unknown},
	} {
		for _, by := range []string{"time-out", "cancel"} {
			t.Run(by+" after "+strings.Join(c.verbs, " "), func(t *testing.T) {
				ready := make(chan struct{}, 1)
				o := script(t, silence(ready, c.verbs...))
				ctx, cancel := context.WithCancel(t.Context())
				defer cancel()
				if by == "time-out" {
					o.Timeout, o.FinalTimeout = 50*time.Millisecond, 50*time.Millisecond
				} else {
					go func() { <-ready; cancel() }()
				}
				start := time.Now()
				err := dialAndSend(ctx, o, letterTo(t, 1, "a@example.com"))
				if mail.OutcomeOf(err) != c.outcome {
					t.Errorf("%s, want %s: %v", mail.OutcomeOf(err), c.outcome, err)
				}
				if by == "cancel" != errors.Is(err, context.Canceled) {
					t.Errorf("error %v", err)
				}
				if by == "time-out" && !strings.Contains(err.Error(), "no answer in time") {
					t.Errorf("error %v", err)
				}
				// Close waits two seconds for an answer to QUIT, where the end came between
				// two steps.
				if took := time.Since(start); took > 3*time.Second {
					t.Errorf("it took %v", took)
				}
			})
		}
	}
}

func dialAndSend(ctx context.Context, o mail.Options, m *mail.Message) error {
	s, err := mail.NewSMTP(o)
	if err != nil {
		return err
	}
	x, err := s.Dial(ctx)
	if err != nil {
		return err
	}
	defer x.Close()
	return x.Send(ctx, m)
}
