package feeds

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/mmcdole/gofeed/rss"
)

// maxAway is the longest time that a server or a feed can keep us away.
const maxAway = 24 * time.Hour

// NextVisit says from when on a feed that answered f at now wants to be asked
// again, and by whose wish (Fetched.FreshBy), or "" and the zero time when now
// would do. It is never more than 24 hours ahead. A 304 has no ttl, as that
// stands in the feed: whoever keeps the state puts it back into f.
func NextVisit(now time.Time, f Fetched) (due time.Time, by string) {
	if f.Fresh <= 0 {
		return time.Time{}, ""
	}
	return now.Add(min(f.Fresh, maxAway)), f.FreshBy
}

// Skips says whether now lies in an hour in which a feed asks not to be asked
// (RSS 2.0, skipHours; hours of the day in GMT). One that names all hours is not
// heeded.
func Skips(now time.Time, hours []int) bool {
	return len(hours) < 24 && slices.Contains(hours, now.UTC().Hour())
}

// fresh takes the longer of what the response (RFC 9111, section 4.2) and the
// feed itself (RSS 2.0, ttl) ask for.
func fresh(h http.Header, ttl time.Duration) (time.Duration, string) {
	d := lifetime(h)
	switch {
	case d <= 0 && ttl <= 0:
		return 0, ""
	case ttl > d:
		return ttl, "ttl"
	default:
		return d, "Cache-Control"
	}
}

// lifetime is max-age less Age (RFC 9111, sections 4.2.1 and 4.2.3); 0 when
// the response is stale, or must not be used without asking (no-cache,
// no-store). Must-revalidate changes nothing as long as a response is fresh,
// and s-maxage is for shared caches. Of several values the first counts.
func lifetime(h http.Header) time.Duration {
	var maxAge time.Duration
	found := false
	for name, value := range directives(strings.Join(h.Values("Cache-Control"), ",")) {
		switch name {
		case "no-cache", "no-store":
			return 0
		case "max-age":
			if !found {
				found, maxAge = true, deltaSeconds(value)
			}
		}
	}
	age, _, _ := strings.Cut(h.Get("Age"), ",") // a proxy's mistake; the first counts (section 5.1)
	return max(0, maxAge-deltaSeconds(age))
}

// directives yields the parts of a Cache-Control header (RFC 9111, section
// 5.2), names in lower case, values without their quotes.
func directives(s string) func(yield func(name, value string) bool) {
	return func(yield func(string, string) bool) {
		for s != "" {
			quoted, end := false, len(s)
			for i := range len(s) {
				if s[i] == '"' {
					quoted = !quoted
				}
				if s[i] == ',' && !quoted {
					end = i
					break
				}
			}
			name, value, _ := strings.Cut(s[:end], "=")
			if !yield(strings.ToLower(strings.TrimSpace(name)), strings.Trim(value, "\" \t")) {
				return
			}
			s = s[min(end+1, len(s)):]
		}
	}
}

// deltaSeconds reads whole seconds (RFC 9111, section 1.2.2): what overflows is
// 2^31, what is no number is 0.
func deltaSeconds(s string) time.Duration {
	s = strings.TrimSpace(s)
	if s == "" || strings.Trim(s, "0123456789") != "" {
		return 0
	}
	n, err := strconv.ParseUint(s, 10, 31)
	if err != nil {
		n = 1 << 31
	}
	return time.Duration(n) * time.Second
}

// pauses reads ttl and skipHours of an RSS feed (RSS 2.0, optional channel
// elements): minutes, and hours of the day in GMT, where some write 24 for 0.
func pauses(f *rss.Feed) (ttl time.Duration, skip []int) {
	// A number of minutes that overflows is as much nonsense as a word.
	if n, err := strconv.ParseUint(strings.TrimSpace(f.TTL), 10, 24); err == nil {
		ttl = time.Duration(n) * time.Minute
	}
	for _, s := range f.SkipHours {
		n, err := strconv.Atoi(strings.TrimSpace(s))
		if err != nil || n < 0 || n > 24 || slices.Contains(skip, n%24) {
			continue
		}
		skip = append(skip, n%24)
	}
	slices.Sort(skip)
	return ttl, skip
}

// undated is how long a server is left alone that names a moment, and not what
// time it has.
const undated = time.Hour

// retryAfter reads the Retry-After of a response (RFC 9110, section 10.2.3).
// The form with a date is measured against the server's own Date, so that
// neither clock matters. More than 24 hours count as 24 hours, nonsense and the
// past as no answer.
func retryAfter(h http.Header) time.Duration {
	v := strings.TrimSpace(h.Get("Retry-After"))
	d := deltaSeconds(v)
	if until, err := http.ParseTime(v); err == nil {
		now, err := http.ParseTime(h.Get("Date"))
		if err != nil {
			return undated
		}
		d = until.Sub(now)
	}
	return min(max(d, 0), maxAway)
}
