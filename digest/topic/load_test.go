package topic

import (
	"crypto/sha256"
	"encoding/hex"
	"math"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"
)

const ukraine = "ukraine-security-guarantees"

func builtin(t testing.TB) *Pack {
	t.Helper()
	pack, err := Builtin(ukraine)
	if err != nil {
		t.Fatal(err)
	}
	return pack
}

// small is a pack on another debate, by data alone.
const small = `key: cheese-or-wine
name: Cheese or wine
question: What should the fair be about?
stances:
  - {key: cheese, name: Cheese, short: Cheese, test: For cheese., colour: "#000001", dark: "#fffff1", shape: "■"}
  - {key: wine, name: Wine, short: Wine, test: For wine., colour: "#000002", dark: "#fffff2", shape: "●"}
  - {key: both, name: Either, short: Either, test: Takes no side., colour: "#000003", dark: "#fffff3", shape: "○", neutral: true}
`

const smallCues = "[cheese]\n2 (more|better) cheese\n[wine]\n2 more wine\n[anchor]\n1 fair\n[matter]\n1 (cheese|wine)\n"

func smallPack(change ...string) fstest.MapFS {
	yaml := strings.NewReplacer(change...).Replace(small)
	return fstest.MapFS{"pack.yaml": {Data: []byte(yaml)}, "cues.txt": {Data: []byte(smallCues)}}
}

func TestBuiltinPack(t *testing.T) {
	pack := builtin(t)
	var keys []string
	for _, s := range pack.Stances {
		keys = append(keys, string(s.Key))
	}
	if got, want := strings.Join(keys, " "), "bind deploy arm settle survey"; got != want {
		t.Errorf("stances %q, want %q", got, want)
	}
	if !pack.Stances[4].Neutral {
		t.Error("survey is not neutral")
	}
	for _, s := range pack.Stances {
		if c := contrast(t, s.Colour, "#fffdf8"); c < 4.5 {
			t.Errorf("%s: %s on the light page has contrast %.2f, want 4.5", s.Key, s.Colour, c)
		}
		if c := contrast(t, s.Dark, "#16171a"); c < 4.5 {
			t.Errorf("%s: %s on the dark page has contrast %.2f, want 4.5", s.Key, s.Dark, c)
		}
	}
	if got := BuiltinKeys(); len(got) != 1 || got[0] != ukraine {
		t.Errorf("BuiltinKeys() = %q", got)
	}
	if _, err := Builtin("weather"); err == nil || !strings.Contains(err.Error(), ukraine) {
		t.Errorf("Builtin of an unknown key: %v, want an error that names those there are", err)
	}
}

func TestExamplesCarryNoPersons(t *testing.T) {
	pack := builtin(t)
	examples, err := pack.Examples()
	if err != nil {
		t.Fatal(err)
	}
	ids := map[string]bool{}
	for _, e := range examples {
		if ids[e.ID] {
			t.Errorf("example %s occurs twice", e.ID)
		}
		ids[e.ID] = true
		if strings.Contains(e.Text, "http://") || strings.Contains(e.Text, "https://") || strings.Contains(e.Text, "@") {
			t.Errorf("example %s carries an address", e.ID)
		}
	}
	if len(examples) < 622 {
		t.Errorf("%d examples, want 622 at least", len(examples))
	}
}

// contrast returns the ratio of WCAG 2.2, section 1.4.3.
func contrast(t *testing.T, a, b string) float64 {
	x, y := luminance(t, a), luminance(t, b)
	return (max(x, y) + 0.05) / (min(x, y) + 0.05)
}

func luminance(t *testing.T, colour string) float64 {
	t.Helper()
	sum := 0.0
	for i, weight := range []float64{0.2126, 0.7152, 0.0722} {
		v, err := strconv.ParseUint(colour[1+2*i:3+2*i], 16, 8)
		if err != nil {
			t.Fatal(err)
		}
		c := float64(v) / 255
		if c <= 0.04045 {
			c /= 12.92
		} else {
			c = math.Pow((c+0.055)/1.055, 2.4)
		}
		sum += weight * c
	}
	return sum
}

