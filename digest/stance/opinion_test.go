package stance

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"standpoint/digest/topic"
)

// TestWith goes through what a second opinion may and may not change.
func TestWith(t *testing.T) {
	quotes := []Quote{{Text: "b", Start: 1, End: 2}}
	base := func(d Doubt, change ...func(*Verdict)) Verdict {
		v := Verdict{
			Relevant: true, Relevance: 0.9, Stance: "cheese", Confidence: 0.4, Doubt: d, Also: []topic.StanceKey{"wine"},
			Probabilities: map[topic.StanceKey]float64{"cheese": 0.4, "wine": 0.35, "either": 0.25},
			Evidence:      []Quote{{Text: "a", Start: 0, End: 1}}, By: ByModel,
		}
		for _, c := range change {
			c(&v)
		}
		return v
	}
	says := func(key topic.StanceKey, how Assurance) Opinion {
		return Opinion{From: "m", Relevant: true, Stance: key, Confidence: how, Evidence: quotes}
	}
	want := func(key topic.StanceKey, p float64, d Doubt, also ...topic.StanceKey) Verdict {
		return base(d, func(v *Verdict) {
			v.Stance, v.Confidence, v.Also, v.Evidence, v.By = key, p, also, quotes, ByLLM
		})
	}
	byOperator := func(v *Verdict) { v.By = ByOperator }
	irrelevant := func(v *Verdict) { *v = Verdict{Relevance: 0.1, By: ByModel} }
	for name, row := range map[string]struct {
		verdict     Verdict
		opinion     Opinion
		want        Verdict
		contradicts bool
	}{
		"unsure, a candidate, certain": {base(Unsure), says("wine", High), want("wine", 0.35, Leaning, "cheese"), false},
		"unsure, a candidate, less":    {base(Unsure), says("wine", Medium), want("wine", 0.35, Unsure, "cheese"), false},
		"unsure, no candidate":         {base(Unsure), says("either", High), want("either", 0.25, Unsure, "cheese"), false},
		"leaning, a candidate":         {base(Leaning), says("wine", High), want("wine", 0.35, Leaning, "cheese"), false},
		"leaning, no candidate":        {base(Leaning), says("either", High), want("either", 0.25, Unsure, "cheese"), false},
		"agrees and lifts":             {base(Unsure), says("cheese", High), base(Leaning, func(v *Verdict) { v.By = ByLLM }), false},
		"agrees weakly":                {base(Unsure), says("cheese", Low), base(Unsure), false},
		"agrees and adds no doubt":     {base(Leaning), says("cheese", Low), base(Leaning), false},
		"sure stays":                   {base(Sure), says("either", High), base(Sure), true},
		"sure, and the other named":    {base(Sure), says("wine", High), base(Sure), false},
		"sure, called irrelevant":      {base(Sure), Opinion{From: "m", Confidence: High}, base(Sure), true},
		"unsure, called irrelevant":    {base(Unsure), Opinion{From: "m", Confidence: High}, base(Unsure), false},
		"divided":                      {base(Sure), Opinion{From: "m", Divided: true}, base(Sure), false},
		"irrelevant stays":             {base(Sure, irrelevant), says("wine", High), base(Sure, irrelevant), false},
		"the operator's word":          {base(Unsure, byOperator), says("wine", High), base(Unsure, byOperator), false},
		"the operator's, sure":         {base(Sure, byOperator), says("either", High), base(Sure, byOperator), false},
		"other candidates are kept": {
			base(Unsure),
			Opinion{From: "m", Relevant: true, Stance: "wine", Also: []topic.StanceKey{"either", "cheese"}, Confidence: Low, Evidence: quotes},
			want("wine", 0.35, Unsure, "cheese", "either"), false,
		},
	} {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(row.want, row.verdict.With(row.opinion)); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
			if got := row.opinion.Contradicts(row.verdict); got != row.contradicts {
				t.Errorf("contradicts: %v", got)
			}
		})
	}
}

func TestExcerpts(t *testing.T) {
	c, err := Train(cheese(t,
		`{"id": "a", "group": 1, "title": "The fair", "text": "The fair should have more cheese.", "relevant": true, "firm": true, "primary": "cheese", "accept": ["cheese"]}`,
		`{"id": "b", "group": 2, "title": "The fair", "text": "The fair needs better wine.", "relevant": true, "firm": true, "primary": "wine", "accept": ["wine"]}`,
		`{"id": "c", "group": 3, "title": "The bridge", "text": "The bridge is closed for repairs."}`,
	))
	if err != nil {
		t.Fatal(err)
	}
	text := "The fair opens in May as it does each year. Everybody is invited to the green. " +
		strings.Repeat("The band of the village plays until late in the night. ", 30) +
		"What the fair needs is better wine from our cellars. " +
		strings.Repeat("Children ride on the ponies behind the old mill. ", 30) +
		"The tents will come down on Monday morning. Bring a warm coat with you."
	got := c.Excerpts("The fair", text)
	var said []string
	for i, q := range got {
		if text[q.Start:q.End] != q.Text || i > 0 && q.Start <= got[i-1].Start {
			t.Errorf("excerpt %d is out of place: %+v", i, q)
		}
		said = append(said, q.Text)
	}
	for _, want := range []string{
		"The fair opens in May as it does each year.", "What the fair needs is better wine from our cellars.", "Bring a warm coat with you.",
	} {
		if !slices.Contains(said, want) {
			t.Errorf("lacks %q: %q", want, said)
		}
	}
	if len(got) > 13 {
		t.Errorf("%d excerpts of three stances", len(got))
	}
	if got := c.Excerpts("The fair", ""); len(got) != 0 {
		t.Errorf("excerpts of nothing: %v", got)
	}
}
