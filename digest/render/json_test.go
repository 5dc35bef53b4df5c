package render

import (
	"slices"
	"testing"

	"standpoint/digest"
)

// Scripts get addresses without outlets: each once, and not the entry's own.
func TestAlsoAtInJSON(t *testing.T) {
	own, other := "https://own.example/a", "https://other.example/a"
	got := newEntryJSON(digest.Entry{URL: own, Outlet: "Own", AlsoAt: []digest.Copy{
		{Outlet: "Aggregator", URL: own}, {Outlet: "Other", URL: other}, {Outlet: "Mirror", URL: other}, {Outlet: "Bad", URL: "data:x"},
	}}).AlsoAt
	if !slices.Equal(got, []string{other}) {
		t.Errorf("also at %q", got)
	}
	if got := newEntryJSON(digest.Entry{URL: own, AlsoAt: []digest.Copy{{Outlet: "Aggregator", URL: own}}}).AlsoAt; got == nil || len(got) != 0 {
		t.Errorf("also at %#v, want a list that is empty and not null", got)
	}
}
