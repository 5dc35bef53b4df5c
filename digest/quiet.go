package digest

import "slices"

// Quiet says what becomes of a week with few pieces. Its zero value makes an
// edition of any piece, and none without.
type Quiet struct {
	Least int       // a week with fewer pieces is quiet; 0 stands for 1
	Send  QuietSend // what readers get then; empty stands for QuietShort
}

// QuietSend is what readers get in a quiet week.
type QuietSend string

// QuietShort is an edition as usual, of the few pieces that there are; without
// any there is none. QuietNote is a note that tells the counts and every piece
// in one line, also when there is no piece. QuietNothing holds the pieces over
// for the next edition.
const (
	QuietShort   QuietSend = "short"
	QuietNote    QuietSend = "note"
	QuietNothing QuietSend = "nothing"
)

// settle does to the edition what a quiet week asks for. Of an edition that is
// held over, only the filings remain which send copies home to earlier editions:
// all else stays a candidate.
func (q Quiet) settle(e Edition, filings []Filing) (Edition, []Filing) {
	n := e.Entries()
	if n >= max(q.Least, 1) {
		return e, filings
	}
	switch q.Send {
	case QuietNote:
		e.Note = true
	case QuietNothing:
		e.Held, e.Pieces.Kept = n, 0
		for i := range e.Sections {
			e.Sections[i].Entries = nil
		}
		filings = slices.DeleteFunc(filings, func(f Filing) bool { return f.Edition == e.Number })
	}
	return e, filings
}

// Due says whether readers are to get the edition: it has a piece, or it is a
// quiet week's note. Corrections alone make none due: they wait for the next.
func (e Edition) Due() bool { return e.Note || e.Entries() > 0 }
