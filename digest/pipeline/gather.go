package pipeline

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

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
	New       int       // pieces not seen before, on any subject
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
}

// Gather reads every source once and judges what is new. A source or a page
// that fails is recorded and reported, and the run goes on; the error is for
// what ends the run: the store, the model, or the context.
func (w *Worker) Gather(ctx context.Context) (Gathered, error) {
	g := Gathered{Sources: len(w.Sources)}
	if err := w.Store.SetSources(ctx, w.Sources); err != nil {
		return g, err
	}
	states, err := w.Store.Sources(ctx)
	if err != nil {
		return g, err
	}
	if err := w.visit(ctx, states, &g); err != nil {
		return g, fmt.Errorf("gather: %w", err)
	}
	w.Log.Info("feeds read", "read", g.Read(), "unchanged", g.Unchanged, "failed", len(g.Failed), "new", g.New)
	j, err := w.judge(ctx, w.Now(), true)
	g.Judged, g.Relevant, g.Waiting, g.Broken = j.judged, j.relevant, j.waiting, j.broken
	if err != nil {
		return g, fmt.Errorf("gather: %w", err)
	}
	return g, nil
}

// visit asks every source for news, many at once.
func (w *Worker) visit(ctx context.Context, states []store.SourceState, g *Gathered) error {
	failed := make([]error, len(states))
	var mu sync.Mutex
	done := 0
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(max(1, w.Parallel))
	for i, s := range states {
		group.Go(func() error {
			v, err := w.settleSource(ctx, s)
			mu.Lock()
			defer mu.Unlock()
			done++
			w.progress("feeds", done, len(states))
			failed[i] = v.failure
			g.New += v.fresh
			if err == nil && v.failure == nil {
				g.Answered++
			}
			if v.unchanged {
				g.Unchanged++
			}
			return err
		})
	}
	err := group.Wait()
	for i, failure := range failed {
		if failure != nil {
			g.Failed = append(g.Failed, Failure{states[i].Source, failure})
		}
	}
	return err
}

// visited is what one visit brought.
type visited struct {
	fresh     int
	unchanged bool
	failure   error
}

// settleSource visits a source. One on which the program panics has failed.
func (w *Worker) settleSource(ctx context.Context, s store.SourceState) (v visited, err error) {
	err = w.guard(func() error {
		v, err = w.visitOne(ctx, s)
		return err
	}, "source", s.ID, "url", feeds.Redact(s.URL))
	if _, panicked := errors.AsType[*panicError](err); panicked {
		v = visited{failure: err}
		err = w.guard(func() error {
			return w.Store.RecordFailure(ctx, s.ID, w.Now(), v.failure.Error())
		}, "source", s.ID)
	}
	return v, err
}

// visitOne asks one source and stores its answer. The error is the store's, or
// the context's; the feed's own failure is part of what was visited.
func (w *Worker) visitOne(ctx context.Context, s store.SourceState) (visited, error) {
	got, err := w.Feeds.Fetch(ctx, s.Source, s.Validators)
	now := w.Now()
	if ctx.Err() != nil {
		return visited{}, ctx.Err() // our own end is no fault of the source
	}
	if err != nil {
		w.Log.Warn("source failed", "source", s.ID, "err", err, "failures", s.Failures+1)
		return visited{failure: err}, w.Store.RecordFailure(ctx, s.ID, now, err.Error())
	}
	visit := store.Visit{Source: s.ID, At: now, Validators: got.Validators, Oldest: w.oldest(s, now)}
	for _, item := range got.Items {
		visit.Arrivals = append(visit.Arrivals, store.Arrival{Item: item, Out: w.out(item)})
	}
	fresh, err := w.Store.RecordVisit(ctx, visit)
	return visited{fresh: fresh, unchanged: got.NotModified}, err
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

// out says whether title and teaser, or the text that came with the feed, show
// that the piece is not about the subject.
func (w *Worker) out(item feeds.Item) bool {
	teaser := item.Teaser
	if text := item.Text; text != "" {
		teaser += "\n" + text[:min(len(text), screenText)]
	}
	return w.Pack.Screen(item.Title, teaser) == topic.Out
}