func TestBrokenPacks(t *testing.T) {
	tests := []struct {
		name string
		pack fstest.MapFS
		want string
	}{
		{"no pack.yaml", fstest.MapFS{}, "pack.yaml"},
		{"no cues", fstest.MapFS{"pack.yaml": {Data: []byte(small)}}, "cues.txt"},
		{"unknown key", smallPack("question:", "qestion:"), "line 3"},
		{"bad key", smallPack("cheese-or-wine", "Cheese!"), `pack.yaml:1: key "Cheese!": want lower-case words`},
		{"no name", smallPack("name: Cheese or wine", "name: ''"), "pack.yaml:2: a pack needs a name and a question"},
		{"twice", smallPack("key: wine", "key: cheese"), `pack.yaml:6: stance "cheese" occurs twice`},
		{"reserved", smallPack("key: wine", "key: unsure"), `pack.yaml:6: stance key "unsure" has a meaning of its own`},
		{"colour", smallPack("#000002", "blue"), `pack.yaml:6: stance "wine": colour "blue"`},
		{"shape", smallPack("●", "dot"), `pack.yaml:6: stance "wine": shape "dot": want one character`},
		{"neutral first", smallPack(`"■"}`, `"■", neutral: true}`), `pack.yaml:5: stance "cheese" is neutral and must come last`},
		{"one stance", fstest.MapFS{"pack.yaml": {Data: []byte(small[:strings.Index(small, "  - {key: wine")])}}, "pack.yaml:4: a pack needs two stances or more, this has 1"},
		{"threshold", smallPack("stances:", "thresholds: {sure: 7}\nstances:"), "pack.yaml:4: threshold 7: want a number between 0 and 1"},
		{"language", smallPack("stances:", "language: tlh\nstances:"), `pack.yaml:4: language "tlh": want one of en, de, fr`},
		{"share", smallPack("stances:", "measured: {pieces: 10, lenient: 95}\nstances:"), "pack.yaml:4: measured 95: want a share between 0 and 1"},
		{"no pieces", smallPack("stances:", "measured: {lenient: 0.9}\nstances:"), "pack.yaml:4: measured on 0 pieces: write how many"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if _, err := Load(test.pack); err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("Load: %v\nwant an error with %q", err, test.want)
			}
		})
	}
}

// TestHash says what a model is made from, and what can be changed under it.
func TestHash(t *testing.T) {
	sum := func(files fstest.MapFS) string {
		t.Helper()
		if files["examples.jsonl"] == nil {
			files["examples.jsonl"] = &fstest.MapFile{}
		}
		pack, err := Load(files)
		if err != nil {
			t.Fatal(err)
		}
		h := sha256.New()
		if err := pack.Hash(h); err != nil {
			t.Fatal(err)
		}
		return hex.EncodeToString(h.Sum(nil))
	}
	before := sum(smallPack())
	for name, test := range map[string]struct {
		change []string
		same   bool
	}{
		"figures":    {[]string{"stances:", "measured: {pieces: 10, strict: 0.5, lenient: 0.9}\nstances:"}, true},
		"thresholds": {[]string{"stances:", "thresholds: {sure: 0.9}\nstances:"}, true},
		"colour":     {[]string{"#000002", "#000004"}, true},
		"comment":    {[]string{"stances:", "# Only two.\nstances:"}, true},
		"stance":     {[]string{"key: wine", "key: beer"}, false},
		"neutral":    {[]string{", neutral: true", ""}, false},
		"test":       {[]string{"For wine.", "For red wine."}, false},
	} {
		files := smallPack(test.change...)
		if name == "stance" {
			files["cues.txt"].Data = []byte(strings.ReplaceAll(smallCues, "[wine]", "[beer]"))
		}
		if got := sum(files); got == before != test.same {
			t.Errorf("%s: same %v, want %v", name, got == before, test.same)
		}
	}
	files := smallPack()
	files["examples.jsonl"] = &fstest.MapFile{Data: []byte("\n")}
	if sum(files) == before {
		t.Error("other examples, and the same hash")
	}
}

