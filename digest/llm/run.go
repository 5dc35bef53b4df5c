package llm

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"standpoint/digest/stance"
)

const (
	together     = 2 // questions at once: most machines at home answer one at a time
	inOneOpinion = 2 // questions that an opinion takes when all goes well
	retries      = 2
	longestWait  = 30 * time.Second // between two tries
	inARow       = 3                // failures after which nothing more is asked
)

// Most answers have a hundred tokens. What is cut off once gets room for a model
// that thinks aloud first.
const (
	tokens     = 1000
	moreTokens = 8000
)

// ErrStopped says that nothing more is asked in this run. The error before it
// has said why.
var ErrStopped = errors.New("no more second opinions in this run")

// Run is the asking of one run: a budget, and an end to it when the endpoint
// keeps failing. It is safe for concurrent use.
type Run struct {
	client *Client
	budget int
	places chan struct{}

	mu       sync.Mutex
	spent    int
	failures int // in a row
	stopped  bool
}

// Begin starts a run that may make so many requests.
func (c *Client) Begin(budget int) *Run {
	return &Run{client: c, budget: budget, places: make(chan struct{}, together)}
}

// Spent is how many requests were made.
func (r *Run) Spent() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.spent
}

// Ask gets the opinion on a piece and says how many requests that took. It asks
// twice, and again where that helps; questions on other pieces wait while two
// are in hand. Without an opinion the error says in one line why: ErrStopped
// where an earlier one has said it, or the context's.
func (r *Run) Ask(ctx context.Context, p Piece) (o stance.Opinion, requests int, err error) {
	select {
	case r.places <- struct{}{}:
		defer func() { <-r.places }()
	case <-ctx.Done():
		return o, 0, ctx.Err()
	}
	if err := r.enter(); err != nil {
		return o, 0, err
	}
	a := asking{Run: r, granted: inOneOpinion}
	defer a.giveBack()
	first, err := a.once(ctx, p, false)
	if err != nil {
		return o, a.made, r.settle(err)
	}
	second, err := a.once(ctx, p, true)
	if err != nil {
		return o, a.made, r.settle(err)
	}
	return agree(first, second), a.made, r.settle(nil)
}

// enter takes what one opinion needs out of the budget.
func (r *Run) enter() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.stopped {
		return ErrStopped
	}
	if r.spent+inOneOpinion > r.budget {
		r.stopped = true
		return fmt.Errorf("second opinion: the budget of %d requests is spent; the other pieces keep the model's verdict (see llm.budget)", r.budget)
	}
	r.spent += inOneOpinion
	return nil
}

// settle counts failures and puts them into words.
func (r *Run) settle(err error) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	f, ok := errors.AsType[*failure](err)
	switch {
	case err == nil, ok && f.class == foreign: // it answers
		r.failures = 0
	case ok:
		r.failures++
	default:
		return err
	}
	if err == nil {
		return nil
	}
	text := fmt.Sprintf("second opinion of %s at %s: %s", r.client.model, r.client.shown, f.reason)
	if !r.stopped && (f.class == final || r.failures >= inARow) {
		r.stopped = true
		text += "; no more is asked in this run"
	}
	return errors.New(text)
}

// asking is the work on one piece.
type asking struct {
	*Run
	granted, made int // requests
}

// giveBack returns what was granted and not needed.
func (a *asking) giveBack() {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.spent -= a.granted - a.made
}

// more asks for one request above what was granted.
func (a *asking) more() bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.stopped || a.spent >= a.budget {
		return false
	}
	a.spent++
	a.granted++
	return true
}

// once puts one question, again after what may heal and, once, with more room.
func (a *asking) once(ctx context.Context, p Piece, reversed bool) (stance.Opinion, error) {
	room := tokens
	pause := time.Second
	for try := 0; ; {
		body, err := a.client.body(p, reversed, room)
		if err != nil {
			return stance.Opinion{}, fail(broken, "the question cannot be written: %v", err)
		}
		a.made++
		text, err := a.client.post(ctx, body)
		if err == nil {
			return a.client.read(text, p)
		}
		f, ok := errors.AsType[*failure](err)
		switch {
		case ok && f.class == short && room == tokens && a.more():
			room = moreTokens
		case ok && f.class == passing && f.after > longestWait:
			return stance.Opinion{}, fail(final, "%s; it asks to be left alone for %v", f.reason, f.after)
		case ok && f.class == passing && try < retries && a.more():
			if err := wait(ctx, max(pause, f.after)); err != nil {
				return stance.Opinion{}, err
			}
			try++
			pause *= 4
		default:
			return stance.Opinion{}, err
		}
	}
}

func wait(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
