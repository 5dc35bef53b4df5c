package token_test

import (
	"bytes"
	"errors"
	"math"
	"regexp"
	"strings"
	"testing"

	"standpoint/digest/token"
)

func key(id uint8) token.Key {
	return token.Key{ID: id, Secret: bytes.Repeat([]byte{id}, token.SecretSize)}
}

func keys(t testing.TB, list ...token.Key) token.Keys {
	t.Helper()
	k, err := token.NewKeys(list...)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func TestSignAndVerify(t *testing.T) {
	k := keys(t, key(1))
	urlSafe := regexp.MustCompile(`^[A-Za-z0-9_-]{32}$`)
	seen := map[string]int64{}
	for _, id := range []int64{0, 1, 2, 255, 256, 1 << 40, math.MaxInt64} {
		s := k.Sign(token.Leave, id)
		if !urlSafe.MatchString(s) {
			t.Errorf("S10: token %q of %d", s, id)
		}
		if s != k.Sign(token.Leave, id) {
			t.Errorf("two tokens for %d", id)
		}
		if other, ok := seen[s]; ok {
			t.Errorf("%d and %d have one token", id, other)
		}
		seen[s] = id
		if got, err := k.Verify(token.Leave, s); err != nil || got != id {
			t.Errorf("verify %d: %d, %v", id, got, err)
		}
		if _, err := k.Verify(token.Place, s); !errors.Is(err, token.ErrInvalid) {
			t.Errorf("good for another purpose: %v", err)
		}
	}
	// The bytes of links that are out must stay valid with every later version.
	if got, want := k.Sign(token.Leave, 7), "ARA7p0qqNoUwsDFBPgVQwCzGn_0Vyj37"; got != want {
		t.Errorf("token %s, want %s", got, want)
	}
}

// Every changed bit, a cut and an addition are refused.
func TestForgery(t *testing.T) {
	k := keys(t, key(2), key(1))
	good := k.Sign(token.Leave, 7)
	const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
	for i := range good {
		for _, c := range []byte(alphabet) {
			if c == good[i] {
				continue
			}
			bad := good[:i] + string(c) + good[i+1:]
			if id, err := k.Verify(token.Leave, bad); !errors.Is(err, token.ErrInvalid) || id != 0 {
				t.Fatalf("%s for %s: %d, %v", bad, good, id, err)
			}
		}
	}
	for _, bad := range []string{
		"", good[:31], good + "A", good + "=", good[:31] + "\n", "\n" + good, good + "\r\n", good[:16] + "\n" + good[16:],
		strings.Repeat("A", 32), strings.Repeat("€", 11), strings.Repeat("x", 1<<20),
		keys(t, token.Key{ID: 2, Secret: key(9).Secret}).Sign(token.Leave, 7),
	} {
		if _, err := k.Verify(token.Leave, bad); !errors.Is(err, token.ErrInvalid) {
			t.Errorf("%.40q: %v", bad, err)
		}
	}
	if _, err := (token.Keys{}).Verify(token.Leave, good); !errors.Is(err, token.ErrInvalid) {
		t.Errorf("without keys: %v", err)
	}
}

// Links of old letters work for as long as their key is kept.
func TestRotation(t *testing.T) {
	old := keys(t, key(1))
	link := old.Sign(token.Leave, 7)
	both := keys(t, key(2), key(1))
	if id, err := both.Verify(token.Leave, link); err != nil || id != 7 {
		t.Errorf("old link: %d, %v", id, err)
	}
	fresh := both.Sign(token.Leave, 7)
	if _, err := old.Verify(token.Leave, fresh); err == nil || fresh == link {
		t.Error("the newest key does not sign")
	}
	if _, err := keys(t, key(2)).Verify(token.Leave, link); !errors.Is(err, token.ErrInvalid) {
		t.Errorf("a key that is gone: %v", err)
	}
}

// Nobody learns from a token how many readers there are (S10).
func TestNumberIsHidden(t *testing.T) {
	k := keys(t, key(1))
	same := 0
	one, two := k.Sign(token.Leave, 1), k.Sign(token.Leave, 2)
	for i := 2; i < len(one); i++ {
		if one[i] == two[i] {
			same++
		}
	}
	if same > 8 {
		t.Errorf("%s and %s have %d characters in common", one, two, same)
	}
}

func TestNewKeysRefuses(t *testing.T) {
	for name, list := range map[string][]token.Key{
		"none": nil, "number 0": {key(0)}, "twice": {key(1), key(1)}, "short": {{ID: 1, Secret: make([]byte, 31)}},
	} {
		if _, err := token.NewKeys(list...); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
	if s := (token.Keys{}).Sign(token.Leave, 1); s != "" || !(token.Keys{}).None() {
		t.Errorf("no keys sign %q", s)
	}
	if a, b := token.NewSecret(), token.NewSecret(); len(a) != token.SecretSize || bytes.Equal(a, b) {
		t.Error("secrets are not random")
	}
}

func FuzzVerify(f *testing.F) {
	k := keys(f, key(1))
	f.Add(k.Sign(token.Leave, 1))
	f.Fuzz(func(t *testing.T, s string) {
		if id, err := k.Verify(token.Leave, s); err == nil && k.Sign(token.Leave, id) != s {
			t.Errorf("%q passes for %d", s, id)
		}
	})
}
