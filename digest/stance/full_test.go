package stance

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"standpoint/digest/topic"
)

// TestFullLength judges articles of 900 to 1,100 words, with digressions,
// reported views and quotations of the other side. Two people wrote them who
// knew the labels' meaning and neither cues nor examples. Nothing in the
// program was made after them but the choice among a few settings of the expert
// for long pieces, between which they made little difference.
func TestFullLength(t *testing.T) {
	c := classifier(t)
	files, err := filepath.Glob(filepath.Join("testdata", "full", "*.txt"))
	if err != nil || len(files) == 0 {
		t.Fatal("no full-length pieces", err)
	}
	var examples []topic.Example
	var verdicts []Verdict
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		name := strings.TrimSuffix(filepath.Base(file), ".txt")
		label := topic.StanceKey(name[strings.LastIndexByte(name, '-')+1:])
		title, text, _ := strings.Cut(string(data), "\n")
		v := c.Classify(title, strings.TrimSpace(text))
		examples = append(examples, topic.Example{ID: name, Relevant: true, Primary: label, Accept: []topic.StanceKey{label}})
		verdicts = append(verdicts, v)
		t.Logf("%-16s %s %.2f %s %v", name, v.Stance, v.Confidence, v.Doubt, v.Also)
	}
	got := Score(c.pack, examples, verdicts)
	report(t, "full length", got)
	atLeast(t, "strict", got.Strict, 0.75)
	atLeast(t, "relevance", got.Relevance.Recall, 1)
	if got.Sure.WrongCamp > 0 {
		t.Error("a sure verdict is in a wrong camp")
	}
}
