package topic

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"unicode/utf8"
)

// The pack's files of labelled pieces, JSON Lines.
const (
	examplesFile   = "examples.jsonl"   // to learn from
	regressionFile = "regression.jsonl" // to hold a newly trained model against
)

// Example is one labelled piece. A pack is public and a label is a claim about
// a person, so examples carry neither author nor outlet nor address.
type Example struct {
	ID       string      `json:"id"`
	Group    int         `json:"group"` // pieces that may resemble each other share a number and never straddle folds
	Title    string      `json:"title"`
	Text     string      `json:"text"`
	Relevant bool        `json:"relevant"`
	Firm     bool        `json:"firm"`              // both readers chose the same label
	Primary  StanceKey   `json:"primary,omitempty"` // of a relevant piece
	Accept   []StanceKey `json:"accept,omitempty"`  // what a careful reader would accept; holds Primary
	Kind     string      `json:"kind,omitempty"`    // of an irrelevant piece: what it is about instead
	Own      bool        `json:"own,omitempty"`     // made up by the pack's authors to teach, never to measure
}

// Examples reads the pack's labelled examples, in the file's order. Errors name
// the file and the line.
func (p *Pack) Examples() ([]Example, error) {
	data, err := fs.ReadFile(p.files, examplesFile)
	if err != nil {
		return nil, fmt.Errorf("examples of %s: %w", p.Key, err)
	}
	return p.parseExamples(examplesFile, data)
}

// Regression reads the pieces on which a model must not get worse by what it
// learns later. They are short and clear, in the form of Examples, and never
// learned from. A pack may do without. Errors name the file and the line.
func (p *Pack) Regression() ([]Example, error) {
	data, err := fs.ReadFile(p.files, regressionFile)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, nil
	case err != nil:
		return nil, fmt.Errorf("regression set of %s: %w", p.Key, err)
	}
	return p.parseExamples(regressionFile, data)
}

func (p *Pack) parseExamples(file string, data []byte) ([]Example, error) {
	var examples []Example
	lines := bufio.NewScanner(bytes.NewReader(bytes.TrimPrefix(data, []byte(byteOrderMark))))
	lines.Buffer(nil, 1<<20)
	n := 1
	for ; lines.Scan(); n++ {
		if len(bytes.TrimSpace(lines.Bytes())) == 0 {
			continue
		}
		if !utf8.Valid(lines.Bytes()) {
			return nil, fmt.Errorf("%s:%d: the line is not UTF-8; convert the file, as with iconv", file, n)
		}
		var e Example
		decoder := json.NewDecoder(bytes.NewReader(lines.Bytes()))
		decoder.DisallowUnknownFields()
		if err := decoder.Decode(&e); err != nil {
			return nil, fmt.Errorf("%s:%d: %w", file, n, err)
		}
		if err := p.checkExample(e); err != nil {
			return nil, fmt.Errorf("%s:%d: %w", file, n, err)
		}
		examples = append(examples, e)
	}
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("%s:%d: %w", file, n, err)
	}
	return examples, nil
}

func (p *Pack) checkExample(e Example) error {
	if e.Title == "" && e.Text == "" {
		return fmt.Errorf("example %q has neither title nor text", e.ID)
	}
	if !e.Relevant {
		if e.Primary != "" || len(e.Accept) > 0 {
			return fmt.Errorf("example %q is irrelevant and has a stance; drop \"primary\" and \"accept\"", e.ID)
		}
		return nil
	}
	for _, key := range append([]StanceKey{e.Primary}, e.Accept...) {
		if _, ok := p.Stance(key); !ok {
			return fmt.Errorf("example %q: unknown stance %q; the pack has %s", e.ID, key, p.Keys())
		}
	}
	if !slices.Contains(e.Accept, e.Primary) {
		return fmt.Errorf("example %q: \"accept\" lacks its \"primary\" %q", e.ID, e.Primary)
	}
	return nil
}
