package store_test

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"standpoint/digest/store"
)

// list tells the subscribers as "address state origin", in the order in which
// the list grew.
func list(t testing.TB, db *store.DB) []string {
	t.Helper()
	var out []string
	for s, err := range db.Subscribers(t.Context()) {
		must(t, err)
		out = append(out, fmt.Sprintf("%s %s %s", s.Address, s.State, s.Origin))
	}
	return out
}

func wantList(t testing.TB, db *store.DB, want ...string) {
	t.Helper()
	if got := list(t, db); !slices.Equal(got, want) {
		t.Errorf("subscribers:\n%s\nwant:\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func follow(t testing.TB, db *store.DB, origin store.Origin, addresses ...string) {
	t.Helper()
	must(t, db.SyncSubscribers(t.Context(), listed(origin, addresses...), start))
}

func TestTheListFollowsTheConfig(t *testing.T) {
	t.Parallel()
	db := open(t, t.TempDir())
	follow(t, db, store.FromConfig, "a@example.org", "b@example.org")
	wantList(t, db, "a@example.org active config", "b@example.org active config")
	follow(t, db, store.FromConfig, "b@example.org", "c@example.org")
	wantList(t, db, "a@example.org paused config", "b@example.org active config", "c@example.org active config")
	follow(t, db, store.FromFile, "a@example.org", "b@example.org", "c@example.org")
	wantList(t, db, "a@example.org active file", "b@example.org active file", "c@example.org active file")
	first, ok, err := db.FirstActive(t.Context())
	if err != nil || !ok || first.Address != "a@example.org" {
		t.Errorf("first active: %+v, %v, %v", first, ok, err)
	}
	follow(t, db, store.FromConfig)
	if _, ok, err := db.FirstActive(t.Context()); ok || err != nil {
		t.Errorf("after all were taken out: %v, %v", ok, err)
	}
	counts, err := db.Readers(t.Context())
	if err != nil || len(counts) != 1 || counts[0] != (store.ReaderCount{State: "paused", Origin: store.FromFile, Count: 3}) {
		t.Errorf("counts: %+v, %v", counts, err)
	}
}

func TestWhoWasAddedByCommandStays(t *testing.T) {
	t.Parallel()
	db := open(t, t.TempDir())
	add := func(address string) error {
		_, err := db.AddSubscriber(t.Context(), store.Subscriber{Address: address, Added: start})
		return err
	}
	must(t, add("a@example.org"))
	follow(t, db, store.FromConfig, "a@example.org", "b@example.org")
	wantList(t, db, "a@example.org active command", "b@example.org active config")
	follow(t, db, store.FromConfig)
	wantList(t, db, "a@example.org active command", "b@example.org paused config")
	if err := add("A@Example.org"); !errors.Is(err, store.ErrSubscribed) {
		t.Errorf("added twice: %v", err)
	}
	must(t, add("b@example.org")) // paused, now kept without the config
	follow(t, db, store.FromConfig)
	wantList(t, db, "a@example.org active command", "b@example.org active command")
}

func TestOneAddressInTwoCases(t *testing.T) {
	t.Parallel()
	db := open(t, t.TempDir())
	follow(t, db, store.FromConfig, "Reader@Example.org", "reader@example.org")
	follow(t, db, store.FromFile, "READER@EXAMPLE.ORG")
	wantList(t, db, "Reader@Example.org active file")
}

func TestNamesFollowTheConfig(t *testing.T) {
	t.Parallel()
	db := open(t, t.TempDir())
	for _, each := range []struct{ name, want string }{{"", ""}, {"Ann", "Ann"}, {"Ann B.", "Ann B."}, {"", "Ann B."}} {
		must(t, db.SyncSubscribers(t.Context(), func(yield func(store.Subscriber, error) bool) {
			yield(store.Subscriber{Address: "a@example.org", Name: each.name, Origin: store.FromConfig}, nil)
		}, start))
		if s, _, err := db.FirstActive(t.Context()); err != nil || s.Name != each.want {
			t.Errorf("after %q: %q, %v", each.name, s.Name, err)
		}
	}
}

// A list that breaks off must not pause those who would have come after.
func TestABrokenListChangesNothing(t *testing.T) {
	t.Parallel()
	db := open(t, t.TempDir())
	follow(t, db, store.FromFile, "a@example.org", "b@example.org")
	broken := errors.New("line 2: no address")
	err := db.SyncSubscribers(t.Context(), func(yield func(store.Subscriber, error) bool) {
		_ = yield(store.Subscriber{Address: "new@example.org", Origin: store.FromFile}, nil) && yield(store.Subscriber{}, broken)
	}, start)
	if !errors.Is(err, broken) {
		t.Errorf("got %v", err)
	}
	wantList(t, db, "a@example.org active file", "b@example.org active file")
}

func TestALongList(t *testing.T) {
	if os.Getenv("LONG") == "" {
		t.Skip("long: see make long")
	}
	t.Parallel()
	const n = 10_000
	db := open(t, t.TempDir())
	var all []string
	for i := range n {
		all = append(all, fmt.Sprintf("reader%d@example.org", i))
	}
	follow(t, db, store.FromFile, all...)
	follow(t, db, store.FromFile, all[1:]...)
	active := 0
	for s, err := range db.Subscribers(t.Context()) {
		must(t, err)
		if s.State == "active" {
			active++
		}
	}
	if active != n-1 {
		t.Errorf("%d active of %d", active, n-1)
	}
	for range db.Subscribers(t.Context()) { // who stops early leaves nothing open
		break
	}
	planned, err := db.Freeze(t.Context(), edition(1, start, hours(1)), nil, hours(1))
	if err != nil || planned != n-1 {
		t.Errorf("planned %d, %v", planned, err)
	}
}
