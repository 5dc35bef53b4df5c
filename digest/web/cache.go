package web

import (
	"container/list"
	"context"
	"sync"
)

// mostCached bounds the pages of the archive that are kept made, in bytes: a
// hundred editions. The garbage collector lets a process grow to twice what it
// keeps, and one that serves ten years shall stay below 100 MB.
const mostCached = 6 << 20

// answer is a page as it goes out.
type answer struct {
	body   []byte
	kind   string // its Content-Type
	tag    string // its ETag
	policy string // its own Content-Security-Policy; empty: every page's
}

// cost is about what keeping an answer takes, in bytes.
func (a *answer) cost() int { return len(a.body) + len(a.policy) + 512 }

// cache keeps answers until the archive changes, and of those that are too many
// the ones that were asked for last.
type cache struct {
	most int
	turn chan struct{} // whoever makes a page holds it, so that a crowd makes it once

	mu         sync.Mutex
	generation int64
	size       int
	order      *list.List // of kept, the last one asked for first
	of         map[string]*list.Element
}

type kept struct {
	key    string
	answer *answer
}

func newCache(most int) *cache {
	return &cache{most: most, turn: make(chan struct{}, 1), order: list.New(), of: map[string]*list.Element{}}
}

// ask returns the answer of a key, and makes it where there is none of this
// generation.
func (c *cache) ask(ctx context.Context, key string, generation int64, make func() (*answer, error)) (*answer, error) {
	if a := c.have(key, generation); a != nil {
		return a, nil
	}
	select {
	case c.turn <- struct{}{}:
		defer func() { <-c.turn }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	if a := c.have(key, generation); a != nil {
		return a, nil
	}
	a, err := make()
	if err == nil {
		c.keep(key, generation, a)
	}
	return a, err
}

// have returns what is kept, after it forgot what an older generation left.
func (c *cache) have(key string, generation int64) *answer {
	c.mu.Lock()
	defer c.mu.Unlock()
	if generation > c.generation {
		c.generation, c.size = generation, 0
		c.order.Init()
		clear(c.of)
	}
	e := c.of[key]
	if e == nil || generation < c.generation {
		return nil
	}
	c.order.MoveToFront(e)
	return e.Value.(kept).answer
}

func (c *cache) keep(key string, generation int64, a *answer) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if generation != c.generation || a.cost() > c.most || c.of[key] != nil {
		return
	}
	c.of[key] = c.order.PushFront(kept{key, a})
	for c.size += a.cost(); c.size > c.most; {
		last := c.order.Back()
		old := c.order.Remove(last).(kept)
		delete(c.of, old.key)
		c.size -= old.answer.cost()
	}
}
