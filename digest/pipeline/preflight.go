package pipeline

import (
	"context"
	"fmt"
	"strings"

	"standpoint/digest"
	"standpoint/digest/mail"
	"standpoint/digest/preflight"
	"standpoint/digest/render"
)

// PreflightError says why an edition's letter may not go out. Nothing was frozen
// and nobody was mailed.
type PreflightError struct {
	Edition  int
	Findings []preflight.Finding // those that stop it
}

// Error has a line for each finding.
func (e *PreflightError) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "edition %d is not sent, its letter breaks rules of mail:", e.Edition)
	for _, f := range e.Findings {
		b.WriteString("\n  " + f.String())
	}
	return b.String()
}

// Sample is an invented edition's draft, to hold templates and settings against
// the rules before there is an edition.
func (w *Worker) Sample() (Draft, error) {
	d := Draft{Edition: render.Sample(w.Pack, w.Now().In(w.Zone))}
	var err error
	d.Letter, err = w.email(d.Edition)
	return d, err
}

// Preflight builds the message that the first reader would get and holds it
// against the rules. All findings are errors where Strict is set.
func (w *Worker) Preflight(ctx context.Context, d Draft) ([]preflight.Finding, error) {
	to := mail.Recipient{ID: nobody, Address: w.Sender.From.Address}
	if first, ok, err := w.Store.FirstActive(ctx); err != nil {
		return nil, err
	} else if ok {
		to = mail.Recipient{ID: first.ID, Address: first.Address, Name: first.Name}
	}
	_, found, err := w.examine(d, to)
	return found, err
}

// examine holds the message that a reader would get against the rules, and returns
// the composer that it made for it.
func (w *Worker) examine(d Draft, to mail.Recipient) (*mail.Composer, []preflight.Finding, error) {
	composer, err := w.Composer(d)
	if err != nil {
		return nil, nil, err
	}
	m, err := composer.Message(w.Personal(to))
	if err != nil {
		return nil, nil, err
	}
	found := preflight.Message(m.Bytes(), w.expect(d.Edition))
	if w.Strict {
		found = preflight.Strict(found)
	}
	return composer, found, nil
}

// expect is what an edition's message cannot tell by itself.
func (w *Worker) expect(e digest.Edition) preflight.Expect {
	s := w.Sender
	x := preflight.Expect{
		Domains: []string{s.From.Address[strings.LastIndexByte(s.From.Address, '@')+1:]},
		Public:  s.Web, Unsubscribe: w.Frame.Unsubscribe, Postal: w.Frame.Postal,
		Signed: len(s.DKIM) > 0, Keys: map[string]string{},
		Links: render.Links(e), Texts: render.Texts(e),
	}
	for _, key := range s.DKIM {
		name, value := key.Record()
		x.Keys[name] = value
	}
	return x
}

// vet refuses a draft that may not be sent, and logs what else is to be said.
func (w *Worker) vet(ctx context.Context, d Draft) error {
	found, err := w.Preflight(ctx, d)
	if err != nil {
		return err
	}
	var stops []preflight.Finding
	for _, f := range found {
		if f.Severity == preflight.Error {
			stops = append(stops, f)
			continue
		}
		w.Log.Warn("pre-flight", "edition", d.Edition.Number, "rule", f.Name(), "what", f.What, "mend", f.Mend)
	}
	if len(stops) > 0 {
		return &PreflightError{Edition: d.Edition.Number, Findings: stops}
	}
	return nil
}
