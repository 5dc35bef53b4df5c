package pipeline

import (
	"context"
	"errors"
	"fmt"
	"time"

	"standpoint/digest/store"
	"standpoint/digest/topic"
	"standpoint/feeds"
)

// Gathered says what a gathering did.
type Gathered struct {
	Sources   int
	Answered  int       // sources whose answer was read and stored
	Unchanged int       // of these, that said that nothing is new
	Failed    []Failure // in the order of the config
	Resting   int       // sources that asked to be left alone for now
	Stopped   int       // sources that are paused, or gone for good
	Held      []Hold    // sources with pieces that wait for release, in the order of the config
	Moved     []Move    // sources that answer at another address now, in the order of the config
	New       int       // pieces not seen before, on any subject, without held ones
	Revised   int       // known pieces of which their feed says something else
	Judged    int       // pieces that were given a verdict
	Relevant  int       // of these, on the subject
	Waiting   int       // pieces whose page could not be had for now
	Broken    int       // pieces without a verdict because the program panicked; the log has the stack
}

// Read counts the sources that answered. After a gathering that was cut short
// some neither answered nor failed.
func (g Gathered) Read() int { return g.Answered }

// Failure is a source that could not be read.
type Failure struct {
	Source feeds.Source
	Err    error
	Times  int       // in a row, this one counted
	Since  time.Time // the first of them
	Told   bool      // it had failed TellAfter times before
}

// Hold is a source whose new pieces are held: a flood.
type Hold struct {
	Source feeds.Source
	New    int // pieces that this gathering added to those held
}

// Move is a source that permanent redirects have led elsewhere.
type Move struct {
	Source feeds.Source
	To     string
}

// Gather reads every source once and judges what is new, source by source, so
// that one that hangs keeps nobody waiting for its turn. A source or a page
// that fails is recorded and reported, and the run goes on; the error is for
// what ends the run: the store, the model, or the context.
func (w *Worker) Gather(ctx context.Context) (Gathered, error) {
	w.fetchReturned(ctx)
	g := Gathered{Sources: len(w.Sources)}
	if err := w.Store.SetSources(ctx, w.Sources); err != nil {
		return g, err
	}
	states, err := w.Store.Sources(ctx)
	if err != nil {
		return g, err
	}
	j := w.judging(true)
	err = w.visit(ctx, w.willing(states, &g), j, &g)
	if err == nil {
		w.Log.Info("feeds read", "read", g.Read(), "unchanged", g.Unchanged, "failed", len(g.Failed), "resting", g.Resting, "new", g.New)
		err = j.all(ctx, w.Now()) // what earlier runs left
	}
	j.tellOpinions()
	g.Judged, g.Relevant, g.Waiting, g.Broken = j.total.judged, j.total.relevant, j.total.waiting, j.total.broken
	if err != nil {
		return g, fmt.Errorf("gather: %w", err)
	}
	return g, nil
}

// willing leaves out the sources that are not to be asked now, and gives the
// others the options that only the config has.
func (w *Worker) willing(states []store.SourceState, g *Gathered) []store.SourceState {
	var out []store.SourceState
	now := w.Now()
	for _, s := range states {
		s.Source = w.source(s.Source)
		switch {
		case !s.Paused.IsZero(), !s.Gone.IsZero():
			g.Stopped++
		case w.rests(s, now):
			g.Resting++
		default:
			out = append(out, s)
		}
	}
	return out
}

// tolerance is how much earlier than a cache lifetime or a ttl wishes a source
// may be asked: a schedule of as many hours would else find it a second too
// fresh each time. A server that said Retry-After gets its time in full.
const tolerance = 2 * time.Minute

// rests says whether a source is to be left alone for now. A visit in the future
// was one under a clock that was wrong, and a day after its last answer a source
// is asked in any hour.
func (w *Worker) rests(s store.SourceState, now time.Time) bool {
	if s.Tried.After(now) {
		return false
	}
	due := s.Due
	if s.DueBy != retryAfter {
		due = due.Add(-tolerance)
	}
	return due.After(now) || feeds.Skips(now, s.SkipHours) && now.Sub(s.Contacted) < 24*time.Hour
}

// retryAfter names a wish that came with an error.
const retryAfter = "Retry-After"

// source is the source as the config has it, with its options; one that is no
// longer there is as the store knows it.
func (w *Worker) source(s feeds.Source) feeds.Source {
	for _, configured := range w.Sources {
		if configured.ID == s.ID {
			return configured
		}
	}
	return s
}

// visited is what one visit brought.
type visited struct {
	store.Visited
	unchanged *store.Contact // the feed said that nothing is new; not stored yet
	moved     string
	failure   *Failure
}

