package mail_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"standpoint/digest/mail"
)

var files = mail.Files{HTML: []byte("<p>Text</p>"), Text: []byte("Text"), JSON: []byte("{}")}

func names(t *testing.T, dir string) []string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var list []string
	for _, e := range entries {
		list = append(list, e.Name())
	}
	return list
}

func TestOutbox(t *testing.T) {
	box := mail.Outbox{Dir: filepath.Join(t.TempDir(), "state", "outbox")}
	dir := filepath.Join(box.Dir, "edition-0012")
	m := letterTo(t, 7, "reader@example.com")
	for range 2 { // a rerun writes the same
		if err := box.Write(12, files); err != nil {
			t.Fatal(err)
		}
		x, err := box.Dial(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if err := errors.Join(x.Send(t.Context(), m), x.Close()); err != nil {
			t.Fatal(err)
		}
		want := []string{"0007.eml", "edition.html", "edition.json", "edition.txt"}
		if got := names(t, dir); !slices.Equal(got, want) {
			t.Errorf("outbox has %q, want %q", got, want)
		}
		b, err := os.ReadFile(filepath.Join(dir, "0007.eml"))
		if err != nil || string(b) != string(m.Bytes()) {
			t.Errorf("0007.eml is not the message (%v)", err)
		}
	}
	info, err := os.Stat(filepath.Join(dir, "0007.eml"))
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("0007.eml: %v, %v; it holds an address, want 0600", info.Mode(), err)
	}
}

// What a crash left behind neither stops the next try nor stays.
func TestOutboxAfterACrash(t *testing.T) {
	box := mail.Outbox{Dir: t.TempDir()}
	dir := filepath.Join(box.Dir, "edition-0012")
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	other := filepath.Join(t.TempDir(), "other")
	if err := os.Symlink(other, filepath.Join(dir, ".0007.eml.tmp")); err != nil {
		t.Fatal(err)
	}
	x, err := box.Dial(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if err := x.Send(t.Context(), letterTo(t, 7, "reader@example.com")); err != nil {
		t.Fatal(err)
	}
	if got := names(t, dir); !slices.Equal(got, []string{"0007.eml"}) {
		t.Errorf("outbox has %q", got)
	}
	if _, err := os.Stat(other); !errors.Is(err, os.ErrNotExist) {
		t.Error("a link was followed")
	}
}

// A write that fails leaves what was there, and nothing half done.
func TestOutboxIsAtomic(t *testing.T) {
	box := mail.Outbox{Dir: t.TempDir()}
	dir := filepath.Join(box.Dir, "edition-0012")
	if err := os.MkdirAll(filepath.Join(dir, "0007.eml", "in the way"), 0o700); err != nil {
		t.Fatal(err)
	}
	x, err := box.Dial(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if err := x.Send(t.Context(), letterTo(t, 7, "reader@example.com")); err == nil {
		t.Fatal("no error")
	}
	if got := names(t, dir); !slices.Equal(got, []string{"0007.eml"}) {
		t.Errorf("outbox has %q", got)
	}
}

func TestOutboxThatCannotBeWritten(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	dirs := []string{file}
	if os.Getuid() != 0 { // root writes everywhere
		locked := filepath.Join(t.TempDir(), "locked")
		if err := os.Mkdir(locked, 0o500); err != nil {
			t.Fatal(err)
		}
		dirs = append(dirs, filepath.Join(locked, "outbox"))
	}
	for _, dir := range dirs {
		_, err := mail.Outbox{Dir: dir}.Dial(t.Context())
		if _, ok := errors.AsType[*mail.SetupError](err); !ok {
			t.Errorf("error %v, want a SetupError", err)
		}
		for _, err := range []error{err, mail.Outbox{Dir: dir}.Write(1, files), mail.WriteFolder(dir, nil, files)} {
			if err == nil || !strings.Contains(err.Error(), dir) || !strings.Contains(err.Error(), "may write to") {
				t.Errorf("error %v: want the folder and the mend", err)
			}
		}
	}
}

func TestOutboxEndedContext(t *testing.T) {
	box := mail.Outbox{Dir: t.TempDir()}
	x, err := box.Dial(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := x.Send(ctx, letterTo(t, 7, "r@example.com")); mail.OutcomeOf(err) != mail.Deferred || !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
	if got := names(t, box.Dir); len(got) != 0 {
		t.Errorf("outbox has %q", got)
	}
}

func TestWriteFolder(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "out")
	if err := mail.WriteFolder(dir, letterTo(t, 1, "r@example.com"), files); err != nil {
		t.Fatal(err)
	}
	want := []string{"edition.eml", "edition.html", "edition.json", "edition.txt"}
	if got := names(t, dir); !slices.Equal(got, want) {
		t.Errorf("folder has %q, want %q", got, want)
	}
}
