package pipeline_test

import (
	"context"
	"errors"
	"maps"
	"testing"
	"time"

	gosmtp "github.com/emersion/go-smtp"

	"standpoint/digest/mail"
	"standpoint/digest/pipeline"
	"standpoint/digest/store"
)

// A server that refuses everybody as if nobody existed costs no reader the list,
// nor the edition, which goes on when the server is mended.
func TestServerRefusesEverybody(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 12, "one")
	w.web.add("one", piece("a", 1))
	s := serve(t, 0)
	broken := true
	s.onRcpt = func(to string) error {
		if broken || to == "reader3@example.org" {
			return &gosmtp.SMTPError{Code: 550, EnhancedCode: gosmtp.NoEnhancedCode, Message: "rejected"}
		}
		return nil
	}
	over(t, w, s.port, 1)
	w.MaxErrors = 5
	w.gather(t)
	p, err := w.Publish(t.Context())
	if err == nil {
		t.Error("no error")
	}
	wantCount(t, p, map[store.DeliveryState]int{store.Deferred: 5, store.Planned: 7})
	if n, err := w.Store.SuppressedCount(t.Context()); err != nil || len(n) != 0 {
		t.Errorf("suppressed: %v, %v", n, err)
	}
	broken = false
	w.wait(2 * time.Hour)
	wantCount(t, w.publish(t), map[store.DeliveryState]int{store.Accepted: 11, store.Refused: 1})
	if n, err := w.Store.SuppressedCount(t.Context()); err != nil || n[store.ReasonRefused] != 1 {
		t.Errorf("suppressed: %v, %v", n, err)
	}
}

// Where so few are refused that nothing stops the run, nobody is suppressed either
// if nobody was accepted.
func TestServerRefusesFew(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 3, "one")
	w.web.add("one", piece("a", 1))
	s := serve(t, 0)
	s.onRcpt = func(string) error {
		return &gosmtp.SMTPError{Code: 550, EnhancedCode: gosmtp.NoEnhancedCode, Message: "rejected"}
	}
	over(t, w, s.port, 1)
	w.gather(t)
	wantCount(t, w.publish(t), map[store.DeliveryState]int{store.Refused: 3})
	if n, err := w.Store.SuppressedCount(t.Context()); err != nil || len(n) != 0 {
		t.Errorf("suppressed: %v, %v", n, err)
	}
}

// Dead addresses in a row stop a run once, also where nobody comes after them.
func TestDeadAddressesInARow(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 0, "one")
	w.web.add("one", piece("a", 1))
	w.readersAt(t, append(numbered(2, "a.example"), numbered(6, "z.example")...)...)
	s := serve(t, 0)
	s.onRcpt = func(to string) error {
		if to[len(to)-len("z.example"):] == "z.example" {
			return &gosmtp.SMTPError{Code: 550, EnhancedCode: gosmtp.EnhancedCode{5, 1, 1}, Message: "no such user"}
		}
		return nil
	}
	over(t, w, s.port, 1)
	w.MaxErrors = 5
	w.gather(t)
	p, err := w.Publish(t.Context())
	if err == nil {
		t.Error("no error")
	}
	wantCount(t, p, map[store.DeliveryState]int{store.Accepted: 2, store.Deferred: 5, store.Planned: 1})
	w.wait(2 * time.Hour)
	_, _ = w.Publish(t.Context()) // stops again at the fifth
	count, err := w.Store.Deliveries(t.Context(), 1)
	must(t, err)
	if count[store.Accepted] != 2 || count[store.Refused] < 4 {
		t.Errorf("%v", count)
	}
	w.wait(2 * time.Hour)
	wantCount(t, w.publish(t), map[store.DeliveryState]int{store.Accepted: 2, store.Refused: 6})
	if n, err := w.Store.SuppressedCount(t.Context()); err != nil || n[store.ReasonRefused] != 6 {
		t.Errorf("suppressed: %v, %v", n, err)
	}
}

// A run that is killed between a refusal and the next letter leaves the refusal in
// doubt; the run that follows decides on it.
func TestDoubtOutlivesTheRun(t *testing.T) {
	t.Parallel()
	for name, mended := range map[string]bool{"the server takes letters": true, "it takes none": false} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, 4, "one")
			w.web.add("one", piece("a", 1))
			w.gather(t)
			open := w.Carrier.Open
			w.Carrier.Open = func(context.Context) (pipeline.Session, error) {
				return nil, &mail.SetupError{Where: "server", Step: "dial", Err: errors.New("refused")}
			}
			if _, err := w.Publish(t.Context()); err == nil {
				t.Fatal("no error")
			}
			w.Carrier.Open = open
			// What the killed run has on disk.
			d, err := w.Store.Claim(t.Context(), store.Claim{Edition: 1}, w.Now())
			must(t, err)
			must(t, w.Store.Settle(t.Context(), store.Settlement{
				Delivery: d, State: store.Refused, Reply: "550 5.1.1 no such user", Doubt: store.DoubtAddress,
			}, w.Now()))
			s := serve(t, 0)
			s.onRcpt = func(string) error {
				if mended {
					return nil
				}
				return &gosmtp.SMTPError{Code: 550, EnhancedCode: gosmtp.EnhancedCode{5, 1, 1}, Message: "no such user"}
			}
			over(t, w, s.port, 1)
			w.MaxErrors = 3
			w.wait(time.Hour)
			_, err = w.Resume(t.Context())
			if (err == nil) != mended {
				t.Errorf("resumed: %v", err)
			}
			want := map[store.Reason]int{}
			if mended {
				want[store.ReasonRefused] = 1
			}
			if got, err := w.Store.SuppressedCount(t.Context()); err != nil || !maps.Equal(got, want) {
				t.Errorf("suppressed: %v, %v; want %v", got, err, want)
			}
		})
	}
}
