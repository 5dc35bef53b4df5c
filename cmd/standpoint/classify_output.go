package main

import (
	"strings"

	"standpoint/digest/stance"
	"standpoint/digest/topic"
)

// outputVerdict is a verdict as classify prints it.
type outputVerdict struct {
	ID            string                      `json:"id"`
	Relevant      bool                        `json:"relevant"`
	Relevance     float64                     `json:"relevance"`
	Stance        *topic.StanceKey            `json:"stance"` // null when not relevant
	Confidence    float64                     `json:"confidence"`
	Doubt         stance.Doubt                `json:"doubt"`
	Sure          bool                        `json:"sure"`
	Also          []topic.StanceKey           `json:"also"`
	Probabilities map[topic.StanceKey]float64 `json:"probabilities"`
	Evidence      []outputQuote               `json:"evidence"`
	Contrary      *outputQuote                `json:"contrary"`     // the author's strongest sentence against the stance; null: none
	Contributors  []outputVoice               `json:"contributors"` // of a round-up, up to five
	By            stance.By                   `json:"by"`
	Basis         stance.Basis                `json:"basis"`
	Language      string                      `json:"language,omitempty"` // of a piece in another language, which is not judged
}

// outputVoice is a contributor to a round-up, with a sentence of theirs.
type outputVoice struct {
	Name outputQuote `json:"name"`
	Says outputQuote `json:"says"`
}

type outputQuote struct {
	Text  string `json:"text"`
	Start int    `json:"start"` // byte offsets into the piece's text
	End   int    `json:"end"`
}

func output(p inputPiece, v stance.Verdict) outputVerdict {
	o := outputVerdict{
		ID: p.ID, Relevant: v.Relevant, Relevance: v.Relevance, Confidence: v.Confidence, Sure: v.Doubt == stance.Sure,
		Doubt: stance.Unsure, By: v.By, Basis: stance.BasisPage, Language: v.Language,
		Also: append([]topic.StanceKey{}, v.Also...), Probabilities: v.Probabilities, Evidence: []outputQuote{},
	}
	if o.Probabilities == nil {
		o.Probabilities = map[topic.StanceKey]float64{}
	}
	if v.Relevant {
		o.Stance, o.Doubt = &v.Stance, v.Doubt
	}
	if strings.TrimSpace(p.Text) == "" {
		o.Basis = stance.BasisTitle
	}
	for _, q := range v.Evidence {
		o.Evidence = append(o.Evidence, outputQuote(q))
	}
	o.Contrary, o.Contributors = (*outputQuote)(v.Contrary), voicesOf(v)
	return o
}

func voicesOf(v stance.Verdict) []outputVoice {
	out := []outputVoice{}
	for _, said := range v.Contributors {
		out = append(out, outputVoice{outputQuote(said.Name), outputQuote(said.Says)})
	}
	return out
}
