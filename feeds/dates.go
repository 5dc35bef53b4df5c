package feeds

import (
	"strconv"
	"strings"
	"time"
)

// Date reads a date as feeds and pages write them. parsed is what gofeed made
// of it, or nil. The forms that gofeed misses or misreads come first: unix
// seconds, Drupal's month first, "Sept", a zone in brackets, twelve-hour
// clocks, zone names of Eastern Europe. What gofeed cannot read at all is
// searched for a date in words (FindDate). The result is in UTC, and zero when
// there is no date in raw or its year lies outside of 1990 to 2100. Whether a
// date lies in the future is left to the caller, who has a clock.
func Date(raw string, parsed *time.Time) time.Time {
	t := ownDate(raw)
	if t.IsZero() && parsed != nil {
		t = *parsed
	}
	if t.IsZero() && len(raw) <= 120 {
		t, _ = FindDate(raw)
	}
	t = t.UTC()
	if t.Year() < 1990 || t.Year() > 2100 {
		return time.Time{}
	}
	return t
}

// ownDate is zero for what it does not know.
func ownDate(raw string) time.Time {
	s := strings.Join(strings.Fields(raw), " ")
	if len(s) < 6 || len(s) > 64 {
		return time.Time{}
	}
	if n, err := strconv.ParseInt(s, 10, 64); err == nil {
		switch {
		case len(s) == 10: // seconds until the year 2286
			return time.Unix(n, 0)
		case len(s) == 13:
			return time.UnixMilli(n)
		}
		return time.Time{}
	}
	s, offset, known := cutZone(s)
	if i := strings.Index(s, "Sept "); i >= 0 {
		s = s[:i+3] + s[i+4:]
	}
	layouts := []string{ // what most write comes first: a layout that does not fit costs as much as one that does
		"Mon, 2 Jan 2006 15:04:05 -0700", "Mon, 2 Jan 2006 15:04:05", time.RFC3339,
		"Mon, 01/02/2006 - 15:04", "01/02/2006 - 15:04", // Drupal, month first
		"Mon, 2 Jan 2006 3:04 PM", "Mon, 2 Jan 2006 3:04PM", "2 Jan 2006 3:04 PM", "Jan 2, 2006 3:04 PM", "January 2, 2006 - 3:04 PM", "January 2, 2006 3:04 PM",
		"Mon, 2 Jan 2006 15:04", "2 Jan 2006 15:04:05", "2 Jan 2006 15:04", "2 Jan 2006",
		"Jan 2, 2006", "January 2, 2006", "2006-01-02T15:04:05", "2006-01-02 15:04:05", "2006-01-02",
	}
	for _, layout := range layouts {
		if t, err := time.Parse(layout, s); err == nil {
			if known {
				t = t.Add(-offset)
			}
			return t
		}
	}
	return time.Time{}
}

// cutZone takes a zone in words off the end of a date. "+0000 (UTC)" keeps the
// number, which says the same.
func cutZone(s string) (rest string, offset time.Duration, known bool) {
	i := strings.LastIndexByte(s, ' ')
	if i < 0 {
		return s, 0, false
	}
	name := s[i+1:]
	if strings.HasPrefix(name, "(") && strings.HasSuffix(name, ")") && strings.ContainsAny(s[:i], "+-") {
		return s[:i], 0, false
	}
	hours, known := zoneHours(strings.Trim(name, "()"))
	if !known {
		return s, 0, false
	}
	return s[:i], time.Duration(hours * float64(time.Hour)), true
}

// zoneHours knows the zones that the outlets of our subject write. time.Parse
// would take the names it does not know for UTC.
func zoneHours(name string) (hours float64, known bool) {
	switch name {
	case "UTC", "GMT", "UT", "Z", "WET":
		return 0, true
	case "CET", "BST", "WEST", "IST":
		return 1, true
	case "EET", "CEST", "SAST":
		return 2, true
	case "EEST", "MSK", "TRT":
		return 3, true
	case "EST", "CDT":
		return -5, true
	case "EDT":
		return -4, true
	case "CST", "MDT":
		return -6, true
	case "MST", "PDT":
		return -7, true
	case "PST":
		return -8, true
	}
	return 0, false
}
