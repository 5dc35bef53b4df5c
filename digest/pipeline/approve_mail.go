package pipeline

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"time"

	"standpoint/digest/mail"
	"standpoint/digest/store"
	"standpoint/digest/token"
)

// errNoEditor says that the configuration names no editor any more.
var errNoEditor = errors.New("the configuration names no editor")

// tellEditor mails the draft to the editor, or reminds of it, and notes that. The
// window begins when the mail was taken over: nobody can hold what nobody has
// seen.
func (w *Worker) tellEditor(ctx context.Context, a store.Approval) error {
	if w.Approval.Editor == "" || w.Approval.Post == nil {
		return fmt.Errorf("edition %d waits for approval: %w; approve it: standpoint editions approve %[1]d", a.Edition, errNoEditor)
	}
	now := w.Now()
	var deadline time.Time
	if a.Mode == string(ByWindow) {
		deadline = now.Add(w.Approval.Window)
	}
	m, err := w.EditorMail(ctx, a, deadline)
	if err != nil {
		return err
	}
	if err := w.Approval.Post(ctx, m, now); err != nil {
		return fmt.Errorf("mail edition %d to the editor: %w", a.Edition, err)
	}
	w.Log.Info("editor told", "edition", a.Edition, "reminder", !a.Told.IsZero())
	return w.Store.TellEditor(context.WithoutCancel(ctx), a.Edition, Editor, deadline, w.Now())
}

// EditorMail is the mail that shows the editor a draft. Its links for leaving are
// nobody's.
func (w *Worker) EditorMail(ctx context.Context, a store.Approval, deadline time.Time) (*mail.Message, error) {
	e, err := w.Store.Edition(ctx, a.Edition)
	if err != nil {
		return nil, err
	}
	m := mail.Draft{
		To: w.Approval.Editor, Edition: a.Edition, Date: a.Drafted.In(w.Zone), Page: w.DraftPage(a.Edition),
		Reminder: !a.Told.IsZero(),
	}
	if m.Reminder {
		m.Date, deadline = a.Drafted.Add(w.Approval.Late).In(w.Zone), a.Deadline
	}
	m.Says = append(m.Says, fmt.Sprintf("Edition %d is ready, with %d pieces, and no reader has it yet.", a.Edition, e.Entries()))
	switch {
	case a.State == store.DraftHeld:
		m.Says = append(m.Says, "It is held: it goes out when somebody approves it.")
	case !deadline.IsZero():
		m.Says = append(m.Says, fmt.Sprintf("It goes out on %s, unless you hold it. You may approve it before.", deadline.In(w.Zone).Format("Monday 2 January 2006 at 15:04 MST")))
	default:
		m.Says = append(m.Says, "It goes out when you approve it, and not before.")
	}
	m.Says = append(m.Says, "Until then you can correct where a piece stands, and drop pieces. New pieces wait for the next edition.")
	if e.Due() {
		d, err := w.Reprint(ctx, a.Edition)
		if err != nil {
			return nil, err
		}
		m.Subject = d.Letter.Subject
		m.HTML, m.Text = w.unpublished(a.Edition, w.shown(d, d.Letter.HTML)), w.unpublished(a.Edition, w.Text(d))
	} else {
		m.Says = append(m.Says, "No piece is left in it: approved like this, it is withdrawn, and nobody gets it.")
	}
	return mail.NewDraft(w.Sender, m)
}

// unpublished has a draft's letter name the draft's own page where it names that of
// the edition, which nobody finds there before it is approved.
func (w *Worker) unpublished(edition int, letter string) string {
	page := w.DraftPage(edition)
	if page == "" || w.Frame.Web == "" {
		return letter
	}
	address := regexp.QuoteMeta(fmt.Sprintf("%s/editions/%d", w.Frame.Web, edition))
	return regexp.MustCompile(address+`\b`).ReplaceAllLiteralString(letter, page+"/letter")
}

// DraftPage is the address of the editor's page for an edition; empty without a
// web side.
func (w *Worker) DraftPage(edition int) string {
	if w.Sender.Web == "" || w.Keys.None() {
		return ""
	}
	return w.Sender.Web + "/draft/" + w.Keys.Sign(token.Editor, int64(edition))
}
