package stance

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"standpoint/digest/topic"
)

// TestFullLength judges articles of 650 to 1,500 words, with digressions,
// reported views and quotations of the other side. Four people wrote them who
// knew the labels' meaning and neither cues nor examples. A few settings of the
// expert for long pieces were chosen with the first two's twenty in view; of the
// last two's, untouched, nothing is known but the figures.
func TestFullLength(t *testing.T) {
	skipComputing(t)
	c := classifier(t)
	for name, least := range map[string]float64{"first second": 0.85, "third fourth": 0.70} {
		var examples []topic.Example
		var verdicts []Verdict
		for _, e := range fullLength(t, strings.Fields(name)) {
			examples = append(examples, e)
			verdicts = append(verdicts, c.Classify(e.Title, e.Text))
		}
		got := Score(c.pack, examples, verdicts)
		if name == "third fourth" {
			got.Wrong = nil // what is not looked at stays of use
		}
		report(t, "full length, "+name, got)
		atLeast(t, "strict", got.Strict, least)
		atLeast(t, "relevance", got.Relevance.Recall, 0.95)
		atLeast(t, "share in an acceptable camp where sure", 1-got.Sure.WrongCamp, 0.90)
	}
}

// fullLength reads the articles of the given authors. A file's name ends with
// its label, or with "also" and a second one that can be defended.
func fullLength(t *testing.T, authors []string) []topic.Example {
	t.Helper()
	files, err := filepath.Glob(filepath.Join("testdata", "full", "*.txt"))
	if err != nil || len(files) == 0 {
		t.Fatal("no full-length pieces", err)
	}
	var examples []topic.Example
	for _, file := range files {
		parts := strings.Split(strings.TrimSuffix(filepath.Base(file), ".txt"), "-")
		if !slices.Contains(authors, parts[0]) {
			continue
		}
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		title, text, _ := strings.Cut(string(data), "\n")
		e := topic.Example{
			ID: strings.Join(parts[:2], "-"), Title: title, Text: strings.TrimSpace(text),
			Relevant: true, Primary: topic.StanceKey(parts[2]), Accept: []topic.StanceKey{topic.StanceKey(parts[2])},
		}
		if len(parts) == 5 && parts[3] == "also" {
			e.Accept = append(e.Accept, topic.StanceKey(parts[4]))
		}
		examples = append(examples, e)
	}
	return examples
}
