package pipeline

import (
	"errors"
	"strings"

	"standpoint/digest"
	"standpoint/digest/mail"
	"standpoint/digest/render"
	"standpoint/digest/token"
)

// nobody is the subscriber whose token is good and names no one: for proofs and
// for what is shown to whoever has the file.
const nobody = 0

// Personal gives a recipient the tokens of the subscriber whom his ID names: for
// the ways to leave.
func (w *Worker) Personal(to mail.Recipient) mail.Recipient {
	to.Token, to.Leave = w.Token(to.ID), w.Keys.SignFolded(token.Leave, to.ID)
	return to
}

// Token is what stands in a subscriber's own links; empty without a web side.
func (w *Worker) Token(subscriber int64) string {
	if w.Sender.Web == "" {
		return ""
	}
	return w.Keys.Sign(token.Leave, subscriber)
}

// Return is what tells a bounce or a complaint about one edition's letter to a
// subscriber; empty without keys.
func (w *Worker) Return(edition int, subscriber int64) string {
	return w.Keys.SignFolded(token.Return, token.Letter(edition, subscriber))
}

// mark holds the place of the readers' tokens in an edition's letter: in a web
// address, or without a web side in a mail address. It is
// signed, and never leaves the house before the edition is composed: a feed that
// knew it could put a reader's token into an address of its own.
func (w *Worker) mark(edition int) string {
	if w.Sender.Web == "" {
		return w.Keys.SignFolded(token.Place, int64(edition))
	}
	return w.Keys.Sign(token.Place, int64(edition))
}

// leave is the link for leaving in a letter, with the mark in it; empty without
// keys.
func (w *Worker) leave(mark string) string {
	switch {
	case mark == "":
		return ""
	case w.Sender.Web == "":
		return mail.LeaveMail(w.Frame.Unsubscribe, mark)
	}
	return mail.LeaveURL(w.Sender.Web, mark)
}

// email renders an edition's letter, with the mark where tokens belong.
func (w *Worker) email(e digest.Edition) (render.Letter, error) {
	return w.emailFor(e, digest.Wish{})
}

// emailFor renders the letter that a wish makes.
func (w *Worker) emailFor(e digest.Edition, wish digest.Wish) (render.Letter, error) {
	frame := w.Frame
	frame.Leave, frame.Wish = w.leave(w.mark(e.Number)), wish
	return w.Renderer.Email(e, frame)
}

// For returns the draft with the letter that a wish makes, to look at.
func (w *Worker) For(d Draft, wish digest.Wish) (Draft, error) {
	var err error
	d.Letter, err = w.emailFor(d.Edition, wish)
	return d, err
}

// shown puts nobody's token where the mark is, for what is not one reader's.
func (w *Worker) shown(d Draft, text string) string {
	mark := w.mark(d.Edition.Number)
	if mark == "" {
		return text
	}
	if w.Sender.Web == "" {
		return strings.ReplaceAll(text, mark, w.Keys.SignFolded(token.Leave, nobody))
	}
	return strings.ReplaceAll(text, mark, w.Token(nobody))
}

// Text is the draft's letter as text, to look at: its links are nobody's.
func (w *Worker) Text(d Draft) string { return w.shown(d, d.Letter.Text) }

// Composer makes the messages of the edition. Their date is the cut-off, so
// that a message that is made again is the same to the byte, but for the time in
// its signatures.
func (w *Worker) Composer(d Draft) (*mail.Composer, error) {
	if w.Sender.Web != "" && w.Keys.None() {
		return nil, errors.New("letters with a web side need a key for their links, and there is none")
	}
	letter := mail.Letter{Subject: d.Letter.Subject, HTML: d.Letter.HTML, Text: d.Letter.Text, Mark: w.mark(d.Edition.Number)}
	return mail.NewComposer(w.Sender, letter, d.Edition.Number, d.Edition.Window.To)
}
