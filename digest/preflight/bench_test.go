package preflight_test

import (
	"strings"
	"testing"

	"standpoint/digest/preflight"
)

// large is a letter near the limit of S21.
func large(tb testing.TB) ([]byte, preflight.Expect) {
	s := complete(tb)
	d := take(tb, s.message(tb), s.expect)
	start := strings.Index(d.html, `<h2 class="ink"`)
	row := `<p style="margin:0;font-size:17px;line-height:27px;color:#1e1d1a;">An <i>invented</i> sentence of a letter that is <b>long</b>.</p>` + "\n"
	at := start + strings.Index(d.html[start:], "</td>")
	d.html = d.html[:at] + strings.Repeat(row, (90_000-len(d.html))/len(row)) + d.html[at:]
	return d.bytes(), d.expect
}

// BenchmarkMessage holds a signed letter of 90 KB against all rules.
func BenchmarkMessage(b *testing.B) {
	raw, x := large(b)
	b.SetBytes(int64(len(raw)))
	for b.Loop() {
		if found := preflight.Message(raw, x); preflight.Stops(found) {
			b.Fatal(found)
		}
	}
}
