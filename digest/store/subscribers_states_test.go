package store_test

import (
	"iter"
	"reflect"
	"testing"

	"standpoint/digest"
	"standpoint/digest/store"
	"standpoint/digest/topic"
)

func incoming(all ...store.Incoming) iter.Seq2[store.Incoming, error] {
	return func(yield func(store.Incoming, error) bool) {
		for _, s := range all {
			if !yield(s, nil) {
				return
			}
		}
	}
}

// joined puts readers on the list in a state.
func joined(t *testing.T, db *store.DB, state string, addresses ...string) {
	t.Helper()
	var all []store.Incoming
	for _, a := range addresses {
		all = append(all, store.Incoming{Subscriber: store.Subscriber{Address: a, State: state, Origin: store.FromForm, Added: start}})
	}
	im, err := db.ImportSubscribers(t.Context(), incoming(all...), false)
	must(t, err)
	if len(im.Each) != len(all) || im.Count[store.ImportPresent]+im.Count[store.ImportSuppressed] > 0 {
		t.Fatalf("joined: %+v", im)
	}
}

// Who has not confirmed gets nothing but the request to (S38).
func TestPendingReadersGetNoLetter(t *testing.T) {
	t.Parallel()
	db := open(t, t.TempDir())
	joined(t, db, "pending", "pia@example.org")
	joined(t, db, "active", "ann@example.org", "zoe@example.org")
	planned, err := db.Freeze(t.Context(), edition(1, start, hours(1)), nil, hours(1))
	if err != nil || planned != 2 {
		t.Errorf("planned %d, %v", planned, err)
	}
	first, ok, err := db.FirstActive(t.Context())
	if err != nil || !ok || first.Address != "ann@example.org" {
		t.Errorf("first active: %+v, %v, %v", first, ok, err)
	}
	if paused, err := db.PauseReader(t.Context(), first.ID-1); paused || err != nil {
		t.Errorf("a pending reader paused: %v, %v", paused, err)
	}
	if active, err := db.ResumeReader(t.Context(), first.ID-1); active || err != nil {
		t.Errorf("a pending reader resumed: %v, %v", active, err)
	}
	if paused, err := db.PauseReader(t.Context(), first.ID); !paused || err != nil {
		t.Errorf("paused: %v, %v", paused, err)
	}
	d, err := db.Claim(t.Context(), store.Claim{Edition: 1}, hours(1))
	if err != nil || d.Address != "zoe@example.org" {
		t.Errorf("S43: claimed %+v, %v", d, err)
	}
}

// Suppressed and taken off again, a pending reader has still not confirmed.
func TestPendingStaysPending(t *testing.T) {
	t.Parallel()
	db := open(t, t.TempDir())
	joined(t, db, "pending", "pia@example.org")
	_, err := db.Suppress(t.Context(), store.Suppression{Address: "pia@example.org", Reason: store.ReasonOperator, At: start})
	must(t, err)
	_, err = db.Unsuppress(t.Context(), "pia@example.org")
	must(t, err)
	wantList(t, db, "pia@example.org pending form")
}

// A reader's own pause outlasts what the lists say.
func TestOwnPause(t *testing.T) {
	t.Parallel()
	db := open(t, t.TempDir())
	follow(t, db, store.FromConfig, "a@example.org", "b@example.org")
	a, _, err := db.FirstActive(t.Context())
	must(t, err)
	pause := func(want bool) {
		t.Helper()
		if got, err := db.PauseReader(t.Context(), a.ID); err != nil || got != want {
			t.Errorf("paused %v, %v", got, err)
		}
	}
	resume := func(want bool) {
		t.Helper()
		if got, err := db.ResumeReader(t.Context(), a.ID); err != nil || got != want {
			t.Errorf("active %v, %v", got, err)
		}
	}
	pause(true)
	follow(t, db, store.FromConfig, "b@example.org")
	follow(t, db, store.FromConfig, "a@example.org", "b@example.org")
	wantList(t, db, "a@example.org paused config", "b@example.org active config")
	resume(true)
	wantList(t, db, "a@example.org active config", "b@example.org active config")
	pause(true)
	follow(t, db, store.FromConfig, "b@example.org")
	resume(false) // taken out meanwhile
	follow(t, db, store.FromConfig, "a@example.org", "b@example.org")
	wantList(t, db, "a@example.org active config", "b@example.org active config")

	pause(true) // suppressed and taken off again, the pause is still there
	_, err = db.Suppress(t.Context(), store.Suppression{Address: a.Address, Reason: store.ReasonLeft, At: start})
	must(t, err)
	pause(false)
	resume(false)
	_, err = db.Unsuppress(t.Context(), a.Address)
	must(t, err)
	wantList(t, db, "a@example.org paused config", "b@example.org active config")
	im, err := db.ImportSubscribers(t.Context(), incoming(store.Incoming{Subscriber: store.Subscriber{Address: a.Address}}), false)
	if err != nil || im.Count[store.ImportPresent] != 1 {
		t.Errorf("imported: %+v, %v", im, err)
	}
	wantList(t, db, "a@example.org paused config", "b@example.org active config")
	_, err = db.AddSubscriber(t.Context(), store.Subscriber{Address: a.Address, Added: start}) // the operator's word
	must(t, err)
	wantList(t, db, "a@example.org active command", "b@example.org active config")
}

// Readers of the form are none of the config's business, but a pending one whom
// the config names is vouched for.
func TestTheConfigAndTheForm(t *testing.T) {
	t.Parallel()
	db := open(t, t.TempDir())
	joined(t, db, "active", "ann@example.org")
	joined(t, db, "pending", "pia@example.org", "pim@example.org")
	follow(t, db, store.FromConfig, "pia@example.org", "ann@example.org")
	follow(t, db, store.FromConfig)
	wantList(t, db, "ann@example.org active form", "pia@example.org paused config", "pim@example.org pending form")
}

func TestWish(t *testing.T) {
	t.Parallel()
	db := open(t, t.TempDir())
	joined(t, db, "active", "ann@example.org")
	get := func() store.Subscriber {
		t.Helper()
		s, ok, err := db.Subscriber(t.Context(), 1)
		if err != nil || !ok {
			t.Fatalf("subscriber 1: %v, %v", ok, err)
		}
		return s
	}
	if s := get(); !s.Wish.Full() || s.Wish.Language != "" {
		t.Errorf("at first: %+v", s)
	}
	want := digest.Wish{Stances: []topic.StanceKey{"arm"}, Outlets: []string{`The "Quoted" Institute`}, Language: "fr"}
	must(t, db.Choose(t.Context(), 1, "Ann", want))
	if s := get(); !reflect.DeepEqual(s.Wish, want) || s.Name != "Ann" {
		t.Errorf("chosen: %+v", s)
	}
	must(t, db.Choose(t.Context(), 1, "", digest.Wish{}))
	if s := get(); !s.Wish.Full() || s.Wish.Language != "" {
		t.Errorf("taken back: %+v", s)
	}
	must(t, db.Choose(t.Context(), 99, "", want))
}
