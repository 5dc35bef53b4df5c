package stance

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"standpoint/digest/topic"
)

// pieces are small ones, made up for the tests, of each stance.
var pieces = []struct {
	want        topic.StanceKey
	title, text string
}{
	{"bind", "The seat at the table", "Ukraine should be admitted to NATO as soon as the guns are silent. No other guarantee has ever stopped Russia. The allies must send the invitation and ratify the accession without asking for Moscow's consent."},
	{"bind", "Promises have to bind", "What Kyiv has been given are assurances, and assurances failed in 2014. It needs a mutual defence treaty, legally binding and ratified by parliaments, that treats an attack on Ukraine as an attack on its allies."},
	{"deploy", "Go in", "European soldiers should be stationed in Ukraine, with air cover and a mandate to fight. A brigade in Kyiv and another in Odesa would deter Russia better than any declaration. The coalition must send them now."},
	{"deploy", "The sky over Lviv", "Allied jets ought to close the sky over western Ukraine and shoot down Russian missiles and drones. A force on the ground must follow. Only the presence of our troops will keep the peace."},
	{"arm", "Give them the tools", "Nobody is going to fight for Ukraine. Its own army is its guarantee, so arm it: missiles, drones, artillery, air defence, and money for its defence industry for twenty years. It must be able to defend itself."},
	{"arm", "A porcupine needs quills", "Membership is out of reach and foreign troops are a fantasy. What Ukraine needs is the Israeli model: a strong army, a large reserve, and long-term arms supplies from its partners."},
	{"settle", "Sit down and talk", "Western troops in Ukraine would provoke Russia and might lead to a nuclear war. Ukraine should be neutral, and negotiations should begin at once. A compromise that respects the security interests of both sides is the only way to peace."},
	{"settle", "Not our war", "Washington must not give any security guarantee to Ukraine. It is not a vital American interest, and NATO expansion caused this conflict. Drop the promise of membership, accept neutrality and end the killing."},
	{"survey", "Leaders meet in Paris on guarantees", "Officials from thirty countries met on Tuesday to discuss security guarantees for Ukraine, according to diplomats. The size of the force remains unclear. Germany said that it would decide later; the Kremlin's spokesman rejected the plan."},
	{"survey", "Five options explained", "What security guarantees for Ukraine are being discussed? The paper compares membership, a treaty, troops, arms and neutrality, and lists the advantages and drawbacks of each. Experts disagree on which is realistic."},
}

func TestSmallPieces(t *testing.T) {
	c := classifier(t)
	for _, p := range pieces {
		v := c.Classify(p.title, p.text)
		if !v.Relevant || v.Stance != p.want {
			t.Errorf("%q: relevance %.2f, %s %.2f; want %s", p.title, v.Relevance, v.Stance, v.Confidence, p.want)
		}
		checkQuotes(t, p.text, v)
	}
}

func TestLongPieces(t *testing.T) {
	c := classifier(t)
	files, err := filepath.Glob("testdata/long/*.txt")
	if err != nil || len(files) < 5 {
		t.Fatalf("long pieces %q: %v", files, err)
	}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		title, text, _ := strings.Cut(string(data), "\n\n")
		want := topic.StanceKey(strings.TrimSuffix(filepath.Base(file), ".txt"))
		v := c.Classify(title, text)
		t.Logf("%s: %s %.2f %s, relevance %.2f\n  evidence: %s\n  summary: %v", want, v.Stance, v.Confidence, v.Doubt, v.Relevance, texts(v.Evidence), texts(v.Summary))
		if n := len(strings.Fields(text)); n < 890 {
			t.Errorf("%s has %d words only", file, n)
		}
		if !v.Relevant || v.Stance != want {
			t.Errorf("%s: relevance %.2f, %s %.2f", file, v.Relevance, v.Stance, v.Confidence)
		}
		checkQuotes(t, text, v)
		for _, q := range v.Evidence {
			if strings.HasPrefix(q.Text, `"`) && want != "survey" {
				t.Errorf("%s: evidence quotes somebody else: %s", file, q.Text)
			}
		}
	}
}

func texts(quotes []Quote) []string {
	var texts []string
	for _, q := range quotes {
		texts = append(texts, q.Text)
	}
	return texts
}

