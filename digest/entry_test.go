package digest_test

import (
	"slices"
	"strings"
	"testing"

	"standpoint/digest"
	"standpoint/digest/stance"
	"standpoint/digest/topic"
)

// quotes finds parts of a text, as a verdict names them.
func quotes(t testing.TB, text string, parts ...string) []stance.Quote {
	t.Helper()
	var out []stance.Quote
	for _, p := range parts {
		at := strings.Index(text, p)
		if at < 0 {
			t.Fatalf("%q is not in the text", p)
		}
		out = append(out, stance.Quote{Text: p, Start: at, End: at + len(p)})
	}
	return out
}

func entry(t testing.TB, text string, evidence, summary []stance.Quote) digest.Entry {
	t.Helper()
	c := piece(1, "arm", stance.Sure)
	c.Text, c.Verdict.Evidence, c.Verdict.Summary = text, evidence, summary
	e := compose(t, c)
	return e.Sections[2].Entries[0]
}

func words(n int, between string) string {
	return strings.TrimSuffix(strings.Repeat("word"+between, n), between)
}

func TestQuoteIsShortAndVerbatim(t *testing.T) {
	short := "Ukraine needs arms now."
	for _, each := range []struct {
		name     string
		evidence []string
		want     string
		cut      bool
	}{
		{"none", nil, "", false},
		{"short", []string{short}, short, false},
		{"just short enough", []string{words(40, " ")}, words(40, " "), false},
		{"too long", []string{words(41, " ")}, words(40, " "), true},
		{"too long, a weaker one is whole", []string{words(41, " "), short}, short, false},
		{"no-break spaces", []string{words(60, "\u00a0")}, words(40, "\u00a0"), true},
		{"thin spaces", []string{words(60, "\u2009")}, words(40, "\u2009"), true},
		{"over lines", []string{words(60, "\n")}, words(40, "\n"), true},
		{"double spaces", []string{words(60, "  ")}, words(40, "  "), true},
	} {
		t.Run(each.name, func(t *testing.T) {
			text := strings.Join(each.evidence, " And so on. ")
			got := entry(t, text, quotes(t, text, each.evidence...), nil)
			if got.Quote != each.want || got.QuoteCut != each.cut {
				t.Errorf("got %q, cut %v", got.Quote, got.QuoteCut)
			}
			if !strings.Contains(text, got.Quote) || len(strings.Fields(got.Quote)) > digest.QuoteWords {
				t.Errorf("%d words, verbatim %v", len(strings.Fields(got.Quote)), strings.Contains(text, got.Quote))
			}
		})
	}
}

func TestSummaryMarksGapsAndOmitsTheQuote(t *testing.T) {
	const a, b, c, d = "First the facts.", "Then the claim.", "Then the doubts.", "Then the end."
	text := a + " " + b + " " + c + "\n\n" + d
	for _, each := range []struct {
		name, quote string
		summary     []string
		want        string
	}{
		{"side by side", "", []string{a, b}, a + " " + b},
		{"over a paragraph", "", []string{c, d}, c + " " + d},
		{"gap", "", []string{a, c}, a + " […] " + c},
		{"two gaps", "", []string{a, d}, a + " […] " + d},
		{"quote in the middle", b, []string{a, b, c}, a + " […] " + c},
		{"quote first", a, []string{a, b}, b},
		{"quote alone", a, []string{a}, ""},
		{"nothing", a, nil, ""},
	} {
		t.Run(each.name, func(t *testing.T) {
			var evidence []stance.Quote
			if each.quote != "" {
				evidence = quotes(t, text, each.quote)
			}
			if got := entry(t, text, evidence, quotes(t, text, each.summary...)).Summary; got != each.want {
				t.Errorf("got %q, want %q", got, each.want)
			}
		})
	}
	long := words(50, " ") + "."
	if got := entry(t, long, quotes(t, long, long), quotes(t, long, long)); got.Summary != "" || !got.QuoteCut {
		t.Errorf("a sentence of which a part is quoted is in the summary again: %q", got.Summary)
	}
}

func TestReadingTime(t *testing.T) {
	for _, each := range []struct {
		words int
		basis stance.Basis
		want  int
	}{
		{0, stance.BasisPage, 1},
		{230, stance.BasisPage, 1},
		{344, stance.BasisFeed, 1},
		{345, stance.BasisFeed, 2},
		{2300, stance.BasisPage, 10},
		{2300, stance.BasisTeaser, 0},
		{0, stance.BasisTitle, 0},
	} {
		c := piece(1, "arm", stance.Sure)
		c.Text, c.Basis = words(each.words, " "), each.basis
		if got := compose(t, c).Sections[2].Entries[0].Minutes; got != each.want {
			t.Errorf("%d words of a %s: %d minutes, want %d", each.words, each.basis, got, each.want)
		}
	}
}

// TestContraryIsShownInDoubt: a sentence to the contrary stands where the entry
// names another side, and nowhere else.
func TestContraryIsShownInDoubt(t *testing.T) {
	const but = "Two brigades would say more than that."
	text := "Ukraine needs arms now. " + but
	arms, of := []topic.StanceKey{"deploy"}, quotes(t, text, but)
	for name, each := range map[string]struct {
		doubt stance.Doubt
		by    stance.By
		also  []topic.StanceKey
		said  string
		want  bool
	}{
		"leaning":                  {stance.Leaning, stance.ByModel, arms, but, true},
		"unsure":                   {stance.Unsure, stance.ByModel, arms, but, true},
		"sure":                     {stance.Sure, stance.ByModel, arms, but, false},
		"by the operator":          {stance.Sure, stance.ByOperator, arms, but, false},
		"by a second opinion":      {stance.Leaning, stance.ByLLM, arms, but, false},
		"no other candidate":       {stance.Leaning, stance.ByModel, nil, but, false},
		"beside a report":          {stance.Leaning, stance.ByModel, []topic.StanceKey{"survey"}, but, false},
		"none":                     {stance.Leaning, stance.ByModel, arms, "", false},
		"too long to stand beside": {stance.Leaning, stance.ByModel, arms, words(31, " "), false},
	} {
		c := piece(1, "arm", each.doubt)
		c.Text, c.Verdict.By, c.Verdict.Also, c.Verdict.Doubt = text, each.by, each.also, each.doubt
		if each.said != "" {
			q := of[0]
			q.Text = each.said
			c.Verdict.Contrary = &q
		}
		for _, s := range compose(t, c).Sections {
			for _, e := range s.Entries {
				if (e.Contrary == but) != each.want {
					t.Errorf("%s: contrary %q", name, e.Contrary)
				}
			}
		}
	}
}

// TestVoices: a round-up is one entry, with what each contributor says.
func TestVoices(t *testing.T) {
	long := words(50, " ") + "."
	text := "Anna Example: Arm them. Jan Muster: " + long
	q := quotes(t, text, "Anna Example", "Arm them.", "Jan Muster", long)
	c := piece(1, "survey", stance.Sure)
	c.Text = text
	c.Verdict.Contributors = []stance.Contribution{{Name: q[0], Says: q[1]}, {Name: q[2], Says: q[3]}}
	got := compose(t, c).Sections[4].Entries[0].Voices
	want := []digest.Voice{{Name: "Anna Example", Says: "Arm them."}, {Name: "Jan Muster", Says: words(40, " "), Cut: true}}
	if !slices.Equal(got, want) {
		t.Errorf("voices %+v, want %+v", got, want)
	}
}
