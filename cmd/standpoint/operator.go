package main

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"time"

	"standpoint/digest/pipeline"
	"standpoint/digest/store"
)

// heedGathered raises an alert for each feed that has failed for long, and one
// when it is back, and mails what is to be told.
func (o *office) heedGathered(ctx context.Context) {
	if o.Operator.Mail == "" || ctx.Err() != nil {
		return
	}
	if err := o.heedFeeds(ctx); err != nil {
		o.worker.Log.Error("alerts not stored", "err", err)
	}
	o.tellOperator(ctx)
}

func (o *office) heedFeeds(ctx context.Context) error {
	states, err := o.worker.Store.Sources(ctx)
	if err != nil {
		return err
	}
	open, err := o.worker.Store.OpenAlerts(ctx)
	if err != nil {
		return err
	}
	var errs []error
	for _, s := range states {
		about := "feed/" + string(s.ID)
		down, told := open[about]
		dead := s.Failures >= max(1, o.worker.TellAfter) || !s.Gone.IsZero()
		switch {
		case dead && !told && s.Paused.IsZero():
			_, err = o.worker.Store.Raise(ctx, o.alert(about, s.FailingSince.UTC().Format(time.RFC3339), s.Name+" cannot be read", o.deadFeed(s)))
		case !dead && told && s.Failures == 0:
			err = o.worker.Store.Over(ctx, down.Key, o.alert(about, down.Key+" over", s.Name+" is back",
				fmt.Sprintf("%s can be read again since %s.", s.Name, o.clock(s.Contacted))))
		}
		errs = append(errs, err)
	}
	return errors.Join(errs...)
}

func (o *office) deadFeed(s store.SourceState) string {
	text := fmt.Sprintf("%s has failed %s in a row, since %s. The digest is made without it.\n\n%s",
		s.Name, plural(s.Failures, "time", "times"), o.clock(s.FailingSince), s.Error)
	if !s.Gone.IsZero() {
		text += "\n\nThe server says that it is gone for good, so it is not asked again."
	}
	return text + fmt.Sprintf("\n\nMore: standpoint feeds check %q", s.Name)
}

// heedPublished raises the alerts that a publication gives cause for, mails what
// is to be told, and pings after a success. There is no publication when none was
// due, only what became of earlier ones.
func (o *office) heedPublished(ctx context.Context, p *pipeline.Published, err error) {
	if ctx.Err() != nil {
		return // a run that was stopped goes on later
	}
	if a, ok := o.judge(p, err); ok && o.Operator.Mail != "" {
		if _, err := o.worker.Store.Raise(ctx, a); err != nil {
			o.worker.Log.Error("alerts not stored", "err", err)
		}
	}
	o.tellOperator(ctx)
	if p != nil && err == nil && o.sent(*p) == nil {
		o.ping(ctx)
	}
}

// sent says why an edition has reached nobody, or nil.
func (o *office) sent(p pipeline.Published) error {
	err := o.deliveryStatus(p, nil)
	if e, ok := errors.AsType[*statusError](err); ok && e.status == statusUnsent {
		return err
	}
	return nil
}

// judge says what about a publication the operator is to hear.
func (o *office) judge(p *pipeline.Published, err error) (store.Alert, bool) {
	day := o.worker.Now().UTC().Format(time.DateOnly)
	if e, ok := errors.AsType[*pipeline.PreflightError](err); ok {
		return o.alert("preflight", day, fmt.Sprintf("edition %d was refused before it was sent", e.Edition),
			err.Error()+"\n\nNobody was mailed, and nothing is lost: mend this, and the next run makes the edition."), true
	}
	if err == nil && p != nil {
		err = o.sent(*p)
	}
	switch {
	case err != nil:
		return o.alert("stopped", day, "an edition has stopped", err.Error()+
			"\n\nNothing is lost: the next run goes on where this one stopped. More: standpoint status"), true
	case p == nil || p.Waits > 0:
	case p.Edition == nil:
		return o.alert("quiet", day, "a quiet week, no edition", o.quietWeek(p.Held, "nothing was sent.")), true
	case p.Edition.Note:
		return o.alert("quiet", day, "a quiet week, a note", fmt.Sprintf("Edition %d is a short note: there was too little new for a usual one.", p.Edition.Number)), true
	}
	return store.Alert{}, false
}

// heedSlots raises an alert for slots that gave no edition of their own.
func (o *office) heedSlots(ctx context.Context, slots []store.Slot) {
	if o.Operator.Mail == "" || len(slots) == 0 {
		return
	}
	var text strings.Builder
	last := slots[len(slots)-1]
	for _, s := range slots {
		fmt.Fprintf(&text, "%s (%s): %s%s\n", o.clock(s.At), s.Zone, s.State, onlyIf(s.Why != "", ", "+s.Why))
	}
	subject := "no edition for " + o.clock(last.At)
	if last.State == store.SlotCovered {
		subject = "one edition for several dates"
	}
	text.WriteString("\nThe pieces are not lost: the next edition has them. More: standpoint status")
	if _, err := o.worker.Store.Raise(ctx, o.alert("slot/"+string(last.State), last.Wall+" "+last.Zone, subject, text.String())); err != nil {
		o.worker.Log.Error("alerts not stored", "err", err)
	}
}

// alert makes an alert of now. Nobody's address is in it, whatever a server said.
func (o *office) alert(about, event, subject, text string) store.Alert {
	return store.Alert{Key: about + " " + event, About: about, Subject: anonymous(subject), Text: anonymous(text), Raised: o.worker.Now()}
}

func (o *office) clock(t time.Time) string { return t.In(o.Location()).Format("Mon 2 Jan 2006, 15:04") }

// anonymous takes mail addresses out of a text. The @ of a web address has a slash
// before it.
func anonymous(text string) string {
	return regexp.MustCompile(`[^\s<>"'(),;:/@]+@[^\s<>"'(),;:/@]+`).ReplaceAllLiteralString(text, "[address]")
}
