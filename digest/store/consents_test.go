package store_test

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"testing"
	"time"

	"standpoint/digest"
	"standpoint/digest/store"
)

func ask(t testing.TB, db *store.DB, address string, at time.Time) {
	t.Helper()
	must(t, db.Ask(t.Context(), store.Request{Address: address, Name: "Ada", Wish: digest.Wish{Short: true}, Wording: "w1", Client: "192.0.2.1", At: at}))
}

// mailed takes the next mail and says that it was accepted.
func mailed(t testing.TB, db *store.DB, at time.Time) store.Confirmation {
	t.Helper()
	c, err := db.ClaimConfirmation(t.Context(), at)
	must(t, err)
	must(t, db.SettleConfirmation(t.Context(), c, store.Accepted, "", time.Time{}))
	return c
}

func wantNoMail(t testing.TB, db *store.DB, at time.Time) {
	t.Helper()
	if c, err := db.ClaimConfirmation(t.Context(), at); !errors.Is(err, store.ErrNoConfirmation) {
		t.Errorf("mail %+v, %v; want none", c, err)
	}
}

func confirm(t testing.TB, db *store.DB, consent int64, at time.Time, want store.RequestState) {
	t.Helper()
	_, before, err := db.Requested(t.Context(), consent, at)
	must(t, err)
	_, got, err := db.Confirm(t.Context(), consent, at)
	must(t, err)
	if got != want {
		t.Errorf("request %d at %v: %s, want %s", consent, at, got, want)
	}
	if (before == store.RequestOpen) != (got == store.RequestDone) && before != got {
		t.Errorf("request %d: shown as %s, confirmed as %s", consent, before, got)
	}
}

func TestJoining(t *testing.T) {
	t.Parallel()
	db := open(t, t.TempDir())
	ask(t, db, "Ada@example.org", hours(0))
	wantList(t, db, "Ada@example.org pending form")
	c := mailed(t, db, hours(0))
	if c.Address != "Ada@example.org" || c.Active || c.Attempts != 1 || !c.Asked.Equal(hours(0)) {
		t.Errorf("mail %+v", c)
	}
	wantNoMail(t, db, hours(9))
	for range 3 { // a mail program, a scanner with buttons, and the reader
		confirm(t, db, c.Consent, hours(2), store.RequestDone)
		wantList(t, db, "Ada@example.org active form")
	}
	s, _, err := db.Subscriber(t.Context(), c.Subscriber)
	must(t, err)
	if want := (digest.Wish{Short: true}); !reflect.DeepEqual(s.Wish, want) || s.Name != "Ada" {
		t.Errorf("%+v", s)
	}
	a, err := db.Agreement(t.Context(), c.Subscriber)
	must(t, err)
	if want := (store.Agreement{Asked: hours(0), Source: "form", Wording: "w1", Client: "192.0.2.1", Confirmed: hours(2)}); a != want {
		t.Errorf("record %+v, want %+v", a, want)
	}
	follow(t, db, store.FromConfig, "ben@example.org")
	wantList(t, db, "Ada@example.org active form", "ben@example.org active config")
}

