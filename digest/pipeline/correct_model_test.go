package pipeline_test

import (
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"standpoint/digest/stance"
	"standpoint/digest/topic"
)

// smallPack is the built-in pack with a few of its examples, which are learned at
// once, and a regression set of one piece.
func smallPack(t *testing.T) *topic.Pack {
	t.Helper()
	files := fstest.MapFS{"regression.jsonl": {Data: []byte(`{"id":"r1","title":"A porcupine for Kyiv","text":"Ukraine must be armed for the long term. Its own army, supplied with missiles and shells from Europe, is the best guarantee of its security. Western troops will not come.","relevant":true,"firm":true,"primary":"arm","accept":["arm"]}`)}}
	for _, name := range []string{"pack.yaml", "cues.txt", "examples.jsonl"} {
		data, err := os.ReadFile(filepath.Join("..", "topic", "packs", topic.BuiltinKeys()[0], name))
		must(t, err)
		if name == "examples.jsonl" {
			var some []string
			for i, line := range strings.Split(string(data), "\n") {
				if i < 1400 && i%10 == 0 {
					some = append(some, line)
				}
			}
			data = []byte(strings.Join(some, "\n"))
		}
		files[name] = &fstest.MapFile{Data: data}
	}
	p, err := topic.Load(files)
	must(t, err)
	return p
}

// A correction against what the pack holds right is not learned, and stands.
func TestCorrectionThatWouldBreakTheModel(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("trains twice, in which the race detector has nothing to find")
	}
	w := newWorld(t, 1, "one")
	p := smallPack(t)
	set, err := p.Regression()
	must(t, err)
	w.Pack, w.Model = p, sync.OnceValues(func() (*stance.Classifier, error) { return stance.Train(p) })
	a := piece("a", 1)
	a.full, a.heading, a.whole = true, set[0].Title, set[0].Text
	w.web.add("one", a)
	w.gather(t)
	w.Train = func(c []stance.Correction) (*stance.Classifier, error) { return stance.Train(p, c...) }
	c := w.correct(t, a, "settle")
	if c.Learnt != 0 || len(c.Breaks) == 0 || c.Breaks[0].ID != set[0].ID || c.Now.Stance != "settle" {
		t.Errorf("learnt %d, breaks %v, now %s", c.Learnt, c.Breaks, c.Now.Stance)
	}
	if learnt, err := w.Store.Learnt(t.Context()); err != nil || len(learnt) != 0 {
		t.Errorf("learnt %+v, %v", learnt, err)
	}
	all, err := w.Store.Corrections(t.Context())
	if err != nil || len(all) != 1 || len(all[0].Breaks) != len(c.Breaks) || w.known(t, a)[0].Verdict.Stance != "settle" {
		t.Errorf("%+v, %v", all, err)
	}
}
