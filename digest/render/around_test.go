package render

import (
	"strings"
	"testing"
	"time"

	"standpoint/digest"
	"standpoint/digest/stance"
	"standpoint/digest/topic"
)

// The page on the web has ways to the rest, what was corrected since, and marks
// of language; the copy in the outbox has nothing of it. Neither has a style
// attribute, which a strict policy refuses.
func TestWebPage(t *testing.T) {
	e := full(t)
	first := e.Sections[0].Entries[0]
	around := Around{
		Base: "/d", Previous: 11, Next: 13, SignUp: true, NoIndex: true, Languages: map[int64]string{first.Item: "uk-UA"},
		Since: []digest.Correction{{Item: first.Item, Edition: e.Number, From: e.Sections[0].Stance, To: "settle", FromName: "One", ToName: "Settlement first", Why: "it <asks> for talks"}},
	}
	page, err := renderer(t).WebPage(e, frame(), around)
	if err != nil {
		t.Fatal(err)
	}
	copied, err := renderer(t).Page(e, frame())
	if err != nil {
		t.Fatal(err)
	}
	for _, only := range []string{
		`href="/d/editions/11" rel="prev"`, `href="/d/editions/13" rel="next"`, `href="/d/editions"`, `href="/d/subscribe"`, `href="/d/method"`,
		PiecePath(`href="/d`, first.Item) + `"`, `lang="uk"`, "it &lt;asks&gt; for talks.", "<nav", `content="noindex"`, ` id="main"`,
	} {
		if !strings.Contains(page, only) {
			t.Errorf("the web has no %s", only)
		}
		if strings.Contains(copied, only) {
			t.Errorf("the outbox has %s", only)
		}
	}
	for _, p := range []string{page, copied} {
		if strings.Contains(p, "style=") {
			t.Error("a style attribute")
		}
	}
	if strings.Count(page, "Corrected since.") != 1 {
		t.Error("the correction stands elsewhere, too")
	}
	last, err := renderer(t).WebPage(e, frame(), Around{})
	if err != nil || strings.Contains(last, "rel=\"next\"") || strings.Contains(last, "subscribe") || strings.Contains(last, "noindex") {
		t.Errorf("a page with nothing around it: %v", err)
	}
}

// Where readers are told to start, and in the quote of the week, a title is marked
// as in its section.
func TestWebPageMarksLanguages(t *testing.T) {
	e := grown(t)
	all := map[int64]string{e.Quote.Item: "pl"}
	for _, item := range e.Start {
		all[item] = "uk-UA"
	}
	page, err := renderer(t).WebPage(e, frame(), Around{Languages: all})
	if err != nil {
		t.Fatal(err)
	}
	for _, part := range []string{`<ul class="start">`, `<section class="saying"`} {
		_, after, _ := strings.Cut(page, part)
		inside, _, _ := strings.Cut(after, "</section>")
		if want := map[bool]int{true: len(e.Start), false: 2}[part == `<ul class="start">`]; strings.Count(inside, ` lang="`) != want {
			t.Errorf("%s: want %d marks in\n%s", part, want, inside)
		}
	}
}

func TestForeign(t *testing.T) {
	for in, want := range map[string]string{
		"en": "", "en-GB": "", "EN_us": "", "": "", "uk": "uk", "de_AT": "de", "PL": "pl", "zh-Hans": "zh", "gsw": "gsw",
		"english": "", "x": "", `u"k`: "", "42": "",
	} {
		if got := english(t).foreign(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}

// What a piece's page says of its standing, for each way a verdict can come.
func TestPieceStanding(t *testing.T) {
	pack, err := topic.Builtin("ukraine-security-guarantees")
	if err != nil {
		t.Fatal(err)
	}
	by := func(doubt stance.Doubt, by stance.By) stance.Verdict {
		return stance.Verdict{Relevant: true, Stance: "arm", Confidence: 0.83, Doubt: doubt, By: by, Also: []topic.StanceKey{"settle", "of-old"}}
	}
	for _, row := range []struct {
		name    string
		verdict stance.Verdict
		place   topic.StanceKey // in its edition
		wants   []string
	}{
		{"sure", by(stance.Sure, stance.ByModel), "arm", []string{"Arm Ukraine", "no doubt: it gives this reading 83\u00a0%", "defend: Settlement first."}},
		{"leaning", by(stance.Leaning, stance.ByLLM), "arm", []string{"leans this way", "second opinion by a language model"}},
		{"unsure", by(stance.Unsure, stance.ByModel), topic.Unsure, []string{"Not sorted", "best guess is Arm Ukraine"}},
		{"set", stance.Ruling("bind"), "arm", []string{"Binding commitments", "Set by the editor.", "No.\u00a07 shows it under Arm Ukraine."}},
		{"out", stance.Ruling(""), "arm", []string{"took it out", "No.\u00a07 shows it under Arm Ukraine."}},
		{"another pack's", stance.Verdict{Relevant: true, Stance: "of-old", Doubt: stance.Sure, By: stance.ByModel}, topic.Unsure, []string{"Not sorted", "none of today’s"}},
	} {
		t.Run(row.name, func(t *testing.T) {
			v := renderer(t).Piece(pack, Piece{Entry: digest.Entry{Title: "Title", Basis: stance.BasisTeaser}, Place: row.place, Edition: 7, Verdict: row.verdict, First: by(stance.Sure, stance.ByModel)}, time.UTC)
			all := strings.Join([]string{v.Stand.Name, v.Standing, v.Also, v.Moved, v.Basis}, "\n")
			for _, want := range row.wants {
				if !strings.Contains(all, want) {
					t.Errorf("lacks %q:\n%s", want, all)
				}
			}
			if (v.Moved == "") != !strings.Contains(strings.Join(row.wants, " "), "shows it") {
				t.Errorf("moved: %q", v.Moved)
			}
			if !strings.Contains(v.Basis, "teaser") || len(v.History) == 0 || !strings.HasPrefix(v.History[0].Said, "The program filed it under Arm Ukraine") {
				t.Errorf("basis %q, history %+v", v.Basis, v.History)
			}
		})
	}
}

func TestPieceOpinion(t *testing.T) {
	pack, err := topic.Builtin("ukraine-security-guarantees")
	if err != nil {
		t.Fatal(err)
	}
	all := Stances(pack)
	for want, o := range map[string]stance.Opinion{
		"(some-model), asked for a second opinion, read it as Arm Ukraine, with high assurance.": {From: "some-model", Relevant: true, Stance: "arm", Confidence: stance.High},
		"gave two different answers":  {Divided: true},
		"which decides nothing":       {From: "m"},
		"with low assurance; the pro": {Relevant: true, Stance: "arm", Confidence: stance.Low},
	} {
		if got := opinion(all, o, strings.Contains(want, "; the pro")); !strings.Contains(got, want) {
			t.Errorf("%q lacks %q", got, want)
		}
	}
}

// The pages' colours are the pack's, and no others come into a style sheet.
func TestPalette(t *testing.T) {
	p := &topic.Pack{Stances: []topic.Stance{{Key: "a", Name: "A", Colour: "#123456", Dark: "red;} * {display:none"}}}
	got := Palette(p)
	if !strings.Contains(got, ".s0 { --stance: #123456 }") || strings.Contains(got, "display") || !strings.Contains(got, ".s1 {") {
		t.Error(got)
	}
}
