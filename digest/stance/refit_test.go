package stance

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"standpoint/digest/topic"
)

// What is wrong from the start would hold nothing.
func TestRegressionSetIsRight(t *testing.T) {
	set, err := builtin(t).Regression()
	if err != nil || len(set) < 30 {
		t.Fatalf("%d pieces, %v", len(set), err)
	}
	for _, e := range set {
		if v := classifier(t).Classify(e.Title, e.Text); !acceptableTo(e, v) {
			t.Errorf("%s %q: wants %v, got relevant %v %.2f, %s %.2f", e.ID, e.Title, e.Accept, v.Relevant, v.Relevance, v.Stance, v.Confidence)
		}
	}
}

// smallPack is the built-in pack with every tenth of its first examples, which is
// learned at once, and the given regression set.
func smallPack(t *testing.T, regression string) *topic.Pack {
	t.Helper()
	dir := filepath.Join("..", "topic", "packs", topic.BuiltinKeys()[0])
	files := fstest.MapFS{"regression.jsonl": {Data: []byte(regression)}}
	for _, name := range []string{"pack.yaml", "cues.txt", "examples.jsonl"} {
		data, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		if name == "examples.jsonl" {
			lines, i := strings.SplitAfter(string(data), "\n"), -1
			data = []byte(strings.Join(slices.DeleteFunc(lines, func(string) bool { i++; return i%10 != 0 || i > 1400 }), ""))
		}
		files[name] = &fstest.MapFile{Data: data}
	}
	pack, err := topic.Load(files)
	if err != nil {
		t.Fatal(err)
	}
	return pack
}

func trained(t *testing.T, pack *topic.Pack, corrections ...Correction) *Classifier {
	t.Helper()
	c, err := Train(pack, corrections...)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

var porcupine = Correction{
	Title:  "A porcupine for Kyiv",
	Text:   "Ukraine must be armed for the long term. Its own army, supplied with missiles and shells from Europe, is the best guarantee of its security. Western troops will not come.",
	Stance: "arm",
}

// What the operator corrected is learned: a piece in its words is judged as the
// operator judged it.
// onlyInEval leaves out what trains again and again, but for `make eval`.
func onlyInEval(t *testing.T) {
	t.Helper()
	if os.Getenv("EVAL") == "" {
		t.Skip("trains: see make eval")
	}
}

func TestCorrectionsAreLearned(t *testing.T) {
	onlyInEval(t)
	t.Parallel()
	pack := smallPack(t, "")
	before := trained(t, pack)
	if v := before.Classify(porcupine.Title, porcupine.Text); v.Stance != "arm" {
		t.Fatalf("the sample is %s already", v.Stance)
	}
	for _, key := range []topic.StanceKey{"settle", "bind", ""} {
		c := porcupine
		c.Stance = key
		after := trained(t, pack, c)
		v := after.Classify(c.Title, c.Text)
		if v.Stance != key || v.Relevant != (key != "") || v.By != ByModel {
			t.Errorf("corrected to %q: %+v", key, v)
		}
	}
}

// A model is the same whatever order its corrections come in, and is no other's.
func TestFingerprintCoversCorrections(t *testing.T) {
	onlyInEval(t)
	t.Parallel()
	pack := smallPack(t, "")
	other := Correction{Title: "T", Text: "Ukraine should be neutral.", Stance: "settle"}
	printOf := func(c ...Correction) string {
		p, err := Fingerprint(pack, c...)
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
	if printOf(porcupine, other) != printOf(other, porcupine, other) {
		t.Error("the order counts, or how often one comes")
	}
	seen := map[string]bool{}
	moved, longer := porcupine, porcupine
	moved.Stance, longer.Text = "", porcupine.Text+" "
	for _, c := range [][]Correction{nil, {porcupine}, {moved}, {longer}, {other}, {porcupine, other}} {
		seen[printOf(c...)] = true
	}
	if len(seen) != 6 {
		t.Errorf("%d fingerprints of six sets", len(seen))
	}
	if printOf() != printOf(Correction{Title: "T", Stance: "of-another-pack"}) {
		t.Error("a stance that the pack lacks counts")
	}
	if _, err := Train(pack, Correction{Title: "T", Stance: "of-another-pack"}); err != nil {
		t.Error(err)
	}
	a, err := trained(t, pack, porcupine, other).Encode()
	if err != nil {
		t.Fatal(err)
	}
	b, err := trained(t, pack, other, porcupine).Encode()
	if err != nil || string(a) != string(b) {
		t.Errorf("two orders give two models, %v", err)
	}
	if _, err := Decode(pack, a); err == nil {
		t.Error("a model of corrections passes for one without")
	}
}

func TestByTheOperator(t *testing.T) {
	c := classifier(t)
	text := "Nobody knows how it will end. Ukraine should accept neutrality and negotiate with Moscow. Its army should be armed with missiles for the long term."
	for key, want := range map[topic.StanceKey]string{"settle": "neutrality", "arm": "missiles"} {
		v := c.ByTheOperator("Title", text, key)
		if v.Stance != key || v.By != ByOperator || v.Doubt != Sure || v.Confidence != 1 || !v.Relevant || v.Probabilities[key] != 1 {
			t.Errorf("%+v", v)
		}
		if len(v.Evidence) == 0 || !strings.Contains(v.Evidence[0].Text, want) {
			t.Errorf("evidence for %s: %+v", key, v.Evidence)
		}
		for _, q := range append(v.Evidence, v.Summary...) {
			if text[q.Start:q.End] != q.Text {
				t.Errorf("%q is not verbatim", q.Text)
			}
		}
	}
	for _, key := range []topic.StanceKey{"", "of-another-pack"} {
		if v := c.ByTheOperator("Title", text, key); v.Relevant != (key != "") || v.Stance != key || len(v.Evidence) > 0 || v.By != ByOperator {
			t.Errorf("%q: %+v", key, v)
		}
	}
}

// A correction that contradicts the regression set shows in it.
func TestRegressions(t *testing.T) {
	t.Parallel()
	pack := smallPack(t, `{"id":"r1","title":"`+porcupine.Title+`","text":"`+porcupine.Text+`","relevant":true,"primary":"arm","accept":["arm","survey"]}
{"id":"r2","title":"Gardens","text":"Roses grow slowly in the Alps.","relevant":false}
`)
	wrong := porcupine
	wrong.Stance = "settle"
	before, after := trained(t, pack), trained(t, pack, wrong)
	broken, err := Regressions(before, after)
	if err != nil || len(broken) != 1 {
		t.Fatalf("%+v, %v", broken, err)
	}
	if got, want := broken[0].String(), "r1 (A porcupine for Kyiv): wants arm or survey, was arm, would be settle"; got != want {
		t.Errorf("got %s\nwant %s", got, want)
	}
	if again, err := Regressions(after, after); err != nil || again != nil {
		t.Errorf("what was wrong before is no regression: %+v, %v", again, err)
	}
}
