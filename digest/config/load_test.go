package config

import (
	"errors"
	"flag"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write the golden files anew")

// weekly stands in for the reader of cron expressions.
func weekly(_ string, zone *time.Location) (func(time.Time) time.Time, error) {
	return func(t time.Time) time.Time {
		return time.Date(t.Year(), t.Month(), t.Day()+7, 7, 7, 0, 0, zone)
	}, nil
}

// TestBad holds what an operator reads to every file in testdata/bad.
func TestBad(t *testing.T) {
	t.Setenv("STANDPOINT_SMTP_PASSWORD", "")
	t.Chdir(filepath.Join("testdata", "bad"))
	files, err := filepath.Glob("*.yaml")
	if err != nil || len(files) == 0 {
		t.Fatalf("no bad files: %v", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(file, ".yaml"), func(t *testing.T) {
			_, err := Load(file, weekly)
			if err == nil {
				t.Fatal("accepted")
			}
			got := err.Error() + "\n"
			golden := strings.TrimSuffix(file, ".yaml") + ".golden"
			if *update {
				if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), got); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
			if strings.Contains(got, "sesame") || strings.Contains(got, "hunter2") {
				t.Error("a password is shown")
			}
		})
	}
}

func TestMissingFile(t *testing.T) {
	t.Chdir(t.TempDir())
	_, err := Load("config.yaml", nil)
	want := "config.yaml: there is no such file\n" +
		"     = copy config.example.yaml to config.yaml and edit it, or name another file with --config"
	if err == nil || err.Error() != want {
		t.Errorf("got %v", err)
	}
	if !errors.Is(err, fs.ErrNotExist) {
		t.Error("the cause is lost")
	}
}

func TestFolder(t *testing.T) {
	if _, err := Load(t.TempDir(), nil); err == nil || !strings.Contains(err.Error(), "cannot be read: ") {
		t.Errorf("got %v", err)
	}
}

// good is the smallest configuration.
const good = "sources:\n  - name: CER\n    url: https://www.cer.eu/rss.xml\nmail:\n  from: digest@example.org\n"

// load writes a configuration into a new folder and loads it.
func load(t *testing.T, text string) (Config, string, error) {
	t.Helper()
	folder := t.TempDir()
	path := filepath.Join(folder, "config.yaml")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	c, err := Load(path, weekly)
	return c, folder, err
}

func TestSmallest(t *testing.T) {
	for name, text := range map[string]string{
		"plain":     good,
		"mark":      "\ufeff" + good,
		"crlf":      strings.ReplaceAll(good, "\n", "\r\n"),
		"old mac":   strings.ReplaceAll(good, "\n", "\r"),
		"no end":    strings.TrimSpace(good),
		"start":     "---\n" + good,
		"nulls":     good + "zone:\nfetch:\nsubscribers:\n",
		"norwegian": strings.Replace(good, "url:", "country: no\n    url:", 1),
	} {
		t.Run(name, func(t *testing.T) {
			c, folder, err := load(t, text)
			if err != nil {
				t.Fatal(err)
			}
			if c.Zone != "Europe/Brussels" || c.Fetch.Parallel != 32 || c.HasSubscribers() {
				t.Errorf("not the defaults: %+v", c)
			}
			if want := filepath.Join(folder, "state"); c.StateDir() != want {
				t.Errorf("state %s, want %s", c.StateDir(), want)
			}
			if len(c.Warnings()) != 0 {
				t.Errorf("warnings %v", c.Warnings())
			}
		})
	}
}

func TestBroken(t *testing.T) {
	for name, row := range map[string]struct{ text, want string }{
		"latin 1": {"zone: Z\xfcrich\n", "config.yaml:1: the file is not UTF-8 text"},
		"utf 16":  {"\xff\xfez\x00o\x00", "config.yaml:1: the file is not UTF-8 text"},
		"escape":  {"zone: UTC\nstate: \x1b[31m\n", "config.yaml:2: an invisible control character (U+001B)"},
		"huge":    {good + strings.Repeat("# filler\n", 120_000), "config.yaml: is larger than 1 MiB"},
		"null":    {"~\n", "config.yaml:1: the file must be made of lines such as key: value"},
	} {
		t.Run(name, func(t *testing.T) {
			_, folder, err := load(t, row.text)
			if err == nil {
				t.Fatal("accepted")
			}
			got := strings.ReplaceAll(err.Error(), folder+string(filepath.Separator), "")
			if first, _, _ := strings.Cut(got, "\n"); first != row.want {
				t.Errorf("got %q, want %q", first, row.want)
			}
			if strings.Contains(got, "\x1b") || strings.Contains(got, "\xfc") {
				t.Error("control characters reach the terminal")
			}
		})
	}
}

// TestBombs feeds files that grow when read carelessly; the test's own time
// limit is the judge.
func TestBombs(t *testing.T) {
	laughs := "a0: &a0 [x, x]\n"
	for i := range 40 {
		a, b := string(rune('A'+i)), string(rune('A'+i+1))
		if i == 0 {
			laughs += "k" + b + ": &" + b + " [*a0, *a0]\n"
			continue
		}
		laughs += "k" + b + ": &" + b + " [*" + a + ", *" + a + "]\n"
	}
	for name, text := range map[string]string{
		"laughs":  laughs + "sources: *K\n",
		"deep":    "sources: " + strings.Repeat("[", 9_000) + strings.Repeat("]", 9_000),
		"deeper":  "sources: " + strings.Repeat("[", 200_000),
		"lists":   good + "subscribers: [" + strings.Repeat("[],", 30_000) + "]\n",
		"entries": good + "subscribers: [" + strings.Repeat("x,", 50_000) + "]\n",
		"blanks":  good + "subscribers:\n" + strings.Repeat("-\n", 40_000),
		"keys":    good + strings.Repeat("zone: UTC\n", 20_000),
		"unknown": good + "fetch: {" + strings.Repeat("a://, ", 20_000) + "}\n",
		"scheme":  "zone: " + strings.Repeat("://", 300_000),
	} {
		t.Run(name, func(t *testing.T) {
			_, _, err := load(t, text)
			if err == nil {
				t.Fatal("accepted")
			}
			if len(err.Error()) > 100_000 {
				t.Errorf("an answer of %d bytes", len(err.Error()))
			}
		})
	}
}
