package feeds

import "sort"

// maxAgain is how often a shingle of the longer text may come again and be looked
// at each time. Phrases that come more often tell nothing about the order.
const maxAgain = 4

// align finds the longest row of shingles that two texts have in the same order,
// and returns their places in both. Order matters: two pieces on one matter may
// share many phrases, copies share their sequence. (Hunt and Szymanski 1977, A
// fast algorithm for computing longest common subsequences.)
func align(short, long []uint64) (inShort, inLong []int32) {
	last := make(map[uint64]int32, len(long)) // place of a shingle in long
	before := make([]int32, len(long))        // the place before that, or -1
	for j, r := range long {
		before[j] = -1
		if k, ok := last[r]; ok {
			before[j] = k
		}
		last[r] = int32(j)
	}
	type pair struct{ i, j, prev int32 }
	var pairs []pair
	var ends []int32 // the pair that ends a row of length k+1 earliest in long
	for i, r := range short {
		j, ok := last[r]
		if !ok {
			continue
		}
		// From the last place to the first, so that one place of short is used once.
		for again := 0; j >= 0 && again < maxAgain; again++ {
			k := sort.Search(len(ends), func(k int) bool { return pairs[ends[k]].j >= j })
			if k == len(ends) || pairs[ends[k]].j > j {
				prev := int32(-1)
				if k > 0 {
					prev = ends[k-1]
				}
				pairs = append(pairs, pair{int32(i), j, prev})
				if k == len(ends) {
					ends = append(ends, 0)
				}
				ends[k] = int32(len(pairs) - 1)
			}
			j = before[j]
		}
	}
	inShort, inLong = make([]int32, len(ends)), make([]int32, len(ends))
	if len(ends) == 0 {
		return inShort, inLong
	}
	at := ends[len(ends)-1]
	for k := len(ends) - 1; k >= 0; k-- {
		p := pairs[at]
		inShort[k], inLong[k], at = p.i, p.j, p.prev
	}
	return inShort, inLong
}

// matched says how much of a text another has.
type matched struct {
	share float64 // of its words; words between matches that are no more than an edit count
	dense float64 // the same from the first match to the last, phrases met by chance apart
}

// spread finds the stretches of f that the matching shingles make. Single edits
// inside them do not end a stretch.
func spread(f *Fingerprint, at []int32) matched {
	var share, inner, from, to int
	begin, end := -1, 0 // of the stretch in hand
	flush := func() {
		if begin < 0 {
			return
		}
		n := end - begin
		share += n
		if n >= chanceRun || n == f.words {
			if inner == 0 {
				from = begin
			}
			inner, to = inner+n, end
		}
	}
	for _, place := range at {
		i := int(place)
		if begin < 0 || i-end > editGap {
			flush()
			begin = i
		}
		end = min(i+runWords, f.words)
	}
	flush()
	m := matched{share: float64(share) / float64(max(1, f.words))}
	if to > from {
		m.dense = float64(inner) / float64(to-from)
	}
	return m
}
