package stance

import (
	"encoding/binary"
	"errors"
	"math"
)

// grain is the step in which weights are counted: far below what turns a
// verdict, and coarse enough for a stored model to be small.
const grain = 1.0 / (1 << 14)

// rounded rounds weights to multiples of grain, in place. A trained model and
// its stored form are the same for that.
func rounded(weights []float64) []float64 {
	for i, w := range weights {
		weights[i] = math.Round(w/grain) * grain
	}
	return weights
}

// modelWriter writes a model as variable-length integers; what is no multiple of
// grain goes as the bits of its number (IEEE 754).
type modelWriter struct{ data []byte }

func (w *modelWriter) count(n int) { w.data = binary.AppendUvarint(w.data, uint64(n)) }

func (w *modelWriter) text(s string) {
	w.count(len(s))
	w.data = append(w.data, s...)
}

func (w *modelWriter) numbers(numbers ...float64) {
	w.count(len(numbers))
	for _, x := range numbers {
		w.data = binary.LittleEndian.AppendUint64(w.data, math.Float64bits(x))
	}
}

func (w *modelWriter) weights(weights []float64) {
	w.count(len(weights))
	for _, x := range weights {
		w.data = binary.AppendVarint(w.data, int64(x/grain))
	}
}

func (w *modelWriter) space(s *space) {
	names := make([]string, s.size())
	for name, id := range s.ids {
		names[id] = name
	}
	w.count(len(names))
	for _, name := range names {
		w.text(name)
	}
	w.numbers(s.idf...)
}

func (w *modelWriter) regression(l *logistic) {
	w.count(l.classes)
	w.weights(l.weights)
	w.weights(l.bias)
}

func (w *modelWriter) expert(e expert) {
	w.regression(e.cues)
	w.regression(e.grams)
	w.numbers(e.cueShare, e.gramShare)
	w.numbers(e.temperatures...)
}

func (w *modelWriter) model(m *model) {
	w.space(m.cueSpace)
	w.space(m.gramSpace)
	w.space(m.gateSpace)
	w.regression(m.gate)
	w.expert(m.short)
	w.expert(m.long)
	w.count(len(m.kin))
	for _, row := range m.kin {
		w.numbers(row...)
	}
}

// modelReader reads what modelWriter wrote. After an error it reads nothing but
// zero values. Its data is a string so that names need no copies.
type modelReader struct {
	data string
	err  error
}

var errCutOff = errors.New("cut off")

func (r *modelReader) fail() { r.data, r.err = "", errCutOff }

// take returns the next n bytes.
func (r *modelReader) take(n int) string {
	if n < 0 || n > len(r.data) {
		r.fail()
		return ""
	}
	s := r.data[:n]
	r.data = r.data[n:]
	return s
}

// uvarint reads as binary.Uvarint does, from a string.
func (r *modelReader) uvarint() uint64 {
	var x uint64
	for i := range min(len(r.data), binary.MaxVarintLen64) {
		b := r.data[i]
		x |= uint64(b&0x7f) << (7 * i)
		if b < 0x80 {
			r.data = r.data[i+1:]
			return x
		}
	}
	r.fail()
	return 0
}

// count reads how many things follow, each of which takes size bytes at least.
func (r *modelReader) count(size int) int {
	n := r.uvarint()
	if n > uint64(len(r.data)/size) {
		r.fail()
		return 0
	}
	return int(n)
}

func (r *modelReader) numbers() []float64 {
	numbers := make([]float64, r.count(8))
	for i := range numbers {
		numbers[i] = math.Float64frombits(binary.LittleEndian.Uint64([]byte(r.take(8))))
	}
	return numbers
}

func (r *modelReader) weights() []float64 {
	weights := make([]float64, r.count(1))
	for i := range weights {
		u := r.uvarint()
		weights[i] = float64(int64(u>>1)^-int64(u&1)) * grain // zigzag, as binary.Varint
	}
	return weights
}

func (r *modelReader) space() *space {
	n := r.count(1)
	s := &space{ids: make(map[string]int, n)}
	for id := range n {
		s.ids[r.take(r.count(1))] = id
	}
	s.idf = r.numbers()
	if len(s.ids) != n || len(s.idf) != n {
		r.fail()
	}
	return s
}

func (r *modelReader) regression() *logistic {
	return &logistic{classes: int(r.uvarint()), weights: r.weights(), bias: r.weights()}
}

func (r *modelReader) expert() expert {
	e := expert{cues: r.regression(), grams: r.regression()}
	if n := r.numbers(); len(n) == 2 {
		e.cueShare, e.gramShare = n[0], n[1]
	} else {
		r.fail()
	}
	e.temperatures = r.numbers()
	return e
}

func (r *modelReader) model() *model {
	m := &model{cueSpace: r.space(), gramSpace: r.space(), gateSpace: r.space(), gate: r.regression(), short: r.expert(), long: r.expert()}
	for range r.count(1) {
		m.kin = append(m.kin, r.numbers())
	}
	return m
}