// TestSameLabel changes what must not matter.
func TestSameLabel(t *testing.T) {
	c := classifier(t)
	changes := map[string]func(title, text string) (string, string){
		"boilerplate after": func(title, text string) (string, string) {
			return title, text + "\n\nSubscribe to our newsletter and read more every week.\n\nAll rights reserved. Sign up with your address, follow us and share this article.\n\nPhoto credit: an agency"
		},
		"other persons": func(title, text string) (string, string) {
			return title, "By Anna Example\n\n" + text + " The writer, Jan Muster, is a fellow of the Example Institute."
		},
		"blank lines": func(title, text string) (string, string) {
			return title, strings.ReplaceAll(text, ". ", ".\n\n")
		},
		"title in capitals": func(title, text string) (string, string) { return strings.ToUpper(title), text },
	}
	for name, change := range changes {
		t.Run(name, func(t *testing.T) {
			for _, p := range pieces {
				title, text := change(p.title, p.text)
				if v := c.Classify(title, text); v.Stance != p.want {
					t.Errorf("%q becomes %q", p.title, v.Stance)
				}
			}
		})
	}
}

// TestOthersDoNotSpeakForTheAuthor puts the opposite view into others' mouths.
func TestOthersDoNotSpeakForTheAuthor(t *testing.T) {
	c := classifier(t)
	tests := []struct {
		at    int // of pieces
		added string
	}{
		{0, " Critics argue that membership would provoke Russia and that Ukraine should be neutral."},
		{1, ` Opponents say: "No guarantee, negotiate with Moscow."`},
		{2, " Critics argue that soldiers would escalate the war."},
		{4, " Some say that only NATO membership protects a country."},
		{6, " Supporters claim that membership in NATO is the only guarantee."},
		{7, ` "Ukraine must join the alliance now," a minister said.`},
	}
	for _, test := range tests {
		p := pieces[test.at]
		v := c.Classify(p.title, p.text+test.added)
		if v.Stance != p.want {
			t.Errorf("%q with%s becomes %s", p.title, test.added, v.Stance)
		}
		if strings.Contains(test.added, v.Evidence[0].Text) {
			t.Errorf("%q: the evidence is another's: %s", p.title, v.Evidence[0].Text)
		}
	}
}

func TestDenialMatters(t *testing.T) {
	c := classifier(t)
	a := c.Classify("Ukraine should join NATO", "Membership is the only guarantee. The alliance must admit Ukraine.")
	b := c.Classify("Ukraine should not join NATO", "Membership is no guarantee but a provocation. The alliance must not admit Ukraine; it should be neutral.")
	if a.Stance != "bind" || b.Stance != "settle" {
		t.Errorf("for %s, against %s; want bind and settle", a.Stance, b.Stance)
	}
}

// TestTitleAlone judges what a feed without teasers gives.
func TestTitleAlone(t *testing.T) {
	c := classifier(t)
	for title, want := range map[string]topic.StanceKey{
		"Ukraine must join NATO now":                      "bind",
		"Send European troops to Ukraine":                 "deploy",
		"Arm Ukraine to the teeth":                        "arm",
		"Neutrality is Ukraine's only way to peace":       "settle",
		"Euro area fiscal rules after the crisis":         "",
		"Grain exports through Danube ports":              "",
		"How sanctions on Russian oil could be tightened": "",
	} {
		if v := c.Classify(title, ""); v.Stance != want || len(v.Evidence) > 0 {
			t.Errorf("%q: %q (relevance %.2f), evidence %v; want %q and none", title, v.Stance, v.Relevance, v.Evidence, want)
		}
	}
}

// TestSidebarDoesNotMakeRelevant puts a few lines on the topic under a long
// article on something else.
func TestSidebarDoesNotMakeRelevant(t *testing.T) {
	c := classifier(t)
	article := strings.Repeat("The new fiscal framework asks governments for expenditure paths. Debt falls slowly where growth is weak. Finance ministers argue about investment clauses, and auditors about data. Pension reform would help more than any rule.\n\n", 12)
	v := c.Classify("The euro area's new budget rules", article+"Security guarantees for Ukraine: what next?\n\nTroops for Kyiv divide the allies")
	if v.Relevant {
		t.Errorf("relevance %.2f for an article on budgets", v.Relevance)
	}
}