// settleSource visits a source. One on which the program panics has failed.
func (w *Worker) settleSource(ctx context.Context, s store.SourceState) (v visited, err error) {
	err = w.guard(func() error {
		v, err = w.visitOne(ctx, s)
		return err
	}, "source", s.ID, "url", feeds.Redact(s.URL))
	if _, panicked := errors.AsType[*panicError](err); panicked {
		cause := err
		err = w.guard(func() error {
			v, err = w.failed(ctx, s, cause)
			return err
		}, "source", s.ID)
	}
	return v, err
}

// visitOne asks one source and stores its answer, but for one that says that
// nothing is new. The error is the store's, or the context's; the feed's own
// failure is part of what was visited.
func (w *Worker) visitOne(ctx context.Context, s store.SourceState) (visited, error) {
	asked := s.Source
	asked.URL = s.Address()
	got, err := w.Feeds.Fetch(ctx, asked, s.Validators)
	if ctx.Err() != nil {
		return visited{}, ctx.Err() // our own end is no fault of the source
	}
	if err != nil {
		return w.failed(ctx, s, err)
	}
	now := w.Now()
	if got.NotModified { // what stands in the feed still holds
		got.TTL, got.SkipHours = s.TTL, s.SkipHours
		if got.TTL > got.Fresh {
			got.Fresh, got.FreshBy = got.TTL, "ttl"
		}
	}
	contact := store.Contact{Source: s.ID, At: now, Validators: got.Validators, Moved: s.Moved, TTL: got.TTL, SkipHours: got.SkipHours}
	contact.Due, contact.DueBy = feeds.NextVisit(now, got)
	if got.Moved != "" {
		contact.Moved = got.Moved
	}
	if contact.Moved == s.URL { // it has come back
		contact.Moved = ""
	}
	v := visited{moved: contact.Moved}
	w.answered(s, contact)
	if got.NotModified {
		v.unchanged = &contact
		return v, nil
	}
	v.Visited, err = w.Store.RecordVisit(ctx, store.Visit{
		Contact: contact, Items: got.Items, Oldest: w.oldest(s, now),
		Screen: func(item feeds.Item) string { return w.leftOut(s.Source, item) },
	})
	if v.Held > 0 && s.HeldSince.IsZero() {
		w.Log.Warn("source held: it brought far more new pieces at once than an outlet does; look at them, then: standpoint feeds release",
			"source", s.ID, "pieces", v.Held)
	}
	return v, err
}

// failed records and reports that a source could not be read.
func (w *Worker) failed(ctx context.Context, s store.SourceState, err error) (visited, error) {
	now := w.Now()
	f := store.Failure{Source: s.ID, At: now, Reason: err.Error()}
	if e, ok := errors.AsType[*feeds.Error](err); ok {
		f.Class, f.Gone = e.Class, e.Gone()
		if e.RetryAfter > 0 {
			f.Due, f.DueBy = now.Add(e.RetryAfter), retryAfter
		}
	}
	out := &Failure{
		Source: s.Source, Err: err, Times: s.Failures + 1, Since: s.FailingSince,
		Told: s.Failures >= max(1, w.TellAfter),
	}
	if out.Since.IsZero() {
		out.Since = now
	}
	w.tell(s, out, f.Gone)
	return visited{failure: out}, w.Store.RecordFailure(ctx, f)
}

// oldest is the date before which a piece of the source is too old to be news.
// At the first contact the feed shows its past. Later on, what is dated long
// before the last contact was there to be seen then, and only its GUID or
// address is new. A contact in the future is one under a clock that was wrong.
func (w *Worker) oldest(s store.SourceState, now time.Time) time.Time {
	if s.Contacted.IsZero() || s.Contacted.After(now) {
		return now.Add(-w.Lookback)
	}
	return s.Contacted.Add(-w.Lookback)
}

// screenText bounds how much of a full text is screened, in bytes: a piece on
// the subject says so well before.
const screenText = 4000

// languageText bounds how much of it tells the language, in bytes.
const languageText = 1200

// leftOut says why a piece need not be judged: its path, or that title and
// teaser, or the text that came with the feed, show that it is in another
// language or not about the subject. It is empty for one that is to be judged.
func (w *Worker) leftOut(s feeds.Source, item feeds.Item) string {
	if pattern := s.LeftOut(item.URL); pattern != "" {
		return "path " + pattern
	}
	teaser := item.Teaser
	if text := item.Text; text != "" {
		teaser += "\n" + text[:min(len(text), screenText)]
	}
	// Words of the subject are known in one language only.
	if tag := w.Pack.OtherLanguage(item.Title, teaser[:min(len(teaser), languageText)]); tag != "" {
		return store.OtherLanguage(tag)
	}
	if w.Pack.Screen(item.Title, teaser) == topic.Out {
		return store.OffSubject
	}
	return ""
}