// What each request finds on the list, which mail it gives cause for, and what
// the confirmation makes of it.
func TestAskingInEveryState(t *testing.T) {
	t.Parallel()
	const address = "ada@example.org"
	for name, c := range map[string]struct {
		before func(*testing.T, *store.DB)
		mail   bool
		active bool // the mail says that nothing needs to be done
		list   string
	}{
		"unknown": {func(*testing.T, *store.DB) {}, true, false, "active form"},
		"active":  {func(t *testing.T, db *store.DB) { follow(t, db, store.FromConfig, address) }, true, true, "active config"},
		"taken out": {func(t *testing.T, db *store.DB) {
			follow(t, db, store.FromConfig, address)
			follow(t, db, store.FromConfig)
		}, true, false, "active form"},
		"paused": {func(t *testing.T, db *store.DB) {
			id, err := db.AddSubscriber(t.Context(), store.Subscriber{Address: address, Added: start})
			must(t, err)
			_, err = db.PauseReader(t.Context(), id)
			must(t, err)
		}, true, false, "active command"},
		"left": {func(t *testing.T, db *store.DB) {
			follow(t, db, store.FromConfig, address)
			_, err := db.Leave(t.Context(), 1, "by link", start)
			must(t, err)
		}, true, false, "active form"},
		"erased": {func(t *testing.T, db *store.DB) {
			follow(t, db, store.FromConfig, address)
			_, err := db.EraseSubscriber(t.Context(), address, start)
			must(t, err)
		}, true, false, "active form"},
		"bounced": {func(t *testing.T, db *store.DB) { suppress(t, db, address, store.ReasonBounce) }, true, false, "active form"},
		"refused": {func(t *testing.T, db *store.DB) { suppress(t, db, address, store.ReasonRefused) }, true, false, "active form"},
		"complained": {func(t *testing.T, db *store.DB) {
			follow(t, db, store.FromConfig, address)
			suppress(t, db, address, store.ReasonComplaint)
		}, false, false, "complained config"},
		"suppressed": {func(t *testing.T, db *store.DB) { suppress(t, db, address, store.ReasonOperator) }, false, false, "pending form"},
	} {
		t.Run(name, func(t *testing.T) {
			db := open(t, t.TempDir())
			c.before(t, db)
			ask(t, db, "ADA@example.org", hours(1))
			if !c.mail {
				wantNoMail(t, db, hours(2))
			} else {
				m := mailed(t, db, hours(1))
				if m.Active != c.active {
					t.Errorf("mail %+v", m)
				}
				confirm(t, db, m.Consent, hours(2), store.RequestDone)
			}
			if got := list(t, db); len(got) != 1 || got[0][len(address)+1:] != c.list {
				t.Errorf("list %v, want %s", got, c.list)
			}
			if _, on, err := db.Suppression(t.Context(), address); on == c.mail || err != nil {
				t.Errorf("suppressed: %v, %v", on, err)
			}
		})
	}
}

// A request does nothing when it is old, when the reader left after it, or when it
// was confirmed once and the reader has left since.
func TestRequestsEnd(t *testing.T) {
	t.Parallel()
	db := open(t, t.TempDir())
	ask(t, db, "ada@example.org", hours(0))
	first := mailed(t, db, hours(0))
	confirm(t, db, first.Consent, hours(0).Add(store.ConfirmWithin+time.Second), store.RequestExpired)
	confirm(t, db, 99, hours(0), store.RequestExpired)
	wantList(t, db, "ada@example.org pending form")
	leave := func(at time.Time, news bool) {
		t.Helper()
		got, err := db.Leave(t.Context(), first.Subscriber, "by link", at)
		must(t, err)
		if got != news {
			t.Errorf("leaving at %v is news: %v", at, got)
		}
	}
	leave(hours(1), true)
	confirm(t, db, first.Consent, hours(2), store.RequestVoid)
	wantList(t, db, "ada@example.org pending form")
	leave(hours(2), false)

	ask(t, db, "ada@example.org", hours(3))
	second := mailed(t, db, hours(3))
	leave(hours(4), false) // from an old letter: it takes the request back
	confirm(t, db, second.Consent, hours(5), store.RequestVoid)

	ask(t, db, "ada@example.org", hours(6))
	third := mailed(t, db, hours(6))
	confirm(t, db, third.Consent, hours(7), store.RequestDone)
	leave(hours(8), true)
	confirm(t, db, third.Consent, hours(9), store.RequestVoid)
	wantList(t, db, "ada@example.org left form")
	if s, _, err := db.Suppression(t.Context(), "ada@example.org"); err != nil || s.Reason != store.ReasonLeft || s.Detail != "by link" || !s.At.Equal(hours(8)) {
		t.Errorf("%+v, %v", s, err)
	}
	if news, err := db.Leave(t.Context(), 99, "by link", hours(9)); news || err != nil {
		t.Errorf("nobody leaves: %v, %v", news, err)
	}
}

