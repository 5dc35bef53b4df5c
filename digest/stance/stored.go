package stance

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"slices"

	"standpoint/digest/topic"
)

// training is the version of what turns examples into a model. It goes up with
// every change that gives another model, so that stored ones are not mistaken
// for what would be trained today. A test says when that was forgotten.
const training = 2

// storedHead begins a stored model; the fingerprint of what it was made from
// and the model, compressed, follow.
const storedHead = "standpoint model\n"

// Open returns the classifier of a pack: the model that lies with it, else one
// trained now, which takes seconds. A stored model that is damaged, or made of
// other examples or by another version, is passed over.
func Open(pack *topic.Pack) (*Classifier, error) {
	if c := ready(pack, nil); c != nil {
		return c, nil
	}
	return Train(pack)
}

// Fingerprint names what a model is made from: the pack's files, the frames of
// English, the version of the training, and the corrections, in any order. It is
// 64 hexadecimal digits; two packs or versions never share one.
func Fingerprint(pack *topic.Pack, corrections ...Correction) (string, error) {
	h := sha256.New()
	fmt.Fprintf(h, "training %d\nenglish.txt %x\n", training, sha256.Sum256(englishFrames))
	if err := pack.Hash(h); err != nil {
		return "", err
	}
	for _, c := range inOrder(pack, corrections) {
		fmt.Fprintf(h, "correction %x\n", c.key())
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

// Encode returns the trained model in a form to store, some 400 kB, without
// loss. Only the pack and the corrections that it was trained on can read it.
func (c *Classifier) Encode() ([]byte, error) {
	print, err := Fingerprint(c.pack, c.corrections...)
	if err != nil {
		return nil, fmt.Errorf("encode model: %w", err)
	}
	var out bytes.Buffer
	out.WriteString(storedHead + print)
	z, err := gzip.NewWriterLevel(&out, gzip.BestCompression)
	if err != nil {
		return nil, fmt.Errorf("encode model of %s: %w", c.pack.Key, err)
	}
	w := &modelWriter{}
	w.model(c.model)
	if _, err := z.Write(w.data); err != nil {
		return nil, fmt.Errorf("encode model of %s: %w", c.pack.Key, err)
	}
	if err := z.Close(); err != nil {
		return nil, fmt.Errorf("encode model of %s: %w", c.pack.Key, err)
	}
	return out.Bytes(), nil
}

// Decode makes a classifier of a stored model. It judges exactly as the one
// that was encoded. The error says that the model was made of another pack or
// by another version, or that it is damaged; Train helps in both cases.
func Decode(pack *topic.Pack, data []byte, corrections ...Correction) (*Classifier, error) {
	print, err := Fingerprint(pack, corrections...)
	if err != nil {
		return nil, fmt.Errorf("decode model: %w", err)
	}
	rest, ok := bytes.CutPrefix(data, []byte(storedHead))
	if !ok || len(rest) < len(print) {
		return nil, fmt.Errorf("decode model of %s: this is no stored model", pack.Key)
	}
	if string(rest[:len(print)]) != print {
		return nil, fmt.Errorf("decode model of %s: it was made of another pack or by another version; train anew", pack.Key)
	}
	raw, err := inflate(rest[len(print):])
	if err != nil {
		return nil, fmt.Errorf("decode model of %s: damaged: %w", pack.Key, err)
	}
	r := &modelReader{data: raw}
	m := r.model()
	if r.err != nil || !m.fits(pack) {
		return nil, errors.Join(fmt.Errorf("decode model of %s: damaged", pack.Key), r.err)
	}
	reader, err := newReader(pack)
	if err != nil {
		return nil, err
	}
	return &Classifier{pack: pack, reader: reader, model: m, corrections: inOrder(pack, corrections)}, nil
}

// longestModel bounds what a stored model may unfold into, in bytes.
const longestModel = 64 << 20

// inflate undoes gzip, whose checksum finds damage (RFC 1952, section 2.3.1).
func inflate(data []byte) (string, error) {
	z, err := gzip.NewReader(bytes.NewReader(data))
	if err != nil {
		return "", err
	}
	raw, err := io.ReadAll(io.LimitReader(z, longestModel+1))
	if err != nil {
		return "", err
	}
	if len(raw) > longestModel {
		return "", fmt.Errorf("more than %d bytes", longestModel)
	}
	return string(raw), nil
}

// fits says whether a model's parts belong together and to the pack, so that
// none is asked for a number it does not have.
func (m *model) fits(pack *topic.Pack) bool {
	stances := len(pack.Stances)
	of := func(l *logistic, features, classes int) bool {
		return l != nil && l.classes == classes && len(l.bias) == classes && len(l.weights) == features*classes
	}
	for _, e := range []expert{m.short, m.long} {
		if !of(e.cues, m.cueSpace.size(), stances) || !of(e.grams, m.gramSpace.size(), stances) || len(e.temperatures) == 0 || slices.Min(e.temperatures) <= 0 {
			return false
		}
	}
	return of(m.gate, m.gateSpace.size()+m.gramSpace.size(), 2) && len(m.kin) == stances &&
		!slices.ContainsFunc(m.kin, func(row []float64) bool { return len(row) != stances })
}
