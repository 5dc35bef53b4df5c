package main

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"time"

	digestmail "standpoint/digest/mail"
	"standpoint/digest/store"
	"standpoint/digest/web"
	"standpoint/feeds"
)

// tellTime bounds the mail to the operator: a run does not wait for it longer.
const tellTime = 2 * time.Minute

// tellOperator mails what the operator was not told yet, all in one mail. If that
// fails the log says so, and the next run tries again.
func (o *office) tellOperator(ctx context.Context) {
	if o.Operator.Mail == "" || ctx.Err() != nil {
		return
	}
	alerts, err := o.worker.Store.Untold(ctx)
	if err == nil && len(alerts) > 0 {
		if err = o.mailOperator(ctx, alerts); err == nil {
			o.worker.Log.Info("operator told", "alerts", len(alerts), "first", alerts[0].Subject)
			err = o.worker.Store.Tell(context.WithoutCancel(ctx), alerts, o.worker.Now())
		}
	}
	if err != nil {
		o.worker.Log.Error("operator not told, which is tried again at the next run", "err", anonymous(err.Error()))
	}
}

func (o *office) mailOperator(ctx context.Context, alerts []store.Alert) error {
	m, err := digestmail.NewNotice(o.sender, o.notice(alerts))
	if err != nil {
		return err
	}
	if o.smtp == nil {
		return digestmail.Outbox{Dir: o.outbox()}.Notice(m, alerts[len(alerts)-1].Raised)
	}
	return o.mailOne(ctx, m)
}

// mailOne hands one message over that is no letter to the list.
func (s *settings) mailOne(ctx context.Context, m *digestmail.Message) error {
	ctx, cancel := context.WithTimeout(ctx, tellTime)
	defer cancel()
	session, err := s.smtp.Dial(ctx)
	if err != nil {
		return err
	}
	defer session.Close()
	return session.Send(ctx, m)
}

// notice puts alerts into one mail. It is the same when it is tried again, as long
// as nothing else has happened.
func (o *office) notice(alerts []store.Alert) digestmail.Notice {
	n := digestmail.Notice{To: o.Operator.Mail, Date: alerts[len(alerts)-1].Raised.In(o.Location()), Subject: "Standpoint: " + alerts[0].Subject}
	if more := len(alerts) - 1; more > 0 {
		n.Subject += fmt.Sprintf(" (and %d more)", more)
	}
	var text strings.Builder
	for _, a := range alerts {
		n.Key += a.Key + "\n"
		fmt.Fprintf(&text, "%s: %s\n\n%s\n\n\n", o.clock(a.Raised), a.Subject, strings.TrimSpace(a.Text))
	}
	text.WriteString("You get this because operator.mail in the configuration names you.\nAt most one such mail a day is about the same thing.\n")
	n.Text = text.String()
	return n
}

// ping tells the service that waits for it that all went well. Its failure harms
// nothing, so the log alone says so.
func (o *office) ping(ctx context.Context) {
	if o.Operator.Ping == "" {
		return
	}
	// No proxy, and no guard: the address is the operator's own.
	transport := &http.Transport{DisableKeepAlives: true, TLSHandshakeTimeout: 10 * time.Second}
	defer transport.CloseIdleConnections()
	if err := web.Ping(ctx, transport, o.Operator.Ping, feeds.Product+"/"+version()); err != nil {
		o.worker.Log.Warn("ping failed", "err", err)
	}
}
