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
	"standpoint/feeds/article"
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

// judge gives a verdict to the pieces first seen up to the given time that have
// none. With pages, the page of a piece that came without text is fetched, and
// a piece whose page fails for now goes on waiting; without, every piece is
// judged from what there is.
func (w *Worker) judge(ctx context.Context, until time.Time, pages bool) (judged, error) {
	var total judged
	pending, err := w.Store.Pending(ctx, until)
	if err != nil || len(pending) == 0 {
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
	for _, p := range pending {
		group.Go(func() error {
			one, err := w.settlePiece(ctx, model, p, pages && w.Pages)
			mu.Lock()
			defer mu.Unlock()
			done++
			w.progress("pieces", done, len(pending))
			total.add(one)
			return err
		})
	}
	err = group.Wait()
	w.Log.Info("pieces judged", "judged", total.judged, "relevant", total.relevant, "waiting", total.waiting,
		"broken", total.broken)
	return total, err
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
	j = store.Judgement{Item: p.ID, Text: p.Text, Basis: stance.BasisFeed}
	if p.Text == "" && pages && p.URL != "" && p.Own {
		switch err := w.read(ctx, p, &j); {
		case ctx.Err() != nil:
			return j, false, ctx.Err()
		case waits(err):
			w.Log.Warn("page failed for now", "source", p.Source, "url", feeds.Redact(p.URL), "err", err)
			return j, true, w.Store.RecordPageFailure(ctx, p.ID, err.Error())
		case err != nil:
			w.Log.Warn("page gave no text", "source", p.Source, "url", feeds.Redact(p.URL), "err", err)
		}
	}
	if j.Text == "" {
		j.Text, j.Basis = p.Teaser, stance.BasisTeaser
	}
	if j.Text == "" {
		j.Basis = stance.BasisTitle
	}
	j.Verdict = model.Classify(p.Title, j.Text)
	if p.Published.IsZero() && !j.Published.IsZero() {
		j.TooOld = j.Published.Before(p.FirstSeen.Add(-w.Lookback))
		if j.Published.After(p.FirstSeen) {
			j.Published = p.FirstSeen
		}
	}
	return j, false, w.Store.RecordJudgement(ctx, j)
}

// waits says whether an error heals with time.
func waits(err error) bool {
	e, ok := errors.AsType[*feeds.Error](err)
	return ok && e.Temporary()
}

// read gets the piece's page and what it says into j. Where the page holds no
// article, j is left without a text.
func (w *Worker) read(ctx context.Context, p store.Piece, j *store.Judgement) error {
	body, contentType, address, err := w.Feeds.Page(ctx, p.URL)
	if err != nil {
		return err
	}
	a, err := article.Extract(body, contentType, address)
	if err != nil {
		return err
	}
	if len(strings.Fields(a.Text)) < max(pageWords, len(strings.Fields(p.Teaser))) {
		return errors.New("the page holds no article: login, notice or video")
	}
	j.Text, j.Basis = a.Text, stance.BasisPage
	j.Canonical, j.Authors, j.Published = a.Canonical, a.Authors, a.Published
	return nil
}
