package store

import (
	"context"
	"database/sql"
	"errors"
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
	return db.StoredKeys(ctx)
}

// StoredKeys returns the signing keys that there are, the newest first. It makes
// none.
func (db *DB) StoredKeys(ctx context.Context) ([]Key, error) {
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

// lastKey is the highest number that a token can name.
const lastKey = 255

// What keeps a key from being made or retired.
var (
	ErrLastKey   = errors.New("key 255 is the last that there can be: no other follows it, and it goes on signing")
	ErrNewestKey = errors.New("the newest key signs")
	ErrNoKey     = errors.New("there is no such key")
)

// RotateKey makes the secret the newest key, which signs from now on. Numbers are
// given once: after the 255th it fails with ErrLastKey. Who has read the keys before
// does not know this one.
func (db *DB) RotateKey(ctx context.Context, secret []byte, at time.Time) (Key, error) {
	k := Key{Secret: secret, Made: at}
	err := db.within(ctx, func(ctx context.Context, tx *sql.Tx) error {
		var newest int
		if err := tx.QueryRowContext(ctx, `SELECT coalesce(max(id), 0) FROM token_keys`).Scan(&newest); err != nil {
			return err
		}
		if newest >= lastKey {
			return ErrLastKey
		}
		k.ID = uint8(newest + 1)
		_, err := tx.ExecContext(ctx, `INSERT INTO token_keys (id, secret, made) VALUES (?, ?, ?)`, k.ID, secret, stamp(at))
		return err
	})
	if err != nil {
		return Key{}, fmt.Errorf("rotate signing keys: %w", err)
	}
	return k, nil
}

// RetireKey deletes a key, so that what it signed is refused, and returns when the
// next one took its place. It fails with ErrNewestKey and ErrNoKey. A rehearsal
// deletes nothing.
func (db *DB) RetireKey(ctx context.Context, id uint8, rehearsal bool) (until time.Time, err error) {
	err = db.within(ctx, func(ctx context.Context, tx *sql.Tx) error {
		var known bool
		var next sql.NullString
		err := tx.QueryRowContext(ctx, `
			SELECT EXISTS (SELECT 1 FROM token_keys WHERE id = ?1), (SELECT made FROM token_keys WHERE id > ?1 ORDER BY id LIMIT 1)`, id).Scan(&known, &next)
		switch {
		case err != nil:
			return err
		case !known:
			return ErrNoKey
		case !next.Valid:
			return ErrNewestKey
		}
		if until = moment(next.String); rehearsal {
			return nil
		}
		_, err = tx.ExecContext(ctx, `DELETE FROM token_keys WHERE id = ?`, id)
		return err
	})
	if err != nil {
		return time.Time{}, fmt.Errorf("retire signing key %d: %w", id, err)
	}
	return until, nil
}
