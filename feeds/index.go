package feeds

import (
	"cmp"
	"slices"
)

const (
	sampleMask = 3   // one shingle in four finds; the decision looks at all
	maxShared  = 256 // pieces that have a shingle; with more it is a phrase or a footer and finds nothing
	maxLikely  = 8   // pieces that are looked at closely, so that footers cannot make work without end
	likely     = 0.3 // of the sample, below contained because a sample errs
	fewSamples = 8   // of which a share says nothing

	fewShingles = 1 << 14 // of a week's pieces, for which there is room from the beginning
)

// Index finds the piece that another is a copy of among many. The zero value is
// ready. Its answers depend on what was added in which order, and on nothing else.
type Index struct {
	prints  []*Fingerprint
	samples []int32 // how many of the print's shingles find it
	heads   map[uint64]head
	links   []link
	met     []int32 // for Original: hits of each print, else zero

	last   *Fingerprint // the sample below is of it: what is not found is added next
	sample []uint64
}

// head begins the list of the prints that have a shingle or a title.
type head struct{ link, length int32 }

type link struct{ print, next int32 }

// Add takes a piece up and returns its number, counted from zero.
func (x *Index) Add(f *Fingerprint) int {
	if x.heads == nil {
		x.heads = make(map[uint64]head, fewShingles)
	}
	n := int32(len(x.prints))
	sample := x.sampleOf(f)
	x.prints, x.samples, x.met = append(x.prints, f), append(x.samples, int32(len(sample))), append(x.met, 0)
	for _, s := range sample {
		x.enter(s, n)
	}
	x.enter(titleSample(f), n)
	return int(n)
}

// enter puts a print on the list of a shingle or a title.
func (x *Index) enter(s uint64, n int32) {
	h, ok := x.heads[s]
	if !ok {
		h.link = -1
	}
	if h.length > maxShared {
		return
	}
	x.links = append(x.links, link{n, h.link})
	x.heads[s] = head{int32(len(x.links) - 1), h.length + 1}
}

// Original returns the number of the piece that f is a copy of and why, or -1.
// Of several it is the one that shares most with f, then the first added.
func (x *Index) Original(f *Fingerprint) (number int, why string) {
	number, best := -1, 0.0
	for _, n := range x.likely(f) {
		share, reason := f.Likeness(x.prints[n])
		if share > best || share == best && share > 0 && int(n) < number {
			number, best, why = int(n), share, reason
		}
	}
	return number, why
}

// likely returns the numbers of the pieces that share enough of the sample with
// f or have its title, those that share most first.
func (x *Index) likely(f *Fingerprint) []int32 {
	var touched []int32
	visit := func(s uint64, then func(n int32)) {
		h, ok := x.heads[s]
		if !ok || h.length > maxShared {
			return
		}
		for l := h.link; l >= 0; l = x.links[l].next {
			then(x.links[l].print)
		}
	}
	sample := x.sampleOf(f)
	for _, s := range sample {
		visit(s, func(n int32) {
			if x.met[n]++; x.met[n] == 1 {
				touched = append(touched, n)
			}
		})
	}
	var titled []int32
	visit(titleSample(f), func(n int32) { titled = append(titled, n) })
	share := make(map[int32]float64, len(titled))
	for _, n := range touched {
		fewer := min(int32(len(sample)), x.samples[n])
		if s := float64(x.met[n]) / float64(fewer); s >= likely || fewer < fewSamples {
			share[n] = s
		}
		x.met[n] = 0
	}
	for _, n := range titled {
		share[n]++ // an equal title goes first
	}
	found := make([]int32, 0, len(share))
	for n := range share {
		found = append(found, n)
	}
	slices.SortFunc(found, func(a, b int32) int {
		return cmp.Or(cmp.Compare(share[b], share[a]), cmp.Compare(a, b))
	})
	return found[:min(len(found), maxLikely)]
}

// sampleOf returns the shingles of f that find it, each once. They are good until
// the next piece's.
func (x *Index) sampleOf(f *Fingerprint) []uint64 {
	if x.last == f {
		return x.sample
	}
	sample := x.sample[:0]
	for _, r := range f.runs {
		if r&sampleMask == 0 {
			sample = append(sample, r)
		}
	}
	slices.Sort(sample)
	x.last, x.sample = f, slices.Compact(sample)
	return x.sample
}

// titleSample is the hash under which the whole title is found.
func titleSample(f *Fingerprint) uint64 {
	h := [runWords]uint64{^uint64(0)}
	for _, w := range f.title {
		h[1] = (h[1] ^ hashWord(w)) * 0x9e3779b97f4a7c15
	}
	return hashRun(h)
}
