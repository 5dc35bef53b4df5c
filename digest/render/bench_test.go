package render

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"standpoint/digest"
	"standpoint/digest/stance"
	"standpoint/digest/topic"
)

// BenchmarkEdition60 composes and renders an edition of 60 pieces of about 900
// words, both parts of the letter.
func BenchmarkEdition60(b *testing.B) {
	p, err := topic.Builtin("ukraine-security-guarantees")
	if err != nil {
		b.Fatal(err)
	}
	window := digest.Window{From: time.Date(2026, 11, 16, 7, 7, 0, 0, time.UTC), To: time.Date(2026, 11, 23, 7, 7, 0, 0, time.UTC)}
	random := rand.New(rand.NewPCG(6, 0))
	var pieces []digest.Candidate
	for n := range int64(60) {
		c := samplePiece(n, window)
		c.Verdict = sampleVerdict(c.Text, p, int(n), stance.Leaning)
		var words strings.Builder
		for range 900 {
			fmt.Fprintf(&words, " w%d", random.IntN(5000))
		}
		c.Text += words.String()
		pieces = append(pieces, c)
	}
	r := renderer(b)
	for b.Loop() {
		e, _ := digest.Compose(p, digest.Draft{Number: 2, Window: window, Feeds: digest.FeedCount{Read: 31}, Seen: 400}, pieces)
		if l, err := r.Email(e, webFrame()); err != nil || l.Shown.Full+l.Shown.Brief+l.Shown.Left != 60 {
			b.Fatal(l.Shown, err)
		}
	}
}
