package feeds

import (
	"fmt"
	"time"
)

// What makes two texts one piece, as shares of words. The values lie in the gaps
// that were found between copies and pieces of their own; the tests hold both sides.
const (
	contained = 0.5  // of the shingles of the shorter: less is a quotation
	nearly    = 0.75 // of the words of the shorter, of one that stands beside its like
	mostly    = 0.58 // of the words of the longer: a copy has no more than this beside it; a reply or a round-up has
	leading   = 0.7  // of an excerpt, that the longer begins with
	standing  = 0.85 // within one outlet, whose pieces share what stands in each of them
	whole     = 0.9  // within one outlet, of pieces of different days

	shortText   = 25  // words; with fewer only an equal title tells
	shortBody   = 80  // words; with fewer a standing note can be all there is, and the title has to tell
	fullBody    = 150 // words; enough to say that a piece came out once more, whatever its date
	shortTitle  = 5   // words; with fewer it names a series ("Weekly update")
	editGap     = 10  // words; a longer stretch without a match is no edit but other text
	chanceRun   = 10  // words; a shorter match alone is a phrase that everybody uses
	header      = 60  // words that may stand before the beginning of an excerpt
	sameOutlet  = 48 * time.Hour
	titleAlone  = 72 * time.Hour
	excerptRoom = 1.3
)

// Likeness says whether f and o are one piece by title and wording, whatever
// their addresses: a reprint, with other header and footer or lightly edited, or
// an excerpt. Share is how much of the shorter's wording is in the longer, 0 for
// different pieces; why says so in one line, of f. The decision does not depend
// on which is asked.
//
// Different pieces are a reply that quotes the other at length, a round-up and
// one of its contributions, instalments of a series, pieces with the same
// standing text, and a translation.
func (f *Fingerprint) Likeness(o *Fingerprint) (share float64, why string) {
	short, long := f, o
	if short.words > long.words || short.words == long.words && len(short.runs) > len(long.runs) {
		short, long = o, f
	}
	title := compareTitles(f.title, o.title)
	oneOutlet := f.outlet == o.outlet
	if title == instalments || oneOutlet && title == otherTitle ||
		short.words < shortBody && title == otherTitle || short.words < shortText && title != equalTitle {
		return 0, ""
	}
	if short.words == 0 {
		if len(f.title) >= shortTitle && f.within(o, titleAlone) && !f.published.IsZero() && !o.published.IsZero() {
			return 1, "same title, published at the same time"
		}
		return 0, ""
	}
	inShort, inLong := setOf(short.runs), setOf(long.runs)
	share = containment(inShort, inLong)
	if share < contained || !samePiece(short, long, match(short, inLong), match(long, inShort), title, oneOutlet) {
		return 0, ""
	}
	if f == short {
		return share, fmt.Sprintf("%.2f of its wording is in the other", share)
	}
	return share, fmt.Sprintf("%.2f of the other's wording is in it", share)
}

// samePiece decides by how the shared wording lies in the two texts, of which a
// and b tell.
func samePiece(short, long *Fingerprint, a, b matched, title titles, oneOutlet bool) bool {
	if oneOutlet {
		if !short.within(long, sameOutlet) {
			return short.words >= fullBody && a.share >= whole && b.share >= whole
		}
		return a.share >= standing && begins(short, long) >= standing
	}
	if a.share >= nearly && b.share >= mostly && a.dense >= nearly && b.dense >= nearly {
		return true
	}
	return title != otherTitle && a.share >= leading && begins(short, long) >= leading
}

// begins is the share of an excerpt's words that the longer text has where it
// begins.
func begins(short, long *Fingerprint) float64 {
	end := max(header, long.words/10) + int(excerptRoom*float64(short.words))
	return match(short, setOf(long.runs[:min(end, len(long.runs))])).share
}

// within says whether two pieces came out within d of each other, as far as is
// known.
func (f *Fingerprint) within(o *Fingerprint, d time.Duration) bool {
	return f.published.IsZero() || o.published.IsZero() || f.published.Sub(o.published).Abs() <= d
}

func setOf(runs []uint64) map[uint64]bool {
	set := make(map[uint64]bool, len(runs))
	for _, r := range runs {
		set[r] = true
	}
	return set
}

// containment is the share of the smaller set that is in the other.
func containment(a, b map[uint64]bool) float64 {
	if len(a) > len(b) {
		a, b = b, a
	}
	shared := 0
	for r := range a {
		if b[r] {
			shared++
		}
	}
	return float64(shared) / float64(max(1, len(a)))
}

// matched says how much of a text another has.
type matched struct {
	share float64 // of its words; words between matches that are no more than an edit count
	dense float64 // the same from the first match to the last, phrases met by chance apart
}

// match finds the stretches of f whose shingles are in the set. Single edits
// inside them do not end a stretch.
func match(f *Fingerprint, set map[uint64]bool) matched {
	var share, inner, from, to int
	first := -1
	begin, end := -1, 0 // of the stretch in hand
	flush := func() {
		if begin < 0 {
			return
		}
		n := end - begin
		share += n
		if n >= chanceRun || n == f.words {
			if first < 0 {
				first, from = begin, begin
			}
			inner, to = inner+n, end
		}
	}
	for i, r := range f.runs {
		if !set[r] {
			continue
		}
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
