package stance

import (
	"fmt"
	"strings"
	"testing"
	"testing/fstest"

	"standpoint/digest/topic"
)

const cheesePack = `key: cheese-or-wine
name: Cheese or wine
question: What should the village fair be about?
stances:
  - {key: cheese, name: Cheese, short: Cheese, test: For cheese., colour: "#000001", dark: "#fffff1", shape: "■"}
  - {key: wine, name: Wine, short: Wine, test: For wine., colour: "#000002", dark: "#fffff2", shape: "●"}
  - {key: either, name: Either, short: Either, test: Takes no side., colour: "#000003", dark: "#fffff3", shape: "○", neutral: true}
`

const cheeseCues = `
[cheese]
2 (more|better|only) cheese
[wine]
2 (more|better|only) wine
[either]
1 (council|committee) ..3 (met|discussed|decide)
[anchor]
1 fair
[matter]
1 (cheese|wine)
`

func cheese(t *testing.T, lines ...string) *topic.Pack {
	t.Helper()
	pack, err := topic.Load(fstest.MapFS{
		"pack.yaml":      {Data: []byte(cheesePack)},
		"cues.txt":       {Data: []byte(cheeseCues)},
		"examples.jsonl": {Data: []byte(strings.Join(lines, "\n"))},
	})
	if err != nil {
		t.Fatal(err)
	}
	return pack
}

// TestAnotherDebate proves that a debate is data: the code has no word of it.
func TestAnotherDebate(t *testing.T) {
	var lines []string
	add := func(key, text string) {
		n := len(lines)
		if key == "" {
			lines = append(lines, fmt.Sprintf(`{"id": "e%d", "group": %d, "title": "Other things", "text": %q}`, n, n, text))
			return
		}
		lines = append(lines, fmt.Sprintf(`{"id": "e%d", "group": %d, "title": "The fair", "text": %q, "relevant": true, "firm": true, "primary": %q, "accept": [%q]}`, n, n, text, key, key))
	}
	for range 4 {
		add("cheese", "The fair should have more cheese. Goats and dairies made this village.")
		add("wine", "The fair needs better wine. Our cellars are full and the vines are old.")
		add("either", "The council met to discuss whether the fair should show cheese or wine.")
		add("", "The bridge will be closed for repairs until the end of the month.")
		add("", "The school has a new roof, and the choir sang.")
	}
	c, err := Train(cheese(t, lines...))
	if err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]topic.StanceKey{
		"The fair must have more cheese, for the dairies of the village.":   "cheese",
		"A fair without better wine is no fair. Open the cellars.":          "wine",
		"The council discussed the fair again; cheese or wine, nobody said": "either",
		"The choir will sing on the bridge.":                                "",
	} {
		if v := c.Classify("", text); v.Stance != want {
			t.Errorf("%q: %q, relevance %.2f; want %q", text, v.Stance, v.Relevance, want)
		}
	}
}

func TestTrainNeedsBothKinds(t *testing.T) {
	for name, lines := range map[string][]string{
		"none":         nil,
		"only off":     {`{"id": "a", "title": "The bridge"}`},
		"only on":      {`{"id": "a", "title": "More cheese at the fair", "relevant": true, "primary": "cheese", "accept": ["cheese"]}`},
		"broken label": {`{"id": "a", "title": "x", "relevant": true, "primary": "beer", "accept": ["beer"]}`},
	} {
		if _, err := Train(cheese(t, lines...)); err == nil || !strings.Contains(err.Error(), "cheese") {
			t.Errorf("%s: Train: %v, want an error about the pack", name, err)
		}
	}
}
