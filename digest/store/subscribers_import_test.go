package store_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"standpoint/digest"
	"standpoint/digest/store"
)

// imports imports and returns what was said of it.
func imports(t *testing.T, db *store.DB, all ...store.Incoming) store.Imported {
	t.Helper()
	im, err := db.ImportSubscribers(t.Context(), incoming(all...), false)
	must(t, err)
	return im
}

func in(address, state string) store.Incoming {
	return store.Incoming{Subscriber: store.Subscriber{Address: address, State: state, Added: start}}
}

// Who left elsewhere is not written to here, nor any more; and no import brings
// back who left here.
func TestImportOfWhoLeft(t *testing.T) {
	t.Parallel()
	db := open(t, t.TempDir())
	_, err := db.AddSubscriber(t.Context(), store.Subscriber{Address: "here@example.org", Added: start})
	must(t, err)
	gone := func(address string) store.Incoming {
		s := in(address, "")
		s.Reason, s.Why, s.Since = store.ReasonLeft, "by telephone", hours(-100)
		return s
	}
	want := []store.Outcome{store.ImportBarred, store.ImportEnded}
	im, err := db.ImportSubscribers(t.Context(), incoming(gone("gone@example.org"), gone("HERE@example.org")), true)
	if err != nil || !slices.Equal(im.Each, want) {
		t.Errorf("rehearsed: %+v, %v", im, err)
	}
	wantList(t, db, "here@example.org active command")
	if im := imports(t, db, gone("gone@example.org"), gone("HERE@example.org")); !slices.Equal(im.Each, want) {
		t.Errorf("imported: %+v", im)
	}
	for _, address := range []string{"here@example.org", "gone@example.org"} {
		entry, on, err := db.Suppression(t.Context(), address)
		if err != nil || !on || entry.Reason != store.ReasonLeft || entry.Detail != "by telephone" || !entry.At.Equal(hours(-100)) {
			t.Errorf("entry: %+v, %v, %v", entry, on, err)
		}
	}
	if im := imports(t, db, in("gone@example.org", ""), in("GONE@example.org", "pending"), in("here@example.org", "")); len(im.Suppressed) != 3 || im.Count[store.ImportSuppressed] != 3 {
		t.Errorf("S42: %+v", im)
	}
	wantList(t, db, "here@example.org left command", "gone@example.org left command")
}

// Leaving wins over every state here, and takes back what was planned.
func TestImportedLeavingWinsOverEveryState(t *testing.T) {
	t.Parallel()
	db := open(t, t.TempDir())
	joined(t, db, "active", "ann@example.org", "bob@example.org")
	joined(t, db, "paused", "pam@example.org")
	follow(t, db, store.FromConfig, "cal@example.org")
	ask(t, db, "pia@example.org", start)
	var all []store.Incoming
	for i, a := range []string{"ann", "bob", "pam", "cal", "pia"} {
		s := in(a+"@example.org", "")
		s.Reason, s.Since = []store.Reason{store.ReasonComplaint, store.ReasonBounce, store.ReasonLeft, store.ReasonOperator, store.ReasonLeft}[i], hours(1)
		all = append(all, s)
	}
	if im := imports(t, db, all...); im.Count[store.ImportEnded] != len(all) {
		t.Errorf("imported: %+v", im)
	}
	want := []string{"ann@example.org complained form", "bob@example.org bounced form", "pam@example.org left form", "cal@example.org suppressed config", "pia@example.org pending form"}
	wantList(t, db, want...)
	wantNoMail(t, db, hours(2))
	follow(t, db, store.FromConfig, "cal@example.org")
	wantList(t, db, want...)
}

// An old table does not end who left, and confirmed anew since then; a complaint
// ends them all the same.
func TestImportedLeavingIsOlderThanAConfirmation(t *testing.T) {
	t.Parallel()
	db := open(t, t.TempDir())
	for _, a := range []string{"back@example.org", "cross@example.org", "late@example.org"} {
		ask(t, db, a, hours(1))
	}
	for n := range 3 {
		confirm(t, db, int64(n+1), hours(2), store.RequestDone)
	}
	var all []store.Incoming
	for i, a := range []string{"back@example.org", "cross@example.org", "late@example.org"} {
		s := in(a, "")
		s.Reason, s.Since = []store.Reason{store.ReasonLeft, store.ReasonComplaint, store.ReasonLeft}[i], []time.Time{start, start, hours(3)}[i]
		all = append(all, s)
	}
	if im := imports(t, db, all...); !slices.Equal(im.Each, []store.Outcome{store.ImportPresent, store.ImportEnded, store.ImportEnded}) {
		t.Errorf("imported: %+v", im)
	}
	wantList(t, db, "back@example.org active form", "cross@example.org complained form", "late@example.org left form")
}

