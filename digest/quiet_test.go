package digest_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"standpoint/digest"
	"standpoint/digest/stance"
)

func TestQuietWeeks(t *testing.T) {
	for _, each := range []struct {
		quiet  digest.Quiet
		pieces int
		want   string
	}{
		{digest.Quiet{}, 0, ""},
		{digest.Quiet{}, 1, "edition of 1"},
		{digest.Quiet{Least: 3}, 2, "edition of 2"},
		{digest.Quiet{Least: 3, Send: digest.QuietShort}, 2, "edition of 2"},
		{digest.Quiet{Least: 3, Send: digest.QuietShort}, 0, ""},
		{digest.Quiet{Least: 3, Send: digest.QuietNote}, 0, "note of 0"},
		{digest.Quiet{Send: digest.QuietNote}, 0, "note of 0"},
		{digest.Quiet{Send: digest.QuietNote}, 1, "edition of 1"},
		{digest.Quiet{Least: 3, Send: digest.QuietNote}, 2, "note of 2"},
		{digest.Quiet{Least: 3, Send: digest.QuietNote}, 3, "edition of 3"},
		{digest.Quiet{Least: 3, Send: digest.QuietNothing}, 0, ""},
		{digest.Quiet{Least: 3, Send: digest.QuietNothing}, 2, "2 held"},
		{digest.Quiet{Least: 3, Send: digest.QuietNothing}, 3, "edition of 3"},
		{digest.Quiet{Send: digest.QuietNothing}, 0, ""},
	} {
		t.Run(fmt.Sprintf("%s %d of %d", each.quiet.Send, each.pieces, each.quiet.Least), func(t *testing.T) {
			var candidates []digest.Candidate
			for i := range each.pieces {
				c := quotableFrom(int64(i+1), strongest, second)
				c.Text = prose(uint64(i), 50)
				candidates = append(candidates, c)
			}
			copied := piece(50, "arm", stance.Sure) // of what edition 2 showed
			copied.Repeat, copied.Original, copied.Text = 2, 9, prose(99, 50)
			d := draftOf(4)
			d.Quiet = each.quiet
			d.Told = []digest.Told{{Item: 9, Edition: 2, As: "arm", Verdict: stance.Verdict{Relevant: true, Stance: "bind", Doubt: stance.Sure}}}
			e, filings := digest.Compose(pack(t), d, append(candidates, copied))
			got := ""
			switch {
			case e.Note:
				got = fmt.Sprint("note of ", e.Entries())
			case e.Held > 0:
				got = fmt.Sprint(e.Held, " held")
			case e.Entries() > 0:
				got = fmt.Sprint("edition of ", e.Entries())
			}
			due := each.want != "" && !strings.Contains(each.want, "held")
			if got != each.want || e.Due() != due {
				t.Errorf("%q, due %v; want %q, due %v", got, e.Due(), each.want, due)
			}
			if e.Pieces.Kept != e.Entries() || len(e.Corrections) != 1 {
				t.Errorf("kept %d of %d, %d corrections", e.Pieces.Kept, e.Entries(), len(e.Corrections))
			}
			if full := due && !e.Note; (e.Quote != nil) != full || (len(e.Start) > 0) != full {
				t.Errorf("starts with %v and quotes %v", e.Start, e.Quote)
			}
			// The copy goes home in any week; the pieces go with a due edition alone.
			want := []digest.Filing{{Item: 50, Edition: 2, CopyOf: 9, Why: "its page names the same address, same title"}}
			for i := range e.Entries() {
				want = slices.Insert(want, i, digest.Filing{Item: int64(i + 1), Edition: 4})
			}
			if !slices.Equal(filings, want) {
				t.Errorf("filings %+v, want %+v", filings, want)
			}
		})
	}
}

// TestEachPieceIsInOneEdition goes through weeks in which few pieces come, under
// each rule for quiet weeks, as the store would: what is not filed comes again.
func TestEachPieceIsInOneEdition(t *testing.T) {
	p := pack(t)
	for _, send := range []digest.QuietSend{digest.QuietShort, digest.QuietNote, digest.QuietNothing} {
		random := rand.New(rand.NewPCG(23, uint64(len(send))))
		shown, filed := map[int64]int{}, map[int64]int{}
		var waiting []digest.Candidate
		var past []digest.Edition
		next, notes, held := int64(1), 0, 0
		week := func(at time.Time, quiet digest.Quiet) {
			d := draftOf(len(past)+1, newest(past)...)
			d.Quiet = quiet
			e, filings := digest.Compose(p, d, waiting)
			for _, f := range filings {
				if !e.Due() && f.Edition == e.Number {
					t.Errorf("%s: piece %d is filed with an edition that nobody gets", send, f.Item)
				}
				filed[f.Item]++
				waiting = slices.DeleteFunc(waiting, func(c digest.Candidate) bool { return c.Item == f.Item })
			}
			for item := range entries(e) {
				shown[item]++
			}
			if held += e.Held; e.Note {
				notes++
			}
			if e.Due() {
				past = append(past, e)
			}
		}
		for n := range 52 {
			at := monday.AddDate(0, 0, 7*n)
			fresh := someWeek(random, p, next, random.IntN(5), at)
			next += int64(len(fresh))
			waiting = append(waiting, fresh...)
			week(at, digest.Quiet{Least: 4, Send: send})
		}
		week(monday.AddDate(1, 0, 0), digest.Quiet{})
		for item := int64(1); item < next; item++ {
			if shown[item] != 1 || filed[item] != 1 {
				t.Errorf("%s: piece %d was shown %d times and filed %d times", send, item, shown[item], filed[item])
			}
		}
		if len(waiting) > 0 || (notes > 5) != (send == digest.QuietNote) || (held > 5) != (send == digest.QuietNothing) {
			t.Errorf("%s: %d waiting, %d notes, %d held over", send, len(waiting), notes, held)
		}
	}
}

func TestWeeksOfAnySize(t *testing.T) {
	p := pack(t)
	random := rand.New(rand.NewPCG(29, 29))
	past := newest(weeks(p, 29, 4, 20))
	for _, n := range []int{0, 1, 2, 60, 500} {
		d := draftOf(5, past...)
		e, filings := digest.Compose(p, d, someWeek(random, p, 1, n, d.Window.To))
		if e.Entries() != n || len(filings) != n || e.Pieces.Kept != n || len(e.Start) > len(campsOf(p)) || len(e.Fresh.Names) > 3 || len(e.Fresh.Outlets) > 5 {
			t.Errorf("%d pieces: %d entries, %d filings, starts %v, new %+v", n, e.Entries(), len(filings), e.Start, e.Fresh)
		}
	}
	var all []digest.Candidate
	for i := range 60 {
		c := anyPiece(random, p, int64(i+1), "arm", monday)
		c.Verdict.Doubt = stance.Sure
		all = append(all, c)
	}
	e, _ := digest.Compose(p, draftOf(5, past...), all)
	if len(find(t, e, "arm").Entries) != 60 || len(e.Start) != 1 || e.Quote == nil || e.Place(e.Quote.Item) != "arm" {
		t.Errorf("60 pieces of one camp: starts %v, quote %v", e.Start, e.Quote)
	}
	if len(e.Moves) == 0 || e.Moves[slices.IndexFunc(e.Moves, func(m digest.Move) bool { return m.Stance == "arm" })].Now != 1 {
		t.Errorf("moves %+v", e.Moves)
	}
}
