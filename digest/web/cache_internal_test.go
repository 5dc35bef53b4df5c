package web

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
)

func TestCacheIsBounded(t *testing.T) {
	c := newCache(10_000)
	made := 0
	ask := func(key string, size int) {
		t.Helper()
		a, err := c.ask(t.Context(), key, 1, func() (*answer, error) {
			made++
			return newAnswer("text/plain", []byte(strings.Repeat("x", size))), nil
		})
		if err != nil || len(a.body) != size {
			t.Fatalf("%s: %v", key, err)
		}
	}
	for i := range 100 {
		ask(fmt.Sprint(i), 1000)
		ask("often", 1000)
		if c.size > 10_000 || len(c.of) != c.order.Len() {
			t.Fatalf("%d bytes in %d answers, %d in turn", c.size, len(c.of), c.order.Len())
		}
	}
	if made != 101 {
		t.Errorf("%d made; what is asked for often is to stay", made)
	}
	ask("huge", 20_000)
	ask("huge", 20_000)
	if made != 103 || c.of["huge"] != nil {
		t.Error("an answer beyond the bound is kept")
	}
}

// A change of the archive ends what is kept, and a page that was begun before it
// is not kept after it.
func TestCacheGenerations(t *testing.T) {
	c := newCache(1 << 20)
	ask := func(generation int64, text string) string {
		a, err := c.ask(t.Context(), "key", generation, func() (*answer, error) { return newAnswer("text/plain", []byte(text)), nil })
		if err != nil {
			t.Fatal(err)
		}
		return string(a.body)
	}
	for _, step := range []struct {
		generation int64
		text, want string
	}{{1, "a", "a"}, {1, "b", "a"}, {2, "c", "c"}, {1, "late", "late"}, {2, "d", "c"}} {
		if got := ask(step.generation, step.text); got != step.want {
			t.Errorf("generation %d: %s, want %s", step.generation, got, step.want)
		}
	}
}

// A crowd makes a page once; a fault is nobody's answer but its own; who goes
// away holds nobody up.
func TestCacheCrowd(t *testing.T) {
	c := newCache(1 << 20)
	var made atomic.Int32
	var crowd sync.WaitGroup
	for range 100 {
		crowd.Go(func() {
			_, _ = c.ask(t.Context(), "key", 1, func() (*answer, error) {
				made.Add(1)
				return newAnswer("text/plain", nil), nil
			})
		})
	}
	crowd.Wait()
	if made.Load() != 1 {
		t.Errorf("made %d times", made.Load())
	}
	fault := errors.New("disk")
	if _, err := c.ask(t.Context(), "other", 1, func() (*answer, error) { return nil, fault }); !errors.Is(err, fault) {
		t.Errorf("fault: %v", err)
	}
	c.turn <- struct{}{} // somebody is at work
	gone, leave := context.WithCancel(t.Context())
	leave()
	if _, err := c.ask(gone, "third", 1, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("who has gone waits: %v", err)
	}
}
