package main

import (
	"strings"
	"testing"

	"standpoint/feeds"
)

// TestWatch sees on a terminal who is waited for, and an empty last line when
// all have answered.
func TestWatch(t *testing.T) {
	var out strings.Builder
	w := newWatch(&screen{out: &out, terminal: true}, []feeds.Source{{Name: "North\x1b[31m"}, {Name: "South"}})
	w.done(1)
	if got := out.String(); !strings.HasSuffix(got, "1 of 2, waiting for North[31m") {
		t.Errorf("got %q", got)
	}
	w.done(0)
	if got := out.String(); !strings.HasSuffix(got, "\r\x1b[K") {
		t.Errorf("the line stays: %q", got)
	}
	var silent strings.Builder
	newWatch(&screen{out: &silent}, []feeds.Source{{Name: "North"}}).done(0)
	if silent.Len() > 0 {
		t.Errorf("progress in a pipe: %q", silent.String())
	}
}
