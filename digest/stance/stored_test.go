package stance

import (
	"bytes"
	"flag"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"testing/fstest"

	"standpoint/digest/topic"
)

var update = flag.Bool("update", false, "train the built-in packs anew and store the models")

func storedPath(key string) string {
	return filepath.Join("..", "topic", "packs", key, "model.bin")
}

// TestStoredModelsFit: the models that lie with the built-in packs are made of
// today's packs. One that is not would be passed over, and each run would train.
func TestStoredModelsFit(t *testing.T) {
	for _, key := range topic.BuiltinKeys() {
		pack, err := topic.Builtin(key)
		if err != nil {
			t.Fatal(err)
		}
		data, err := pack.Model()
		if err != nil {
			t.Fatal(err)
		}
		if _, err := Decode(pack, data); err != nil {
			t.Errorf("%v; run `make model` and commit %s", err, storedPath(key))
		}
	}
}

// TestStoredModels holds the models that lie with the built-in packs against
// training: the same weights, made on whatever machine, and the same verdicts.
func TestStoredModels(t *testing.T) {
	if !*update {
		skipFigures(t) // trains on thousands of pieces
	}
	for _, key := range topic.BuiltinKeys() {
		pack, err := topic.Builtin(key)
		if err != nil {
			t.Fatal(err)
		}
		want, err := Train(pack)
		if err != nil {
			t.Fatal(err)
		}
		if *update {
			data, err := want.Encode()
			if err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(storedPath(key), data, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		data, err := os.ReadFile(storedPath(key))
		if err != nil {
			t.Fatalf("%v; run `make model`", err)
		}
		got, err := Decode(pack, data)
		if err != nil {
			t.Fatalf("%v; run `make model` and commit %s", err, storedPath(key))
		}
		if !reflect.DeepEqual(got.model, want.model) {
			t.Errorf("%s: training gives another model than the stored one: raise the constant training, run `make model`", key)
		}
		sameVerdicts(t, got, want)
	}
}

func sameVerdicts(t *testing.T, a, b *Classifier) {
	t.Helper()
	examples, err := a.pack.Examples()
	if err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob(filepath.Join("testdata", "*", "*.txt"))
	if err != nil || len(files) == 0 {
		t.Fatal("no full-length pieces", err)
	}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		title, text, _ := strings.Cut(string(data), "\n")
		examples = append(examples, topic.Example{ID: file, Title: title, Text: text})
	}
	for _, e := range examples {
		if x, y := asText(t, a.Classify(e.Title, e.Text)), asText(t, b.Classify(e.Title, e.Text)); !bytes.Equal(x, y) {
			t.Errorf("%s: verdicts differ\n%s\n%s", e.ID, x, y)
		}
	}
}

func TestDecodeRefusesWhatDoesNotFit(t *testing.T) {
	pack := builtin(t)
	data, err := classifier(t).Encode()
	if err != nil {
		t.Fatal(err)
	}
	if again, err := Decode(pack, data); err != nil || !reflect.DeepEqual(again.model, classifier(t).model) {
		t.Fatalf("a stored model does not come back as it was: %v", err)
	}
	changed := func(at int) []byte {
		d := bytes.Clone(data)
		d[at] ^= 0x10
		return d
	}
	print := len(storedHead)
	for _, test := range []struct {
		name, want string
		data       []byte
	}{
		{"nothing", "no stored model", nil},
		{"head only", "no stored model", data[:print]},
		{"another file", "no stored model", []byte("SQLite format 3\x00")},
		{"another pack", "train anew", changed(print + 5)},
		{"cut off", "damaged", data[:len(data)-100]},
		{"one bit", "damaged", changed(len(data) / 2)},
		{"checksum", "damaged", changed(len(data) - 6)},
	} {
		if _, err := Decode(pack, test.data); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: error %v, want one with %q", test.name, err, test.want)
		}
	}
}

// TestDamagedNumbers reads models that are cut off where no checksum looks any
// more: an error, never a panic.
func TestDamagedNumbers(t *testing.T) {
	if os.Getenv("LONG") == "" {
		t.Skip("long: see make long")
	}
	skipComputing(t)
	w := &modelWriter{}
	w.model(classifier(t).model)
	for n := 0; n < len(w.data); n += len(w.data)/200 + 1 {
		r := &modelReader{data: string(w.data[:n])}
		if m := r.model(); r.err == nil && m.fits(classifier(t).pack) {
			t.Errorf("a model cut off after %d of %d bytes is read", n, len(w.data))
		}
	}
}

// builtinFiles is the built-in pack as files to change.
func builtinFiles(t *testing.T) fstest.MapFS {
	t.Helper()
	folder, files := os.DirFS(filepath.Dir(storedPath(ukraine))), fstest.MapFS{}
	for _, name := range []string{"pack.yaml", "cues.txt", "examples.jsonl", "model.bin"} {
		data, err := fs.ReadFile(folder, name)
		if err != nil {
			t.Fatal(err)
		}
		files[name] = &fstest.MapFile{Data: data}
	}
	return files
}

func load(t *testing.T, files fs.FS) *topic.Pack {
	t.Helper()
	pack, err := topic.Load(files)
	if err != nil {
		t.Fatal(err)
	}
	return pack
}

func TestModelOfAChangedPackIsRefused(t *testing.T) {
	for _, name := range []string{"pack.yaml", "cues.txt", "examples.jsonl"} {
		files := builtinFiles(t)
		files[name].Data = append(files[name].Data, '\n')
		if name == "pack.yaml" {
			files[name].Data = bytes.Replace(files[name].Data, []byte("question: How"), []byte("question: Where"), 1)
		}
		if _, err := Decode(load(t, files), files["model.bin"].Data); err == nil || !strings.Contains(err.Error(), "train anew") {
			t.Errorf("%s changed: error %v, want one that says to train anew", name, err)
		}
	}
}

func TestOpenTrainsWhereNoModelFits(t *testing.T) {
	skipComputing(t)
	files := builtinFiles(t)
	lines := bytes.SplitAfter(files["examples.jsonl"].Data, []byte("\n"))
	files["examples.jsonl"].Data = bytes.Join(lines[:80], nil) // a few, to train fast
	for _, state := range []string{"another pack's", "damaged", "none"} {
		switch state {
		case "damaged":
			files["model.bin"].Data = files["model.bin"].Data[:1000]
		case "none":
			delete(files, "model.bin")
		}
		c, err := Open(load(t, files))
		if err != nil {
			t.Fatalf("model %s: %v", state, err)
		}
		if got, all := c.model.gramSpace.size(), classifier(t).model.gramSpace.size(); got == 0 || got >= all {
			t.Errorf("model %s: opened one of %d n-grams, want fewer than %d", state, got, all)
		}
	}
}

func BenchmarkOpen(b *testing.B) {
	pack := builtin(b)
	data, err := pack.Model()
	if err != nil || data == nil {
		b.Fatal("no stored model", err)
	}
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Decode(pack, data); err != nil {
			b.Fatal(err)
		}
	}
}
