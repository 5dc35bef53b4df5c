package pipeline

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"standpoint/digest"
	"standpoint/digest/mail"
	"standpoint/digest/render"
	"standpoint/digest/store"
)

// copiesFollow is how long after a piece its reprints are known by their wording.
// By their address they are known for ever.
const copiesFollow = 60 * 24 * time.Hour

// Published says what a publication did.
type Published struct {
	Window   digest.Window
	Edition  *digest.Edition // the new edition; nil in a quiet week
	Shown    render.Shown    // what its letter shows of it
	Held     int             // pieces that a quiet week holds over for the next edition
	Outcomes []Outcome       // of editions that were resumed, oldest first, then of the new one
	Waits    int             // the earlier edition that cannot leave, for which no new one was made; 0: none
	Draft    *store.Approval // the new edition, or the one that is waited for, waits for its editor; nil: it does not
}

// Outcome says how the delivery of one edition stands.
type Outcome struct {
	Edition  int
	Count    map[store.DeliveryState]int
	Finished bool // no delivery is open
	Shut     bool // it was resumed and cannot leave: no way to the server, or a server that refuses us
}

// Publish finishes what an earlier run left, then makes an edition of the
// pieces that are due, freezes it and delivers it. A week of which readers are to
// hear nothing is recorded, and nothing is sent. While an earlier edition cannot leave the
// house, no rival is made: the pieces wait, and one edition takes them later. Where
// an editor is to see it first, the edition becomes a draft, and while it waits, no
// rival is made either.
// When the error is not nil, Published still says what was reached.
//
// Afterwards it drops texts that are older than KeepTexts.
func (w *Worker) Publish(ctx context.Context) (Published, error) {
	w.fetchReturned(ctx)
	p, err := w.publish(ctx)
	w.forget(ctx)
	return p, err
}

func (w *Worker) publish(ctx context.Context) (Published, error) {
	outcomes, resumeErr := w.Resume(ctx)
	p := Published{Outcomes: outcomes}
	if isShut(resumeErr) || ctx.Err() != nil {
		for _, o := range slices.Backward(outcomes) {
			if o.Shut {
				p.Waits = o.Edition
			}
		}
		return p, errors.Join(resumeErr, ctx.Err())
	}
	if a, ok, err := w.Store.OpenDraft(ctx); ok || err != nil {
		if ok {
			p.Waits, p.Draft = a.Edition, &a
		}
		return p, errors.Join(resumeErr, err)
	}
	d, err := w.Draft(ctx)
	p.Window = d.Edition.Window
	if err != nil {
		return p, errors.Join(resumeErr, err)
	}
	if !d.Edition.Due() {
		if p.Held = d.Edition.Held; p.Held > 0 {
			w.Log.Info("too few pieces, held over for the next edition", "pieces", p.Held, "least", w.Quiet.Least)
		} else {
			w.Log.Info("nothing new, nothing sent", "from", p.Window.From, "to", p.Window.To)
		}
		return p, errors.Join(resumeErr, w.Store.RecordQuiet(ctx, p.Window, d.filings))
	}
	// What cannot be made into a message that may be sent must not be frozen.
	if err := w.vet(ctx, d); err != nil {
		return p, errors.Join(resumeErr, err)
	}
	if w.Approval.Mode != "" {
		a, err := w.draft(ctx, d)
		if a.Edition > 0 {
			p.Edition, p.Shown, p.Draft = &d.Edition, d.Letter.Shown, &a
		}
		return p, errors.Join(resumeErr, err)
	}
	planned, err := w.Store.Freeze(ctx, d.Edition, d.filings, w.Now())
	if err != nil {
		return p, errors.Join(resumeErr, err)
	}
	p.Edition, p.Shown = &d.Edition, d.Letter.Shown
	w.Log.Info("edition frozen", "edition", d.Edition.Number, "pieces", d.Edition.Entries(), "deliveries", planned)
	if planned == 0 {
		w.Log.Warn("there is no active subscriber: the edition is mailed to nobody, and is in the archive alone", "edition", d.Edition.Number)
	}
	o, err := w.deliver(ctx, d)
	p.Outcomes = append(p.Outcomes, o)
	return p, errors.Join(resumeErr, err)
}

