package llm

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"standpoint/digest/stance"
	"standpoint/digest/topic"
)

const (
	mostEvidence  = 3   // sentences of an opinion
	mostListed    = 16  // entries of a list in an answer; more is no answer
	fewestWords   = 4   // of a quote; fewer prove nothing
	longestQuoted = 400 // bytes of an answer's quote; longer is no evidence but a copy
)

// answer is what a model says, before anything of it is believed.
type answer struct {
	Evidence   []json.RawMessage `json:"evidence"` // numbers or strings: not every server holds to the schema
	Relevant   *bool             `json:"relevant"`
	Primary    topic.StanceKey   `json:"primary"`
	Also       []topic.StanceKey `json:"also"`
	Confidence stance.Assurance  `json:"confidence"`
}

// read checks an answer on a piece and makes an opinion of it. The error is a
// *failure.
func (c *Client) read(text string, p Piece) (stance.Opinion, error) {
	var a answer
	if err := json.Unmarshal([]byte(text), &a); err != nil {
		return stance.Opinion{}, fail(broken, "its answer is not the JSON object that was asked for")
	}
	o := stance.Opinion{From: c.model, Confidence: a.Confidence}
	if a.Relevant == nil || rank(a.Confidence) < 0 || len(a.Evidence) > mostListed || len(a.Also) > mostListed {
		return o, fail(broken, "its answer is not the JSON object that was asked for")
	}
	for _, key := range append([]topic.StanceKey{a.Primary}, a.Also...) {
		if _, known := c.pack.Stance(key); !known && (key != "" || *a.Relevant) {
			return o, fail(broken, "its answer has the label %q, which the pack has not", c.oneLine(string(key)))
		}
	}
	for _, raw := range a.Evidence {
		q, ok := p.find(raw)
		if !ok {
			return o, fail(foreign, "its answer quotes what the piece does not say")
		}
		if len(o.Evidence) < mostEvidence && !slices.Contains(o.Evidence, q) {
			o.Evidence = append(o.Evidence, q)
		}
	}
	if o.Relevant = *a.Relevant; !o.Relevant {
		o.Evidence = nil
		return o, nil
	}
	if len(o.Evidence) == 0 {
		return o, fail(foreign, "its answer has no evidence")
	}
	o.Stance = a.Primary
	for _, key := range a.Also {
		if key != a.Primary && !slices.Contains(o.Also, key) {
			o.Also = append(o.Also, key)
		}
	}
	return o, nil
}

// rank orders assurances; it is negative for a word that is none.
func rank(a stance.Assurance) int {
	return slices.Index([]stance.Assurance{stance.Low, stance.Medium, stance.High}, a)
}

// find looks an answer's evidence up in the piece: a sentence by its number, or
// by words in it; words elsewhere in the text are taken as they stand there.
func (p Piece) find(raw json.RawMessage) (stance.Quote, bool) {
	words := string(raw)
	if strings.HasPrefix(words, `"`) && json.Unmarshal(raw, &words) != nil {
		return stance.Quote{}, false
	}
	number := strings.Trim(words, " []()#.")
	if n, err := strconv.Atoi(number); err == nil {
		if n < 1 || n > len(p.Excerpts) {
			return stance.Quote{}, false
		}
		return p.Excerpts[n-1], true
	}
	if rest, after, ok := strings.Cut(words, "] "); ok && strings.HasPrefix(rest, "[") {
		if _, err := strconv.Atoi(rest[1:]); err == nil {
			words = after // the number stands before the words
		}
	}
	words = strings.Trim(words, " \t\r\n\"“”")
	fence := fenceOf(p)
	if len(strings.Fields(sent(fence, words))) < fewestWords || len(words) > longestQuoted {
		return stance.Quote{}, false
	}
	for _, q := range p.Excerpts {
		if strings.Contains(sent(fence, q.Text), sent(fence, words)) {
			return q, true
		}
	}
	if at := strings.Index(p.Text, words); at >= 0 {
		// Words that begin within a sentence may leave out its “not”.
		if i := slices.IndexFunc(p.Excerpts, func(q stance.Quote) bool { return q.Start < at && at < q.End }); i >= 0 {
			return p.Excerpts[i], true
		}
		return stance.Quote{Text: words, Start: at, End: at + len(words)}, true
	}
	return stance.Quote{}, false
}

// agree makes one opinion of two, the second with the stances in reverse order.
// What depends on the order is no opinion.
func agree(a, b stance.Opinion) stance.Opinion {
	if a.Relevant != b.Relevant || a.Stance != b.Stance {
		return stance.Opinion{From: a.From, Divided: true}
	}
	if rank(b.Confidence) < rank(a.Confidence) {
		a.Confidence = b.Confidence
	}
	a.Also = slices.DeleteFunc(a.Also, func(key topic.StanceKey) bool { return !slices.Contains(b.Also, key) })
	return a
}