// Who was imported to be asked, and confirmed that mail, is back by a word of their own.
func TestImportedLeavingIsOlderThanAConfirmationOfAnImport(t *testing.T) {
	t.Parallel()
	db := open(t, t.TempDir())
	pia := in("pia@example.org", "")
	pia.Ask = true
	imports(t, db, pia)
	mailed(t, db, hours(1))
	confirm(t, db, 1, hours(2), store.RequestDone)
	left := in("pia@example.org", "")
	left.Reason, left.Since = store.ReasonLeft, start.Add(-time.Hour)
	if im := imports(t, db, left); im.Count[store.ImportPresent] != 1 {
		t.Errorf("imported: %+v", im)
	}
	wantList(t, db, "pia@example.org active command")
}

// Of an address that comes twice the first counts, or the word of leaving.
func TestImportOfOneAddressTwice(t *testing.T) {
	t.Parallel()
	db := open(t, t.TempDir())
	left := in("B@example.org", "")
	left.Reason, left.Since = store.ReasonLeft, start
	im := imports(t, db, in("a@example.org", ""), in("A@example.org", "pending"), in("b@example.org", ""), left)
	if !slices.Equal(im.Each, []store.Outcome{store.ImportAdded, store.ImportPresent, store.ImportBarred, store.ImportPresent}) {
		t.Errorf("imported: %+v", im)
	}
	wantList(t, db, "a@example.org active command", "b@example.org left command")
}

// A file may vouch for who is pending here, or was paused by a list; it neither
// ends a reader's own pause nor undoes a choice.
func TestImportOverWhatIsThere(t *testing.T) {
	t.Parallel()
	db := open(t, t.TempDir())
	joined(t, db, "pending", "pia@example.org")
	joined(t, db, "active", "ann@example.org")
	joined(t, db, "paused", "pam@example.org")
	follow(t, db, store.FromConfig, "cal@example.org", "cy@example.org")
	follow(t, db, store.FromConfig, "cy@example.org")
	must(t, db.Choose(t.Context(), 4, "", digest.Wish{Short: true, Language: "de"}))
	var all []store.Incoming
	for _, a := range []string{"pia", "ann", "pam", "cal", "cy"} {
		s := in(a+"@example.org", "active")
		s.Wish = digest.Wish{Outlets: []string{"One"}, Language: "fr"}
		all = append(all, s)
	}
	if im := imports(t, db, all...); im.Count[store.ImportRevived] != 3 || im.Count[store.ImportPresent] != 2 {
		t.Errorf("imported: %+v", im)
	}
	want := []string{"pia@example.org active command", "ann@example.org active form", "pam@example.org paused form", "cal@example.org active command", "cy@example.org active command"}
	wantList(t, db, want...)
	if s, _, err := db.Subscriber(t.Context(), 4); err != nil || !s.Wish.Short || s.Wish.Language != "de" {
		t.Errorf("a choice was undone: %+v, %v", s, err)
	}
	for i := range all {
		all[i].State = "paused"
	}
	if im := imports(t, db, all...); im.Count[store.ImportPresent] != 5 {
		t.Errorf("imported as paused: %+v", im)
	}
	wantList(t, db, want...)
}

