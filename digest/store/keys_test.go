package store_test

import (
	"bytes"
	"sync"
	"testing"

	"standpoint/digest/store"
)

// A key is made once: links in letters that are out hang on it.
func TestKeysAreMadeOnce(t *testing.T) {
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
