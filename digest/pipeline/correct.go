package pipeline

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"standpoint/digest/stance"
	"standpoint/digest/store"
	"standpoint/digest/topic"
)

// Operator is who corrects.
const Operator = "operator"

// ErrTextGone says that a piece cannot be corrected, since its text was dropped:
// nothing is left to quote from, or to learn from.
var ErrTextGone = errors.New("its text is gone")

// Corrected says what came of a correction, or of its undo.
type Corrected struct {
	Piece  store.Known         // the one that speaks for its copies, as it was before
	Copies []store.Known       // corrected with it
	Now    stance.Verdict      // on the piece
	Model  *stance.Classifier  // that learned all corrections that are in training
	Learnt int                 // corrections in training
	Breaks []stance.Regression // what learning would have broken: the correction stays out of training; after an undo, what is broken by those that remain
}

// Correct files a piece, which may have come in several copies, as the operator
// says; the empty stance takes it out of the digest. The word counts at once and
// for good. The model learns it, too, unless that would break what the pack's
// regression set holds. It fails with ErrTextGone where the piece's text was dropped;
// copies without theirs stay as they are.
func (w *Worker) Correct(ctx context.Context, copies []store.Known, key topic.StanceKey, why string) (Corrected, error) {
	return w.correctFor(ctx, store.Order{Who: Operator, Stance: key, Why: why}, copies)
}

// correctFor is Correct as an order asks for it, which ends with it. A draft that
// has the piece is composed anew.
func (w *Worker) correctFor(ctx context.Context, o store.Order, copies []store.Known) (Corrected, error) {
	out, learnt, err := w.begin(ctx, copies)
	if err != nil {
		return out, err
	}
	if !out.Piece.Gone.IsZero() {
		return out, ErrTextGone
	}
	out.Copies = slices.DeleteFunc(out.Copies, func(k store.Known) bool { return !k.Gone.IsZero() })
	lesson := stance.Correction{Title: out.Piece.Title, Text: textOf(out.Piece), Stance: o.Stance}
	if err := w.refit(&out, learnt, append(slices.Clone(learnt), lesson)); err != nil {
		return out, err
	}
	now := w.Now()
	var rulings []store.Ruling
	for _, k := range append([]store.Known{out.Piece}, out.Copies...) {
		r := store.Ruling{
			Correction: store.Correction{Correction: lesson, Item: k.ID, Who: o.Who, At: now, Why: o.Why, Breaks: out.Breaks},
			Verdict:    out.Model.ByTheOperator(k.Title, k.Text, o.Stance), Order: o.ID,
		}
		r.Title, r.Text = k.Title, textOf(k)
		if k.ID != out.Piece.ID {
			r.Lead = out.Piece.ID
		}
		rulings = append(rulings, r)
	}
	out.Now = rulings[0].Verdict
	if err := w.Store.Correct(ctx, rulings); err != nil {
		return out, err
	}
	return out, w.Recompose(ctx)
}

// Undo takes the operator's word on a piece and its copies back. It fails with
// store.ErrNotCorrected where there is none.
func (w *Worker) Undo(ctx context.Context, copies []store.Known) (Corrected, error) {
	return w.undoFor(ctx, store.Order{Who: Operator}, copies)
}

// undoFor is Undo as an order asks for it, which ends with it. A draft that has the
// piece is composed anew.
func (w *Worker) undoFor(ctx context.Context, o store.Order, copies []store.Known) (Corrected, error) {
	out, learnt, err := w.begin(ctx, copies)
	if err != nil {
		return out, err
	}
	var items []int64
	for _, k := range copies {
		items = append(items, k.ID)
	}
	if err := w.Store.UndoFor(ctx, o, items, w.Now()); err != nil {
		return out, err
	}
	if err := w.Recompose(ctx); err != nil {
		return out, err
	}
	if k, ok, err := w.Store.Item(ctx, out.Piece.ID); err != nil {
		return out, err
	} else if ok {
		out.Now = k.Verdict
	}
	return out, w.refit(&out, learnt, learnt)
}

// begin chooses the copy that speaks for all, and returns what is learned from
// other pieces.
func (w *Worker) begin(ctx context.Context, copies []store.Known) (out Corrected, learnt []stance.Correction, err error) {
	lead := slices.MaxFunc(copies, func(a, b store.Known) int { return speaks(a) - speaks(b) })
	out.Piece = lead
	items := map[int64]bool{}
	for _, k := range copies {
		items[k.ID] = true
		if k.ID != lead.ID {
			out.Copies = append(out.Copies, k)
		}
	}
	all, err := w.Store.Corrections(ctx)
	if err != nil {
		return out, nil, err
	}
	for _, c := range all {
		if len(c.Breaks) == 0 && !items[c.Item] {
			learnt = append(learnt, c.Correction)
		}
	}
	return out, learnt, nil
}

// speaks ranks copies: the one that readers saw, then the one with most text.
func speaks(k store.Known) int {
	if k.Edition > 0 && k.CopyOf == 0 {
		return 1 << 40
	}
	return len(textOf(k))
}

// textOf is what there is to read of a piece.
func textOf(k store.Known) string {
	if k.Text == "" {
		return k.Teaser
	}
	return k.Text
}

// refit trains the model that is wanted. Where it breaks what today's model
// holds, it falls back on the other corrections alone.
func (w *Worker) refit(out *Corrected, others, wanted []stance.Correction) error {
	before, err := w.Model()
	if err != nil {
		return err
	}
	after, err := w.Train(wanted)
	if err != nil {
		return fmt.Errorf("learn from corrections: %w", err)
	}
	if out.Breaks, err = stance.Regressions(before, after); err != nil {
		return err
	}
	if len(out.Breaks) > 0 && len(wanted) > len(others) {
		wanted = others
		if after, err = w.Train(others); err != nil {
			return fmt.Errorf("learn from corrections: %w", err)
		}
	}
	out.Model, out.Learnt = after, len(wanted)
	return nil
}
