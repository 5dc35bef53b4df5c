package mail

import (
	"io"
	"strings"
	"testing"
)

// However a text comes in pieces, its dots are doubled and its lines end in CR LF.
func TestStuffer(t *testing.T) {
	for text, want := range map[string]string{
		"":                     "",
		"a\r\nb\r\n":           "a\r\nb\r\n",
		".\r\n":                "..\r\n",
		"a\r\n.\r\n..b\r\n.":   "a\r\n..\r\n...b\r\n..",
		"a\n.\nMAIL FROM:<x>":  "a\r\n..\r\nMAIL FROM:<x>",
		"a\r\n\n.\r\n":         "a\r\n\r\n..\r\n",
		"a.\r\n.b.\r\n\r\nc\r": "a.\r\n..b.\r\n\r\nc\r",
	} {
		for size := 1; size <= len(text)+1; size++ {
			var b strings.Builder
			s := stuffer{out: &b, last: '\n'}
			for rest := text; rest != ""; {
				n := min(size, len(rest))
				if k, err := io.WriteString(&s, rest[:n]); err != nil || k != n {
					t.Fatalf("%q: %d, %v", rest[:n], k, err)
				}
				rest = rest[n:]
			}
			if b.String() != want {
				t.Errorf("%q in pieces of %d: %q, want %q", text, size, b.String(), want)
			}
		}
	}
}
