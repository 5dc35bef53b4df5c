package language

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"standpoint/feeds"
)

// TestOtherLanguages names each language from a teaser, and finds that most
// titles are no English.
func TestOtherLanguages(t *testing.T) {
	d := New()
	data, err := os.ReadFile("testdata/other.txt")
	if err != nil {
		t.Fatal(err)
	}
	titles, found := 0, 0
	for line := range strings.Lines(string(data)) {
		cells := strings.Split(strings.TrimSpace(line), "\t")
		if len(cells) != 3 {
			continue
		}
		titles++
		if got := d.Of(cells[1]); got == cells[0] {
			found++
		} else {
			t.Logf("%q is %q, want %q", cells[1], got, cells[0])
			if got == "en" {
				t.Errorf("%q is called English", cells[1])
			}
		}
		if got := d.Of(cells[1] + "\n" + cells[2]); got != cells[0] {
			t.Errorf("%q is %q, want %q", cells[2], got, cells[0])
		}
	}
	t.Logf("%d of %d titles alone", found, titles)
	if titles < 25 || found*5 < titles*4 {
		t.Errorf("%d of %d titles alone are told, want four of five", found, titles)
	}
}

// TestEnglishStaysEnglish holds titles, teasers and texts of the built-in
// packs' examples against the detector. All texts are in English; of the titles
// some are not.
func TestEnglishStaysEnglish(t *testing.T) {
	files, err := filepath.Glob("../../digest/topic/packs/*/examples.jsonl")
	if err != nil || len(files) == 0 {
		t.Fatal("no examples", err)
	}
	d := New()
	titles, other := 0, 0
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(string(data)) {
			var e struct{ ID, Title, Text string }
			if err := json.Unmarshal([]byte(line), &e); err != nil {
				t.Fatal(err)
			}
			words := strings.Fields(e.Text)
			teaser := strings.Join(words[:min(30, len(words))], " ")
			for _, text := range []string{teaser, e.Text, e.Title + "\n" + teaser, e.Title + "\n" + e.Text} {
				if got := d.Of(text); got != "en" && got != "" {
					t.Errorf("%s: %q is called %s", e.ID, text[:min(100, len(text))], got)
				}
			}
			if !d.Prose(e.Text) {
				t.Errorf("%s is called no prose", e.ID)
			}
			titles++
			if got := d.Of(e.Title); got != "en" && got != "" {
				other++
				t.Logf("%s: %s is called %s", e.ID, e.Title, got)
			}
		}
	}
	if titles < 600 || other*50 > titles {
		t.Errorf("%d of %d titles are called foreign", other, titles)
	}
}

// TestQuotations keeps pieces in the language of their author.
func TestQuotations(t *testing.T) {
	d := New()
	for text, want := range map[string]string{
		"The mayor was clear. “Wir werden die Brücke nicht schließen, und wer das sagt, der hat den Plan nicht gelesen,” he told the council. Nobody believed him, and since the spring the bridge has been closed to all but the buses.": "en",
		"Der Bürgermeister war deutlich. “We shall not close the bridge,” sagte er dem Rat, und wer anderes behaupte, der habe den Plan nicht gelesen. Niemand glaubte ihm, und die Brücke ist nun zu.":                                   "de",
		"Die Linke, Der Spiegel and Le Monde: a reading list":   "",
		"Łukasz Gąsiorowski, Mária Őze, Recep Güneş, José Peña": "",
		"Putin, Zelensky, Macron, Merz, Starmer, Meloni, Tusk":  "",
		"kurz":                            "",
		strings.Repeat("xyzzy ", 500):     "",
		strings.Repeat("1234 56 % ", 500): "",
		strings.Repeat("Der Rat hat die Brücke geschlossen, und niemand weiß warum. ", 20_000): "de",
	} {
		if got := d.Of(text); got != want {
			t.Errorf("%.60q is %q, want %q", text, got, want)
		}
	}
}

// TestRealFeeds holds the detector against real feeds: no English entry is
// called foreign, and of those in other languages most are told.
func TestRealFeeds(t *testing.T) {
	const folder = "../../../shared/feeds/real"
	if _, err := os.Stat(folder); err != nil {
		t.Skip("no folder shared/feeds/real beside the repository: this test needs the feeds in it")
	}
	d := New()
	for name, want := range map[string]string{
		"miniflux-encoding_ISO-8859-1.xml":        "de",
		"miniflux-encoding_WINDOWS-1251.xml":      "ru",
		"miniflux-no_encoding_ISO-8859-1.xml":     "fr",
		"miniflux-rdf_UTF8.xml":                   "de",
		"miniflux-urdu_UTF8.xml":                  "ur",
		"netnewswire-phpxml.rss":                  "nl",
		"nodefeedparser-iconv.xml":                "ru",
		"miniflux-large_atom.xml":                 "en",
		"miniflux-large_rss.xml":                  "en",
		"miniflux-small_atom.xml":                 "en",
		"feedrs-rss_2.0_relurl_1.xml":             "en",
		"nodefeedparser-illegally-nested.xml":     "en",
		"nodefeedparser-nondefaultnamespace.atom": "en",
	} {
		data, err := os.ReadFile(filepath.Join(folder, name))
		if err != nil {
			t.Fatal(err)
		}
		doc, err := feeds.Parse(data, "", "https://feed.example/", "real")
		if err != nil {
			t.Fatal(err)
		}
		found := map[string]int{}
		for _, item := range doc.Items {
			found[d.Of(item.Title+"\n"+item.Teaser)]++
		}
		t.Logf("%s: %v", name, found)
		foreign := len(doc.Items) - found[want] - found[""]
		if found[want]*2 < len(doc.Items) || want == "en" && foreign > 0 || foreign*20 > len(doc.Items) {
			t.Errorf("%s: %v of %d, want %q", name, found, len(doc.Items), want)
		}
	}
}

// TestProse tells what somebody wrote from what was heaped up.
func TestProse(t *testing.T) {
	d := New()
	data, err := os.ReadFile("testdata/other.txt")
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(data)) {
		if cells := strings.Split(line, "\t"); len(cells) == 3 && !d.Prose(cells[1]+"\n"+cells[2]) {
			t.Errorf("%q is called no prose", cells[2])
		}
	}
	const sentence = "The council has closed the bridge, and nobody knows why it did so. "
	for text, want := range map[string]bool{
		"":                                  true,
		sentence:                            true,
		strings.Repeat(sentence, 5):         true, // a refrain
		strings.Repeat(sentence, 20):        false,
		strings.Repeat("bridge ferry ", 10): true, // a caption
		strings.Repeat("bridge", 100):       false,
		strings.Repeat("bridge ferry closed council tram timetable fare station ", 10): false,
	} {
		if got := d.Prose(text); got != want {
			t.Errorf("%.60q: %v, want %v", text, got, want)
		}
	}
}

func BenchmarkOf(b *testing.B) {
	d, text := New(), strings.Repeat("The council has closed the bridge, and nobody knows why it did so. ", 100)
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		d.Of(text)
	}
}

func BenchmarkNew(b *testing.B) {
	for b.Loop() {
		New()
	}
}