// isShut says whether a delivery ended by a fault that all readers share: no way
// to the server, or a server that refuses us.
func isShut(err error) bool {
	_, noWay := errors.AsType[*mail.SetupError](err)
	_, refused := errors.AsType[*mail.SendError](err)
	return noWay || refused
}

// Draft is an edition that is ready to be frozen.
type Draft struct {
	Edition digest.Edition
	Letter  render.Letter
	filings []digest.Filing // of all candidates, copies too
}

// Filings says what became of each candidate, copies too, by item.
func (d Draft) Filings() []digest.Filing { return d.filings }

// Draft composes and renders the next edition without freezing it. Pieces whose
// page could not be had by now are judged from their teaser, since this is the
// edition's cut-off. An edition that is not due has no letter.
func (w *Worker) Draft(ctx context.Context) (Draft, error) {
	last, number, err := w.Store.LastCutoff(ctx)
	if err != nil {
		return Draft{}, err
	}
	d := Draft{Edition: digest.Edition{Window: w.window(last)}}
	if w.Quiet.Send == digest.QuietNothing {
		// What was held over comes with the weeks that it came in.
		since, err := w.Store.LastEdition(ctx)
		if err != nil {
			return d, err
		}
		if !since.IsZero() {
			d.Edition.Window.From = since.In(w.Zone)
		}
	}
	if err := w.judging(false).all(ctx, d.Edition.Window.To); err != nil {
		return d, fmt.Errorf("draft edition: %w", err)
	}
	candidates, err := w.Store.Candidates(ctx, d.Edition.Window.To)
	if err != nil {
		return d, err
	}
	seen, err := w.Store.Seen(ctx, d.Edition.Window)
	if err != nil {
		return d, err
	}
	other, err := w.Store.OtherLanguages(ctx, d.Edition.Window)
	if err != nil {
		return d, err
	}
	sources, err := w.Store.Sources(ctx)
	if err != nil {
		return d, err
	}
	draft := digest.Draft{
		Number: number + 1, Window: d.Edition.Window, Feeds: health(sources), Seen: seen, Other: other, Quiet: w.Quiet,
	}
	if len(candidates) > 0 || w.Quiet.Send == digest.QuietNote {
		if err := w.surround(ctx, &draft); err != nil {
			return d, err
		}
	}
	d.Edition, d.filings = digest.Compose(w.Pack, draft, candidates)
	if d.Edition.Due() {
		d.Letter, err = w.email(d.Edition)
	}
	return d, err
}

// surround adds what an edition is composed beside.
func (w *Worker) surround(ctx context.Context, draft *digest.Draft) (err error) {
	if draft.Earlier, err = w.Store.Earlier(ctx, draft.Window.To.Add(-copiesFollow)); err != nil {
		return err
	}
	if draft.Barred, err = w.Store.Barred(ctx); err != nil {
		return err
	}
	if draft.Told, err = w.Store.Told(ctx); err != nil {
		return err
	}
	draft.Past, err = w.Store.Recent(ctx, digest.PastEditions)
	return err
}

// window is the span after the last cut-off up to now. If the clock was set
// back it is empty and ends at the last cut-off, so that windows never overlap;
// what arrives then is taken by the next edition.
func (w *Worker) window(last time.Time) digest.Window {
	now := w.Now().Truncate(time.Microsecond) // as the store keeps it, so that the next window begins where this one ends
	if last.IsZero() {
		last = now.Add(-w.Lookback)
	}
	if now.Before(last) {
		now = last
	}
	return digest.Window{From: last.In(w.Zone), To: now.In(w.Zone)}
}

func health(sources []store.SourceState) digest.FeedCount {
	var c digest.FeedCount
	for _, s := range sources {
		switch {
		case s.Failures > 0:
			c.Failed++
		case !s.Contacted.IsZero():
			c.Read++
		}
	}
	return c
}

// Files returns the edition as files for an outbox or a folder. They are no one
// reader's: the link for leaving in them is nobody's.
func (w *Worker) Files(d Draft) (mail.Files, error) {
	data, err := render.JSON(d.Edition)
	if err != nil {
		return mail.Files{}, err
	}
	page, err := w.Renderer.Page(d.Edition, w.Frame)
	if err != nil {
		return mail.Files{}, err
	}
	return mail.Files{HTML: []byte(w.shown(d, d.Letter.HTML)), Text: []byte(w.Text(d)), JSON: data, Page: []byte(page)}, nil
}
