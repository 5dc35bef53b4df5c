package feeds

import (
	"slices"
	"time"
)

// FloodLeast is how many new pieces any feed may bring at once.
const FloodLeast = 20

const (
	floodWeeks  = 4   // of history before a feed has a rhythm
	firstDaily  = 25  // pieces a day that no outlet exceeds
	firstLeast  = 200 // pieces that any feed without a rhythm may bring
	floodFactor = 5   // times the weekly median that it may bring
	week        = 7 * 24 * time.Hour
)

// Flood reports whether so many new pieces at one visit are out of all
// proportion to a feed's rhythm: an archive that came back under new
// identifiers, or another site's feed. weeks are the counts of pieces in the
// whole weeks before the last contact. away is the time since that: after weeks
// without one, more may come.
//
// Fewer than four weeks give no rhythm. Then only what no outlet writes in the
// span that the pieces may be from is a flood: a whole archive without dates,
// or a feed that is meant to fill the edition.
func Flood(fresh int, weeks []int, away, span time.Duration) bool {
	if fresh <= FloodLeast {
		return false
	}
	if len(weeks) < floodWeeks {
		return float64(fresh) > max(firstLeast, firstDaily*span.Hours()/24)
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
