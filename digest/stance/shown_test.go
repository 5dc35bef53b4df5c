package stance

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestShownSentences measures, on the folds of the cross-validation, how often
// the sentences that are shown for a piece's right stance are such as its author
// speaks for that stance in his own voice. What nobody may be shown with is a
// sentence of somebody else's, or against.
func TestShownSentences(t *testing.T) {
	skipFigures(t)
	marks := readMarks(t)
	var n, first, anyOf, others, against int
	for _, c := range foldClassifiers(t) {
		for _, p := range c.unseen {
			key, says := string(p.Primary), marks[p.ID]
			good := func(i int) bool { return strings.HasPrefix(says[i], "own") && strings.Contains(says[i], "+"+key) }
			if len(says) != len(p.read.sentences)+1 || !slices.ContainsFunc(indices(1, len(says)), good) {
				continue
			}
			n++
			hit := false
			for k, q := range c.evidence(&p.read, p.Text, p.Primary) {
				i := 1 + slices.IndexFunc(p.read.sentences, func(s sentence) bool { return s.start == q.Start })
				hit = hit || good(i)
				if k == 0 {
					first += count(good(i))
					others += count(strings.HasPrefix(says[i], "other"))
					against += count(!good(i) && strings.Contains(says[i], "-"+key))
				}
			}
			anyOf += count(hit)
		}
	}
	t.Logf("of %d pieces whose author speaks for the stance in a sentence of his own: the first sentence shown is such a one in %.3f, one of the three in %.3f; the first is somebody else's in %.3f, against the stance in %.3f",
		n, share(first, n), share(anyOf, n), share(others, n), share(against, n))
	if n < 250 {
		t.Errorf("only %d pieces have marks", n)
	}
	atLeast(t, "first sentence in the author's own voice for the stance", share(first, n), 0.70)
	atLeast(t, "one of three sentences", share(anyOf, n), 0.90)
	atLeast(t, "first sentence not somebody else's", 1-share(others, n), 0.90)
}

func indices(from, to int) []int {
	var all []int
	for i := from; i < to; i++ {
		all = append(all, i)
	}
	return all
}

func readMarks(t *testing.T) map[string][]string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", "marks.txt"))
	if err != nil {
		t.Fatal(err)
	}
	marks := map[string][]string{}
	for line := range strings.Lines(string(data)) {
		if id, says, ok := strings.Cut(strings.TrimSpace(line), " "); ok && id != "#" {
			marks[id] = strings.Split(says, "|")
		}
	}
	return marks
}
