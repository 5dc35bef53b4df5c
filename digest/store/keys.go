package store

import (
	"context"
	"fmt"
	"time"
)

// Key is a secret that signs readers' links.
type Key struct {
	ID     uint8
	Secret []byte
	Made   time.Time
}

// Keys returns the signing keys, the newest first. Where the store has none yet,
// first becomes the first one: two that ask at once get the same.
func (db *DB) Keys(ctx context.Context, first []byte, at time.Time) ([]Key, error) {
	_, err := db.exec(ctx, `
		INSERT INTO token_keys (id, secret, made) SELECT 1, ?, ? WHERE NOT EXISTS (SELECT 1 FROM token_keys)`, first, stamp(at))
	if err != nil {
		return nil, fmt.Errorf("make the first signing key: %w", err)
	}
	rows, err := db.query(ctx, `SELECT id, secret, made FROM token_keys ORDER BY id DESC`)
	if err != nil {
		return nil, fmt.Errorf("read signing keys: %w", err)
	}
	defer rows.Close()
	var out []Key
	for rows.Next() {
		var k Key
		var made string
		if err := rows.Scan(&k.ID, &k.Secret, &made); err != nil {
			return nil, fmt.Errorf("read signing keys: %w", err)
		}
		k.Made = moment(made)
		out = append(out, k)
	}
	return out, fault(db.dir, rows.Err())
}
