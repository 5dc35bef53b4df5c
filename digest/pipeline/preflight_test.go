package pipeline_test

import (
	"errors"
	"strings"
	"testing"

	"standpoint/digest/pipeline"
	"standpoint/digest/preflight"
)

// A letter that breaks a rule is not frozen, and its pieces wait for one that
// does not.
func TestPreflightStops(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1, "one")
	w.web.add("one", piece("a", 1))
	w.gather(t)
	w.Frame.Unsubscribe = "somebody@example.com" // not where List-Unsubscribe leads
	_, err := w.Publish(t.Context())
	stop, is := errors.AsType[*pipeline.PreflightError](err)
	if !is || stop.Edition != 1 || !preflight.Stops(stop.Findings) || !strings.Contains(err.Error(), "\n  error  S10  ") {
		t.Fatalf("published: %v", err)
	}
	if len(w.editions(t)) != 0 || len(w.box.letters()) != 0 {
		t.Error("something was frozen or sent")
	}
	w.Frame.Unsubscribe = "digest+unsubscribe@example.org"
	if p := w.publish(t); p.Edition == nil || p.Edition.Number != 1 || p.Edition.Entries() != 1 {
		t.Errorf("published %+v", p.Edition)
	}
}

// Strict makes errors of what the operator has not set up.
func TestPreflightStrict(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1, "one")
	w.web.add("one", piece("a", 1))
	w.gather(t)
	w.Strict = true
	_, err := w.Publish(t.Context())
	if _, is := errors.AsType[*pipeline.PreflightError](err); !is || !strings.Contains(err.Error(), "S41") {
		t.Fatalf("published: %v", err)
	}
	d, err := w.Sample()
	if err != nil {
		t.Fatal(err)
	}
	w.Strict = false
	if found, err := w.Preflight(t.Context(), d); err != nil || preflight.Stops(found) || len(found) == 0 {
		t.Errorf("%v, %v", found, err)
	}
}
