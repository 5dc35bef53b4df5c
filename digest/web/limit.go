package web

import (
	"container/list"
	"net/http"
	"net/netip"
	"strconv"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// limiter lets each client do something so often. It remembers a bounded number of
// clients: the one that has been quiet for longest is forgotten first.
type limiter struct {
	each  rate.Limit
	burst int
	most  int // clients

	mu    sync.Mutex
	of    map[netip.Prefix]*list.Element
	order *list.List // of *visitor, the latest first
}

type visitor struct {
	client netip.Prefix
	tokens *rate.Limiter
}

func newLimiter(each time.Duration, burst, most int) *limiter {
	return &limiter{each: rate.Every(each), burst: burst, most: most, of: map[netip.Prefix]*list.Element{}, order: list.New()}
}

// wait counts one attempt and returns zero, or how long the client is to wait
// before the next one. What is refused does not count.
func (l *limiter) wait(client netip.Prefix, now time.Time) time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	e, ok := l.of[client]
	if ok {
		l.order.MoveToFront(e)
	} else {
		e = l.order.PushFront(&visitor{client, rate.NewLimiter(l.each, l.burst)})
		l.of[client] = e
		if l.order.Len() > l.most {
			delete(l.of, l.order.Remove(l.order.Back()).(*visitor).client)
		}
	}
	r := e.Value.(*visitor).tokens.ReserveN(now, 1)
	d := r.DelayFrom(now)
	if d > 0 {
		r.CancelAt(now)
	}
	return d
}

// slowDown answers an attempt too many (RFC 6585, section 4).
func (s *Site) slowDown(w http.ResponseWriter, r *http.Request, wait time.Duration) {
	w.Header().Set("Retry-After", strconv.Itoa(int(wait/time.Second)+1))
	s.message(w, r, http.StatusTooManyRequests, message{
		Heading: "Too much at once", Text: []string{"More was asked for from your network than one reader would. Please try again later."},
	})
}