// The queue gives each mail once, again after a crash or a deferral, and drops
// what has become pointless.
func TestConfirmationQueue(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	db := open(t, dir)
	for i, address := range []string{"ada@example.org", "ben@example.org", "cara@example.org"} {
		ask(t, db, address, start.Add(time.Duration(i)*time.Minute))
	}
	first, err := db.ClaimConfirmation(t.Context(), hours(1))
	must(t, err)
	must(t, db.Close()) // killed
	db = open(t, dir)
	must(t, db.RecoverConfirmations(t.Context()))
	again, err := db.ClaimConfirmation(t.Context(), hours(1))
	must(t, err)
	if again.Consent != first.Consent || again.Attempts != 2 {
		t.Errorf("%+v after %+v", again, first)
	}
	must(t, db.SettleConfirmation(t.Context(), again, store.Planned, "451 later", hours(3)))
	second := mailed(t, db, hours(1))
	if second.Address != "ben@example.org" {
		t.Errorf("%+v", second)
	}
	_, err = db.Leave(t.Context(), 3, "by link", hours(1)) // cara
	must(t, err)
	wantNoMail(t, db, hours(2))
	if c := mailed(t, db, hours(3)); c.Consent != first.Consent || c.Attempts != 3 {
		t.Errorf("%+v", c)
	}
	ask(t, db, "dan@example.org", hours(4))
	wantNoMail(t, db, hours(4).Add(store.ConfirmWithin-time.Hour)) // it would come too late
	if n := number(t, raw(t, dir), `SELECT count(*) FROM consents WHERE mail = 'accepted'`); n != 2 {
		t.Errorf("%d mails accepted", n)
	}
}

func TestRequestsAreForgotten(t *testing.T) {
	t.Parallel()
	db := open(t, t.TempDir())
	follow(t, db, store.FromConfig, "ben@example.org")
	for _, a := range []string{"ada@example.org", "ben@example.org", "cara@example.org"} {
		ask(t, db, a, hours(0))
	}
	ask(t, db, "dan@example.org", hours(24))
	if n, oldest, err := db.ConfirmationQueue(t.Context()); n != 4 || !oldest.Equal(hours(0)) || err != nil {
		t.Errorf("queue of %d since %v, %v", n, oldest, err)
	}
	for range 3 {
		if c := mailed(t, db, hours(1)); c.Address == "cara@example.org" {
			confirm(t, db, c.Consent, hours(1), store.RequestDone)
		}
	}
	for _, row := range []struct{ hour, want int }{{8 * 24, 0}, {8*24 + 1, 2}, {8*24 + 2, 0}} {
		n, err := db.ForgetRequests(t.Context(), hours(row.hour))
		must(t, err)
		if n != row.want {
			t.Errorf("%d requests forgotten after %d hours, want %d", n, row.hour, row.want)
		}
	}
	if got := list(t, db); !slices.Equal(got, []string{"ben@example.org active config", "cara@example.org active form", "dan@example.org pending form"}) {
		t.Errorf("%v", got)
	}
}

// Who leaves in the middle of an edition is not written to any more (S43).
func TestLeavingInMidEdition(t *testing.T) {
	t.Parallel()
	db := frozen(t, 3)
	first := claim(t, db, hours(1))
	for id := range int64(3) {
		if id+1 != first.Subscriber {
			_, err := db.Leave(t.Context(), id+1, "by link", hours(1))
			must(t, err)
			break
		}
	}
	settle(t, db, first, store.Accepted, hours(2), time.Time{})
	settle(t, db, claim(t, db, hours(2)), store.Accepted, hours(2), time.Time{})
	wantNone(t, db, hours(2))
	wantCount(t, db, counts{store.Accepted: 2, store.Dropped: 1})
}

// Pending people are in no edition.
func TestPendingAreNotMailed(t *testing.T) {
	t.Parallel()
	db := open(t, t.TempDir())
	readers(t, db, 1)
	ask(t, db, "ada@example.org", start)
	planned, err := db.Freeze(t.Context(), edition(1, start, hours(1)), nil, hours(1))
	must(t, err)
	if planned != 1 {
		t.Errorf("%d deliveries planned", planned)
	}
}

// The time that a request takes says nothing of who is on the list. Medians of
// two kinds by turns, so that what else the machine does meets both alike.
func TestAskingTakesTheSameTime(t *testing.T) {
	const pairs = 150
	db := open(t, t.TempDir())
	readers(t, db, pairs)
	var known, unknown []time.Duration
	for i := range pairs {
		for _, k := range []struct {
			address string
			took    *[]time.Duration
		}{{fmt.Sprintf("nobody%d@example.org", i), &unknown}, {fmt.Sprintf("reader%d@example.org", i), &known}} {
			begun := time.Now()
			ask(t, db, k.address, hours(1))
			*k.took = append(*k.took, time.Since(begun))
		}
	}
	slices.Sort(known)
	slices.Sort(unknown)
	a, b := known[pairs/2], unknown[pairs/2]
	t.Logf("medians: known %v, unknown %v", a, b)
	if ratio := float64(a) / float64(b); ratio < 0.7 || ratio > 1.4 {
		t.Errorf("a known address takes %v, an unknown one %v", a, b)
	}
}
