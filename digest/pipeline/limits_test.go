package pipeline_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	gosmtp "github.com/emersion/go-smtp"

	"standpoint/digest/mail"
	"standpoint/digest/pipeline"
	"standpoint/digest/store"
)

// readersAt puts readers at these addresses on the list, in the place of all others.
func (w *world) readersAt(t testing.TB, addresses ...string) {
	t.Helper()
	must(t, w.Store.SyncSubscribers(t.Context(), func(yield func(store.Subscriber, error) bool) {
		for _, a := range addresses {
			if !yield(store.Subscriber{Address: a, Origin: store.FromConfig}, nil) {
				return
			}
		}
	}, monday))
}

func numbered(n int, domain string) (out []string) {
	for i := range n {
		out = append(out, fmt.Sprintf("r%d@%s", i, domain))
	}
	return out
}

// A domain gets so many letters at once and no more, and what waits for it holds
// up nobody else.
func TestDomainAtItsLimit(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 0, "one")
	w.web.add("one", piece("a", 1))
	big, small := numbered(20, "big.example"), numbered(20, "small.example")
	w.readersAt(t, append(big, small...)...)
	s := serve(t, 0)
	var mu sync.Mutex
	var now, most, others int
	done := make(chan struct{}) // closed when all of the small domain have their letters
	s.onData = func(to string) error {
		if strings.HasSuffix(to, "small.example") {
			mu.Lock()
			defer mu.Unlock()
			if others++; others == len(small) {
				close(done)
			}
			return nil
		}
		mu.Lock()
		now++
		most = max(most, now)
		mu.Unlock()
		<-done // all of the big domain's places are taken until then
		mu.Lock()
		now--
		mu.Unlock()
		return nil
	}
	over(t, w, s.port, 4)
	w.Limits = pipeline.Limits{DomainAtOnce: 2}
	w.gather(t)
	wantCount(t, w.publish(t), map[store.DeliveryState]int{store.Accepted: 40})
	if most != 2 {
		t.Errorf("%d letters to one domain at once", most)
	}
}

// A server that takes nothing is not asked once for each reader; "later" to one
// reader is no sign of that.
func TestErrorsInARow(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		err   *gosmtp.SMTPError
		stops bool
	}{
		"refused":   {&gosmtp.SMTPError{Code: 554, EnhancedCode: gosmtp.EnhancedCode{5, 3, 0}, Message: "no"}, true},
		"greylists": {&gosmtp.SMTPError{Code: 451, EnhancedCode: gosmtp.EnhancedCode{4, 7, 1}, Message: "later"}, false},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, 12, "one")
			w.web.add("one", piece("a", 1))
			s := serve(t, 0)
			asked := 0
			s.onRcpt = func(string) error {
				if asked++; asked == 3 { // one that is accepted begins the row anew
					return nil
				}
				return c.err
			}
			over(t, w, s.port, 1)
			w.MaxErrors = 5
			w.gather(t)
			_, err := w.Publish(t.Context())
			if _, refused := errors.AsType[*mail.SendError](err); refused != c.stops {
				t.Errorf("%v", err)
			}
			if c.stops != (asked == 8) || !c.stops && asked != 12 {
				t.Errorf("%d readers were tried", asked)
			}
		})
	}
}

// One reader whose server always blames us stops a run once, not for ever.
func TestReaderWhoseServerBlamesUs(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 5, "one")
	w.web.add("one", piece("a", 1))
	s := serve(t, 0)
	s.onRcpt = func(to string) error {
		if to == "reader1@example.org" {
			return &gosmtp.SMTPError{Code: 550, EnhancedCode: gosmtp.EnhancedCode{5, 7, 1}, Message: "not from you"}
		}
		return nil
	}
	over(t, w, s.port, 1)
	w.gather(t)
	p, err := w.Publish(t.Context())
	if err == nil {
		t.Error("no error")
	}
	wantCount(t, p, map[store.DeliveryState]int{store.Accepted: 1, store.Deferred: 1, store.Planned: 3})
	w.wait(2 * time.Hour)
	p = w.publish(t)
	wantCount(t, p, map[store.DeliveryState]int{store.Accepted: 4, store.Refused: 1})
	if !p.Outcomes[0].Finished {
		t.Error("not finished")
	}
	if _, listed, err := w.Store.Suppression(t.Context(), "reader1@example.org"); listed || err != nil {
		t.Errorf("suppressed for a refusal that names no address: %v", err)
	}
}

