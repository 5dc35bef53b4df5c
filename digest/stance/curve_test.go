package stance

import (
	"cmp"
	"os"
	"slices"
	"testing"

	"standpoint/digest/topic"
)

// TestLearningCurve prints what a pack gets from so many examples: the figures
// of docs/topic-packs.md. Each share is drawn from the training side of each
// fold, by group and without made-up examples, since a new pack has none.
func TestLearningCurve(t *testing.T) {
	if os.Getenv("EVAL") == "" {
		t.Skip("takes minutes; EVAL=1 runs it")
	}
	pack := builtin(t)
	_, all, err := readPack(pack)
	if err != nil {
		t.Fatal(err)
	}
	all = slices.DeleteFunc(all, func(p piece) bool { return p.Own || HeldOut(p.Example) })
	for _, n := range []int{20, 40, 80, 160, 320, len(all)} {
		var examples []topic.Example
		var verdicts []Verdict
		trained := 0
		for fold := range folds {
			seen, unseen := part(all, folds, fold)
			// Groups are numbered at random; a factor shuffles them once more, so
			// that a share is not the first of the alphabet of anything.
			slices.SortStableFunc(seen, func(a, b piece) int { return cmp.Compare(a.Group*7919%1009, b.Group*7919%1009) })
			seen = seen[:min(n, len(seen))]
			trained = len(seen)
			m, err := fit(pack, seen)
			if err != nil {
				t.Fatal(err)
			}
			for _, p := range unseen {
				examples, verdicts = append(examples, p.Example), append(verdicts, m.judge(pack, p.features))
			}
		}
		s := Score(pack, examples, verdicts)
		t.Logf("%3d examples: relevance F1 %.2f, strict %.2f, lenient %.2f, sure %.0f %% of which lenient %.2f, calibration error %.2f",
			trained, s.Relevance.F1, s.Strict, s.Lenient, 100*s.Sure.Share, s.Sure.Lenient, s.CalibrationError)
	}
}
