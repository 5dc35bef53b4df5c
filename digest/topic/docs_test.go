package topic

import (
	"os"
	"strings"
	"testing"
	"testing/fstest"
)

// TestDocs loads the pack that docs/topic-packs.md shows.
func TestDocs(t *testing.T) {
	data, err := os.ReadFile("../../docs/topic-packs.md")
	if err != nil {
		t.Fatal(err)
	}
	block := func(language, start string) []byte {
		t.Helper()
		_, rest, ok := strings.Cut(string(data), "```"+language+"\n"+start)
		text, _, closed := strings.Cut(rest, "```")
		if !ok || !closed {
			t.Fatalf("no block of %q that begins with %q", language, start)
		}
		return []byte(start + text)
	}
	pack, err := Load(fstest.MapFS{
		"pack.yaml":      {Data: block("yaml", "key:")},
		"cues.txt":       {Data: block("", "[anchor]")},
		"examples.jsonl": {Data: block("json", `{"id"`)},
	})
	if err != nil {
		t.Fatal(err)
	}
	examples, err := pack.Examples()
	if err != nil || len(examples) != 2 {
		t.Errorf("%d examples, %v", len(examples), err)
	}
	if pack.Measured.Pieces != 120 || pack.Thresholds.Rival != 0.06 || pack.Language != "en" || !pack.Stances[1].Neutral {
		t.Errorf("%+v", pack)
	}
}