// A bad address ends up on the suppression list with the server's words, and its
// reader gets no other edition.
func TestBadAddressIsSuppressed(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 3, "one")
	w.web.add("one", piece("a", 1))
	s := serve(t, 0)
	s.onRcpt = func(to string) error {
		switch to {
		case "reader1@example.org":
			return &gosmtp.SMTPError{Code: 550, EnhancedCode: gosmtp.EnhancedCode{5, 1, 1}, Message: "no such user"}
		case "reader2@example.org":
			return &gosmtp.SMTPError{Code: 552, EnhancedCode: gosmtp.EnhancedCode{5, 2, 2}, Message: "over quota"}
		}
		return nil
	}
	over(t, w, s.port, 1)
	w.gather(t)
	wantCount(t, w.publish(t), map[store.DeliveryState]int{store.Accepted: 1, store.Refused: 2})
	one, listed, err := w.Store.Suppression(t.Context(), "reader1@example.org")
	if err != nil || !listed || one.Reason != store.ReasonRefused || !strings.Contains(one.Detail, "no such user") {
		t.Errorf("%+v, %v, %v", one, listed, err)
	}
	w.wait(7 * 24 * time.Hour)
	w.web.add("one", piece("b", -160))
	w.gather(t)
	wantCount(t, w.publish(t), map[store.DeliveryState]int{store.Accepted: 1, store.Refused: 1})
}

// Readers leave while letters go out over several sessions: whose letter is not
// in hand by then gets none.
func TestLeavingInTheMiddle(t *testing.T) {
	t.Parallel()
	const readers, sessions = 60, 4
	w := newWorld(t, 0, "one")
	w.web.add("one", piece("a", 1))
	all := numbered(readers, "example.org")
	w.readersAt(t, all...)
	s := serve(t, 0)
	var mu sync.Mutex
	left, late := map[string]bool{}, 0
	s.onRcpt = func(to string) error {
		mu.Lock()
		defer mu.Unlock()
		if left[to] {
			late++
		}
		return nil
	}
	step, ended := make(chan struct{}), make(chan struct{})
	s.onData = func(string) error { <-step; return nil }
	over(t, w, s.port, sessions)
	w.gather(t)
	leave := func() { // from the end of the list, one after the other, letters going out meanwhile
		for n := readers; n > 0; n-- {
			w.readersAt(t, all[:n]...)
			mu.Lock()
			for _, a := range all[n:] {
				left[a] = true
			}
			mu.Unlock()
			select {
			case step <- struct{}{}:
			case <-ended:
				return
			}
		}
	}
	var done sync.WaitGroup
	done.Go(leave)
	p := w.publish(t)
	close(ended)
	done.Wait()
	o := p.Outcomes[0]
	if n := o.Count[store.Accepted] + o.Count[store.Dropped]; n != readers || !o.Finished || o.Count[store.Dropped] < readers/4 {
		t.Errorf("outcome %+v", o)
	}
	if late > sessions {
		t.Errorf("%d letters went to readers who had left", late)
	}
}

// When the run is told to end, a stalled server keeps it for the last words only.
func TestToldToEndWhileTheServerStalls(t *testing.T) {
	for name, want := range map[string]store.DeliveryState{"RCPT": store.Deferred, "DATA": store.Unknown} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, 3, "one")
			w.web.add("one", piece("a", 1))
			s := serve(t, 0)
			ctx, cancel := context.WithCancel(t.Context())
			free := make(chan struct{})
			stall := func(stage string) func(string) error {
				return func(string) error {
					if stage == name {
						cancel()
						<-free
					}
					return nil
				}
			}
			s.onRcpt, s.onData = stall("RCPT"), stall("DATA")
			over(t, w, s.port, 1)
			w.LastWords = 50 * time.Millisecond
			w.gather(t)
			begin := time.Now()
			p, err := w.Publish(ctx)
			close(free)
			if took := time.Since(begin); took > 5*time.Second {
				t.Errorf("it took %v, %v", took, err)
			}
			wantCount(t, p, map[store.DeliveryState]int{want: 1, store.Planned: 2})
		})
	}
}

// A run that takes long looks after the deferred as it goes.
func TestDeferredComesBackWithinARound(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 6, "one")
	w.web.add("one", piece("a", 1))
	s := serve(t, 0)
	var order []string
	s.onRcpt = func(to string) error {
		order = append(order, strings.TrimSuffix(to, "@example.org"))
		w.wait(6 * time.Second)
		if len(order) == 1 {
			return &gosmtp.SMTPError{Code: 451, EnhancedCode: gosmtp.EnhancedCode{4, 7, 1}, Message: "later"}
		}
		return nil
	}
	over(t, w, s.port, 1)
	w.gather(t)
	wantCount(t, w.publish(t), map[store.DeliveryState]int{store.Accepted: 6})
	if len(order) != 7 {
		t.Errorf("tried %v", order)
	}
}
