package pipeline

import (
	"context"
	"errors"
	"sync"

	"standpoint/digest/llm"
	"standpoint/digest/stance"
	"standpoint/digest/store"
	"standpoint/feeds"
)

// SecondOpinion says of whom second opinions are asked, and on what. The zero
// value asks nobody.
type SecondOpinion struct {
	Client *llm.Client // nil: nobody
	All    bool        // on all relevant pieces, not only on those that are unsure
	Budget int         // requests of one gathering
}

// counsel is the second opinions of one run: those that are kept and, while
// gathering, those that are asked for.
type counsel struct {
	SecondOpinion
	asking *llm.Run // nil: only what is kept

	mu                           sync.Mutex
	asked, kept, failed, against int
}

func (w *Worker) newCounsel(gathering bool) *counsel {
	c := &counsel{SecondOpinion: w.Second}
	if gathering && c.Client != nil {
		c.asking = c.Client.Begin(c.Budget)
	}
	return c
}

// secondOpinion takes a second opinion into a judgement, where one is wanted and
// to be had. Whatever fails, the model's verdict stands; the error is the
// store's, or the context's.
func (g *judging) secondOpinion(ctx context.Context, p store.Piece, j *store.Judgement, model *stance.Classifier) error {
	c, v := g.counsel, j.Verdict
	wanted := v.Relevant && v.By == stance.ByModel && (c.All || v.Doubt == stance.Unsure)
	if c.Client == nil || !wanted || j.TooOld || j.Text == "" {
		return nil
	}
	key := c.Client.Key(p.Title, j.Text)
	o, ok, err := g.Store.Opinion(ctx, key)
	switch {
	case err != nil:
		return err
	case ok:
		c.count(&c.kept)
	case c.asking == nil:
		return nil
	default:
		ask := llm.Piece{Title: p.Title, Text: j.Text, Excerpts: model.Excerpts(p.Title, j.Text)}
		var requests int
		if o, requests, err = c.asking.Ask(ctx, ask); err != nil {
			return g.unheard(ctx, p, err)
		}
		if err := g.Store.SaveOpinion(ctx, key, o, requests, g.Now()); err != nil {
			return err
		}
		c.count(&c.asked)
	}
	j.Heard = &store.Heard{Key: key, Contrary: o.Contradicts(v)}
	if j.Heard.Contrary {
		c.count(&c.against)
	}
	j.Verdict = v.With(o)
	return nil
}

// unheard says in the log why there is no opinion, once where it is the same for
// all that follow.
func (g *judging) unheard(ctx context.Context, p store.Piece, err error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	g.counsel.count(&g.counsel.failed)
	if !errors.Is(err, llm.ErrStopped) {
		g.Log.Warn("no second opinion: the model's verdict stands", "source", p.Source, "url", feeds.Redact(p.URL), "err", err)
	}
	return nil
}

func (c *counsel) count(n *int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	*n++
}

// tellOpinions sums up a gathering's second opinions.
func (g *judging) tellOpinions() {
	c := g.counsel
	if c.asking == nil || c.asked+c.kept+c.failed == 0 {
		return
	}
	g.Log.Info("second opinions", "asked", c.asked, "kept", c.kept, "without", c.failed, "contradict", c.against, "requests", c.asking.Spent())
}
