package main

import (
	"bytes"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"standpoint/digest/stance"
	"standpoint/digest/store"
	"standpoint/digest/topic"
)

// serveFolder serves files as they are at each request, with @BASE@ and @DATE@
// filled in.
func serveFolder(dir string) *httptest.Server {
	base := ""
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		data, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(r.URL.Path)))
		if err != nil {
			http.NotFound(w, r)
			return
		}
		kind := "text/html; charset=utf-8"
		if bytes.HasPrefix(data, []byte("<?xml")) {
			kind = "application/rss+xml"
		}
		w.Header().Set("Content-Type", kind)
		w.Write([]byte(fill(string(data), base)))
	}))
	base = s.URL
	return s
}

// fill dates a text to yesterday and tells it where it is served.
func fill(text, base string) string {
	day := time.Now().Add(-24 * time.Hour).UTC()
	return strings.NewReplacer("@BASE@", base, "@DATE@", day.Format(time.RFC1123Z),
		"@DATE1123@", day.Format(time.RFC1123Z), "@DATE3339@", day.Format(time.RFC3339)).Replace(text)
}

// copyBase copies testdata/base, where a script does not bring the file itself.
func copyBase(t testing.TB, dir string) {
	t.Helper()
	base := filepath.Join("testdata", "base")
	check(t, filepath.WalkDir(base, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		rel, err := filepath.Rel(base, path)
		if err != nil {
			return err
		}
		to := filepath.Join(dir, rel)
		if _, err := os.Stat(to); err == nil {
			return nil
		}
		data, err := os.ReadFile(path)
		return errors.Join(err, os.MkdirAll(filepath.Dir(to), 0o755), os.WriteFile(to, data, 0o600))
	}))
}

// smallPackFiles is the built-in pack with a few of its examples, and the model
// that they make, so that no command has to train.
var smallPackFiles = sync.OnceValues(func() (fstest.MapFS, error) {
	from, files := filepath.Join("..", "..", "digest", "topic", "packs", "ukraine-security-guarantees"), fstest.MapFS{}
	for _, name := range []string{"pack.yaml", "cues.txt", "examples.jsonl"} {
		data, err := os.ReadFile(filepath.Join(from, name))
		if err != nil {
			return nil, err
		}
		if name == "examples.jsonl" {
			var some []string
			for i, line := range strings.Split(string(data), "\n") {
				if i < 1400 && i%10 == 0 { // few train fast
					some = append(some, line)
				}
			}
			data = []byte(strings.Join(some, "\n"))
		}
		files[name] = &fstest.MapFile{Data: data}
	}
	pack, err := topic.Load(files)
	if err != nil {
		return nil, err
	}
	model, err := stance.Train(pack)
	if err != nil {
		return nil, err
	}
	data, err := model.Encode()
	files["model.bin"] = &fstest.MapFile{Data: data}
	return files, err
})

// smallPack makes a pack that is learned in an instant.
func smallPack(t testing.TB, dir string) {
	t.Helper()
	files, err := smallPackFiles()
	check(t, err)
	check(t, os.MkdirAll(dir, 0o755))
	for name, file := range files {
		check(t, os.WriteFile(filepath.Join(dir, name), file.Data, 0o600))
	}
}

// snapshot is the content of a state folder as text: the names of its files and
// the rows of all tables. SQLite's own side files and the lock do not count.
func snapshot(dir string) (string, error) {
	var b strings.Builder
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if name := d.Name(); !strings.HasSuffix(name, "-wal") && !strings.HasSuffix(name, "-shm") && name != "lock" {
			fmt.Fprintln(&b, strings.TrimPrefix(path, dir))
		}
		return nil
	})
	if errors.Is(err, fs.ErrNotExist) {
		return "no state folder\n", nil
	}
	if err != nil || !store.Exists(dir) {
		return b.String(), err
	}
	db, err := sql.Open("sqlite", "file:"+filepath.Join(dir, store.FileName)+"?mode=ro")
	if err != nil {
		return "", err
	}
	defer db.Close()
	for _, table := range []string{"sources", "items", "windows", "editions", "edition_items", "subscribers", "deliveries", "corrections", "notices", "suppressions", "reports"} {
		if err := dump(db, &b, table); err != nil {
			return "", err
		}
	}
	return b.String(), nil
}

// dump writes a table. The mark counts how often the config was read, which
// changes nothing for anybody.
func dump(db *sql.DB, b *strings.Builder, table string) error {
	rows, err := db.Query("SELECT * FROM " + table)
	if err != nil {
		return err
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		return err
	}
	for rows.Next() {
		values, into := make([]any, len(columns)), make([]any, len(columns))
		for i := range values {
			into[i] = &values[i]
		}
		if err := rows.Scan(into...); err != nil {
			return err
		}
		fmt.Fprint(b, table)
		for i, c := range columns {
			if c != "mark" {
				fmt.Fprintf(b, " %s=%v", c, values[i])
			}
		}
		fmt.Fprintln(b)
	}
	return rows.Err()
}

// exitStatus is the status that a child process ended with; -1 if a signal
// ended it.
func exitStatus(err error) int {
	if err == nil {
		return 0
	}
	if e, ok := errors.AsType[*exec.ExitError](err); ok {
		return e.ExitCode()
	}
	return -1
}

// standpoint runs the program in this process and returns what it wrote.
func standpoint(t *testing.T, args ...string) (status int, stdout, stderr string) {
	t.Helper()
	var out, errs bytes.Buffer
	env := &environment{stdin: strings.NewReader(""), stdout: &out, stderr: &screen{out: &errs}, now: time.Now}
	status = run(t.Context(), env, args)
	return status, out.String(), errs.String()
}

// child starts the program as a process of its own, which is killed when the
// test ends.
func child(t *testing.T, dir string, args ...string) (*exec.Cmd, *lines) {
	t.Helper()
	return under(t, dir, nil, args...)
}

func check(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func write(t testing.TB, dir, name, text string) {
	t.Helper()
	check(t, os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600))
}
