package stance

import (
	"strings"
	"testing"

	"standpoint/digest/topic"
)

// TestByLength judges each cross-validated piece by less than was written: its
// title alone, and a teaser of two sentences. Less text must give more doubt,
// and no less honest a one.
func TestByLength(t *testing.T) {
	skipFigures(t)
	pack := builtin(t)
	cuts := []struct {
		name string
		cut  func(p *piece) string
	}{
		{"title alone", func(*piece) string { return "" }},
		{"title and two sentences", func(p *piece) string { return p.Text[:p.read.sentences[min(1, len(p.read.sentences)-1)].end] }},
		{"title and text", func(p *piece) string { return p.Text }},
		{"drawn out to an article", func(p *piece) string { return "" }},
	}
	examples, verdicts := make([][]topic.Example, len(cuts)), make([][]Verdict, len(cuts))
	for _, f := range foldClassifiers(t) {
		r, m, unseen := f.reader, f.model, f.unseen
		drawnOut := twinsOf(pack, unseen)
		for _, p := range unseen {
			for i, c := range cuts[:3] {
				if len(p.read.sentences) == 0 {
					continue
				}
				d := r.read(p.Title, strings.TrimSpace(c.cut(&p)))
				examples[i] = append(examples[i], p.Example)
				verdicts[i] = append(verdicts[i], m.judge(pack, d.features()))
			}
		}
		for n := range drawnOut.len() / twinsEach {
			p := drawnOut.at(n)
			examples[3], verdicts[3] = append(examples[3], p.Example), append(verdicts[3], m.judge(pack, p.features))
		}
	}
	for i, c := range cuts {
		s := Score(pack, examples[i], verdicts[i])
		low, high := Interval(s.Lenient, s.Relevant)
		t.Logf("%-24s %3d pieces: relevance F1 %.3f; strict %.3f, lenient %.3f (%.3f to %.3f); sure %.2f, of which lenient %.3f, wrong camp %.3f; calibration error %.3f",
			c.name, s.Relevant, s.Relevance.F1, s.Strict, s.Lenient, low, high, s.Sure.Share, s.Sure.Lenient, s.Sure.WrongCamp, s.CalibrationError)
		if len(examples[i]) < 400 {
			t.Errorf("%s: only %d pieces", c.name, len(examples[i]))
		}
		if s.Sure.Share > 0.02 {
			atLeast(t, c.name+": lenient where sure", s.Sure.Lenient, 0.88)
		}
		atLeast(t, c.name+": calibration", 1-s.CalibrationError, 0.85)
	}
}
