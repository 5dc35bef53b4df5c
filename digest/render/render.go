// Package render turns an edition into what readers and scripts get: a letter
// as HTML and as text, and JSON. It promises that all of them hold the same
// pieces and links, that whatever comes from feeds is treated as hostile, and
// that the same edition gives the same bytes. It refuses to fetch, to choose
// and to know the time: it shows what the edition holds.
//
// Rules S1 to S46 in comments and tests are those of the project's email rules.
package render

import (
	"bytes"
	"fmt"
	htmltemplate "html/template"
	texttemplate "text/template"

	"standpoint/digest"
	"standpoint/templates"
)

// Frame is what surrounds an edition in a letter and is the same each week.
type Frame struct {
	Sender      string // who sends, e.g. "Standpoint"
	Postal      string // the sender's postal address; may be empty
	Unsubscribe string // bare mail address for leaving, e.g. digest+unsubscribe@example.org
	ReplyTo     string // bare mail address that a person reads; may be empty
	ListName    string // what readers know the list by; default: the edition's topic

	// Both empty where there is no web side.
	Web   string // https address of the web side, without a slash at its end
	Leave string // https address at which this reader leaves; all readers' letters hold a mark of one length in it
}

// Letter is an edition ready for mailing, the same for all subscribers. All
// lines end in LF; the mail's encoding makes CR LF of it.
type Letter struct {
	Subject   string // one line, at most 60 characters
	Preheader string // what mail programs show beside the subject; 40 to 100 characters
	HTML      string
	Text      string // lines of at most 76 columns, longer URLs apart
}

// Renderer fills the letter's templates. It is safe for concurrent use.
type Renderer struct {
	html *htmltemplate.Template
	text *texttemplate.Template
}

// New parses the templates; a broken one is an error here.
func New() (*Renderer, error) {
	html, err := templates.HTML()
	if err != nil {
		return nil, err
	}
	text, err := templates.Text()
	if err != nil {
		return nil, err
	}
	return &Renderer{html: html, text: text}, nil
}

// Email renders an edition as a letter. It fails when the frame names no
// address for leaving, since no letter may go out without a way to leave (S14).
func (r *Renderer) Email(e digest.Edition, f Frame) (Letter, error) {
	v, err := newLetter(e, f)
	if err != nil {
		return Letter{}, fmt.Errorf("render edition %d: %w", e.Number, err)
	}
	var html, text bytes.Buffer
	if err := r.html.Execute(&html, v); err != nil {
		return Letter{}, fmt.Errorf("render edition %d as HTML: %w", e.Number, err)
	}
	if err := r.text.Execute(&text, v); err != nil {
		return Letter{}, fmt.Errorf("render edition %d as text: %w", e.Number, err)
	}
	return Letter{Subject: v.Subject, Preheader: v.Preheader, HTML: html.String(), Text: text.String()}, nil
}
