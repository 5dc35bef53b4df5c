package stance

import (
	"encoding/json"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"

	"standpoint/digest/topic"
)

const folds = 4

// TestCrossValidation holds the classifier against a plain n-gram regression on
// the same folds. With EVAL=1 it prints all figures and disagreements.
func TestCrossValidation(t *testing.T) {
	skipFigures(t)
	pack := builtin(t)
	seen := func(e topic.Example) bool { return e.Own || !HeldOut(e) }
	examples, verdicts, err := CrossValidate(pack, folds, seen)
	if err != nil {
		t.Fatal(err)
	}
	got := Score(pack, examples, verdicts)
	plain := baseline(t, pack, seen)
	report(t, "cross-validation", got)
	t.Logf("plain n-gram regression: strict %.3f lenient %.3f macro-F1 %.3f", plain.Strict, plain.Lenient, plain.MacroF1)
	if got.Strict <= plain.Strict || got.Lenient <= plain.Lenient || got.MacroF1 <= plain.MacroF1 {
		t.Errorf("no better than plain n-grams: strict %.3f against %.3f, lenient %.3f against %.3f, macro-F1 %.3f against %.3f",
			got.Strict, plain.Strict, got.Lenient, plain.Lenient, got.MacroF1, plain.MacroF1)
	}
	atLeast(t, "relevance F1", got.Relevance.F1, 0.95)
	atLeast(t, "strict", got.Strict, 0.58)
	atLeast(t, "lenient", got.Lenient, 0.74)
	atLeast(t, "lenient where sure", got.Sure.Lenient, 0.90)
	atLeast(t, "share in an acceptable camp where sure", 1-got.Sure.WrongCamp, 0.95)
	atLeast(t, "calibration", 1-got.CalibrationError, 0.90)
}

// TestHeldOut scores the fifth of the examples that nobody looked at while cues
// and features were made, with a model that has not seen it either.
func TestHeldOut(t *testing.T) {
	skipFigures(t)
	pack := builtin(t)
	r, pieces, err := readPack(pack)
	if err != nil {
		t.Fatal(err)
	}
	var rest []piece
	var examples []topic.Example
	for _, p := range pieces {
		switch {
		case p.Own || !HeldOut(p.Example):
			rest = append(rest, p)
		default:
			examples = append(examples, p.Example)
		}
	}
	m, err := fit(pack, rest)
	if err != nil {
		t.Fatal(err)
	}
	c := &Classifier{pack: pack, reader: r, model: m}
	verdicts := make([]Verdict, len(examples))
	for i, e := range examples {
		verdicts[i] = c.Classify(e.Title, e.Text)
	}
	got := Score(pack, examples, verdicts)
	got.Wrong = nil // what is not looked at stays of use
	report(t, "held-out fifth", got)
	atLeast(t, "relevance F1", got.Relevance.F1, 0.90)
	atLeast(t, "lenient", got.Lenient, 0.60)
}

// fold is a classifier of the cross-validation, with the pieces that it has not
// learned from.
type fold struct {
	*Classifier
	unseen []piece
}

// foldsOnce keeps the classifiers of foldClassifiers for all tests.
var foldsOnce = sync.OnceValues(func() ([]fold, error) {
	pack, err := topic.Builtin(ukraine)
	if err != nil {
		return nil, err
	}
	r, pieces, err := readPack(pack)
	if err != nil {
		return nil, err
	}
	pieces = slices.DeleteFunc(pieces, func(p piece) bool { return !p.Own && HeldOut(p.Example) })
	var all []fold
	for i := range folds {
		seen, unseen := part(pieces, folds, i)
		m, err := fit(pack, seen)
		if err != nil {
			return nil, err
		}
		all = append(all, fold{&Classifier{pack: pack, reader: r, model: m}, unseen})
	}
	return all, nil
})

