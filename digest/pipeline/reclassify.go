package pipeline

import (
	"bytes"
	"context"
	"encoding/json"

	"standpoint/digest/stance"
	"standpoint/digest/store"
	"standpoint/feeds"
)

// Change is a piece on which today's model says something else.
type Change struct {
	Piece store.Unsettled // with the verdict that it has
	Now   stance.Verdict
}

// Reclassified says what judging anew gave.
type Reclassified struct {
	Judged   int
	Changed  []Change // another label, in the order in which the pieces came
	Restated int      // the same label, with other figures or quotes
}

// Reclassify judges the pieces of the open window anew: those that came after the
// last cut-off, and those that wait for an edition. What an edition has, and what
// the operator spoke on, stays as it is. It stores what is new, if told to.
func (w *Worker) Reclassify(ctx context.Context, keep bool) (Reclassified, error) {
	var out Reclassified
	last, _, err := w.Store.LastCutoff(ctx)
	if err != nil {
		return out, err
	}
	g := w.judging(false)
	for after := int64(0); ; {
		some, err := w.Store.Unsettled(ctx, last, after, piecesAtOnce)
		if err != nil || len(some) == 0 {
			return out, err
		}
		after = some[len(some)-1].Item
		var news []store.Reconsidered
		for _, p := range some {
			r, ok, err := g.reconsider(ctx, p)
			if err != nil {
				return out, err
			}
			if !ok {
				continue
			}
			out.Judged++
			switch {
			case same(p.Verdict, r.Verdict):
				continue
			case label(p.Verdict) != label(r.Verdict):
				out.Changed = append(out.Changed, Change{p, r.Verdict})
			default:
				out.Restated++
			}
			news = append(news, r)
		}
		if keep && len(news) > 0 {
			if err := w.Store.Reconsider(ctx, news); err != nil {
				return out, err
			}
		}
	}
}

// reconsider judges a piece as it was judged, from the stored text. ok is false
// where the program panics over it.
func (g *judging) reconsider(ctx context.Context, p store.Unsettled) (r store.Reconsidered, ok bool, err error) {
	model, err := g.model()
	if err != nil {
		return r, false, err
	}
	failed := g.guard(func() error {
		j := store.Judgement{Item: p.Item, Text: p.Text, Verdict: model.Classify(p.Title, p.Text)}
		item := store.Piece{ID: p.Item, Item: feeds.Item{Source: feeds.SourceID(p.Source), Title: p.Title, URL: p.URL}}
		err = g.secondOpinion(ctx, item, &j, model)
		r, ok = store.Reconsidered{Item: p.Item, Verdict: j.Verdict, Heard: j.Heard}, true
		return nil
	}, "source", p.Source, "piece", p.Item, "url", feeds.Redact(p.URL))
	return r, ok && failed == nil, err
}

// labelled is what readers see of a verdict.
type labelled struct {
	relevant bool
	stance   string
	doubt    stance.Doubt
	language string
}

func label(v stance.Verdict) labelled {
	return labelled{v.Relevant, string(v.Stance), v.Doubt, v.Language}
}

// same says whether two verdicts are one in the store.
func same(a, b stance.Verdict) bool {
	x, err1 := json.Marshal(a)
	y, err2 := json.Marshal(b)
	return err1 == nil && err2 == nil && bytes.Equal(x, y)
}
