package preflight_test

import (
	"testing"

	"standpoint/digest/preflight"
)

// A letter in which all is set gives no finding.
func TestComplete(t *testing.T) {
	s := complete(t)
	for _, f := range preflight.Message(s.message(t), s.expect) {
		t.Error(f)
	}
}

// The smallest configuration sends, with warnings of what is not set up.
func TestSmallest(t *testing.T) {
	s := smallest()
	found := preflight.Message(s.message(t), s.expect)
	want := map[string]bool{"S2": false, "S41": false}
	for _, f := range found {
		if _, ok := want[f.Name()]; !ok || f.Severity != preflight.Warning {
			t.Error(f)
		}
		want[f.Name()] = true
	}
	for rule, said := range want {
		if !said {
			t.Errorf("%s is not said", rule)
		}
	}
	if preflight.Stops(found) || !preflight.Stops(preflight.Strict(found)) {
		t.Error("warnings stop, or do not when strict")
	}
}