func foldClassifiers(t *testing.T) []fold {
	t.Helper()
	all, err := foldsOnce()
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// skipFigures leaves out what trains several models.
func skipFigures(t *testing.T) {
	t.Helper()
	if os.Getenv("EVAL") == "" {
		t.Skip("takes a minute; `make eval` runs it")
	}
}

// skipComputing leaves out of the race run (-short) what computes in one thread:
// there is no race to find, and the detector makes it ten times as slow. That
// pieces are read, learned and judged at once stays in, on fewer of them.
func skipComputing(t *testing.T) {
	t.Helper()
	if testing.Short() {
		t.Skip("computes in one thread; the run without -short has it")
	}
}

func atLeast(t *testing.T, what string, got, want float64) {
	t.Helper()
	if got < want {
		t.Errorf("%s is %.3f, want %.2f at least", what, got, want)
	}
}

func report(t *testing.T, what string, s Scores) {
	t.Helper()
	t.Logf("%s, %d pieces: relevance F1 %.3f (precision %.3f, recall %.3f)", what, s.Pieces, s.Relevance.F1, s.Relevance.Precision, s.Relevance.Recall)
	t.Logf("strict %.3f lenient %.3f macro-F1 %.3f calibration error %.3f", s.Strict, s.Lenient, s.MacroF1, s.CalibrationError)
	t.Logf("sure: share %.2f strict %.3f lenient %.3f wrong camp %.3f", s.Sure.Share, s.Sure.Strict, s.Sure.Lenient, s.Sure.WrongCamp)
	low, high := Interval(s.Lenient, s.Relevant)
	t.Logf("lenient, 95 %%: %.3f to %.3f", low, high)
	for _, l := range s.ByLength {
		low, high := Interval(l.Lenient, l.Pieces)
		t.Logf("  %-16s %3d pieces: strict %.3f lenient %.3f (%.3f to %.3f), sure %.2f", l.Length, l.Pieces, l.Strict, l.Lenient, low, high, l.Sure)
	}
	if os.Getenv("EVAL") == "" {
		return
	}
	data, err := json.MarshalIndent(s, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%s", data)
}

// baseline cross-validates a regression over plain word 1-2-grams of title and
// text, without cues, frames, places or made-up examples. It judges the
// relevant pieces only and calls all of them relevant, which favours it.
func baseline(t *testing.T, pack *topic.Pack, keep func(topic.Example) bool) Scores {
	t.Helper()
	all, err := pack.Examples()
	if err != nil {
		t.Fatal(err)
	}
	var examples []topic.Example
	var texts [][]string
	for _, e := range all {
		if !e.Relevant || e.Own || !keep(e) {
			continue
		}
		g := newGrams(len(e.Text) / 6)
		for _, text := range []string{e.Title, e.Text} {
			words := topic.Words(text)
			g.sentence(&sentence{words: words, negated: make([]bool, len(words))}, textGram)
		}
		examples, texts = append(examples, e), append(texts, g.names())
	}
	verdicts := make([]Verdict, len(examples))
	for fold := range folds {
		in := func(i int) bool { return foldOf(examples[i], folds) == fold }
		var known [][]string
		for i := range texts {
			if !in(i) {
				known = append(known, texts[i])
			}
		}
		space := newSpace(known, leastGrams, true)
		var rows []row
		for i, e := range examples {
			if !in(i) {
				rows = append(rows, row{space.grams(texts[i], gramScale), wish(pack, e), 1})
			}
		}
		m := train(rows, space.size(), len(pack.Stances), gramDecay, steps)
		for i := range examples {
			if in(i) {
				p := make([]float64, len(pack.Stances))
				m.predict(space.grams(texts[i], gramScale), 1, p)
				verdicts[i].Relevant = true
				verdicts[i].stances(pack, p, kinship(pack, nil))
			}
		}
	}
	return Score(pack, examples, verdicts)
}

// TestGroupsKeepTogether guards the figures above: a piece that is measured must
// be in one group with all that resemble it, since a model that has seen one
// knows the other. Made-up ones are never measured.
func TestGroupsKeepTogether(t *testing.T) {
	skipComputing(t)
	examples, err := builtin(t).Examples()
	if err != nil {
		t.Fatal(err)
	}
	const phrase = 4 // words
	where, phrases := map[string][]int{}, make([]int, len(examples))
	common := map[[2]int]int{}
	for i, e := range examples {
		words := strings.Fields(strings.ToLower(e.Text))
		for j := 0; j+phrase <= len(words); j++ {
			key := strings.Join(words[j:j+phrase], " ")
			for _, other := range where[key] {
				common[[2]int{other, i}]++
			}
			where[key] = append(where[key], i)
			phrases[i]++
		}
	}
	for pair, n := range common {
		a, b := examples[pair[0]], examples[pair[1]]
		if a.Group != b.Group && !(a.Own && b.Own) && n*5 > min(phrases[pair[0]], phrases[pair[1]]) {
			t.Errorf("%s and %s share %d phrases but no group", a.ID, b.ID, n)
		}
	}
}
