package stance

import (
	"encoding/json"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"unicode/utf8"

	"standpoint/digest/topic"
)

const ukraine = "ukraine-security-guarantees"

func builtin(t testing.TB) *topic.Pack {
	t.Helper()
	pack, err := topic.Builtin(ukraine)
	if err != nil {
		t.Fatal(err)
	}
	return pack
}

// opened is the classifier of the built-in pack, for all tests.
var opened = sync.OnceValues(func() (*Classifier, error) {
	pack, err := topic.Builtin(ukraine)
	if err != nil {
		return nil, err
	}
	return Open(pack)
})

func classifier(t testing.TB) *Classifier {
	t.Helper()
	c, err := opened()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// asText returns a verdict as bytes, with every bit of its numbers.
func asText(t *testing.T, v Verdict) []byte {
	t.Helper()
	data, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func checkQuotes(t *testing.T, text string, v Verdict) {
	t.Helper()
	for _, q := range everyQuote(v) {
		if q.Start < 0 || q.End > len(text) || q.Start >= q.End || text[q.Start:q.End] != q.Text {
			t.Errorf("quote %q is not what stands at %d to %d", q.Text, q.Start, q.End)
		}
	}
	if len(v.Evidence) > 3 || len(v.Summary) > 2 {
		t.Errorf("%d sentences of evidence and %d of summary, want 3 and 2 at most", len(v.Evidence), len(v.Summary))
	}
}

func TestQuotesAreVerbatim(t *testing.T) {
	skipComputing(t)
	for _, p := range everyPiece(t) {
		if !p.example {
			continue
		}
		v := p.verdict
		checkQuotes(t, p.text, v)
		if v.Relevant && p.text != "" && (len(v.Evidence) == 0 || len(v.Summary) == 0) {
			t.Errorf("%s: relevant without evidence or summary", p.id)
		}
		words := 0
		for _, q := range v.Summary {
			words += len(topic.Words(q.Text))
		}
		if len(v.Summary) == 2 && words > summaryWords {
			t.Errorf("%s: summary of %d words", p.id, words)
		}
		if len(v.Evidence) > 0 && len(v.Summary) > 0 && len(p.text) > 400 && v.Evidence[0] == v.Summary[0] && len(v.Summary) == 1 {
			t.Errorf("%s: the summary only repeats the evidence", p.id)
		}
	}
}

func TestVerdictAddsUp(t *testing.T) {
	c := classifier(t)
	v := c.Classify("Bring Ukraine into NATO", "The alliance should admit Ukraine. Only membership will stop Russia.")
	sum := 0.0
	for _, p := range v.Probabilities {
		sum += p
	}
	if len(v.Probabilities) != len(c.pack.Stances) || sum < 1-1e-9 || sum > 1+1e-9 {
		t.Errorf("probabilities %v sum to %v", v.Probabilities, sum)
	}
	if v.Confidence != v.Probabilities[v.Stance] || v.By != ByModel || v.Doubt == "" {
		t.Errorf("verdict %+v does not hang together", v)
	}
	if v := c.Classify("Grain", "The harvest was good."); v.Relevant || v.Stance != "" || v.Probabilities != nil || v.Evidence != nil {
		t.Errorf("irrelevant piece got %+v", v)
	}
}

// TestOtherLanguages does not guess at what it cannot read, and reads on where an
// author only quotes in another language.
func TestOtherLanguages(t *testing.T) {
	c := classifier(t)
	for _, test := range []struct{ title, text, want string }{
		{"Sicherheitsgarantien für die Ukraine", "Die Ukraine muss jetzt in die NATO aufgenommen werden, denn nur der Beistand nach Artikel 5 wird Russland von einem neuen Angriff abhalten.", "de"},
		{"Україна має вступити до НАТО", "Лише членство в Альянсі захистить країну від нового нападу, і запросити її треба вже зараз.", "uk"},
		{"L'Ukraine doit entrer dans l'OTAN, et le plus tôt sera le mieux", "", "fr"},
		{"NATO, Ukraine, Kyiv", "", ""},
		{"Why Berlin hesitates", "Ukraine should be admitted to NATO as soon as the guns are silent. “Wir sind noch nicht so weit,” the chancellor said, and that is the trouble: no other guarantee has ever stopped Russia. The allies must send the invitation and ratify the accession.", ""},
	} {
		v := c.Classify(test.title, test.text)
		if v.Language != test.want || test.want != "" && (v.Relevant || v.Relevance != 0 || v.Evidence != nil || v.By != ByModel) {
			t.Errorf("%q: %+v, want language %q", test.title, v, test.want)
		}
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
		if tag := c.pack.OtherLanguage(title, text); tag != "" || !c.pack.Prose(text) {
			t.Errorf("%s: language %q, prose %v", file, tag, c.pack.Prose(text))
		}
	}
	if v := c.Classify("Why Berlin hesitates", "Ukraine should be admitted to NATO. “Das geht nicht,” says Berlin."); v.Stance != "bind" {
		t.Errorf("%+v", v)
	}
}

func TestBadInput(t *testing.T) {
	skipComputing(t)
	c := classifier(t)
	inputs := map[string]string{
		"empty":           "",
		"blank":           " \n\n\t ",
		"one word":        "Ukraine",
		"endless":         strings.Repeat("security guarantees for Ukraine and ", 150_000),
		"no space":        strings.Repeat("Ukraine", 700_000),
		"short sentences": strings.Repeat("No. ", 1_000_000),
		"paragraphs":      strings.Repeat("NATO!\n\n", 500_000),
		"broken":          strings.Repeat("\xff\xc3 “Ukraine \xe2\x80", 1000),
	}
	for name, text := range inputs {
		t.Run(name, func(t *testing.T) { checkQuotes(t, text, c.Classify("Ukraine", text)) })
	}
	if v := c.Classify("", ""); v.Relevant {
		t.Error("nothing at all is relevant")
	}
	long := strings.Repeat("x", 2000)
	c.Classify(long[:999]+"é"+long, "")
}

func TestRandomBytes(t *testing.T) {
	c := classifier(t)
	random := rand.New(rand.NewPCG(1, 2))
	pieces := []string{"Ukraine ", "NATO ", "troops ", "“", "”", "\"", ". ", "? ", "\n\n", "\n", "Mr. ", "\xff", "é", "\x00", "not ", "…", " said "}
	for range 300 {
		var b strings.Builder
		for range random.IntN(80) {
			if random.IntN(3) == 0 {
				b.WriteByte(byte(random.IntN(256)))
			}
			b.WriteString(pieces[random.IntN(len(pieces))])
		}
		checkQuotes(t, b.String(), c.Classify(b.String(), b.String()))
	}
}

func TestSentencesKeepToParagraphs(t *testing.T) {
	s, err := newSplitter()
	if err != nil {
		t.Fatal(err)
	}
	const text = "A heading without a stop\n\nMr. Smith left the U.S. on Monday. “We stay,” he said. Why? No one knows!\n \nThe last one"
	want := []string{"A heading without a stop", "Mr. Smith left the U.S. on Monday.", "“We stay,” he said.", "Why?", "No one knows!", "The last one"}
	var got []string
	for _, x := range s.split(text) {
		got = append(got, text[x.start:x.end])
	}
	if strings.Join(got, "|") != strings.Join(want, "|") {
		t.Errorf("sentences\n%s\nwant\n%s", strings.Join(got, "|"), strings.Join(want, "|"))
	}
	for _, x := range s.split(strings.Repeat("é", 3000)) {
		if x.end-x.start > longestSentence+utf8.UTFMax {
			t.Errorf("sentence of %d bytes", x.end-x.start)
		}
	}
}

func BenchmarkTrain(b *testing.B) {
	pack := builtin(b)
	for b.Loop() {
		if _, err := Train(pack); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkClassify(b *testing.B) {
	c := classifier(b)
	examples, err := c.pack.Examples()
	if err != nil {
		b.Fatal(err)
	}
	var article strings.Builder
	for _, e := range examples[:7] { // some 1,200 words
		article.WriteString(e.Text + "\n\n")
	}
	b.ReportAllocs()
	for b.Loop() {
		c.Classify("What Europe owes Ukraine", article.String())
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "articles/s")
}

// BenchmarkClassifyTeasers is what a gathering without pages judges.
func BenchmarkClassifyTeasers(b *testing.B) {
	c := classifier(b)
	examples, err := c.pack.Examples()
	if err != nil {
		b.Fatal(err)
	}
	bytes := 0
	for _, e := range examples {
		bytes += len(e.Title) + len(e.Text)
	}
	b.SetBytes(int64(bytes))
	b.ReportAllocs()
	for b.Loop() {
		for _, e := range examples {
			c.Classify(e.Title, e.Text)
		}
	}
	b.ReportMetric(float64(b.N*len(examples))/b.Elapsed().Seconds(), "items/s")
}
