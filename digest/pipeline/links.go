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

// mark holds the place of the readers' tokens in an edition's letter. It is
// signed, and never leaves the house before the edition is composed: a feed that
// knew it could put a reader's token into an address of its own.
func (w *Worker) mark(edition int) string {
	if w.Sender.Web == "" {
		return ""
	}
	return w.Keys.Sign(token.Place, int64(edition))
}

// email renders an edition's letter, with the mark where tokens belong.
func (w *Worker) email(e digest.Edition) (render.Letter, error) {
	frame := w.Frame
	if mark := w.mark(e.Number); mark != "" {
		frame.Leave = mail.LeaveURL(w.Sender.Web, mark)
	}
	return w.Renderer.Email(e, frame)
}

// shown puts nobody's token where the mark is, for what is not one reader's.
func (w *Worker) shown(d Draft, text string) string {
	mark := w.mark(d.Edition.Number)
	if mark == "" {
		return text
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
