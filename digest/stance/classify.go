package stance

import (
	"fmt"

	"standpoint/digest/topic"
)

// Classifier judges pieces on one pack's question. It does not change once
// trained and is safe for concurrent use.
type Classifier struct {
	pack   *topic.Pack
	reader *reader
	model  *model

	corrections     []Correction // learned beside the examples, in order
	stored, builtin bool         // it was read from a file, or from the pack's own
}

// Train fits a classifier to a pack's examples and to what the operator
// corrected. The same pack and corrections, in any order, give the same
// classifier on every machine.
func Train(pack *topic.Pack, corrections ...Correction) (*Classifier, error) {
	r, pieces, err := readPack(pack)
	if err != nil {
		return nil, err
	}
	corrections = inOrder(pack, corrections)
	m, err := fit(pack, append(pieces, lessonsOf(r, pieces, corrections)...))
	if err != nil {
		return nil, err
	}
	return &Classifier{pack: pack, reader: r, model: m, corrections: corrections}, nil
}

// piece is an example as read.
type piece struct {
	topic.Example
	weight   float64 // how much it counts in training
	read     document
	features features
}

// readPack reads a pack's examples, on as many goroutines as help.
func readPack(pack *topic.Pack) (*reader, []piece, error) {
	examples, err := pack.Examples()
	if err != nil {
		return nil, nil, err
	}
	r, err := newReader(pack)
	if err != nil {
		return nil, nil, err
	}
	pieces := make([]piece, len(examples))
	each(len(examples), func(i int) {
		d := r.read(examples[i].Title, examples[i].Text)
		pieces[i] = piece{Example: examples[i], weight: 1, read: d, features: d.features()}
		if examples[i].Own {
			pieces[i].weight = ownWeight
		}
	})
	return r, pieces, nil
}

// Classify judges a piece. An empty text is judged by its title, an empty title
// by its text; of a text the first 128 KiB are read. Every quote in the verdict
// is verbatim: text[q.Start:q.End] == q.Text. A piece in another language than
// the pack's is not guessed at: its verdict is not relevant and names the
// language. Of one that is no prose, but words heaped up, nothing is sure.
func (c *Classifier) Classify(title, text string) Verdict {
	if tag := c.pack.OtherLanguage(title, head(text)); tag != "" {
		return Verdict{Language: tag, By: ByModel}
	}
	d := c.reader.read(title, text)
	v := c.model.judge(c.pack, d.features())
	if v.Relevant {
		intro := c.asRoundUp(&v, &d, head(text))
		if !c.pack.Prose(title + "\n" + head(text)) {
			v.Doubt = Unsure
		}
		c.quote(&v, &d, head(text), intro)
		v.Contrary = c.contrary(&d, head(text), &v)
	}
	return v
}

// quote fills in the sentences that a verdict rests on. Those of a round-up are
// its contributors', and its summary is what stands above them: intro bytes.
func (c *Classifier) quote(v *Verdict, d *document, text string, intro int) {
	if v.Contributors == nil {
		v.Evidence = c.evidence(d, text, v.Stance)
		v.Summary = c.summary(d, text, v.Stance, v.Evidence)
		return
	}
	for _, said := range v.Contributors[:min(len(v.Contributors), mostEvidence)] {
		v.Evidence = append(v.Evidence, said.Says)
	}
	above := document{title: d.title}
	for i := range d.sentences {
		if d.sentences[i].end <= intro {
			above.sentences = append(above.sentences, d.sentences[i])
		}
	}
	v.Summary = c.summary(&above, text, v.Stance, v.Evidence)
}

// CrossValidate judges each of a pack's examples that keep takes by a
// classifier that has seen neither it nor any example of its group, nor any
// that keep leaves out: folds trainings. Verdicts carry no quotes.
func CrossValidate(pack *topic.Pack, folds int, keep func(topic.Example) bool) ([]topic.Example, []Verdict, error) {
	_, pieces, err := readPack(pack)
	if err != nil {
		return nil, nil, err
	}
	var kept []piece
	for _, p := range pieces {
		if keep(p.Example) {
			kept = append(kept, p)
		}
	}
	return crossValidate(pack, kept, folds)
}

func crossValidate(pack *topic.Pack, pieces []piece, folds int) ([]topic.Example, []Verdict, error) {
	var examples []topic.Example
	var verdicts []Verdict
	for fold := range folds {
		seen, unseen := part(pieces, folds, fold)
		m, err := fit(pack, seen)
		if err != nil {
			return nil, nil, fmt.Errorf("fold %d: %w", fold+1, err)
		}
		for _, p := range unseen {
			examples = append(examples, p.Example)
			verdicts = append(verdicts, m.judge(pack, p.features))
		}
	}
	return examples, verdicts, nil
}

// HeldOut says whether an example belongs to the fifth that was never looked at
// while cues and features were made.
func HeldOut(e topic.Example) bool { return e.Group%5 == 0 }
