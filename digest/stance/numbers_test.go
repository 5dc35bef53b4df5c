package stance

import (
	"encoding/json"
	"math"
	"slices"
	"strings"
	"testing"

	"standpoint/digest/topic"
)

func TestExpAndLog(t *testing.T) {
	for x := -50.0; x <= 50; x += 0.37 {
		if got, want := exp(x), math.Exp(x); math.Abs(got-want) > 1e-13*want {
			t.Errorf("exp(%v) = %v, want %v", x, got, want)
		}
	}
	for x := 1e-12; x < 1e12; x *= 1.7 {
		if got, want := log(x), math.Log(x); math.Abs(got-want) > 1e-13*math.Max(1, math.Abs(want)) {
			t.Errorf("log(%v) = %v, want %v", x, got, want)
		}
	}
	if exp(-1000) != 0 {
		t.Error("exp far below 0 is not 0")
	}
}

func TestLogisticLearns(t *testing.T) {
	rows := []row{
		{[]entry{{0, 1}}, []float64{1, 0, 0}, 1},
		{[]entry{{1, 1}}, []float64{0, 1, 0}, 1},
		{[]entry{{2, 1}}, []float64{0, 0.2, 0.8}, 1},
	}
	m := train(rows, 3, 3, 0.01, 50)
	for i, r := range rows {
		p := make([]float64, 3)
		m.predict(r.features, 1, p)
		if argmax(p) != i {
			t.Errorf("row %d: %v", i, p)
		}
	}
	flat, sharp := make([]float64, 3), make([]float64, 3)
	m.predict(rows[0].features, 3, flat)
	m.predict(rows[0].features, 0.5, sharp)
	if flat[0] >= sharp[0] {
		t.Errorf("temperature 3 gives %v, 0.5 gives %v", flat[0], sharp[0])
	}
}

func TestNegation(t *testing.T) {
	r, err := newReader(builtin(t))
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		text    string
		negated bool
	}{
		{"Send troops to Ukraine", false},
		{"Do not send troops to Ukraine", true},
		{"Europe should never send its troops", true},
		{"No peace without troops", false},
		{"If not now, troops must go later", false},
		{"Troops, not promises", false},
	}
	for _, test := range tests {
		s := r.sentence(test.text, span{}, 0)
		i := slices.IndexFunc(s.hits, func(c claim) bool { return c.group == "@troops" })
		if i < 0 {
			t.Errorf("%q: no troops in it", test.text)
		} else if s.hits[i].negated != test.negated {
			t.Errorf("%q: negated %v, want %v", test.text, s.hits[i].negated, test.negated)
		}
	}
}

func TestWhoSpeaks(t *testing.T) {
	r, err := newReader(builtin(t))
	if err != nil {
		t.Fatal(err)
	}
	for text, others := range map[string]bool{
		"Europe must send troops.":                     false,
		"I said so in May and I say it again.":         false,
		"The minister said that Europe must act.":      true,
		"According to Moscow this would be a mistake.": true,
		"Critics argue that it is too late.":           true,
		`"Never," he says.`:                            true,
		`“We shall never accept soldiers there.”`:      true,
		"This paper argues that Europe must act.":      false,
	} {
		d := r.read("", text)
		if d.sentences[0].attributed() != others {
			t.Errorf("%q: attributed %v, want %v", text, !others, others)
		}
	}
}

func TestInterval(t *testing.T) {
	for _, test := range []struct {
		share     float64
		n         int
		low, high float64
	}{{0, 0, 0, 1}, {0.5, 100, 0.404, 0.596}, {0, 20, 0, 0.161}, {1, 20, 0.839, 1}, {0.95, 300, 0.919, 0.969}} {
		low, high := Interval(test.share, test.n)
		if math.Abs(low-test.low) > 5e-4 || math.Abs(high-test.high) > 5e-4 {
			t.Errorf("%v of %d: %.4f to %.4f, want %.3f to %.3f", test.share, test.n, low, high, test.low, test.high)
		}
	}
}

// TestScore checks each figure on a handful of verdicts counted by hand.
func TestScore(t *testing.T) {
	pack := builtin(t)
	example := func(id string, accept ...topic.StanceKey) topic.Example {
		e := topic.Example{ID: id, Relevant: len(accept) > 0, Accept: accept}
		if e.Relevant {
			e.Primary = accept[0]
		}
		return e
	}
	verdict := func(key topic.StanceKey, confidence float64, d Doubt) Verdict {
		return Verdict{Relevant: key != "", Stance: key, Confidence: confidence, Doubt: d}
	}
	examples := []topic.Example{example("a", "bind"), example("b", "arm", "survey"), example("c", "deploy"), example("d", "settle"), example("e"), example("f")}
	examples[2].Text, examples[3].Text = "a word", strings.Repeat("word ", 601)
	verdicts := []Verdict{verdict("bind", 0.9, Sure), verdict("survey", 0.9, Sure), verdict("settle", 0.9, Sure), verdict("", 0, ""), verdict("", 0, ""), verdict("arm", 0.5, Leaning)}
	got := Score(pack, examples, verdicts)
	near := func(what string, got, want float64) {
		t.Helper()
		if math.Abs(got-want) > 1e-9 {
			t.Errorf("%s = %v, want %v", what, got, want)
		}
	}
	near("precision", got.Relevance.Precision, 3.0/4)
	near("recall", got.Relevance.Recall, 3.0/4)
	near("F1", got.Relevance.F1, 3.0/4)
	near("strict", got.Strict, 1.0/4)
	near("lenient", got.Lenient, 2.0/4)
	near("macro-F1", got.MacroF1, 1.0/5)
	near("sure share", got.Sure.Share, 3.0/4)
	near("sure strict", got.Sure.Strict, 1.0/3)
	near("sure lenient", got.Sure.Lenient, 2.0/3)
	near("wrong camp", got.Sure.WrongCamp, 1.0/3)
	if got.Relevant != 4 || len(got.Reliability) != 1 || got.Reliability[0].Pieces != 3 || got.Reliability[0].From != 0.9 {
		t.Errorf("reliability of %d: %+v", got.Relevant, got.Reliability)
	}
	if want := []LengthScores{{"title only", 2, 0.5, 1, 1}, {"up to 100 words", 1, 0, 0, 1}, {"more", 1, 0, 0, 0}}; !slices.Equal(got.ByLength, want) {
		t.Errorf("by length %+v, want %+v", got.ByLength, want)
	}
	near("calibration error", got.CalibrationError, math.Abs(2.7-1)/3)
	if got.Pieces != 6 || len(got.Wrong) != 3 || got.Wrong[0] != (Disagreement{ID: "c", Expected: "deploy", Got: "settle"}) || got.Confusion["settle"]["irrelevant"] != 1 {
		t.Errorf("scores %+v", got)
	}
	data, err := json.Marshal(got)
	if err != nil {
		t.Fatal(err)
	}
	for _, key := range []string{`"pieces":6`, `"relevance":{"precision":`, `"macro_f1":`, `"sure":{"share":`, `"wrong_camp":`, `"calibration_error":`, `"confusion":{"arm":{`, `"wrong":[{"id":"c","expected":"deploy","got":"settle"}`} {
		if !strings.Contains(string(data), key) {
			t.Errorf("JSON lacks %s: %s", key, data)
		}
	}
}