func TestOtherLanguage(t *testing.T) {
	const title, text = "Warum der Käse auf dem Fest fehlt", "Der Rat hat beschlossen, dass es in diesem Jahr nur Wein gibt, und niemand weiß warum."
	for change, want := range map[string]string{"": "de", "language: de\n": "", "language: fr\n": "de"} {
		pack, err := Load(smallPack("stances:", change+"stances:"))
		if err != nil {
			t.Fatal(err)
		}
		if got := pack.OtherLanguage(title, text); got != want {
			t.Errorf("with %q: %q, want %q", change, got, want)
		}
		if got := pack.OtherLanguage("", "Käse"); got != "" {
			t.Errorf("one word is %q", got)
		}
	}
}

func TestBrokenCues(t *testing.T) {
	tests := []struct{ cues, want string }{
		{"1 cheese\n", "cues.txt:1: cue before the first [group]"},
		{"[cheese]\n\nhigh cheese\n", `cues.txt:3: "high cheese": want a weight above 0`},
		{"[cheese]\n-1 cheese\n", "cues.txt:2:"},
		{"[cheese]\nNaN cheese\n", "cues.txt:2:"},
		{"[cheese]\n1\n", "cues.txt:2:"},
		{"[beer]\n", "cues.txt:1: group [beer]: want a stance (cheese, wine, both)"},
		{"[cheese]\n1 (more|less cheese\n", "no closing parenthesis"},
		{"[cheese]\n1 more ..99 cheese\n", `"..99": want ..1 to ..8`},
		{"[cheese]\n1 ..3 cheese\n", "must start and end with a word"},
		{"[cheese]\n1 !\n", "no word in it"},
		{"[cheese]\n1 k\xe4se\n", `cues.txt:2: "1 k\xe4se" is not UTF-8`},
		{"", "cues.txt: no phrase under [anchor]"},
		{"[cheese]\n1 cheese\n[anchor]\n", "cues.txt: no phrase under [anchor]"},
		{"[cheese]\n1 " + strings.Repeat("(a|b|c|d) ", 8) + "\n", "split it"},
	}
	for _, test := range tests {
		pack := smallPack()
		pack["cues.txt"].Data = []byte(test.cues)
		if _, err := Load(pack); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("cues %q: %v\nwant an error with %q", test.cues, err, test.want)
		}
	}
}

func TestBrokenExamples(t *testing.T) {
	const good = `{"id": "a", "title": "More cheese", "relevant": true, "primary": "cheese", "accept": ["cheese"]}` + "\n"
	tests := []struct{ line, want string }{
		{`{"id": "b"`, "examples.jsonl:2: "},
		{`{"id": "b", "title": "x", "author": "somebody"}`, `examples.jsonl:2: json: unknown field "author"`},
		{`{"id": "b"}`, `examples.jsonl:2: example "b" has neither title nor text`},
		{`{"id": "b", "title": "x", "relevant": true, "primary": "beer", "accept": ["beer"]}`, `examples.jsonl:2: example "b": unknown stance "beer"; the pack has cheese, wine, both`},
		{`{"id": "b", "title": "x", "relevant": true, "primary": "wine", "accept": ["cheese"]}`, `"accept" lacks its "primary"`},
		{`{"id": "b", "title": "x", "primary": "wine"}`, "is irrelevant and has a stance"},
		{`{"id": "b", "title": "` + "k\xe4se" + `"}`, "examples.jsonl:2: the line is not UTF-8"},
		{`{"id": "b", "title": "` + strings.Repeat("x", 1<<20) + `"}`, "examples.jsonl:2: "},
	}
	for _, test := range tests {
		folder := smallPack()
		folder["examples.jsonl"] = &fstest.MapFile{Data: []byte(good + test.line + "\n")}
		pack, err := Load(folder)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := pack.Examples(); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: %v\nwant an error with %q", test.line, err, test.want)
		}
	}
}

// Some editors begin a file with a byte order mark and end lines with CR LF.
func TestPackOfAnotherEditor(t *testing.T) {
	folder := smallPack()
	folder["examples.jsonl"] = &fstest.MapFile{Data: []byte("{\"id\": \"a\", \"title\": \"More cheese\"}\n")}
	for _, file := range folder {
		file.Data = []byte("\ufeff" + strings.ReplaceAll(string(file.Data), "\n", "\r\n"))
	}
	pack, err := Load(folder)
	if err != nil {
		t.Fatal(err)
	}
	if examples, err := pack.Examples(); err != nil || len(examples) != 1 {
		t.Errorf("%d examples, %v; want 1", len(examples), err)
	}
}
