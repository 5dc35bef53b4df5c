package pipeline

import (
	"context"
	"errors"
	"net/url"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"standpoint/digest/stance"
	"standpoint/digest/store"
	"standpoint/feeds"
)

type judged struct {
	judged, relevant, waiting, broken int
}

func (j *judged) add(o judged) {
	j.judged += o.judged
	j.relevant += o.relevant
	j.waiting += o.waiting
	j.broken += o.broken
}

const (
	piecesAtOnce = 128 // waiting pieces that are read from the store together
	siteFailures = 2   // pages in a row that a site may fail to send in one run
)

// judging is one run's work on the pieces that wait for a verdict.
type judging struct {
	*Worker
	pages   bool // get the pages of pieces that came without text; else judge from what there is
	model   func() (*stance.Classifier, error)
	counsel *counsel
	places  chan struct{} // a place for each page in hand

	mu    sync.Mutex
	total judged
	done  int
	tried map[int64]bool // pieces that had their try in this run and wait on
	down  map[string]int // pages in a row that a host failed to send
}

// judging begins a run. One that gathers asks others, for pages and for second
// opinions; one that does not makes do with what there is.
func (w *Worker) judging(gathers bool) *judging {
	return &judging{
		Worker: w, pages: gathers && w.Pages, model: sync.OnceValues(w.Model), counsel: w.newCounsel(gathers),
		places: make(chan struct{}, max(1, w.Parallel)),
		tried:  map[int64]bool{}, down: map[string]int{},
	}
}

// all gives a verdict to the pieces first seen up to the given time that have
// none and had no try yet. A piece whose page fails for now goes on waiting.
func (g *judging) all(ctx context.Context, until time.Time) error {
	waiting, err := g.Store.Waiting(ctx, until)
	if err != nil {
		return err
	}
	if waiting -= len(g.tried); waiting > 0 {
		g.done = 0
		err = g.some(ctx, "", until, g.Parallel, func() { g.progress("pieces", g.done, max(g.done, waiting)) })
	}
	t := g.total
	if t != (judged{}) {
		g.Log.Info("pieces judged", "judged", t.judged, "relevant", t.relevant, "waiting", t.waiting, "broken", t.broken)
	}
	return err
}

// of gives a verdict to the waiting pieces of one source, two at a time: a host
// gets no more requests at once.
func (g *judging) of(ctx context.Context, source feeds.SourceID) error {
	return g.some(ctx, source, g.Now(), min(2, g.Parallel), func() {})
}

// some works on the waiting pieces of a source, or of all for "", of which a few
// are in memory at a time. It calls tell after each, one at a time.
func (g *judging) some(ctx context.Context, source feeds.SourceID, until time.Time, atOnce int, tell func()) error {
	group, working := errgroup.WithContext(ctx)
	group.SetLimit(max(1, atOnce))
	err := g.pending(working, source, until, func(p store.Piece) {
		group.Go(func() error {
			one, err := g.settlePiece(working, p)
			g.mu.Lock()
			defer g.mu.Unlock()
			g.total.add(one)
			if one.waiting > 0 {
				g.tried[p.ID] = true
			}
			g.done++
			tell()
			return err
		})
	})
	if failed := group.Wait(); failed != nil {
		err = failed // the loop only saw its echo
	}
	return err
}

// pending calls work for each waiting piece that had no try yet.
func (g *judging) pending(ctx context.Context, source feeds.SourceID, until time.Time, work func(store.Piece)) error {
	last := int64(0)
	for {
		some, err := g.Store.Pending(ctx, source, until, last, piecesAtOnce)
		if err != nil {
			return err
		}
		for _, p := range some {
			last = p.ID
			g.mu.Lock()
			tried := g.tried[p.ID]
			g.mu.Unlock()
			if !tried {
				work(p)
			}
		}
		if len(some) < piecesAtOnce {
			return nil
		}
	}
}

// enter waits for a place for a page and returns the function that gives it
// back.
func (g *judging) enter(ctx context.Context) (func(), error) {
	select {
	case g.places <- struct{}{}:
		return func() { <-g.places }, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// errSiteDown says that a page was not asked for, since its site does not answer.
var errSiteDown = errors.New("its site does not answer")

// page gets a page, unless its host let others of this run wait in vain: a site
// that hangs must not hold the run for once for each of its pieces.
func (g *judging) page(ctx context.Context, address string) (body []byte, contentType, final string, err error) {
	host := ""
	if u, err := url.Parse(address); err == nil {
		host = u.Host
	}
	g.mu.Lock()
	down := g.down[host] >= siteFailures
	g.mu.Unlock()
	if down {
		return nil, "", "", errSiteDown
	}
	body, contentType, final, err = g.Feeds.Page(ctx, address)
	g.mu.Lock()
	defer g.mu.Unlock()
	if isDown(err) {
		g.down[host]++
	} else {
		g.down[host] = 0
	}
	return body, contentType, final, err
}

// isDown says whether an error speaks of the site and not of one page.
func isDown(err error) bool {
	e, ok := errors.AsType[*feeds.Error](err)
	return ok && (e.Class == feeds.ClassTimeout || e.Class == feeds.ClassConnect || e.Class == feeds.ClassDNS)
}
