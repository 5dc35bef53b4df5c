package web

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"time"

	"standpoint/digest"
	"standpoint/digest/render"
	"standpoint/digest/stance"
	"standpoint/digest/store"
)

// errNoPiece says that no public edition shows a piece.
var errNoPiece = errors.New("no such piece")

// ofPiece answers for a piece's page. A copy has none of its own.
func (a *archive) ofPiece(w http.ResponseWriter, r *http.Request) {
	n, ok := number(r.PathValue("number"))
	if !ok {
		a.missing(w, r)
		return
	}
	a.answer(w, r, r.URL.Path, longer, func(ctx context.Context) (*answer, error) { return a.piece(ctx, int64(n)) })
}

func (a *archive) piece(ctx context.Context, item int64) (*answer, error) {
	k, ok, err := a.Store.PublicPiece(ctx, item)
	if err != nil {
		return nil, err
	}
	if !ok {
		return nil, errNoPiece
	}
	e, err := a.Store.PublicEdition(ctx, k.Edition)
	if err != nil {
		return nil, err
	}
	p, ok := asShown(e.Edition, item)
	if !ok {
		return nil, errNoPiece
	}
	if err := a.known(ctx, &p, k, e.Frozen); err != nil {
		return nil, err
	}
	v := a.Renderer.Piece(a.Pack, p, a.Zone)
	return a.html("piece", page{
		Title: v.Title, Kind: "piece", Body: inBase[render.PieceView]{a.base(), v},
		Canonical: a.public(render.PiecePath("", item)), Description: strings.TrimSpace(v.Stand.Name + ". " + v.Standing),
	})
}

// inBase is what a page shows, with the path that its links begin with.
type inBase[T any] struct {
	Base string
	View T
}

// asShown is a piece as its edition shows it.
func asShown(e digest.Edition, item int64) (render.Piece, bool) {
	for _, s := range e.Sections {
		for _, en := range s.Entries {
			if en.Item == item {
				return render.Piece{Entry: en, Place: s.Stance, Edition: e.Number, Window: e.Window}, true
			}
		}
	}
	return render.Piece{}, false
}

// known adds what the store knows of a piece beyond its edition, and nothing of
// who said it. A word that had ended before the edition was published is told
// without its reason: no reader was ever told of it.
func (a *archive) known(ctx context.Context, p *render.Piece, k store.Known, published time.Time) error {
	p.Language, p.Verdict, p.First, p.Judged = k.Language, k.Verdict, k.Verdict, k.Judged
	p.TextGone, p.Words = !k.Gone.IsZero(), k.TextWords
	if k.Gone.IsZero() {
		p.Words = len(strings.Fields(k.Text))
	}
	words, err := a.Store.CorrectionsOf(ctx, k.ID)
	if err != nil {
		return err
	}
	for i, c := range words {
		if i == 0 && c.Was.By != stance.ByOperator {
			p.First = c.Was
		}
		r := render.Ruling{At: c.At, Stance: c.Stance, Why: c.Why}
		if i+1 == len(words) || !words[i+1].At.Equal(c.Ended) {
			r.Undone = c.Ended // else the next word took its place
		}
		if !c.Ended.IsZero() && !c.Ended.After(published) {
			r.Why = ""
		}
		p.Rulings = append(p.Rulings, r)
	}
	if o, contrary, ok, err := a.Store.OpinionOn(ctx, k.ID); err != nil {
		return err
	} else if ok {
		p.Opinion, p.Contrary = &o, contrary
	}
	p.Told, err = a.Store.ToldIn(ctx, k.ID)
	p.Told = slices.Compact(p.Told)
	return err
}
