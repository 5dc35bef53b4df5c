package store_test

import (
	"fmt"
	"os"
	"reflect"
	"strings"
	"testing"
	"time"

	"standpoint/digest/store"
)

// However often somebody writes another's address into the form, that gives one
// mail an hour and three a day.
func TestNobodyIsFlooded(t *testing.T) {
	if os.Getenv("LONG") == "" {
		t.Skip("long: see make long")
	}
	t.Parallel()
	for name, before := range map[string]func(*store.DB){
		"unknown": func(*store.DB) {},
		"active":  func(db *store.DB) { follow(t, db, store.FromConfig, "ada@example.org") },
	} {
		db := open(t, t.TempDir())
		before(db)
		mails := 0
		for minute := range 24 * 6 {
			at := start.Add(time.Duration(minute) * 10 * time.Minute)
			ask(t, db, "ada@example.org", at)
			for {
				if _, err := db.ClaimConfirmation(t.Context(), at); err != nil {
					break
				}
				mails++
			}
		}
		if mails != 3 {
			t.Errorf("%s: %d mails in a day, want 3", name, mails)
		}
	}
}

// Addresses of one mailbox share what it gets, and a week of patience brings no
// more; others are not concerned.
func TestNobodyIsFloodedByOtherNames(t *testing.T) {
	if os.Getenv("LONG") == "" {
		t.Skip("long: see make long")
	}
	t.Parallel()
	db := open(t, t.TempDir())
	mails := map[string]int{}
	for i := range 7 * 24 {
		at := hours(i)
		for _, a := range []string{fmt.Sprintf("ada+%d@example.org", i), "ADA@example.org"} {
			ask(t, db, a, at)
		}
		if i == 0 {
			for _, a := range []string{"adam@example.org", "ada+0@example.net", "+0@example.org", "ada-0@example.org"} {
				ask(t, db, a, at)
			}
		}
		for {
			c, err := db.ClaimConfirmation(t.Context(), at)
			if err != nil {
				break
			}
			must(t, db.SettleConfirmation(t.Context(), c, store.Accepted, "", time.Time{}))
			name, domain, _ := strings.Cut(strings.ToLower(c.Address), "@")
			if base, _, ok := strings.Cut(name, "+"); ok && base != "" {
				name = base
			}
			mails[name+"@"+domain]++
		}
	}
	want := map[string]int{"ada@example.org": 5, "adam@example.org": 1, "ada@example.net": 1, "+0@example.org": 1, "ada-0@example.org": 1}
	if !reflect.DeepEqual(mails, want) {
		t.Errorf("mails %v, want %v", mails, want)
	}
}
