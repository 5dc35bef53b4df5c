package topic

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"hash"
	"io/fs"
)

// modelFile is what was learned from the pack's examples; a pack may do without.
const modelFile = "model.bin"

// Hash adds to h what a model is made from: stances, cues and examples. Each
// comes with its name and length, so no two packs are taken for one. What only
// says how verdicts are called or shown (thresholds, colours, figures) is not
// among it, so that it can be changed without training anew.
func (p *Pack) Hash(h hash.Hash) error {
	fmt.Fprintf(h, "pack %q %q\n", p.Key, p.Question)
	for _, s := range p.Stances {
		fmt.Fprintf(h, "stance %q %q %q %v\n", s.Key, s.Name, s.Test, s.Neutral)
	}
	for _, name := range []string{cuesFile, examplesFile} {
		data, err := fs.ReadFile(p.files, name)
		if err != nil {
			return fmt.Errorf("topic pack %s: %w", p.Key, err)
		}
		fmt.Fprintf(h, "%s %d %x\n", name, len(data), sha256.Sum256(data))
	}
	return nil
}

// Model returns the trained model that lies with the pack, nil where none does.
func (p *Pack) Model() ([]byte, error) {
	data, err := fs.ReadFile(p.files, modelFile)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, nil
	case err != nil:
		return nil, fmt.Errorf("topic pack %s: %w", p.Key, err)
	}
	return data, nil
}
