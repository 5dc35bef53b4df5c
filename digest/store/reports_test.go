package store_test

import (
	"errors"
	"fmt"
	"reflect"
	"testing"

	"standpoint/digest/store"
)

// sent freezes and hands over so many editions to all readers.
func sent(t testing.TB, db *store.DB, editions int) {
	t.Helper()
	for n := 1; n <= editions; n++ {
		_, err := db.Freeze(t.Context(), edition(n, hours(n), hours(n+1)), nil, hours(n+1))
		must(t, err)
		for {
			d, err := db.Claim(t.Context(), store.Claim{Edition: n}, hours(n+1))
			if errors.Is(err, store.ErrNoDelivery) {
				break
			}
			must(t, err)
			must(t, db.Settle(t.Context(), store.Settlement{Delivery: d, State: store.Accepted}, hours(n+1)))
		}
	}
}

func record(t testing.TB, db *store.DB, kind store.ReportKind, edition int, id string) store.Recorded {
	t.Helper()
	got, err := db.RecordReport(t.Context(), store.Report{ID: id, Kind: kind, Edition: edition, Subscriber: 1, Status: "5.1.1", Detail: "words", At: hours(99)}, 3)
	must(t, err)
	return got
}

func TestReportsSuppress(t *testing.T) {
	t.Parallel()
	for kind, want := range map[store.ReportKind]struct {
		state   string
		outcome store.Recorded
	}{
		store.ReportHard:      {"bounced", store.Recorded{Suppressed: true}},
		store.ReportComplaint: {"complained", store.Recorded{Suppressed: true}},
		store.ReportPolicy:    {"active", store.Recorded{}},
		store.ReportSoft:      {"active", store.Recorded{Row: 1}},
	} {
		t.Run(string(kind), func(t *testing.T) {
			db := open(t, t.TempDir())
			follow(t, db, store.FromConfig, "a@example.org", "b@example.org")
			sent(t, db, 1)
			if got := record(t, db, kind, 1, "x"); got != want.outcome {
				t.Errorf("%+v, want %+v", got, want.outcome)
			}
			if got := record(t, db, kind, 1, "x"); got != (store.Recorded{Known: true}) {
				t.Errorf("again: %+v", got)
			}
			wantList(t, db, "a@example.org "+want.state+" config", "b@example.org active config")
			if n, err := db.Reported(t.Context(), 1); err != nil || len(n) != 1 || n[kind] != 1 {
				t.Errorf("reported: %v, %v", n, err)
			}
			s, on, err := db.Suppression(t.Context(), "a@example.org")
			if err != nil || on != want.outcome.Suppressed || on && (s.Detail != "words" || s.Edition != 1 || !s.At.Equal(hours(99))) {
				t.Errorf("%+v, %v, %v", s, on, err)
			}
		})
	}
}

// Nobody is suppressed for a letter that never left.
func TestReportsNeedALetter(t *testing.T) {
	t.Parallel()
	db := open(t, t.TempDir())
	follow(t, db, store.FromConfig, "a@example.org")
	sent(t, db, 1)
	_, err := db.Freeze(t.Context(), edition(2, hours(2), hours(3)), nil, hours(3))
	must(t, err)
	for _, r := range []store.Report{{Edition: 2, Subscriber: 1}, {Edition: 1, Subscriber: 7}, {Edition: 9, Subscriber: 1}} {
		r.ID, r.Kind, r.At = "x", store.ReportHard, hours(4)
		if got, err := db.RecordReport(t.Context(), r, 3); err != nil || got != (store.Recorded{Unsent: true}) {
			t.Errorf("%+v: %+v, %v", r, got, err)
		}
	}
	wantList(t, db, "a@example.org active config")
}

func TestSoftBouncesInARow(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		editions []int // in the order in which their bounces come in
		rows     []int
		state    string
	}{
		"three in a row":       {[]int{1, 2, 3}, []int{1, 2, 3}, "bounced"},
		"the last ones":        {[]int{4, 5, 6}, []int{1, 2, 3}, "bounced"},
		"in any order":         {[]int{5, 3, 4}, []int{1, 1, 3}, "bounced"},
		"twice for an edition": {[]int{1, 1, 2, 2}, []int{1, 1, 2, 2}, "active"},
		"one that arrived":     {[]int{1, 2, 4, 5}, []int{1, 2, 1, 2}, "active"},
		"each other":           {[]int{1, 3, 5}, []int{1, 1, 1}, "active"},
	} {
		t.Run(name, func(t *testing.T) {
			db := open(t, t.TempDir())
			follow(t, db, store.FromConfig, "a@example.org")
			sent(t, db, 6)
			for i, n := range c.editions {
				got := record(t, db, store.ReportSoft, n, fmt.Sprint(i))
				if got.Row != c.rows[i] || got.Suppressed != (i == len(c.editions)-1 && c.state == "bounced") {
					t.Errorf("after edition %d: %+v", n, got)
				}
			}
			wantList(t, db, "a@example.org "+c.state+" config")
		})
	}
}

func TestReportedLately(t *testing.T) {
	t.Parallel()
	db := open(t, t.TempDir())
	follow(t, db, store.FromConfig, "a@example.org", "b@example.org")
	sent(t, db, 5)
	for i, n := range []int{1, 3, 3, 5} {
		record(t, db, store.ReportPolicy, n, fmt.Sprint(i))
	}
	record(t, db, store.ReportComplaint, 3, "c")
	got, err := db.ReportedLately(t.Context(), 4)
	must(t, err)
	want := []store.ReportedEdition{
		{Edition: 5, Accepted: 2, Reports: map[store.ReportKind]int{store.ReportPolicy: 1}},
		{Edition: 3, Accepted: 2, Reports: map[store.ReportKind]int{store.ReportPolicy: 2, store.ReportComplaint: 1}},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%+v\nwant %+v", got, want)
	}
}
