package pipeline

import (
	"context"
	"errors"
	"strings"

	"standpoint/digest/stance"
	"standpoint/digest/store"
	"standpoint/feeds"
)

// pageWords is how many words a page must give to be taken for the piece; with
// fewer it is a notice, a login or a video, and the teaser says more.
const pageWords = 80

// settlePiece judges a piece. One on which the program panics is settled
// without a verdict: pending, it would end every run to come.
func (g *judging) settlePiece(ctx context.Context, p store.Piece) (judged, error) {
	unit := []any{"source", p.Source, "piece", p.ID, "url", feeds.Redact(p.URL)}
	var one judged
	err := g.guard(func() error {
		j, wait, err := g.judgeOne(ctx, p)
		switch {
		case err != nil:
		case wait:
			one.waiting++
		default:
			one.judged++
			if j.Verdict.Relevant && !j.TooOld {
				one.relevant++
			}
		}
		return err
	}, unit...)
	if _, panicked := errors.AsType[*panicError](err); panicked {
		one = judged{broken: 1}
		err = g.guard(func() error {
			j := store.Judgement{Item: p.ID, Basis: stance.BasisTitle}
			if p.Word != nil {
				j.Verdict, j.Own = *p.Word, &stance.Verdict{}
			}
			return g.Store.RecordJudgement(ctx, j)
		}, unit...)
	}
	return one, err
}

// judgeOne gets a piece's text, judges it and stores both. It says so when the
// piece has to wait for its page.
func (g *judging) judgeOne(ctx context.Context, p store.Piece) (j store.Judgement, wait bool, err error) {
	j = store.Judgement{Item: p.ID}
	source := g.source(feeds.Source{ID: p.Source})
	if g.pages && p.URL != "" && p.Own && wantsPage(source.Text, p) {
		switch err := g.read(ctx, source, p, &j); {
		case ctx.Err() != nil:
			return j, false, ctx.Err()
		case errors.Is(err, errSiteDown):
			return j, true, nil
		case waits(err):
			g.Log.Info("page failed for now", "source", p.Source, "url", feeds.Redact(p.URL), "err", err)
			return j, true, g.Store.RecordPageFailure(ctx, p.ID, err.Error())
		case err != nil:
			g.Log.Info("page gave no text", "source", p.Source, "url", feeds.Redact(p.URL), "err", err)
			j.PageError = err.Error()
		}
	}
	switch {
	case j.Text != "":
	case p.Text != "":
		j.Text, j.Basis = p.Text, stance.BasisFeed
	case p.Teaser != "":
		j.Text, j.Basis = p.Teaser, stance.BasisTeaser
	default:
		j.Basis = stance.BasisTitle
	}
	model, err := g.model()
	if err != nil {
		return j, false, err
	}
	j.Verdict = model.Classify(p.Title, j.Text)
	if p.Word != nil { // it stands above what the program finds
		own := j.Verdict
		j.Own, j.Verdict = &own, model.ByTheOperator(p.Title, j.Text, p.Word.Stance)
	}
	if p.Published.IsZero() && !j.Published.IsZero() {
		wanted := p.Word != nil && p.Word.Relevant
		j.TooOld = !wanted && j.Published.Before(p.FirstSeen.Add(-g.Lookback))
		if j.Published.After(p.FirstSeen) {
			j.Published = p.FirstSeen
		}
	}
	if err := g.secondOpinion(ctx, p, &j, model); err != nil {
		return j, false, err
	}
	j.At = g.Now()
	return j, false, g.Store.RecordJudgement(ctx, j)
}

// wantsPage says whether a piece's page is to be read.
func wantsPage(from feeds.TextFrom, p store.Piece) bool {
	switch from {
	case feeds.TextFeed:
		return false
	case feeds.TextPage:
		return true
	default:
		return p.Text == ""
	}
}

// waits says whether an error heals with time.
func waits(err error) bool {
	e, ok := errors.AsType[*feeds.Error](err)
	return ok && e.Temporary()
}

// read gets the piece's page and what it says into j. Where the page holds no
// article, j is left without a text.
func (g *judging) read(ctx context.Context, s feeds.Source, p store.Piece, j *store.Judgement) error {
	leave, err := g.enter(ctx)
	if err != nil {
		return err
	}
	defer leave()
	body, contentType, address, err := g.page(ctx, p.URL)
	if err != nil {
		return err
	}
	a, err := g.Rules[s.ID].Extract(body, contentType, address)
	if err != nil {
		return err
	}
	words, teaser := len(strings.Fields(a.Text)), len(strings.Fields(p.Teaser))
	if !a.Paywalled && words < max(pageWords, teaser) {
		return errors.New("the page holds no article: login, notice or video")
	}
	j.Canonical, j.Authors, j.Published, j.Language = a.Canonical, a.Authors, a.Published, a.Language
	switch {
	case !a.Paywalled:
		j.Text, j.Basis = a.Text, stance.BasisPage
	case words > max(teaser, len(strings.Fields(p.Text))):
		j.Text, j.Basis = a.Text, stance.BasisPaywall
	default:
		return errors.New("the page is behind a paywall and shows no more than the feed")
	}
	return nil
}
