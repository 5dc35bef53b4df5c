package pipeline

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"standpoint/digest/mail"
	"standpoint/digest/store"
	"standpoint/digest/token"
)

const (
	firstAsk  = time.Minute // after a confirmation was deferred; doubled each time
	lastAsk   = time.Hour
	giveUpAsk = 24 * time.Hour // after the request
)

// Confirm sends the mails that are due to people who asked to be readers (S38),
// over a session of its own, so that it may go on beside a publication. What
// cannot be sent now is due again later. It returns how many were accepted, and the
// fault that ended it early.
func (w *Worker) Confirm(ctx context.Context) (sent int, err error) {
	if w.Sender.Web == "" || w.Keys.None() {
		return 0, nil // nobody could answer
	}
	work, end := outlive(ctx, lastWords)
	defer end()
	disk := context.WithoutCancel(ctx)
	var session Session
	defer func() {
		if session != nil {
			session.Close()
		}
	}()
	for ctx.Err() == nil {
		c, err := w.Store.ClaimConfirmation(disk, w.Now())
		if errors.Is(err, store.ErrNoConfirmation) {
			return sent, nil
		}
		if err != nil {
			return sent, err
		}
		m, err := w.Confirmation(c)
		if err != nil {
			w.Log.Warn("confirmation not made", "request", c.Consent, "err", err)
			if err := w.Store.SettleConfirmation(disk, c, store.Refused, err.Error(), time.Time{}); err != nil {
				return sent, err
			}
			continue
		}
		if session == nil && w.Carrier.Confirm == nil {
			session, err = w.Carrier.Open(work)
		}
		if err == nil {
			err = w.handOver(work, session, m, c.Consent)
		}
		if e := w.settleConfirmation(disk, c, err); e != nil {
			return sent, e
		}
		if err == nil {
			sent++
		} else if _, single := errors.AsType[*mail.SendError](err); !single {
			return sent, err // no way to the server: the others would fare no better
		}
	}
	return sent, nil
}

func (w *Worker) handOver(ctx context.Context, s Session, m *mail.Message, request int64) error {
	if w.Carrier.Confirm != nil {
		return w.Carrier.Confirm(m, request)
	}
	return s.Send(ctx, m)
}

// settleConfirmation records how a hand-over ended. An answer that is our own
// fault, and one that nobody heard, are tried again: a second copy has the same
// Message-ID.
func (w *Worker) settleConfirmation(ctx context.Context, c store.Confirmation, err error) error {
	if err == nil {
		w.Log.Info("confirmation mailed", "request", c.Consent, "subscriber", c.Subscriber)
		return w.Store.SettleConfirmation(ctx, c, store.Accepted, "", time.Time{})
	}
	e, single := errors.AsType[*mail.SendError](err)
	reply := err.Error()
	if single {
		reply = e.Reply
		w.Log.Warn("confirmation not accepted", "request", c.Consent, "subscriber", c.Subscriber, "outcome", e.Outcome, "stage", e.Stage, "code", e.Code)
	} else {
		w.Log.Warn("confirmation not sent", "request", c.Consent, "subscriber", c.Subscriber, "err", err)
	}
	wait := min(firstAsk<<min(c.Attempts-1, 10), lastAsk)
	due := w.Now().Add(wait)
	if single && e.BadAddress() {
		return w.Store.SettleConfirmation(ctx, c, store.Returned, reply, time.Time{})
	}
	if single && e.Outcome == mail.Refused && !e.Policy() || due.Sub(c.Asked) > giveUpAsk {
		return w.Store.SettleConfirmation(ctx, c, store.Refused, reply, time.Time{})
	}
	return w.Store.SettleConfirmation(ctx, c, store.Planned, reply, due)
}

// Confirmation makes the mail for a request: to who is no reader the link that
// makes one, to who is one already that nothing needs to be done.
func (w *Worker) Confirmation(c store.Confirmation) (*mail.Message, error) {
	subject, text := "Please confirm your subscription", w.confirmText(c)
	if c.Active {
		subject, text = "You are a reader already", w.activeText(c)
	}
	return mail.NewConfirmation(w.Sender, mail.Confirmation{
		Request: c.Consent, To: c.Address, Subject: w.Frame.Sender + ": " + subject, Text: text, Date: c.Asked.In(w.Zone),
		Return: w.Keys.SignFolded(token.Asked, c.Consent),
	})
}

func (w *Worker) confirmText(c store.Confirmation) string {
	until := c.Asked.Add(store.ConfirmWithin)
	link := w.Sender.Web + "/confirm/" + w.Keys.Sign(token.Confirm, token.Dated(c.Consent, until))
	return w.asked(c) + fmt.Sprintf(`If it was you, please open this address and press the button there:

%s

It is good until %s.

If it was not you, do nothing. Nothing else will be sent to you, and
what was asked for is forgotten after a week.
`, link, until.In(w.Zone).Format("Monday, 2 January")) + w.signature()
}

func (w *Worker) activeText(c store.Confirmation) string {
	return w.asked(c) + fmt.Sprintf(`You are a reader already, so there is nothing to do.

To change what your letters are like, to pause or to leave:

%s
`, mail.LeaveURL(w.Sender.Web, w.Keys.Sign(token.Leave, c.Subscriber))) + w.signature()
}

// asked says what happened. It does not name the reader.
func (w *Worker) asked(c store.Confirmation) string {
	return fmt.Sprintf(`Hello,

On %s somebody asked for this address to get the weekly
digest "%s" from %s.

`, c.Asked.In(w.Zone).Format("2 January 2006, 15:04 MST"), w.Pack.Name, w.Frame.Sender)
}

func (w *Worker) signature() string {
	text := fmt.Sprintf("\n-- \n%s\nA person reads: %s\n", w.Sender.Web, w.Frame.ReplyTo)
	if w.Frame.Postal != "" {
		text += strings.TrimSpace(w.Frame.Postal) + "\n"
	}
	return text
}
