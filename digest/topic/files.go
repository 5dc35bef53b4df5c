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

// Hash adds to h what a model is made from: the pack's files but the model.
// Each comes with its name and length, so no two packs are taken for one.
func (p *Pack) Hash(h hash.Hash) error {
	for _, name := range []string{packFile, cuesFile, examplesFile} {
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
