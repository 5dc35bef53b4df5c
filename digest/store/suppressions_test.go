package store_test

import (
	"errors"
	"testing"

	"standpoint/digest/store"
)

func suppress(t testing.TB, db *store.DB, address string, reason store.Reason) bool {
	t.Helper()
	news, err := db.Suppress(t.Context(), store.Suppression{Address: address, Reason: reason, Detail: "550 5.1.1 no such user", At: start, Edition: 3})
	must(t, err)
	return news
}

// The suppression list wins over config, file and command, whichever came first
// (S42).
func TestSuppressionWins(t *testing.T) {
	t.Parallel()
	for reason, state := range map[store.Reason]string{
		store.ReasonBounce: "bounced", store.ReasonRefused: "bounced", store.ReasonComplaint: "complained",
		store.ReasonLeft: "left", store.ReasonOperator: "suppressed",
	} {
		t.Run(string(reason), func(t *testing.T) {
			db := open(t, t.TempDir())
			follow(t, db, store.FromConfig, "A@example.org", "paused@example.org", "well@example.org")
			follow(t, db, store.FromConfig, "A@example.org", "well@example.org")
			for _, address := range []string{"a@Example.org", "paused@example.org", "later@example.org"} {
				if !suppress(t, db, address, reason) {
					t.Errorf("%s: no news", address)
				}
			}
			follow(t, db, store.FromFile, "a@example.org", "paused@example.org", "later@example.org", "well@example.org")
			wantList(t, db, "A@example.org "+state+" file", "paused@example.org "+state+" file",
				"well@example.org active file", "later@example.org "+state+" file")
			_, err := db.AddSubscriber(t.Context(), store.Subscriber{Address: "LATER@example.org", Added: start})
			told, ok := errors.AsType[*store.SuppressedError](err)
			if !ok || told.Reason != reason || !told.At.Equal(start) {
				t.Errorf("added by command: %v", err)
			}
			_, err = db.AddSubscriber(t.Context(), store.Subscriber{Address: "new@example.org", Added: start})
			must(t, err)
		})
	}
}

func TestSomebodysWordTakesAFailuresPlace(t *testing.T) {
	t.Parallel()
	db := open(t, t.TempDir())
	follow(t, db, store.FromConfig, "a@example.org")
	for _, step := range []struct {
		reason store.Reason
		news   bool
		want   store.Reason
	}{
		{store.ReasonRefused, true, store.ReasonRefused},
		{store.ReasonBounce, false, store.ReasonRefused},
		{store.ReasonComplaint, true, store.ReasonComplaint},
		{store.ReasonBounce, false, store.ReasonComplaint},
		{store.ReasonOperator, false, store.ReasonComplaint},
	} {
		if news := suppress(t, db, "a@example.org", step.reason); news != step.news {
			t.Errorf("%s: news %v", step.reason, news)
		}
		if got, _, err := db.Suppression(t.Context(), "A@example.org"); err != nil || got.Reason != step.want {
			t.Errorf("after %s: %+v, %v", step.reason, got, err)
		}
	}
	wantList(t, db, "a@example.org complained config")
	if n, err := db.SuppressedCount(t.Context()); err != nil || len(n) != 1 || n[store.ReasonComplaint] != 1 {
		t.Errorf("count: %v, %v", n, err)
	}
}

// Mail programs have one button that reports spam and leaves. Whichever arrives
// first, the form does not bring such a reader back, nor one whom the operator
// suppressed after he left.
func TestLeavingDoesNotHideAComplaint(t *testing.T) {
	t.Parallel()
	for reason, state := range map[store.Reason]string{store.ReasonComplaint: "complained", store.ReasonOperator: "suppressed"} {
		t.Run(string(reason), func(t *testing.T) {
			db := open(t, t.TempDir())
			follow(t, db, store.FromConfig, "ada@example.org")
			_, err := db.Leave(t.Context(), 1, "one click", start)
			must(t, err)
			ask(t, db, "ada@example.org", hours(1))
			if !suppress(t, db, "ada@example.org", reason) {
				t.Error("no news")
			}
			_, err = db.Leave(t.Context(), 1, "one click", hours(1))
			must(t, err)
			wantList(t, db, "ada@example.org "+state+" config")
			wantNoMail(t, db, hours(1))
			confirm(t, db, 1, hours(2), store.RequestVoid)
			ask(t, db, "ada@example.org", hours(3))
			wantNoMail(t, db, hours(3))
		})
	}
}

func TestUnsuppress(t *testing.T) {
	t.Parallel()
	db := open(t, t.TempDir())
	follow(t, db, store.FromConfig, "listed@example.org", "gone@example.org")
	follow(t, db, store.FromConfig, "listed@example.org")
	_, err := db.AddSubscriber(t.Context(), store.Subscriber{Address: "added@example.org", Added: start})
	must(t, err)
	all := []string{"added@example.org", "gone@example.org", "listed@example.org", "nobody@example.org"}
	for _, address := range all {
		suppress(t, db, address, store.ReasonBounce)
	}
	i := 0
	for s, err := range db.Suppressed(t.Context()) {
		must(t, err)
		want := store.Suppression{Address: all[i], Reason: store.ReasonBounce, Detail: "550 5.1.1 no such user", At: start, Edition: 3}
		if s != want {
			t.Errorf("entry %d: %+v, want %+v", i, s, want)
		}
		i++
	}
	if i != len(all) {
		t.Errorf("%d entries, want %d", i, len(all))
	}
	for _, address := range all {
		if was, err := db.Unsuppress(t.Context(), address); !was || err != nil {
			t.Errorf("%s: %v, %v", address, was, err)
		}
	}
	wantList(t, db, "listed@example.org active config", "gone@example.org paused config", "added@example.org active command")
	if was, err := db.Unsuppress(t.Context(), "added@example.org"); was || err != nil {
		t.Errorf("twice: %v, %v", was, err)
	}
}

// Nobody who is suppressed is planned for, nor mailed in the middle of a run (S43).
func TestSuppressedAreNotMailed(t *testing.T) {
	t.Parallel()
	db := open(t, t.TempDir())
	follow(t, db, store.FromConfig, "a@example.org", "b@example.org", "c@example.org")
	suppress(t, db, "a@example.org", store.ReasonComplaint)
	if planned, err := db.Freeze(t.Context(), edition(1, start, hours(1)), nil, hours(1)); planned != 2 || err != nil {
		t.Fatalf("planned %d, %v", planned, err)
	}
	suppress(t, db, "b@example.org", store.ReasonBounce)
	if d := claim(t, db, hours(2)); d.Address != "c@example.org" {
		t.Errorf("claimed %+v", d)
	}
	wantNone(t, db, hours(2))
	wantCount(t, db, counts{store.HandingOver: 1, store.Dropped: 1})
}
