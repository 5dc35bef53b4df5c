package main

import (
	"io"
	"testing"
	"time"

	"standpoint/digest/token"
)

// A link of an old key works until that key is retired, and no longer.
func TestLinksAfterRotation(t *testing.T) {
	t.Parallel()
	db := storeIn(t, t.TempDir())
	env := &environment{stdout: io.Discard, stderr: &screen{out: io.Discard}, now: func() time.Time { return roundStart }}
	keys := func() token.Keys {
		t.Helper()
		k, err := signingKeys(t.Context(), env, db)
		check(t, err)
		return k
	}
	before := keys()
	link := before.Sign(token.Leave, 7)
	check(t, rotateKey(t.Context(), env, db))
	after := keys()
	fresh := after.Sign(token.Leave, 7)
	if id, err := after.Verify(token.Leave, link); err != nil || id != 7 {
		t.Errorf("an old link after the rotation: %d, %v", id, err)
	}
	if _, err := before.Verify(token.Leave, fresh); err == nil {
		t.Error("the new key does not sign")
	}
	if err := retireKey(t.Context(), env, db, 1, false); err == nil {
		t.Error("retired without --yes")
	}
	if _, err := keys().Verify(token.Leave, link); err != nil {
		t.Errorf("what was only asked about is gone: %v", err)
	}
	check(t, retireKey(t.Context(), env, db, 1, true))
	last := keys()
	if _, err := last.Verify(token.Leave, link); err == nil {
		t.Error("a link of a retired key works")
	}
	if id, err := last.Verify(token.Leave, fresh); err != nil || id != 7 {
		t.Errorf("a new link after the old key was retired: %d, %v", id, err)
	}
}
