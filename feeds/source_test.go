package feeds

import "testing"

func TestLeftOut(t *testing.T) {
	for _, each := range []struct {
		address string
		pattern string
		out     bool
	}{
		{"https://one.example/events/2026/summit", "/events/", true},
		{"https://one.example/en/events", "/events/", true},
		{"https://one.example/eventsphere/a", "/events/", false},
		{"https://one.example/analysis/events-in-kyiv", "/events/", false},
		{"https://one.example/analysis?back=/events/", "/events/", false},
		{"https://one.example/analysis#/events/", "/events/", false},
		{"https://one.example/podcast-12", "/podcast", true},
		{"https://one.example/2026/audio/a", "/20*/audio/", true},
		{"https://one.example/2026/a/audio/a", "/20*/audio/", false},
		{"https://one.example/events%2Fa", "/events/a", false},
		{"", "/events/", false},
		{"https://one.example/%zz", "/events/", false},
	} {
		got := Source{LeaveOut: []string{"/never/", each.pattern}}.LeftOut(each.address)
		if want := map[bool]string{true: each.pattern}[each.out]; got != want {
			t.Errorf("%s with %s: %q, want %q", each.address, each.pattern, got, want)
		}
	}
	if got := (Source{}).LeftOut("https://one.example/events/"); got != "" {
		t.Errorf("without patterns: %q", got)
	}
}
