package feeds

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestLifetime(t *testing.T) {
	for _, row := range []struct {
		control []string
		age     string
		want    time.Duration
	}{
		{nil, "", 0},
		{[]string{"max-age=600"}, "", 10 * time.Minute},
		{[]string{"public, Max-Age=600 , must-revalidate"}, "", 10 * time.Minute},
		{[]string{`max-age="600"`}, "", 10 * time.Minute},
		{[]string{`private="a, no-store, max-age=9", max-age=600`}, "", 10 * time.Minute},
		{[]string{"max-age=600"}, "60", 9 * time.Minute},
		{[]string{"max-age=600"}, "9999", 0},
		{[]string{"max-age=600"}, "-60", 10 * time.Minute},
		{[]string{"max-age=600"}, "60, 120", 9 * time.Minute},
		{[]string{"max-age=600, max-age=1"}, "", 10 * time.Minute},
		{[]string{"max-age=600", "max-age=1"}, "", 10 * time.Minute},
		{[]string{"max-age=soon, max-age=600"}, "", 0},
		{[]string{"no-cache, max-age=600"}, "", 0},
		{[]string{"max-age=600", "NO-STORE"}, "", 0},
		{[]string{"max-age=-600"}, "", 0},
		{[]string{"max-age=6.5"}, "", 0},
		{[]string{"max-age="}, "", 0},
		{[]string{"max-age"}, "", 0},
		{[]string{"s-maxage=600"}, "", 0},
		{[]string{"max-age=99999999999999999999"}, "", (1 << 31) * time.Second},
		{[]string{`,,"`, `="=,`}, "", 0},
	} {
		h := http.Header{"Cache-Control": row.control, "Age": {row.age}}
		if got := lifetime(h); got != row.want {
			t.Errorf("%q with age %q: %v, want %v", row.control, row.age, got, row.want)
		}
	}
}

func TestNextVisit(t *testing.T) {
	now := time.Date(2025, 9, 1, 22, 15, 0, 0, time.UTC)
	for _, row := range []struct {
		name  string
		f     Fetched
		after time.Duration // 0: no wish
		by    string
	}{
		{"nothing asked", Fetched{}, 0, ""},
		{"max-age", Fetched{Fresh: time.Hour, FreshBy: "Cache-Control"}, time.Hour, "Cache-Control"},
		{"a year", Fetched{Fresh: 365 * 24 * time.Hour, FreshBy: "ttl"}, 24 * time.Hour, "ttl"},
		{"negative", Fetched{Fresh: -time.Hour, FreshBy: "ttl"}, 0, ""},
	} {
		due, by := NextVisit(now, row.f)
		if due.IsZero() != (row.after == 0) || !due.IsZero() && due.Sub(now) != row.after || by != row.by {
			t.Errorf("%s: %v by %q, want after %v by %q", row.name, due, by, row.after, row.by)
		}
	}
}

func TestSkips(t *testing.T) {
	now := time.Date(2025, 9, 1, 22, 15, 0, 0, time.UTC)
	var all []int
	for h := range 24 {
		all = append(all, h)
	}
	for _, row := range []struct {
		hours []int
		want  bool
	}{
		{nil, false},
		{[]int{22}, true},
		{[]int{21, 23}, false},
		{all[:23], true},
		{all, false},
	} {
		for _, zone := range []*time.Location{time.UTC, time.FixedZone("half", 5*3600+1800)} {
			if got := Skips(now.In(zone), row.hours); got != row.want {
				t.Errorf("%v in %v: %v", row.hours, zone, got)
			}
		}
	}
}

func TestPauses(t *testing.T) {
	hours := func(s string) string {
		return "<skipHours><hour>" + strings.ReplaceAll(s, " ", "</hour><hour>") + "</hour></skipHours>"
	}
	for channel, want := range map[string]struct {
		ttl  time.Duration
		skip []int
	}{
		"":                             {},
		"<ttl>60</ttl>":                {time.Hour, nil},
		"<ttl> 15\n</ttl>":             {15 * time.Minute, nil},
		"<ttl>-5</ttl>":                {},
		"<ttl>daily</ttl>":             {},
		"<ttl>9999999999999</ttl>":     {},
		hours("3 1 24 25 -1 noon 3 0"): {0, []int{0, 1, 3}},
	} {
		doc := `<rss version="2.0"><channel><title>T</title>` + channel + `<item><title>One</title></item></channel></rss>`
		for _, faulty := range []string{"", "\x01"} { // the repair must not lose them
			got, err := Parse([]byte(strings.Replace(doc, "One", "One"+faulty, 1)), "", "https://example.org/feed", "s")
			if err != nil || got.TTL != want.ttl || !slices.Equal(got.SkipHours, want.skip) {
				t.Errorf("%s: ttl %v, skip %v, %v", channel, got.TTL, got.SkipHours, err)
			}
		}
	}
}

// TestFresh is the conversation: the longer of header and feed on a 200, the
// header alone on a 304, nothing where the rest of a feed is still to be had.
func TestFresh(t *testing.T) {
	doc := strings.Replace(smallFeed, "<link>", "<ttl>20</ttl><skipHours><hour>3</hour></skipHours><link>", 1)
	srv := serve(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("ETag", `"v1"`)
		switch r.URL.Path {
		case "/long":
			w.Header().Set("Cache-Control", "max-age=3600")
		case "/cut":
			w.Header().Set("Content-Length", "100000")
			fmt.Fprint(w, doc[:strings.LastIndex(doc, "<item>")])
			return
		default:
			w.Header().Set("Cache-Control", "max-age=600")
		}
		if r.Header.Get("If-None-Match") != "" {
			w.WriteHeader(http.StatusNotModified)
			return
		}
		fmt.Fprint(w, doc)
	})
	c := newTestClient(t, Options{})
	for _, row := range []struct {
		path, etag string
		fresh      time.Duration
		by         string
	}{
		{"/long", "", time.Hour, "Cache-Control"},
		{"/short", "", 20 * time.Minute, "ttl"},
		{"/short", `"v1"`, 10 * time.Minute, "Cache-Control"},
		{"/cut", "", 0, ""},
	} {
		got, err := c.Fetch(t.Context(), Source{ID: "s", URL: srv.URL + row.path}, Validators{ETag: row.etag})
		if err != nil || got.Fresh != row.fresh || got.FreshBy != row.by || got.NotModified != (row.etag != "") || got.NotModified == slices.Equal(got.SkipHours, []int{3}) {
			t.Errorf("%+v: %v by %q, hours to skip %v, %v", row, got.Fresh, got.FreshBy, got.SkipHours, err)
		}
	}
}

func TestRetryAfter(t *testing.T) {
	date := "Mon, 01 Sep 2025 10:00:00 GMT"
	for v, want := range map[string]time.Duration{
		"": 0, "120": 2 * time.Minute, "-5": 0, "soon": 0, "9999999999": 24 * time.Hour, "86401": 24 * time.Hour, "1.5": 0,
		"Wed, 03 Sep 2025 10:01:00 GMT": 24 * time.Hour,
		"Mon, 01 Sep 2025 10:01:00 GMT": time.Minute, "Mon, 01 Sep 2025 09:00:00 GMT": 0,
	} {
		if got := retryAfter(http.Header{"Retry-After": {v}, "Date": {date}}); got != want {
			t.Errorf("%q: %v, want %v", v, got, want)
		}
	}
	if got := retryAfter(http.Header{"Retry-After": {date}}); got != time.Hour {
		t.Errorf("a date without the server's own: %v", got)
	}
}
