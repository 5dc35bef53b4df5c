package pipeline_test

import (
	"fmt"
	"html"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"standpoint/digest"
	"standpoint/digest/stance"
)

// TestEditionQuotesTheStoredText takes full-length pieces and round-ups through
// feeds, pages, store and composing: whatever the frozen edition shows in
// quotation marks, or as a summary, stands in the text that is stored.
func TestEditionQuotesTheStoredText(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1, "one")
	var files []string
	for _, folder := range []string{"full", "roundup"} {
		found, err := filepath.Glob(filepath.Join("..", "stance", "testdata", folder, "*.txt"))
		must(t, err)
		files = append(files, found...)
	}
	published := map[string]item{}
	for n, file := range files {
		data, err := os.ReadFile(file)
		must(t, err)
		title, text, _ := strings.Cut(string(data), "\n")
		i := piece(fmt.Sprint("p", n), 1+n)
		i.heading, i.full = html.EscapeString(title), n%2 == 0
		i.whole = strings.ReplaceAll(html.EscapeString(strings.TrimSpace(text)), "\n\n", "</p><p>")
		published[title] = i
		w.web.add("one", i)
	}
	w.gather(t)
	w.publish(t)
	quotes, voices := 0, 0
	for title, en := range entries(t, w) {
		k := stored(t, w, "one", published[title])
		for _, s := range taken(en) {
			quotes++
			if !strings.Contains(plain(k.Text), plain(s)) {
				t.Errorf("%s: the stored text lacks %q", title, s)
			}
		}
		voices += len(en.Voices)
		checkStored(t, title, k.Text, k.Verdict)
	}
	if quotes < len(files) || voices < 10 {
		t.Errorf("only %d quotes, and %d voices, of %d pieces", quotes, voices, len(files))
	}
}

// taken lists what an entry takes from a text. Its summary leaves out what
// stands between two sentences, and says where.
func taken(en digest.Entry) []string {
	out := append(strings.Split(en.Summary, " […] "), en.Quote, en.Contrary)
	for _, v := range en.Voices {
		out = append(out, v.Name, v.Says)
	}
	return out
}

// plain has single spaces: a summary joins sentences of two paragraphs by one.
func plain(s string) string { return strings.Join(strings.Fields(s), " ") }

// checkStored holds the stored verdict's places against the stored text.
func checkStored(t *testing.T, title, text string, v stance.Verdict) {
	t.Helper()
	quotes := append(append([]stance.Quote(nil), v.Evidence...), v.Summary...)
	if v.Contrary != nil {
		quotes = append(quotes, *v.Contrary)
	}
	for _, c := range v.Contributors {
		quotes = append(quotes, c.Name, c.Says)
	}
	for _, q := range quotes {
		if q.Start < 0 || q.End > len(text) || q.Start >= q.End || text[q.Start:q.End] != q.Text {
			t.Errorf("%s: %q is not what is stored at %d to %d", title, q.Text, q.Start, q.End)
		}
	}
}
