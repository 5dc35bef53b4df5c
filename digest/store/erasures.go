package store

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"time"
)

// ReasonErased stands for somebody who had everything erased. What is left is a
// hash of the address, by which it is known should a list bring it again.
const ReasonErased Reason = "erased"

// erasedMark begins the keys of erased addresses. No address has a colon before
// its at sign but in quotation marks.
const erasedMark = "erased:"

// erasures knows the addresses that were erased. Its zero value knows none, and
// costs nothing.
type erasures struct {
	salt []byte
	at   map[string]time.Time // by key in the suppression list
}

func loadErasures(ctx context.Context, tx *sql.Tx) (e erasures, err error) {
	err = tx.QueryRowContext(ctx, `SELECT secret FROM salts`).Scan(&e.salt)
	if errors.Is(err, sql.ErrNoRows) {
		return erasures{}, nil // nobody was erased yet
	}
	if err != nil {
		return e, err
	}
	rows, err := tx.QueryContext(ctx, `SELECT key, at FROM suppressions WHERE reason = 'erased'`)
	if err != nil {
		return e, err
	}
	defer rows.Close()
	e.at = map[string]time.Time{}
	for rows.Next() {
		var key, at string
		if err := rows.Scan(&key, &at); err != nil {
			return e, err
		}
		e.at[key] = moment(at)
	}
	return e, rows.Err()
}

// of returns the entry of an address's key, and whether it was erased.
func (e erasures) of(key string) (Suppression, bool) {
	if len(e.at) == 0 {
		return Suppression{}, false
	}
	at, ok := e.at[erasedKey(e.salt, key)]
	return Suppression{Address: key, Reason: ReasonErased, At: at}, ok
}

// erasedKey is HMAC-SHA-256 (RFC 2104) with the store's own salt: who has the hash
// alone cannot try addresses on it.
func erasedKey(salt []byte, key string) string {
	h := hmac.New(sha256.New, salt)
	h.Write([]byte(key))
	return erasedMark + hex.EncodeToString(h.Sum(nil))
}

// erased says whether the address of a key was erased, and since when.
func erased(ctx context.Context, tx *sql.Tx, key string) (Suppression, bool, error) {
	e, err := loadErasures(ctx, tx)
	if err != nil {
		return Suppression{}, false, err
	}
	s, ok := e.of(key)
	return s, ok, nil
}

// barred is what keeps an address from the list of readers: its own entry of the
// suppression list, or its hash there.
func barred(ctx context.Context, tx *sql.Tx, key string) (Suppression, bool, error) {
	s, err := scanSuppression(tx.QueryRowContext(ctx, selectSuppressions+` WHERE key = ?`, key))
	if errors.Is(err, sql.ErrNoRows) {
		return erased(ctx, tx, key)
	}
	return s, err == nil, err
}

// unbar takes an address off the suppression list, its hash too, and says whether
// it was there.
func unbar(ctx context.Context, tx *sql.Tx, key string) (bool, error) {
	hash := ""
	var salt []byte
	err := tx.QueryRowContext(ctx, `SELECT secret FROM salts`).Scan(&salt)
	switch {
	case err == nil:
		hash = erasedKey(salt, key)
	case !errors.Is(err, sql.ErrNoRows):
		return false, err
	}
	r, err := tx.ExecContext(ctx, `DELETE FROM suppressions WHERE key IN (?, ?)`, key, hash)
	if err != nil {
		return false, err
	}
	n, err := r.RowsAffected()
	return n > 0, err
}

// saltOf returns the store's salt and makes it where there is none.
func saltOf(ctx context.Context, tx *sql.Tx) (salt []byte, err error) {
	fresh := make([]byte, sha256.Size)
	_, _ = rand.Read(fresh) // never fails: the runtime ends the program instead
	if _, err := tx.ExecContext(ctx, `INSERT INTO salts (id, secret) VALUES (1, ?) ON CONFLICT (id) DO NOTHING`, fresh); err != nil {
		return nil, err
	}
	err = tx.QueryRowContext(ctx, `SELECT secret FROM salts`).Scan(&salt)
	return salt, err
}
