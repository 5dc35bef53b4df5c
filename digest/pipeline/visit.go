package pipeline

import (
	"context"
	"sync"

	"golang.org/x/sync/errgroup"

	"standpoint/digest/store"
	"standpoint/feeds"
)

// unchangedAtOnce is how many sources without news are recorded together: each
// costs nothing to ask again, so little is lost if a crash forgets them.
const unchangedAtOnce = 256

// visit asks the sources for news, many at once, and judges what they bring.
func (w *Worker) visit(ctx context.Context, states []store.SourceState, j *judging, g *Gathered) error {
	all := make([]visited, len(states))
	var mu sync.Mutex
	var unchanged []store.Contact
	done := 0
	group, working := errgroup.WithContext(ctx)
	// The client limits the requests. Sources that pause before they are asked
	// again make none, and must not keep others out; one at a time stays one.
	group.SetLimit(max(1, 4*w.Parallel-3))
	for i, s := range states {
		group.Go(func() error {
			v, err := w.settleSource(working, s)
			if err == nil && v.New+v.Revised > 0 {
				err = j.of(working, s.ID)
			}
			if err != nil {
				return err
			}
			var full []store.Contact
			mu.Lock()
			done++
			w.progress("feeds", done, len(states))
			all[i] = v
			if v.failure == nil {
				g.Answered++
			}
			if v.unchanged != nil {
				unchanged = append(unchanged, *v.unchanged)
			}
			if len(unchanged) == unchangedAtOnce {
				full, unchanged = unchanged, nil
			}
			mu.Unlock()
			return w.Store.RecordUnchanged(working, full)
		})
	}
	err := group.Wait()
	if err == nil {
		err = w.Store.RecordUnchanged(ctx, unchanged)
	}
	for i, v := range all {
		g.add(states[i].Source, v)
	}
	return err
}

// add counts a visit, but for Answered, which visit counts: a source that was
// not reached has neither answered nor failed.
func (g *Gathered) add(s feeds.Source, v visited) {
	if v.failure != nil {
		g.Failed = append(g.Failed, *v.failure)
	}
	if v.Held > 0 {
		g.Held = append(g.Held, Hold{s, v.Held})
	}
	if v.moved != "" {
		g.Moved = append(g.Moved, Move{s, v.moved})
	}
	if v.unchanged != nil {
		g.Unchanged++
	}
	g.New += v.New - v.Held
	g.Revised += v.Revised
}

// tell says in the log that a source failed: as a warning once, when it has
// done so TellAfter times in a row, since a site that stumbles is daily life; and
// at once where waiting will not help.
func (w *Worker) tell(s store.SourceState, f *Failure, gone bool) {
	log := w.Log.With("source", s.ID, "err", f.Err, "failures", f.Times)
	switch {
	case gone:
		log.Warn("source is gone for good: it is not asked again until: standpoint feeds resume")
	case f.Times == max(1, w.TellAfter):
		log.Warn("source keeps failing", "since", f.Since)
	case f.Times < w.TellAfter:
		log.Info("source failed")
	default:
		log.Debug("source failed again")
	}
}

// answered says in the log that a source is back, or answers elsewhere.
func (w *Worker) answered(s store.SourceState, c store.Contact) {
	if s.Failures >= max(1, w.TellAfter) {
		w.Log.Info("source answers again", "source", s.ID, "failures", s.Failures, "since", s.FailingSince)
	}
	if c.Moved != "" && c.Moved != s.Moved {
		w.Log.Warn("source has moved for good: it is read there; write the new address into the config", "source", s.ID,
			"to", feeds.Redact(c.Moved))
	}
}
