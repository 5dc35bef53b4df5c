// Package render turns an edition into what readers and scripts get: a letter
// as HTML and as text, a web page, and JSON. It promises that all of them hold the same
// pieces and links, that whatever comes from feeds is treated as hostile, and
// that the same edition gives the same bytes. It refuses to fetch, to choose
// and to know the time: it shows what the edition holds.
//
// Rules S1 to S46 in comments and tests are those of the project's email rules.
package render

import (
	"errors"
	"fmt"
	"html"
	htmltemplate "html/template"
	"io"
	"io/fs"
	"strings"
	texttemplate "text/template"
	"time"

	"standpoint/digest"
	"standpoint/digest/topic"
	"standpoint/templates"
)

// Frame is what surrounds an edition in a letter and is the same each week.
type Frame struct {
	Sender      string // who sends, e.g. "Standpoint"
	Postal      string // the sender's postal address; may be empty
	Unsubscribe string // bare mail address for leaving, e.g. digest+unsubscribe@example.org
	ReplyTo     string // bare mail address that a person reads; may be empty
	ListName    string // what readers know the list by; default: the edition's topic

	Web   string      // https address of the web side, without a slash at its end; empty: none
	Leave string      // https or mailto address at which this reader leaves; all readers' letters hold a mark of one length in it. Empty: a mail to Unsubscribe
	Wish  digest.Wish // what the reader asked the letter to be like
}

// Letter is an edition ready for mailing, the same for all subscribers. All
// lines end in LF; the mail's encoding makes CR LF of it.
type Letter struct {
	Subject   string // one line, at most 60 characters
	Preheader string // what mail programs show beside the subject; 40 to 100 characters
	HTML      string // at most 92,000 octets, and 100,000 quoted-printable
	Text      string // lines of at most 76 columns, longer URLs apart
	Shown     Shown
}

// Renderer fills the templates. It is safe for concurrent use.
type Renderer struct {
	html *htmltemplate.Template
	text *texttemplate.Template
	page *htmltemplate.Template

	english *words                            // of letters and of the web side
	others  map[string]func() (*words, error) // by tag; read at first need
}

// New parses the templates: the built-in ones, or those of the folder that lie
// there under the same names (nil: none). With a folder it fills each with
// invented editions over the pack's stances, so that one which is broken, or asks
// for what there is not, is an error here; the built-in ones are tried by our
// tests, and every command starts sooner.
func New(p *topic.Pack, folder fs.FS) (*Renderer, error) {
	set, err := templates.Parse(folder)
	if err != nil {
		return nil, err
	}
	r := &Renderer{html: set.HTML, text: set.Text, page: set.Page, others: speakers()}
	if r.english, err = speaker(digest.English); err != nil {
		return nil, err
	}
	if folder == nil {
		return r, nil
	}
	return r, r.try(p)
}

// try fills the templates with invented editions.
func (r *Renderer) try(p *topic.Pack) error {
	sample := Sample(p, time.Date(2026, 1, 5, 7, 7, 0, 0, time.UTC))
	first, note := sample, sample
	first.Past, first.Start, first.Quote, first.Corrections = nil, nil, nil, nil
	note.Note = true
	for _, e := range []digest.Edition{sample, first, note} {
		f := sampleFrame()
		if len(e.Past) == 0 {
			f = Frame{Unsubscribe: "leave@example.org"}
		}
		l, err := r.Email(e, f)
		page, pageErr := r.Page(e, f)
		f.Wish.Short = true
		_, shortErr := r.Email(e, f)
		if err := errors.Join(err, shortErr, pageErr); err != nil {
			return fmt.Errorf("templates, filled with an invented edition: %w", err)
		}
		if err := r.whole(e, l, page); err != nil {
			return err
		}
	}
	return nil
}

// whole says which template gives nothing, or a web copy without one of the
// edition's links: the letter's are held against its text part before sending (S20).
func (r *Renderer) whole(e digest.Edition, l Letter, page string) error {
	for t, out := range map[interface{ Name() string }]string{r.html: l.HTML, r.text: l.Text, r.page: page} {
		if strings.TrimSpace(out) == "" {
			return fmt.Errorf("%s: the template gives nothing", t.Name())
		}
	}
	for _, link := range Links(e) {
		if !strings.Contains(page, html.EscapeString(link)) {
			return fmt.Errorf("%s: the web copy lacks the link %s: let it show all of .Sections, .Unsorted and .Corrections, and the .Places", r.page.Name(), link)
		}
	}
	return nil
}

// Email renders an edition as a letter: whole where that is short enough, else
// by the first plan that fits; what its reader did not ask for has one line in any
// case. It fails when the frame names no way to leave,
// since no letter may go out without one (S14), and when the templates give more
// than mail programs show even of the smallest.
func (r *Renderer) Email(e digest.Edition, f Frame) (Letter, error) {
	if f.Leave == "" && leave(f.Unsubscribe) == "" {
		return Letter{}, fmt.Errorf("render edition %d: the frame has no mail address for unsubscribing", e.Number)
	}
	w, err := r.in(f.Wish.Language)
	if err != nil {
		return Letter{}, fmt.Errorf("render edition %d: %w", e.Number, err)
	}
	v := newView(w, e, f)
	v.heed(e, f.Wish)
	frame, err := r.frameWords(v)
	if err != nil {
		return Letter{}, fmt.Errorf("render edition %d: %w", e.Number, err)
	}
	var l Letter
	for _, p := range v.plans(frame) {
		letter, shown := v.follow(p)
		l = Letter{Subject: v.Subject, Preheader: v.Preheader, Shown: shown}
		if l.HTML, err = fill(r.html, letter); err != nil {
			return Letter{}, fmt.Errorf("render edition %d as HTML: %w", e.Number, err)
		}
		if !fits(l.HTML) {
			continue
		}
		if l.Text, err = fill(r.text, letter); err != nil {
			return Letter{}, fmt.Errorf("render edition %d as text: %w", e.Number, err)
		}
		l.Shown.Words, l.Shown.Bytes = wordsIn(l.Text), len(l.HTML)
		return l, nil
	}
	return Letter{}, fmt.Errorf("render edition %d: the letter has %d octets even at its shortest, of at most %d: shorten the template edition.html.tmpl", e.Number, len(l.HTML), mostHTML)
}

// in returns the words of a language.
func (r *Renderer) in(tag string) (*words, error) {
	l, _ := LanguageOf(tag)
	if speak := r.others[l.Tag]; speak != nil {
		return speak()
	}
	return r.english, nil
}

// Page renders an edition as its web copy, in English: every piece in full, and nobody's
// address in it (S44).
func (r *Renderer) Page(e digest.Edition, f Frame) (string, error) {
	f.Leave = ""
	v, _ := newView(r.english, e, f).follow(whole())
	page, err := fill(r.page, v)
	if err != nil {
		return "", fmt.Errorf("render edition %d as a page: %w", e.Number, err)
	}
	return page, nil
}

// frameWords counts the words of a letter without its pieces.
func (r *Renderer) frameWords(v *letterView) (int, error) {
	bare, _ := v.follow(plan{})
	text, err := fill(r.text, bare)
	return wordsIn(text), err
}

func fill(t interface{ Execute(io.Writer, any) error }, view any) (string, error) {
	var b strings.Builder
	err := t.Execute(&b, view)
	return b.String(), err
}
