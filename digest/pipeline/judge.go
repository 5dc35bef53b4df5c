package pipeline

import (
	"context"
	"errors"
	"strings"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"standpoint/digest/stance"
	"standpoint/digest/store"
	"standpoint/feeds"
)

// pageWords is how many words a page must give to be taken for the piece; with
// fewer it is a notice, a login or a video, and the teaser says more.
const pageWords = 80

type judged struct {
	judged, relevant, waiting, broken int
}

func (j *judged) add(o judged) {
	j.judged += o.judged
	j.relevant += o.relevant
	j.waiting += o.waiting
	j.broken += o.broken
}

// piecesAtOnce is how many waiting pieces are read from the store together.
const piecesAtOnce = 128

// judge gives a verdict to the pieces first seen up to the given time that have
// none. With pages, the page of a piece that came without text is fetched, and
// a piece whose page fails for now goes on waiting; without, every piece is
// judged from what there is.
func (w *Worker) judge(ctx context.Context, until time.Time, pages bool) (judged, error) {
	var total judged
	waiting, err := w.Store.Waiting(ctx, until)
	if err != nil || waiting == 0 {
		return total, err
	}
	model, err := w.Model()
	if err != nil {
		return total, err
	}
	var mu sync.Mutex
	done := 0
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(max(1, w.Parallel))
	err = w.pending(ctx, until, func(p store.Piece) {
		group.Go(func() error {
			one, err := w.settlePiece(ctx, model, p, pages && w.Pages)
			mu.Lock()
			defer mu.Unlock()
			done++
			w.progress("pieces", done, max(done, waiting))
			total.add(one)
			return err
		})
	})
	if failed := group.Wait(); failed != nil {
		err = failed // the loop only saw its echo
	}
	w.Log.Info("pieces judged", "judged", total.judged, "relevant", total.relevant, "waiting", total.waiting,
		"broken", total.broken)
	return total, err
}

// pending calls work for each waiting piece, a few of which are in memory at a
// time.
func (w *Worker) pending(ctx context.Context, until time.Time, work func(store.Piece)) error {
	last := int64(0)
	for {
		some, err := w.Store.Pending(ctx, until, last, piecesAtOnce)
		if err != nil || len(some) == 0 {
			return err
		}
		for _, p := range some {
			work(p)
			last = p.ID
		}
	}
}

// settlePiece judges a piece. One on which the program panics is settled
// without a verdict: pending, it would end every run to come.
func (w *Worker) settlePiece(ctx context.Context, model *stance.Classifier, p store.Piece, pages bool) (judged, error) {
	unit := []any{"source", p.Source, "piece", p.ID, "url", feeds.Redact(p.URL)}
	var one judged
	err := w.guard(func() error {
		j, wait, err := w.judgeOne(ctx, model, p, pages)
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
		err = w.guard(func() error {
			return w.Store.RecordJudgement(ctx, store.Judgement{Item: p.ID, Basis: stance.BasisTitle})
		}, unit...)
	}
	return one, err
}

// judgeOne gets a piece's text, judges it and stores both. It says so when the
// piece has to wait for its page.
func (w *Worker) judgeOne(ctx context.Context, model *stance.Classifier, p store.Piece, pages bool) (j store.Judgement, wait bool, err error) {
	j = store.Judgement{Item: p.ID}
	source := w.source(feeds.Source{ID: p.Source})
	if pages && p.URL != "" && p.Own && wantsPage(source.Text, p) {
		switch err := w.read(ctx, source, p, &j); {
		case ctx.Err() != nil:
			return j, false, ctx.Err()
		case waits(err):
			w.Log.Info("page failed for now", "source", p.Source, "url", feeds.Redact(p.URL), "err", err)
			return j, true, w.Store.RecordPageFailure(ctx, p.ID, err.Error())
		case err != nil:
			w.Log.Info("page gave no text", "source", p.Source, "url", feeds.Redact(p.URL), "err", err)
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
	j.Verdict = model.Classify(p.Title, j.Text)
	if p.Published.IsZero() && !j.Published.IsZero() {
		j.TooOld = j.Published.Before(p.FirstSeen.Add(-w.Lookback))
		if j.Published.After(p.FirstSeen) {
			j.Published = p.FirstSeen
		}
	}
	j.At = w.Now()
	return j, false, w.Store.RecordJudgement(ctx, j)
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
func (w *Worker) read(ctx context.Context, s feeds.Source, p store.Piece, j *store.Judgement) error {
	body, contentType, address, err := w.Feeds.Page(ctx, p.URL)
	if err != nil {
		return err
	}
	a, err := w.Rules[s.ID].Extract(body, contentType, address)
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
