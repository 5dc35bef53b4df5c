package main

import (
	"context"
	"fmt"
	"io"
	"strings"
	"time"

	digestmail "standpoint/digest/mail"
	"standpoint/digest/render"
	"standpoint/digest/store"
	"standpoint/digest/token"
)

// setSender makes what is the same in every letter. A sender that no message can
// be made with is found here, not on Monday.
func (s *settings) setSender() error {
	from, m := s.From(), s.Mail
	s.sender = digestmail.Sender{
		From: from, ReplyTo: m.ReplyTo, Unsubscribe: m.Unsubscribe, ListID: m.ListID,
		Web: s.PublicURL, FeedbackID: m.FeedbackID, Bounces: m.Bounce.Address,
	}
	s.frame = render.Frame{
		Sender: orElse(from.Name, from.Address), Postal: m.Postal,
		Unsubscribe: orElse(m.Unsubscribe, digestmail.DefaultUnsubscribe(from)),
		ReplyTo:     bareAddress(orElse(m.ReplyTo, from.Address)),
		Web:         s.PublicURL,
	}
	if err := s.setDKIM(); err != nil {
		return err
	}
	probe := digestmail.Letter{Subject: "probe", HTML: "probe", Text: "probe"}
	if _, err := digestmail.NewComposer(s.sender, probe, 1, time.Unix(0, 0)); err != nil {
		return s.Fault("mail.from", err.Error(), "")
	}
	return nil
}

// setDKIM reads the keys that sign the letters.
func (s *settings) setDKIM() error {
	_, domain, _ := strings.Cut(s.From().Address, "@")
	for i, d := range s.Mail.DKIM {
		fault := func(err error) error { return s.Fault(fmt.Sprintf("mail.dkim[%d]", i), err.Error(), "") }
		private, err := d.Key()
		if err != nil {
			return fault(err)
		}
		key, err := digestmail.NewDKIMKey(orElse(d.Domain, domain), d.Selector, private)
		if err != nil {
			return fault(err)
		}
		s.sender.DKIM = append(s.sender.DKIM, key)
	}
	return nil
}

// printDKIM tells the operator what the DNS must hold. A text record's value is
// written there in parts of up to 255 characters; most panels see to it.
func (s *settings) printDKIM(w io.Writer) {
	for _, key := range s.sender.DKIM {
		name, value := key.Record()
		fmt.Fprintf(w, "ok  %-12s the DNS must hold: %s TXT %q\n", "dkim", name, value)
	}
}

// setKeys gives the worker the keys for the readers' links and for what comes
// back, and makes the first.
func (o *office) setKeys(ctx context.Context, env *environment) error {
	var err error
	o.worker.Keys, err = signingKeys(ctx, env, o.worker.Store)
	return err
}

func signingKeys(ctx context.Context, env *environment, db *store.DB) (token.Keys, error) {
	stored, err := db.Keys(ctx, token.NewSecret(), env.now())
	if err != nil {
		return token.Keys{}, err
	}
	return tokenKeys(stored)
}

func tokenKeys(stored []store.Key) (token.Keys, error) {
	keys := make([]token.Key, 0, len(stored))
	for _, k := range stored {
		keys = append(keys, token.Key{ID: k.ID, Secret: k.Secret})
	}
	return token.NewKeys(keys...)
}
