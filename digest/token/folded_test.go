package token_test

import (
	"errors"
	"strings"
	"testing"

	"standpoint/digest/token"
)

func TestFolded(t *testing.T) {
	k := keys(t, key(2), key(1))
	for _, n := range []int64{0, 1, 7, token.Letter(52, 100_000), token.Letter(1<<23-1, 1<<40-1)} {
		s := k.SignFolded(token.Return, n)
		if len(s) != token.FoldedLength || s != strings.ToLower(s) {
			t.Errorf("%d: %q", n, s)
		}
		for _, spelling := range []string{s, strings.ToUpper(s), strings.ToUpper(s[:9]) + s[9:]} {
			if got, err := k.VerifyFolded(token.Return, spelling); err != nil || got != n {
				t.Errorf("%s: %d, %v; want %d", spelling, got, err, n)
			}
		}
		if _, err := k.VerifyFolded(token.Leave, s); !errors.Is(err, token.ErrInvalid) {
			t.Errorf("for another purpose: %v", err)
		}
	}
	if (token.Keys{}).SignFolded(token.Return, 1) != "" {
		t.Error("no keys sign")
	}
}

// No character of a folded token can be another one.
func TestFoldedTampered(t *testing.T) {
	k := keys(t, key(1))
	good := k.SignFolded(token.Return, 7)
	for i := range good {
		for _, c := range []byte("abcdefghijklmnopqrstuvwxyz234567019=-\n") {
			bad := good[:i] + string(c) + good[i+1:]
			if bad == good {
				continue
			}
			if n, err := k.VerifyFolded(token.Return, bad); !errors.Is(err, token.ErrInvalid) || n != 0 {
				t.Fatalf("%q for %q: %d, %v", bad, good, n, err)
			}
		}
	}
	for _, bad := range []string{"", good[1:], good + "a", k.Sign(token.Return, 7), strings.Repeat("ſ", 20)} {
		if _, err := k.VerifyFolded(token.Return, bad); !errors.Is(err, token.ErrInvalid) {
			t.Errorf("%q: %v", bad, err)
		}
	}
}

func TestLetterNumbers(t *testing.T) {
	for _, want := range []struct {
		edition    int
		subscriber int64
	}{{0, 0}, {1, 1}, {52, 100_000}, {1<<23 - 1, 1<<40 - 1}} {
		if e, s := token.SplitLetter(token.Letter(want.edition, want.subscriber)); e != want.edition || s != want.subscriber {
			t.Errorf("%+v: %d, %d", want, e, s)
		}
	}
}
