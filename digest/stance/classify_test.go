package stance

import (
	"testing"

	"standpoint/digest/topic"
)

const ukraine = "ukraine-security-guarantees"

func builtin(t testing.TB) *topic.Pack {
	t.Helper()
	pack, err := topic.Builtin(ukraine)
	if err != nil {
		t.Fatal(err)
	}
	return pack
}

func trained(t testing.TB) *Classifier {
	t.Helper()
	c, err := Train(builtin(t))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestQuotesAreVerbatim(t *testing.T) {
	c := trained(t)
	examples, err := c.pack.Examples()
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range examples {
		v := c.Classify(e.Title, e.Text)
		if v.Relevant && len(v.Evidence) == 0 {
			t.Errorf("%s: relevant without evidence", e.ID)
		}
		for _, q := range append(v.Evidence, v.Summary...) {
			if q.Start < 0 || q.End > len(e.Text) || e.Text[q.Start:q.End] != q.Text {
				t.Errorf("%s: quote %q is not at %d to %d", e.ID, q.Text, q.Start, q.End)
			}
		}
	}
}
