package pipeline

import (
	"context"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// Limits say how fast letters may go out. They pace by the machine's own clock.
type Limits struct {
	PerSecond       float64 // letters a second in all; 0: any number
	DomainAtOnce    int     // letters at the same time to readers of one domain; 0: any number
	DomainPerSecond float64 // letters a second to readers of one domain; 0: any number
}

// gate holds the limits of one round. It remembers only the domains that are in
// use, or were of late.
type gate struct {
	all    *rate.Limiter // nil: no limit
	atOnce int           // 0: no limit
	each   rate.Limit    // 0: no limit

	mu      sync.Mutex
	domains map[string]*lane
	sweep   int           // so many domains are worth a look for idle ones
	last    string        // the domain that was served last
	changed chan struct{} // closed when a domain has room again
}

// lane is one domain's.
type lane struct {
	busy  int
	limit *rate.Limiter // nil: no limit
}

const fewDomains = 64

func newGate(l Limits, sessions int) *gate {
	g := &gate{each: rate.Limit(l.DomainPerSecond), domains: map[string]*lane{}, sweep: fewDomains, changed: make(chan struct{})}
	if l.PerSecond > 0 {
		g.all = rate.NewLimiter(rate.Limit(l.PerSecond), 1)
	}
	if l.DomainAtOnce < sessions { // else there are never more
		g.atOnce = l.DomainAtOnce
	}
	return g
}

// ready says whether a letter may go out now as far as the rate in all goes; yes
// is for one letter.
func (g *gate) ready() bool { return g.all == nil || g.all.Allow() }

// pace waits until one may, or until the context ends.
func (g *gate) pace(ctx context.Context) { _ = g.all.Wait(ctx) }

// byDomain says whether domains have limits.
func (g *gate) byDomain() bool { return g.atOnce > 0 || g.each > 0 }

// latest is the domain that was served last.
func (g *gate) latest() string {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.last
}

// news is closed when a domain has room again, from now on.
func (g *gate) news() <-chan struct{} {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.changed
}

// await waits for news, or until the next letter of a domain is due, or for the
// end of the context.
func (g *gate) await(ctx context.Context, news <-chan struct{}, soonest time.Duration) {
	var due <-chan time.Time
	if soonest > 0 {
		t := time.NewTimer(soonest)
		defer t.Stop()
		due = t.C
	}
	select {
	case <-news:
	case <-due:
	case <-ctx.Done():
	}
}

// permit is one session's leave to write to a domain.
type permit struct {
	gate    *gate
	domain  string        // "": none
	soonest time.Duration // of the domains that were refused for their rate; 0: none
}

// take asks leave for a domain instead of the one that is held.
func (p *permit) take(domain string) bool {
	if p.domain == domain {
		return true
	}
	p.done()
	g := p.gate
	g.mu.Lock()
	defer g.mu.Unlock()
	l := g.domains[domain]
	if l == nil {
		l = &lane{}
		if g.each > 0 {
			l.limit = rate.NewLimiter(g.each, 1)
		}
		g.domains[domain] = l
	}
	if g.atOnce > 0 && l.busy >= g.atOnce {
		return false
	}
	if l.limit != nil {
		r := l.limit.Reserve()
		if wait := r.Delay(); wait > 0 {
			r.Cancel()
			if p.soonest == 0 || wait < p.soonest {
				p.soonest = wait
			}
			return false
		}
	}
	l.busy++
	p.domain, g.last = domain, domain
	return true
}

// done gives the leave back. The domain's rate has been used.
func (p *permit) done() {
	if p.domain == "" {
		return
	}
	g := p.gate
	g.mu.Lock()
	defer g.mu.Unlock()
	l := g.domains[p.domain]
	l.busy--
	if l.limit == nil && l.busy == 0 {
		delete(g.domains, p.domain)
	}
	p.domain = ""
	close(g.changed)
	g.changed = make(chan struct{})
	if len(g.domains) < g.sweep {
		return
	}
	for name, l := range g.domains {
		if l.busy == 0 && l.limit.Tokens() >= 1 {
			delete(g.domains, name)
		}
	}
	g.sweep = max(fewDomains, 2*len(g.domains))
}
