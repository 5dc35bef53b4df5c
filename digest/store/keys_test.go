package store_test

import (
	"bytes"
	"errors"
	"sync"
	"testing"

	"standpoint/digest/store"
)

// A key is made once: links in letters that are out hang on it.
func TestKeysAreMadeOnce(t *testing.T) {
	t.Parallel()
	dir, to := t.TempDir(), t.TempDir()
	db, other := open(t, dir), open(t, dir)
	var wg sync.WaitGroup
	for i, each := range []*store.DB{db, other, db, other} {
		wg.Go(func() {
			if _, err := each.Keys(t.Context(), bytes.Repeat([]byte{byte(i + 1)}, 32), start); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	first, err := db.Keys(t.Context(), []byte("not this"), hours(1))
	must(t, err)
	if len(first) != 1 || first[0].ID != 1 || len(first[0].Secret) != 32 || !first[0].Made.Equal(start) {
		t.Fatalf("keys %+v", first)
	}
	must(t, store.Copy(t.Context(), dir, to))
	copied, err := open(t, to).Keys(t.Context(), []byte("nor this"), hours(1))
	must(t, err)
	if len(copied) != 1 || !bytes.Equal(copied[0].Secret, first[0].Secret) {
		t.Errorf("the copy has another key: %+v", copied)
	}
}

func TestKeysNewestFirst(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	db := open(t, dir)
	_, err := db.Keys(t.Context(), []byte("old"), start)
	must(t, err)
	_, err = raw(t, dir).ExecContext(t.Context(), `INSERT INTO token_keys (id, secret, made) VALUES (2, 'new', '')`)
	must(t, err)
	all, err := db.Keys(t.Context(), []byte("none"), start)
	must(t, err)
	if len(all) != 2 || string(all[0].Secret) != "new" || string(all[1].Secret) != "old" {
		t.Errorf("keys %+v", all)
	}
	if _, err := raw(t, dir).ExecContext(t.Context(), `INSERT INTO token_keys (id, secret, made) VALUES (256, 'x', '')`); err == nil {
		t.Error("a number that no token can name was accepted")
	}
}

func TestRotateAndRetire(t *testing.T) {
	t.Parallel()
	db := open(t, t.TempDir())
	if all, err := db.StoredKeys(t.Context()); len(all) != 0 || err != nil {
		t.Errorf("at first: %v, %v", all, err)
	}
	for n := 1; n <= 3; n++ {
		if k, err := db.RotateKey(t.Context(), []byte{byte(n)}, hours(n)); err != nil || int(k.ID) != n {
			t.Fatalf("key %d: %+v, %v", n, k, err)
		}
	}
	for _, c := range []struct {
		id   uint8
		want error
	}{{3, store.ErrNewestKey}, {4, store.ErrNoKey}, {0, store.ErrNoKey}} {
		if _, err := db.RetireKey(t.Context(), c.id, false); !errors.Is(err, c.want) {
			t.Errorf("retire %d: %v", c.id, err)
		}
	}
	for _, rehearsal := range []bool{true, false} {
		if until, err := db.RetireKey(t.Context(), 1, rehearsal); err != nil || !until.Equal(hours(2)) {
			t.Errorf("retire 1: %v, %v", until, err)
		}
	}
	all, err := db.Keys(t.Context(), []byte("none"), start)
	must(t, err)
	if len(all) != 2 || all[0].ID != 3 || all[1].ID != 2 {
		t.Errorf("left: %+v", all)
	}
}

// A number is given once, and tokens have room for 255.
func TestTheLastKey(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	db := open(t, dir)
	_, err := raw(t, dir).ExecContext(t.Context(), `INSERT INTO token_keys (id, secret, made) VALUES (254, 'x', '')`)
	must(t, err)
	if k, err := db.RotateKey(t.Context(), []byte("last"), start); err != nil || k.ID != 255 {
		t.Fatalf("key 255: %+v, %v", k, err)
	}
	if _, err := db.RetireKey(t.Context(), 254, false); err != nil {
		t.Errorf("retire 254: %v", err)
	}
	if _, err := db.RotateKey(t.Context(), []byte("more"), start); !errors.Is(err, store.ErrLastKey) {
		t.Errorf("after the last: %v", err)
	}
}
