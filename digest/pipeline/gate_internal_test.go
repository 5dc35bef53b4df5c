package pipeline

import (
	"context"
	"fmt"
	"testing"
	"testing/synctest"
	"time"
)

func TestPaceInAll(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := newGate(Limits{PerSecond: 4}, 2)
		start := time.Now()
		for range 9 {
			if !g.ready() {
				g.pace(t.Context())
			}
		}
		if took := time.Since(start); took.Round(time.Millisecond) != 2*time.Second {
			t.Errorf("nine letters at four a second took %v", took)
		}
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		g.pace(ctx) // returns
		g = newGate(Limits{}, 2)
		for range 3 {
			if !g.ready() || g.byDomain() {
				t.Error("a gate without limits holds something back")
			}
		}
	})
}

func TestOnceAtATimeForADomain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := newGate(Limits{DomainAtOnce: 1}, 2)
		a, b := permit{gate: g}, permit{gate: g}
		if !a.take("one") || b.take("one") || !a.take("one") {
			t.Error("two letters to one domain at once")
		}
		if !b.take("two") || b.soonest != 0 {
			t.Error("another domain had to wait")
		}
		// Who changes his mind gives the first one back.
		if !a.take("three") || !b.take("one") || g.latest() != "one" {
			t.Error("a domain that nobody writes to is held")
		}
		news := g.news()
		begin := time.Now()
		go func() { time.Sleep(time.Minute); b.done() }()
		g.await(t.Context(), news, 0)
		if took := time.Since(begin); took != time.Minute {
			t.Errorf("waited %v", took)
		}
		a.done()
		a.done()
		if len(g.domains) != 0 {
			t.Errorf("%d domains are remembered", len(g.domains))
		}
		if newGate(Limits{DomainAtOnce: 4}, 4).byDomain() {
			t.Error("a limit that cannot be reached costs something")
		}
	})
}

func TestPaceForADomain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := newGate(Limits{DomainPerSecond: 0.5}, 2)
		p := permit{gate: g}
		start := time.Now()
		for range 3 {
			for !p.take("one") {
				g.await(t.Context(), nil, p.soonest)
				p.soonest = 0
			}
			p.done()
		}
		if took := time.Since(start); took.Round(time.Millisecond) != 4*time.Second {
			t.Errorf("three letters at one in two seconds took %v", took)
		}
	})
}

// Memory goes with the domains in use, not with those that there are.
func TestGateForgetsDomains(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g := newGate(Limits{DomainPerSecond: 10}, 2)
		p := permit{gate: g}
		for i := range 10_000 {
			if !p.take(fmt.Sprint(i)) {
				t.Fatalf("domain %d had to wait", i)
			}
			p.done()
			time.Sleep(10 * time.Millisecond)
		}
		if n := len(g.domains); n > 2*fewDomains {
			t.Errorf("%d domains are remembered", n)
		}
	})
}

func TestOutlive(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		work, end := outlive(ctx, 5*time.Second)
		defer end()
		cancel()
		begin := time.Now()
		<-work.Done()
		if took := time.Since(begin); took != 5*time.Second || context.Cause(work) != errTold {
			t.Errorf("it ended after %v: %v", took, context.Cause(work))
		}
	})
}
