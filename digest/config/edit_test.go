package config

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// added are two sources that need care: what is a comment, a number, a key or a
// quotation to YAML is a name to us.
var added = []Source{
	{Name: `North: "Wind" #1 – O’Neil's`, URL: "https://north.example/feed?a=1&b=2", Folder: "Think tanks / Europe"},
	{Name: "South", Country: "PL", URL: "https://south.example/feed"},
}

const mailTail = "\nmail:\n  from: digest@example.org\nsubscribers: [a@example.org]\n"

// TestAddSources shows each file with a bar where the new entries come; the rest
// has to stay as it is.
func TestAddSources(t *testing.T) {
	for name, c := range map[string]struct{ file, lead string }{
		"usual":            {"sources:\n  - name: CER\n    url: https://cer.example/\n|" + mailTail, "  - name: South\n    country: PL\n    url: https://south.example/feed\n"},
		"last in the file": {mailTail + "sources:\n  - name: CER\n    url: https://cer.example/\n|", "  - name: South\n    country: PL\n"},
		"no last line end": {mailTail + "sources:\n  - name: CER\n    url: https://cer.example/|", "\n  - name: "},
		"dashes at the margin": {
			"sources:\n- name: CER\n  url: https://cer.example/\n|# the sender\n" + mailTail,
			"- name: South\n  country: PL\n",
		},
		"wide": {"sources:\n    -   name: CER\n        url: https://cer.example/\n|" + mailTail, "    -   name: South\n        country: PL\n"},
		"dash alone": {
			"sources:\n  -\n    name: CER\n    url: https://cer.example/\n|" + mailTail,
			"  - name: South\n    country: PL\n",
		},
		"entries in braces": {"sources: # all of them\n  - {name: CER, url: \"https://cer.example/\"}   # old\n|" + mailTail, "  - name: South\n"},
		"a remark of the list": {
			"sources:\n  - name: CER\n    url: https://cer.example/ # good\n  # - name: Gone\n  #   url: https://gone.example/\n|\n  # the sender\n" + mailTail,
			"  - name: South\n",
		},
		"apart": {
			"sources:\n  - name: CER\n    url: https://cer.example/\n\n  - name: ECFR\n    url: https://ecfr.example/\n|\n" + mailTail,
			"\n  - name: South\n",
		},
		"many keys":   {"sources:\n  - name: CER\n    url: https://cer.example/\n    leave_out:\n      - /events/\n      - /jobs/\n|" + mailTail, "  - name: South\n"},
		"no entry":    {"sources: # none yet\n|" + mailTail, "  - name: South\n"},
		"no list":     {mailTail[1:] + "|", "\nsources:\n  - name: "},
		"crlf":        {strings.ReplaceAll("sources:\n  - name: CER\n    url: https://cer.example/\n|"+mailTail, "\n", "\r\n"), "  - name: South\r\n    country: PL\r\n"},
		"byte order":  {"\ufeffsources:\n  - name: CER\n    url: https://cer.example/\n|" + mailTail, "  - name: South\n"},
		"end marker":  {"---\n" + mailTail + "sources:\n  - name: CER\n    url: https://cer.example/\n|...\n", "  - name: South\n"},
		"quoted keys": {"\"sources\":\n  - \"name\": CER\n    \"url\": https://cer.example/\n|" + mailTail, "  - name: South\n"},
	} {
		t.Run(strings.ReplaceAll(name, " ", "-"), func(t *testing.T) {
			before, after, _ := strings.Cut(c.file, "|")
			path := filepath.Join(t.TempDir(), "config.yaml")
			put(t, path, before+after)
			a, err := AddSources(path, added, weekly)
			if err != nil {
				t.Fatal(err)
			}
			if got := get(t, path); got != before+after {
				t.Fatal("the file was changed before Write")
			}
			if err := a.Write(); err != nil {
				t.Fatal(err)
			}
			got := get(t, path)
			middle, begins := strings.CutPrefix(got, before)
			middle, ends := strings.CutSuffix(middle, after)
			if !begins || !ends || !strings.Contains(middle, c.lead) {
				t.Errorf("the rest did not stay, or %q is missing:\n%s", c.lead, got)
			}
			cfg, err := Load(path, weekly)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(added, cfg.Sources[len(cfg.Sources)-2:]); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestAddSourcesRefuses leaves files alone that cannot be lengthened with
// certainty, or would not be accepted.
func TestAddSourcesRefuses(t *testing.T) {
	const cer = "{name: CER, url: \"https://cer.example/\"}"
	for name, c := range map[string]struct{ file, want string }{
		"brackets":         {"sources: [" + cer + "]\n" + mailTail, "no list of lines"},
		"empty brackets":   {"sources: []\n" + mailTail, "no list of lines"},
		"all in braces":    {"{sources: [" + cer + "], mail: {from: d@example.org}}\n", "no list of lines"},
		"not a list":       {"sources: CER\n" + mailTail, "no list of lines"},
		"no YAML":          {"sources: [\n", "config.yaml"},
		"twice":            {"sources:\n  - {name: south, url: \"https://cer.example/\"}\n" + mailTail, "two sources are named"},
		"an old mistake":   {"sources:\n  - " + cer + "\nzone: Mars\n" + mailTail, "zone"},
		"text in the list": {"sources:\n  - name: CER\n    url: https://cer.example/\n    folder: |\n      a\n      # b\n\n" + mailTail, ""},
	} {
		path := filepath.Join(t.TempDir(), "config.yaml")
		put(t, path, c.file)
		a, err := AddSources(path, added, weekly)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", name, err)
		}
		if !strings.Contains(a.Text, "  - name: South\n    country: PL\n    url: https://south.example/feed\n") {
			t.Errorf("%s: nothing to paste: %q", name, a.Text)
		}
		if get(t, path) != c.file {
			t.Errorf("%s: the file was changed", name)
		}
	}
}

func TestWriteKeepsModeAndLink(t *testing.T) {
	dir := t.TempDir()
	path, link := filepath.Join(dir, "real.yaml"), filepath.Join(dir, "config.yaml")
	put(t, path, good)
	if err := os.Chmod(path, 0o640); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("real.yaml", link); err != nil {
		t.Fatal(err)
	}
	a, err := AddSources(link, added, weekly)
	if err != nil {
		t.Fatal(err)
	}
	if err := a.Write(); err != nil {
		t.Fatal(err)
	}
	info, err := os.Lstat(path)
	if err != nil || info.Mode() != 0o640 || !strings.Contains(get(t, path), "South") {
		t.Errorf("mode %v, %v:\n%s", info.Mode(), err, get(t, path))
	}
	if to, err := os.Readlink(link); err != nil || to != "real.yaml" {
		t.Errorf("the link is gone: %v", err)
	}
	if err := a.Write(); err == nil || !strings.Contains(err.Error(), "changed meanwhile") {
		t.Errorf("written over a file that was changed: %v", err)
	}
	if left, _ := filepath.Glob(filepath.Join(dir, ".standpoint-*")); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

func TestReadSources(t *testing.T) {
	path := filepath.Join(t.TempDir(), "config.yaml")
	put(t, path, mailTail)
	if got, err := ReadSources(path); err != nil || len(got) > 0 {
		t.Errorf("%v, %v", got, err)
	}
	put(t, path, good)
	if got, err := ReadSources(path); err != nil || len(got) != 1 || got[0].Name != "CER" {
		t.Errorf("%v, %v", got, err)
	}
}

// FuzzScalar holds whatever a source is called against what YAML makes of it.
func FuzzScalar(f *testing.F) {
	for _, s := range []string{"CER", "no", "a: b", "a #b", "- a", "*a", "1e3", "2026-01-01", "~", "é’", "a ", "\u2028", "{a}"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, name string) {
		path := filepath.Join(t.TempDir(), "config.yaml")
		put(t, path, good)
		want := Source{Name: name, URL: "https://north.example/"}
		a, err := AddSources(path, []Source{want}, weekly)
		if err != nil {
			return
		}
		if err := a.Write(); err != nil {
			t.Fatal(err)
		}
		cfg, err := Load(path, weekly)
		if err != nil || !cmp.Equal(cfg.Sources[1], want) {
			t.Fatalf("%q became %v: %v", name, cfg.Sources, err)
		}
	})
}

func put(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func get(t *testing.T, path string) string {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}
