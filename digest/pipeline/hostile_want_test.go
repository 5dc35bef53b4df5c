package pipeline_test

import (
	"os"
	"slices"
	"strings"
	"testing"

	"standpoint/digest/store"
	"standpoint/feeds"
)

func wantStored(t *testing.T, when string, got, want []kept) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("%s: stored\n%q\nwant\n%q", when, got, want)
	}
}

// wantLine asserts that an error is one clear line that names the feed.
func wantLine(t *testing.T, id feeds.SourceID, row hostile, err error) {
	t.Helper()
	if row.class == "" {
		if err != nil {
			t.Errorf("failed: %v", err)
		}
		return
	}
	e, ok := err.(*feeds.Error)
	if !ok {
		t.Errorf("no error of a feed: %v", err)
		return
	}
	line := e.Error()
	if e.Class != row.class || !strings.Contains(line, row.says) {
		t.Errorf("%s: %q; want %s: %q", e.Class, line, row.class, row.says)
	}
	if _, rest, ok := strings.Cut(line, " "+string(id)+": "); !ok || rest == "" || len(line) > 600 || strings.ContainsFunc(line, unfit) {
		t.Errorf("no clear line: %q", line)
	}
}

// wantPublished asserts that each piece on the subject is in the edition once,
// and none besides.
func wantPublished(t *testing.T, w *world, final map[feeds.SourceID][]store.Known) {
	t.Helper()
	count := map[int64]int{}
	for _, e := range w.editions(t) {
		for _, s := range e.Sections {
			for _, en := range s.Entries {
				count[en.Item]++
			}
		}
	}
	for id, pieces := range final {
		for _, k := range pieces {
			relevant := k.Verdict.Relevant && k.CopyOf == 0
			if n := count[k.ID]; relevant && n != 1 {
				t.Errorf("%s: %q is in the edition %d times", id, k.URL, n)
			}
			if strings.Contains(k.URL, "-before") && !relevant || strings.Contains(k.URL, "-after") && !relevant {
				t.Errorf("%s: %q was left out: %+v", id, k.URL, k)
			}
		}
	}
	if len(count) < 2*len(final)-2 || len(count) == 0 {
		t.Errorf("%d pieces in the edition", len(count))
	}
}

func fileText(t *testing.T, path string) string {
	t.Helper()
	b, err := os.ReadFile(path)
	must(t, err)
	return string(b)
}
