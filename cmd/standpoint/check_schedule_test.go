package main

import (
	"testing"
	"time"
)

// Slots that are years apart must not look like days of one week.
func TestSlotLayout(t *testing.T) {
	now := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	for want, at := range map[string]time.Time{
		"Mon 23 Nov 07:07 UTC":      time.Date(2026, 11, 23, 7, 7, 0, 0, time.UTC),
		"Tue 29 Feb 2028 03:00 UTC": time.Date(2028, 2, 29, 3, 0, 0, 0, time.UTC),
	} {
		if got := at.Format(slotLayout(at, now)); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
