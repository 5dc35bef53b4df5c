package feeds

import (
	"cmp"
	"fmt"
	"slices"
	"time"
)

// What makes two texts one piece, as shares of words. The values lie in the gaps
// that were found between copies and pieces of their own; the tests hold both sides.
const (
	contained = 0.5  // of the shingles of the shorter: less is a quotation
	nearly    = 0.75 // of the words of the shorter, of one that stands beside its like
	mostly    = 0.58 // of the words of the longer: a copy has no more than this beside it; a reply or a round-up has
	leading   = 0.7  // of an excerpt, that the longer begins with; and of short texts, word for word
	standing  = 0.85 // within one outlet, whose pieces share what stands in each of them
	whole     = 0.9  // within one outlet, of pieces of different days

	shortText   = 25  // words; with fewer only an equal title tells
	tellTale    = 12  // words of title and text; fewer are a rubric and "Read more"
	shortBody   = 80  // words; with fewer a standing note can be all there is, and the title has to tell
	fullBody    = 150 // words; enough to say that a piece came out once more, whatever its date
	shortTitle  = 5   // words; with fewer it names a series ("Weekly update")
	editGap     = 10  // words; a longer stretch without a match is no edit but other text
	chanceRun   = 10  // words; a shorter match alone is a phrase that everybody uses
	header      = 60  // words that may stand before the beginning of an excerpt
	excerptRoom = 1.3 // of an excerpt's length, in which the longer has to hold it: edits make room

	sameOutlet = 48 * time.Hour // between two of one outlet; later ones are the next of a series
	titleAlone = 72 * time.Hour // between two of which one is known by its title alone
)

// Likeness says whether f and o are one piece by title and wording, whatever
// their addresses: a reprint, with other header and footer or lightly edited, or
// an excerpt. Share is how much of the shorter's wording is in the longer, in the
// same order, 0 for different pieces; why says so in one line, of f. The decision
// does not depend on which is asked.
//
// Different pieces are a reply that quotes the other at length, a round-up and
// one of its contributions, instalments of a series, pieces with the same
// standing text, and a translation.
func (f *Fingerprint) Likeness(o *Fingerprint) (share float64, why string) {
	short, long := f, o
	if cmp.Or(cmp.Compare(f.words, o.words), slices.Compare(f.runs, o.runs)) > 0 {
		short, long = o, f
	}
	title := compareTitles(f.title, o.title)
	oneOutlet := f.outlet == o.outlet
	if title == instalments || oneOutlet && title == otherTitle ||
		short.words < shortBody && title == otherTitle || short.words < shortText && title != equalTitle ||
		0 < short.words && short.words+len(f.title) < tellTale {
		return 0, ""
	}
	if short.words == 0 {
		if len(f.title) >= shortTitle && f.within(o, titleAlone) && !f.published.IsZero() && !o.published.IsZero() {
			return 1, "same title, published at the same time"
		}
		return 0, ""
	}
	inShort, inLong := align(short.runs, long.runs)
	share = float64(len(inShort)) / float64(len(short.runs))
	least := contained
	if short.words < shortBody || 2*short.words < long.words {
		least = leading
	}
	if share < least || !samePiece(short, long, spread(short, inShort), spread(long, inLong), title, oneOutlet) {
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
	at, _ := align(short.runs, long.runs[:min(end, len(long.runs))])
	return spread(short, at).share
}

// within says whether two pieces came out within d of each other, as far as is
// known.
func (f *Fingerprint) within(o *Fingerprint, d time.Duration) bool {
	return f.published.IsZero() || o.published.IsZero() || f.published.Sub(o.published).Abs() <= d
}
