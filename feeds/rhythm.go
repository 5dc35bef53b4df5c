package feeds

import (
	"slices"
	"time"
)

// FloodLeast is how many new pieces any feed may bring at once.
const FloodLeast = 20

const (
	floodWeeks  = 4 // of history before a feed has a rhythm
	floodFactor = 5 // times the weekly median that it may bring
	week        = 7 * 24 * time.Hour
)

// Flood reports whether so many new pieces at one visit are out of all
// proportion to a feed's rhythm: an archive that came back under new
// identifiers, or another site's feed. weeks are the counts of pieces in the
// whole weeks before the last contact; fewer than four give no rhythm. away is
// the time since the last contact: after weeks without one, more may come.
func Flood(fresh int, weeks []int, away time.Duration) bool {
	if fresh <= FloodLeast || len(weeks) < floodWeeks {
		return false
	}
	sorted := slices.Sorted(slices.Values(weeks))
	mid := len(sorted) / 2
	median := float64(sorted[mid])
	if len(sorted)%2 == 0 {
		median = float64(sorted[mid-1]+sorted[mid]) / 2
	}
	return float64(fresh) > floodFactor*median*max(1, float64(away)/float64(week))
}

const (
	silentLeast = 5                   // pieces that show a rhythm
	silentSoon  = 14 * 24 * time.Hour // no feed is called silent before
)

// Silent reports whether a feed has been without a new piece for more than
// twice as long as ever between its last pieces, and for at least two weeks.
// dates are those of its pieces, newest first; fewer than five show no rhythm.
func Silent(now time.Time, dates []time.Time) bool {
	if len(dates) < silentLeast {
		return false
	}
	longest := time.Duration(0)
	for i, d := range dates[1:] {
		longest = max(longest, dates[i].Sub(d))
	}
	return now.Sub(dates[0]) > max(silentSoon, 2*longest)
}
