package pipeline_test

import (
	"testing"
	"time"
)

// What the operator puts in comes, whatever date its page turns out to have: the
// feed gave none, and the operator was told that it comes.
func TestCorrectionOfAPieceWithAnOldPage(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1, "one")
	old := item{id: "a", off: true, head: `<meta property="article:published_time" content="` + monday.Add(-90*24*time.Hour).Format(time.RFC3339) + `">`}
	w.web.add("one", old)
	w.gather(t)
	w.correct(t, old, "survey")
	w.wait(time.Hour)
	w.gather(t) // for its page
	if p := w.publish(t); p.Edition == nil {
		t.Fatalf("it is in no edition: %+v", w.known(t, old)[0])
	}
	if section, en := shown(t, w.editions(t)[0], old); section != "survey" || en.Published.After(monday.Add(-89*24*time.Hour)) {
		t.Errorf("in %s: %+v", section, en)
	}
}
