package mail

import (
	"cmp"
	"context"
	"regexp"
	"time"
)

// The stages of a hand-over, as SendError names them.
const (
	stageMail    = "MAIL"
	stageRcpt    = "RCPT"
	stageData    = "DATA"
	stageContent = "content"
	stageEnd     = "end of data"
)

// Session is a connection to the mail server that is kept from message to
// message and renewed by itself. It is for one goroutine.
type Session struct {
	smtp *SMTP
	line *line // nil between two connections
}

// Send hands one message over to the server: nil means accepted, a *SendError
// says what became of it otherwise, and a *SetupError that a new connection was
// needed and cannot be had. It returns soon after the context ends; what was on
// the wire then is Deferred before the final dot and Unknown after it.
func (x *Session) Send(ctx context.Context, m *Message) error {
	if ctx.Err() != nil {
		return &SendError{Outcome: Deferred, Stage: stageMail, Err: context.Cause(ctx)}
	}
	if x.line != nil && x.line.sent >= x.smtp.o.PerConnection {
		x.hangUp(ctx)
	}
	kept := x.line != nil
	for {
		if x.line == nil {
			l, err := x.smtp.dial(ctx)
			if err != nil {
				return err
			}
			x.line = l
		}
		e := x.line.send(ctx, m, x.smtp.o)
		if x.line.dead {
			x.hangUp(ctx)
		}
		if e == nil {
			return nil
		}
		// A server may end a connection that was idle for long (RFC 5321 §3.8);
		// at MAIL nothing has been handed over yet, so a fresh one may try.
		idle := kept && e.Stage == stageMail && (e.Code == 0 || e.Code == 421)
		if !idle || ctx.Err() != nil {
			return e
		}
		x.hangUp(ctx)
		kept = false
	}
}

// Close ends the session politely, within two seconds. There is nothing left
// to fail: every message has had its answer.
func (x *Session) Close() error {
	x.hangUp(context.Background())
	return nil
}

// hangUp says QUIT on a connection where that is safe. On any other it must not:
// in the middle of DATA it would end the message, and the server would take half
// a letter for a whole one.
func (x *Session) hangUp(ctx context.Context) {
	l := x.line
	x.line = nil
	if l == nil {
		return
	}
	if !l.dead {
		_ = l.within(ctx, min(x.smtp.o.Timeout, 2*time.Second), l.client.Quit)
	}
	l.raw.Close()
}

// send runs one mail transaction (RFC 5321 §3.3). One message has one recipient,
// so that no refusal harms another reader.
func (l *line) send(ctx context.Context, m *Message, o Options) *SendError {
	l.sent++
	say := envelope(m)
	for i, step := range []struct {
		stage string
		limit time.Duration
		do    func() error
	}{
		{stageMail, o.Timeout, func() error { return l.ask(say, 0, 250) }},
		{stageRcpt, o.Timeout, func() error { return l.ask(say, 1, 25) }},
		{stageData, o.Timeout, func() error { return l.ask(say, 2, 354) }},
		{stageContent, o.Timeout, func() error { return l.content(m) }},
		// Only this writes the final dot: an error in any step above means that
		// the server cannot have the message.
		{stageEnd, o.FinalTimeout, l.end},
	} {
		err := l.within(ctx, step.limit, step.do)
		if err == nil && l.dead && step.stage != stageEnd {
			err = cmp.Or(context.Cause(ctx), errStalled) // ended just as the step was done
		}
		if err == nil {
			continue
		}
		e := l.verdict(step.stage, err)
		if e != nil {
			e.Reply = redact(e.Reply, m.to)
		}
		if !l.dead && i < len(say) {
			l.dead = l.within(ctx, o.Timeout, func() error { return l.undo(i) }) != nil
		}
		return e
	}
	return nil
}

// verdict turns the error of a stage into an outcome. The first digit of a reply
// decides (RFC 5321 §4.2.1); without a reply, the stage does.
func (l *line) verdict(stage string, err error) *SendError {
	e := &SendError{Stage: stage}
	e.Code, e.Enhanced, e.Reply = answer(err)
	switch class := e.Code / 100; {
	case class == 5:
		e.Outcome = Refused
	case class == 4:
		e.Outcome = Deferred
		l.dead = l.dead || e.Code == 421 // the server is closing (RFC 5321 §3.8)
	case class == 2 && stage == stageEnd:
		return nil // 250 is what the RFC names, but any 2xx means done
	default:
		e.Err = err
		e.Outcome = Deferred
		if stage == stageEnd {
			e.Outcome = Unknown
		}
		l.dead = true
	}
	return e
}

// redact takes the reader's address out of a server's words, which end in logs
// and in the ledger, where readers are numbers.
func redact(reply, addr string) string {
	return regexp.MustCompile(`(?i)`+regexp.QuoteMeta(addr)).ReplaceAllLiteralString(reply, "[reader]")
}
