package stance

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// roundUps are the pieces of testdata/roundup, by name, as title and text.
func roundUps(t testing.TB) map[string][2]string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join("testdata", "roundup", "*.txt"))
	if err != nil || len(files) == 0 {
		t.Fatal("no round-ups", err)
	}
	out := map[string][2]string{}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		title, text, _ := strings.Cut(string(data), "\n")
		out[strings.TrimSuffix(filepath.Base(file), ".txt")] = [2]string{title, strings.TrimSpace(text)}
	}
	return out
}

// TestRoundUps judges pieces in which several people speak. Each of them wants
// something; the piece takes no side, and everybody speaks under the own name.
func TestRoundUps(t *testing.T) {
	c := classifier(t)
	for name, want := range map[string][]string{
		"lines":       {"Aurelia Sandmoor", "Bertold Quist", "Cosima van der Laaken", "Dmytro Palyvoda", "Elspeth Thrale"},
		"inline":      {"Ines Kaltwasser", "Jorun Feldstad", "Marek Olszyna", "Tomasina Rell"},
		"headed":      {"LENA FAIRWATER", "OSKAR BRANDT-LINDE", "MIRA SOLANKI"},
		"below":       {"Orla Brackwater", "Piet Hollander", "Queenie Marsh"},
		"biographies": {"Rafe Underhill", "Sabine Torvald", "Ulrik Vane"},
	} {
		t.Run(name, func(t *testing.T) {
			title, text := roundUps(t)[name][0], roundUps(t)[name][1]
			v := c.Classify(title, text)
			checkQuotes(t, text, v)
			if v.Stance != "survey" || v.Doubt != Sure || v.Confidence != v.Probabilities[v.Stance] {
				t.Errorf("%s %s %.2f, probabilities %v", v.Stance, v.Doubt, v.Confidence, v.Probabilities)
			}
			for _, q := range v.Summary {
				if q.End > strings.Index(text, want[0]) {
					t.Errorf("the summary has a contributor's words: %s", q.Text)
				}
			}
			sum := 0.0
			for _, p := range v.Probabilities {
				sum += p
			}
			if sum < 1-1e-9 || sum > 1+1e-9 {
				t.Errorf("probabilities sum to %v", sum)
			}
			var names []string
			for i, said := range v.Contributors {
				names = append(names, said.Name.Text)
				if place := strings.Index(text, said.Name.Text); said.Name.Start != place {
					t.Errorf("%s is said to stand at %d, want %d", said.Name.Text, said.Name.Start, place)
				}
				if i < mostEvidence && v.Evidence[i] != said.Says {
					t.Errorf("evidence %d is %q, want what %s says", i, v.Evidence[i].Text, said.Name.Text)
				}
				if owner := ownerOf(text, want, said.Says.Start, name == "below" || name == "biographies"); owner != said.Name.Text {
					t.Errorf("%q is given to %s; it is %s's", said.Says.Text, said.Name.Text, owner)
				}
			}
			if !slices.Equal(names, want) {
				t.Errorf("contributors %q, want %q", names, want)
			}
		})
	}
}

// ownerOf says in whose passage an offset lies: that of the last name before it,
// or of the first one after it where signatures stand below.
func ownerOf(text string, names []string, at int, below bool) string {
	owner := ""
	for _, name := range names {
		switch place := strings.Index(text, name); {
		case below && place > at:
			return name
		case !below && place < at:
			owner = name
		}
	}
	return owner
}

// TestNoRoundUps judges what only looks like one.
func TestNoRoundUps(t *testing.T) {
	c := classifier(t)
	pieces := roundUps(t)
	for _, name := range []string{"not-news", "not-interview", "not-who", "not-authors", "not-options"} {
		p, ok := pieces[name]
		if v := c.Classify(p[0], p[1]); !ok || v.Contributors != nil {
			t.Errorf("%s is taken for a round-up: %v", name, v.Contributors)
		}
	}
	for _, p := range everyPiece(t) {
		if _, ok := pieces[p.id]; !ok && p.verdict.Contributors != nil {
			t.Errorf("%s %q is taken for a round-up", p.id, p.title)
		}
	}
}

// TestManyVoices shows five of nine, and of each stance somebody.
func TestManyVoices(t *testing.T) {
	c := classifier(t)
	var b strings.Builder
	first := []string{"Anna", "Berta", "Clara", "Dora", "Emma", "Frieda", "Greta", "Hanna"}
	for _, name := range first {
		b.WriteString(name + " Harbour, director of the Quay Centre: Ukraine should be admitted to NATO, whoever objects. Nothing else has ever worked, and nothing else is going to.\n\n")
	}
	b.WriteString("Zora Lake, former envoy: Western troops would provoke Russia. Ukraine should be neutral and negotiations should begin at once, before more people die.")
	v := c.Classify("Nine experts on guarantees for Ukraine", b.String())
	if n := len(v.Contributors); n != mostVoices {
		t.Fatalf("%d contributors, want %d", n, mostVoices)
	}
	if last := v.Contributors[mostVoices-1].Name.Text; last != "Zora Lake" {
		t.Errorf("the only other view, of Zora Lake, is left out; the last is %s", last)
	}
}

// TestRoundUpByOthers sees what becomes of the contributors when somebody else
// says what the piece is.
func TestRoundUpByOthers(t *testing.T) {
	c := classifier(t)
	p := roundUps(t)["lines"]
	if v := c.ByTheOperator(p[0], p[1], "survey"); len(v.Contributors) != 5 || v.Doubt != Sure || v.Confidence != 1 {
		t.Errorf("by the operator %+v", v)
	}
	if v := c.ByTheOperator(p[0], p[1], "bind"); v.Contributors != nil || v.Contrary != nil || v.Stance != "bind" {
		t.Errorf("by the operator %+v", v)
	}
	v := c.Classify(p[0], p[1])
	v.Doubt = Leaning
	says := v.Evidence[:1]
	if v := v.With(Opinion{Relevant: true, Stance: "bind", Confidence: High, Evidence: says}); v.Contributors != nil || v.Contrary != nil {
		t.Errorf("with a second opinion for another stance: %+v", v)
	}
	if v := v.With(Opinion{Relevant: true, Stance: "survey", Confidence: High, Evidence: says}); len(v.Contributors) != 5 {
		t.Errorf("with a second opinion that agrees: %+v", v)
	}
}

func TestNames(t *testing.T) {
	for text, want := range map[string]string{
		"Anna Example, director":              "Anna Example",
		"Anna Example":                        "Anna Example",
		"John E. Muster is a fellow":          "John E. Muster",
		"Gen. Cosima van der Laaken (ret.)":   "Gen. Cosima van der Laaken",
		"Anna Example and Peter Muster, both": "Anna Example and Peter Muster",
		"Jean-Luc O’Brien: Yes":               "Jean-Luc O’Brien",
		"Łucja Żuk, envoy":                    "Łucja Żuk",
		"Anna Example. She":                   "Anna Example",
		"Anna said":                           "",
		"the Anna Example":                    "",
		"":                                    "",
		"\xff\xfe":                            "",
	} {
		if got := text[:nameEnd(text)]; got != want {
			t.Errorf("the name in %q is %q, want %q", text, got, want)
		}
	}
}
