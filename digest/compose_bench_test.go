package digest_test

import (
	"math/rand/v2"
	"strings"
	"testing"

	"standpoint/digest"
)

// BenchmarkCompose composes an edition of 60 pieces of about 900 words after four
// of as many. Nearly all of it is the search for copies.
func BenchmarkCompose(b *testing.B) {
	p := pack(b)
	past := newest(weeks(p, 1, 4, 60))
	random := rand.New(rand.NewPCG(2, 2))
	d := draftOf(5, past...)
	candidates := someWeek(random, p, 1, 60, d.Window.To)
	for i := range candidates {
		var text strings.Builder
		for range 36 {
			text.WriteString(sentence(random, 25) + " ")
		}
		candidates[i].Text += text.String()
	}
	b.ReportAllocs()
	for b.Loop() {
		if e, _ := digest.Compose(p, d, candidates); e.Entries() != len(candidates) || len(e.Past) != 4 {
			b.Fatalf("%d entries", e.Entries())
		}
	}
}
