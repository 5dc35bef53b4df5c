package topic

import (
	"crypto/sha256"
	"strings"
	"testing"
	"testing/fstest"
)

func TestRegression(t *testing.T) {
	const good = `{"id":"r1","title":"More cheese","relevant":true,"primary":"cheese","accept":["cheese","both"]}`
	for _, test := range []struct{ lines, want string }{
		{"", ""},
		{good + "\n\n" + good, ""},
		{good + "\n" + strings.ReplaceAll(good, `"cheese"`, `"beer"`), `regression.jsonl:2: example "r1": unknown stance "beer"`},
		{"{", "regression.jsonl:1: "},
	} {
		files := smallPack()
		files["regression.jsonl"] = &fstest.MapFile{Data: []byte(test.lines)}
		pack, err := Load(files)
		if err != nil {
			t.Fatal(err)
		}
		set, err := pack.Regression()
		if test.want == "" && (err != nil || len(set) != strings.Count(test.lines, "r1")) || test.want != "" && (err == nil || !strings.Contains(err.Error(), test.want)) {
			t.Errorf("%q: %d pieces, %v; want %q", test.lines, len(set), err, test.want)
		}
	}
}

// A pack may do without, and no model is made from it.
func TestRegressionIsNoPartOfTheModel(t *testing.T) {
	sum := func(files fstest.MapFS) string {
		files["examples.jsonl"] = &fstest.MapFile{}
		pack, err := Load(files)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := pack.Regression(); err != nil {
			t.Error(err)
		}
		h := sha256.New()
		if err := pack.Hash(h); err != nil {
			t.Fatal(err)
		}
		return string(h.Sum(nil))
	}
	with := smallPack()
	with["regression.jsonl"] = &fstest.MapFile{Data: []byte(`{"id":"r","title":"T","relevant":false}`)}
	if sum(smallPack()) != sum(with) {
		t.Error("the regression set changes what models are made from")
	}
}