// The operator's word is on record, and so is what the file knows.
func TestAgreements(t *testing.T) {
	t.Parallel()
	db := open(t, t.TempDir())
	added, err := db.AddSubscriber(t.Context(), store.Subscriber{Address: "a@example.org", Added: start})
	must(t, err)
	known := in("b@example.org", "active")
	known.Agreement = store.Agreement{Asked: hours(-9), Source: "form", Wording: "2", Client: "192.0.2.1", Confirmed: hours(-8)}
	imports(t, db, known, in("c@example.org", ""))
	follow(t, db, store.FromConfig, "d@example.org")
	_, err = db.Suppress(t.Context(), store.Suppression{Address: "c@example.org", Reason: store.ReasonOperator, Detail: "rude", At: hours(1)})
	must(t, err)
	want := map[int64]store.Agreement{
		added: {Asked: start, Source: "command"}, 2: known.Agreement, 3: {Asked: start, Source: "import"}, 4: {},
	}
	// Who was never a reader, and must not become one elsewhere; an erased one has no address.
	_, err = db.Suppress(t.Context(), store.Suppression{Address: "Z@example.org", Reason: store.ReasonComplaint, Detail: "by telephone", At: hours(2)})
	must(t, err)
	suppress(t, db, "y@example.org", store.ReasonLeft)
	_, err = db.EraseSubscriber(t.Context(), "y@example.org", hours(3))
	must(t, err)
	want[0] = store.Agreement{}
	seen := 0
	for r, err := range db.Records(t.Context()) {
		must(t, err)
		if r.ID == 0 && (r.Address != "z@example.org" || r.State != "complained" || r.Suppression.Detail != "by telephone" || !r.Suppression.At.Equal(hours(2))) {
			t.Errorf("never a reader: %+v", r)
		}
		if seen++; r.Agreement != want[r.ID] {
			t.Errorf("%s: %+v; want %+v", r.Address, r.Agreement, want[r.ID])
		}
		if (r.Suppression.Detail == "rude") != (r.ID == 3) || (r.State == "suppressed") != (r.ID == 3) {
			t.Errorf("%s: %s, %+v", r.Address, r.State, r.Suppression)
		}
	}
	if seen != len(want) {
		t.Errorf("%d of %d", seen, len(want))
	}
}

// Who is to confirm first gets a request and no letter; a rehearsal asks nobody.
func TestImportThatAsks(t *testing.T) {
	t.Parallel()
	db := open(t, t.TempDir())
	ask := in("new@example.org", "active")
	ask.Ask = true
	im, err := db.ImportSubscribers(t.Context(), incoming(ask), true)
	if err != nil || im.Count[store.ImportPending] != 1 {
		t.Errorf("rehearsed: %+v, %v", im, err)
	}
	wantList(t, db)
	if im := imports(t, db, ask); im.Count[store.ImportPending] != 1 {
		t.Errorf("imported: %+v", im)
	}
	wantList(t, db, "new@example.org pending command")
	c, err := db.ClaimConfirmation(t.Context(), hours(1))
	if err != nil || c.Address != "new@example.org" {
		t.Errorf("asked: %+v, %v", c, err)
	}
	if _, state, err := db.Confirm(t.Context(), c.Consent, hours(2)); err != nil || state != store.RequestDone {
		t.Errorf("confirmed: %v, %v", state, err)
	}
	wantList(t, db, "new@example.org active command")
	plain := in("old@example.org", "pending")
	imports(t, db, plain)
	if c, err := db.ClaimConfirmation(t.Context(), hours(3)); !errors.Is(err, store.ErrNoConfirmation) {
		t.Errorf("asked without being told to: %+v, %v", c, err)
	}
}

// An import that breaks off brings nobody.
func TestABrokenImportChangesNothing(t *testing.T) {
	t.Parallel()
	db := open(t, t.TempDir())
	broken := errors.New("line 3: the file ends")
	_, err := db.ImportSubscribers(t.Context(), func(yield func(store.Incoming, error) bool) {
		s := in("left@example.org", "")
		s.Reason = store.ReasonLeft
		_ = yield(in("a@example.org", ""), nil) && yield(s, nil) && yield(store.Incoming{}, broken)
	}, false)
	if !errors.Is(err, broken) {
		t.Errorf("got %v", err)
	}
	wantList(t, db)
	if _, on, err := db.Suppression(t.Context(), "left@example.org"); on || err != nil {
		t.Errorf("suppressed: %v, %v", on, err)
	}
}

// A table's readers who were asked to confirm are forgotten as those of the form
// are: their mail says so. Who is pending there without a mail is not.
func TestImportedWhoDoNotConfirmAreForgotten(t *testing.T) {
	t.Parallel()
	db := open(t, t.TempDir())
	_, err := db.ImportSubscribers(t.Context(), func(yield func(store.Incoming, error) bool) {
		asked := store.Incoming{Subscriber: store.Subscriber{Address: "ada@example.org", Added: start}, Ask: true}
		listed := store.Incoming{Subscriber: store.Subscriber{Address: "ben@example.org", State: "pending", Added: start}}
		_ = yield(asked, nil) && yield(listed, nil)
	}, false)
	must(t, err)
	mailed(t, db, start)
	for _, row := range []struct{ hour, want int }{{8 * 24, 0}, {8*24 + 1, 1}, {8*24 + 2, 0}} {
		if n, err := db.ForgetRequests(t.Context(), hours(row.hour)); n != row.want || err != nil {
			t.Errorf("after %d hours: %d, %v; want %d", row.hour, n, err, row.want)
		}
	}
	wantList(t, db, "ben@example.org pending command")
}
