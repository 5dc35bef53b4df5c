package store_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"standpoint/digest/store"
)

// frozenFor stores an edition for readers at these addresses.
func frozenFor(t testing.TB, addresses ...string) *store.DB {
	t.Helper()
	db := open(t, t.TempDir())
	must(t, db.SyncSubscribers(t.Context(), listed(store.FromConfig, addresses...), hours(0)))
	_, err := db.Freeze(t.Context(), edition(1, hours(0), hours(1)), nil, hours(1))
	must(t, err)
	return db
}

// A domain that is at its limit holds nobody else up, however many readers it has.
func TestClaimStepsOverDomains(t *testing.T) {
	t.Parallel()
	var many []string
	for i := range 300 {
		many = append(many, fmt.Sprintf("r%d@Big.example", i))
	}
	db := frozenFor(t, append(many, "a@one.example", "b@two.example", "c@one.example")...)
	var asked []string
	want := store.Claim{Edition: 1, Free: func(domain string) bool {
		asked = append(asked, domain)
		return domain != "big.example"
	}}
	for _, each := range []string{"a@one.example", "c@one.example", "b@two.example"} {
		d, err := db.Claim(t.Context(), want, hours(2))
		if err != nil || d.Address != each {
			t.Errorf("claimed %+v, %v; want %s", d, err, each)
		}
	}
	asked = nil
	if _, err := db.Claim(t.Context(), want, hours(2)); !errors.Is(err, store.ErrNotFree) || !slices.Equal(asked, []string{"big.example"}) {
		t.Errorf("%v after asking for %v", err, asked)
	}
	want.Free = nil
	if d, err := db.Claim(t.Context(), want, hours(2)); err != nil || d.Domain != "big.example" {
		t.Errorf("claimed %+v, %v", d, err)
	}
}

// Domains take turns: the one after the last comes next, and the first again
// after the last.
func TestClaimGoesRound(t *testing.T) {
	t.Parallel()
	db := frozenFor(t, "1@b.example", "2@b.example", "3@a.example", "4@c.example", "5@a.example")
	var got []string
	want := store.Claim{Edition: 1, After: "a.example"}
	for {
		d, err := db.Claim(t.Context(), want, hours(2))
		if errors.Is(err, store.ErrNoDelivery) {
			break
		}
		must(t, err)
		got, want.After = append(got, d.Address[:1]), d.Domain
	}
	if order := strings.Join(got, " "); order != "1 4 3 2 5" {
		t.Errorf("claimed in the order %s", order)
	}
	want = store.Claim{Edition: 1, After: "b.example", Free: func(string) bool { return false }}
	if _, err := db.Claim(t.Context(), want, hours(2)); !errors.Is(err, store.ErrNoDelivery) {
		t.Errorf("of nothing: %v", err)
	}
}

// What stopped a run comes after all others, and its time is kept.
func TestWhatStoppedARunComesLast(t *testing.T) {
	t.Parallel()
	db := frozenFor(t, "1@a.example", "2@b.example", "3@c.example")
	first := claim(t, db, hours(2))
	must(t, db.Settle(t.Context(), store.Settlement{Delivery: first, State: store.Deferred, Due: hours(3), Stops: true}, hours(2)))
	must(t, db.Replan(t.Context(), 1, hours(4)))
	var got []store.Delivery
	for range 3 {
		got = append(got, claim(t, db, hours(4)))
	}
	if got[2].Subscriber != first.Subscriber || !got[2].Stopped.Equal(hours(2)) || !got[0].Stopped.IsZero() {
		t.Errorf("claimed %+v", got)
	}
	for _, each := range []struct {
		since time.Time
		want  bool
	}{{hours(2), true}, {hours(5), false}} {
		settled := got[0]
		if each.want {
			settle(t, db, settled, store.Accepted, hours(5), time.Time{})
		}
		if some, err := db.AcceptedSince(t.Context(), 1, each.since); err != nil || some != each.want {
			t.Errorf("accepted since %v: %v, %v", each.since, some, err)
		}
	}
	// A later settlement keeps the mark.
	settle(t, db, got[2], store.Deferred, hours(5), hours(6))
	must(t, db.Replan(t.Context(), 1, hours(6)))
	if d := claim(t, db, hours(6)); !d.Stopped.Equal(hours(2)) {
		t.Errorf("claimed %+v", d)
	}
}

// Settling and claiming are one transaction: all of it, or nothing.
func TestExchange(t *testing.T) {
	t.Parallel()
	db := frozen(t, 2)
	first := claim(t, db, hours(2))
	next := store.Claim{Edition: 1}
	second, err := db.Exchange(t.Context(), store.Settlement{Delivery: first, State: store.Accepted}, next, hours(2))
	if err != nil || second.Subscriber == first.Subscriber {
		t.Errorf("claimed %+v, %v", second, err)
	}
	wantCount(t, db, counts{store.Accepted: 1, store.HandingOver: 1})
	if _, err := db.Exchange(t.Context(), store.Settlement{Delivery: first, State: store.Refused}, next, hours(2)); err == nil || errors.Is(err, store.ErrNoDelivery) {
		t.Errorf("settled twice: %v", err)
	}
	if _, err := db.Exchange(t.Context(), store.Settlement{Delivery: second, State: store.Accepted}, next, hours(2)); !errors.Is(err, store.ErrNoDelivery) {
		t.Errorf("after the last: %v", err)
	}
	wantCount(t, db, counts{store.Accepted: 2})
}

// A bad address is suppressed with the refusal, with the server's words.
func TestBadAddressIsSuppressed(t *testing.T) {
	t.Parallel()
	db := frozenFor(t, "Gone@a.example", "2@b.example")
	d := claim(t, db, hours(2))
	must(t, db.Settle(t.Context(), store.Settlement{Delivery: d, State: store.Refused, Reply: "550 5.1.1 nobody", BadAddress: true}, hours(2)))
	s, ok, err := db.Suppression(t.Context(), "gone@a.example")
	if err != nil || !ok || s.Reason != store.ReasonRefused || s.Detail != "550 5.1.1 nobody" || s.Edition != 1 || !s.At.Equal(hours(2)) {
		t.Errorf("suppression %+v, %v, %v", s, ok, err)
	}
	if first, ok, err := db.FirstActive(t.Context()); err != nil || !ok || first.Address != "2@b.example" {
		t.Errorf("active: %+v, %v", first, err)
	}
}
