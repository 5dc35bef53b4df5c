package feeds

import (
	"testing"
	"time"
)

func TestFlood(t *testing.T) {
	const day = 24 * time.Hour
	for _, each := range []struct {
		name  string
		fresh int
		weeks []int
		away  time.Duration
		want  bool
	}{
		{"no history", 200, nil, day, false},
		{"no history, but more than any outlet writes", 201, nil, day, true},
		{"three weeks of history", 200, []int{1, 1, 1}, day, false},
		{"more than any outlet writes", 201, []int{1, 1, 1}, day, true},
		{"what an outlet may write in a month", 750, nil, 23 * day, false},
		{"and what not", 751, nil, 23 * day, true},
		{"twenty are no flood", 20, []int{0, 0, 0, 0}, day, false},
		{"of a feed that says little", 21, []int{0, 0, 0, 1}, day, true},
		{"five times the median", 50, []int{10, 10, 10, 10}, day, false},
		{"more than five times", 51, []int{10, 10, 10, 10}, day, true},
		{"the median, not the mean", 60, []int{2, 2, 2, 200, 2}, day, true},
		{"between two middles", 56, []int{10, 12, 1, 90}, day, true},
		{"between two middles, less", 55, []int{10, 12, 1, 90}, day, false},
		{"after three weeks away", 140, []int{10, 10, 10, 10}, 21 * day, false},
		{"after three weeks away, too many", 151, []int{10, 10, 10, 10}, 21 * day, true},
	} {
		if got := Flood(each.fresh, each.weeks, each.away, each.away+7*day); got != each.want {
			t.Errorf("%s: %v", each.name, got)
		}
	}
}

func TestSilent(t *testing.T) {
	now := time.Date(2026, 3, 2, 6, 0, 0, 0, time.UTC)
	dates := func(days ...int) (out []time.Time) {
		for _, d := range days {
			out = append(out, now.AddDate(0, 0, -d))
		}
		return out
	}
	for _, each := range []struct {
		name  string
		dates []time.Time
		want  bool
	}{
		{"four pieces show no rhythm", dates(400, 401, 402, 403), false},
		{"daily, ten days ago", dates(10, 11, 12, 13, 14), false},
		{"daily, fifteen days ago", dates(15, 16, 17, 18, 19), true},
		{"monthly, seven weeks ago", dates(49, 79, 109, 139, 169), false},
		{"monthly, nine weeks ago", dates(63, 93, 123, 153, 183), true},
		{"with a summer break", dates(63, 93, 123, 183, 213), false},
		{"nothing", nil, false},
	} {
		if got := Silent(now, each.dates); got != each.want {
			t.Errorf("%s: %v", each.name, got)
		}
	}
}
