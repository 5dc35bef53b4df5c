package stance

import (
	"os"
	"path/filepath"
	"reflect"
	"testing"

	"standpoint/digest/topic"
)

func kept(t *testing.T, dir string) []string {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil {
		t.Fatal(err)
	}
	return names
}

func openKept(t *testing.T, dir string, pack *topic.Pack, corrections ...Correction) *Classifier {
	t.Helper()
	c, err := OpenKept(dir, pack, corrections...)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func keep(t *testing.T, dir string, c *Classifier) {
	t.Helper()
	if err := Keep(dir, c); err != nil {
		t.Fatal(err)
	}
}

func TestKept(t *testing.T) {
	if os.Getenv("LONG") == "" {
		t.Skip("long: see make long")
	}
	skipComputing(t)
	t.Parallel()
	dir, pack := t.TempDir(), smallPack(t, "")
	first := openKept(t, dir, pack, porcupine)
	if first.stored || len(kept(t, dir)) != 0 {
		t.Fatal("something was kept before Keep")
	}
	keep(t, dir, first)
	again := openKept(t, dir, pack, porcupine)
	if !again.stored || !reflect.DeepEqual(first.model, again.model) {
		t.Error("the kept model is not the trained one")
	}
	names := kept(t, dir)
	if len(names) != 1 {
		t.Fatalf("kept: %v", names)
	}

	// One that is damaged is made anew, and put in its place.
	data, err := os.ReadFile(names[0])
	if err != nil {
		t.Fatal(err)
	}
	data[len(data)/2] ^= 1
	if err := os.WriteFile(names[0], data, 0o600); err != nil {
		t.Fatal(err)
	}
	if again = openKept(t, dir, pack, porcupine); again.stored || !reflect.DeepEqual(first.model, again.model) {
		t.Error("a damaged model is used")
	}
	keep(t, dir, again)
	if again = openKept(t, dir, pack, porcupine); !again.stored {
		t.Error("the damaged model was not replaced")
	}

	// Another set of corrections takes its place, and what a crash left goes.
	if err := os.WriteFile(filepath.Join(dir, keptPrefix+"1.part"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	keep(t, dir, openKept(t, dir, pack))
	if now := kept(t, dir); len(now) != 1 || now[0] == names[0] {
		t.Errorf("kept %v after %v", now, names)
	}
	if c := openKept(t, dir, pack); !c.stored {
		t.Error("a pack of one's own is not kept")
	}
}

// The built-in model needs no copy.
func TestBuiltinIsNotKept(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, keptPrefix+"old"+keptSuffix), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	c := openKept(t, dir, builtin(t))
	keep(t, dir, c)
	if !c.builtin || len(kept(t, dir)) != 0 {
		t.Errorf("built in: %v, kept %v", c.builtin, kept(t, dir))
	}
	keep(t, filepath.Join(dir, "none"), c) // no folder: nothing to keep, nothing to take away
}
