package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"iter"
	"time"
)

// EraseSubscriber takes all that is known of an address out of the store, and says
// whether there was anything. The suppression list keeps a salted hash, so that no
// list brings the address back; the ledger keeps its rows, under a number that is
// nobody's. What was planned for it is dropped. Scrub makes the file forget, too.
func (db *DB) EraseSubscriber(ctx context.Context, address string, at time.Time) (bool, error) {
	var was bool
	err := db.within(ctx, func(ctx context.Context, tx *sql.Tx) error {
		key := addressKey(address)
		var id int64
		err := tx.QueryRowContext(ctx, `SELECT id FROM subscribers WHERE key = ?`, key).Scan(&id)
		if err != nil && !errors.Is(err, sql.ErrNoRows) {
			return err
		}
		listed := err == nil
		r, err := tx.ExecContext(ctx, `DELETE FROM suppressions WHERE key = ?`, key)
		if err != nil {
			return err
		}
		n, err := r.RowsAffected()
		if was = listed || n > 0; err != nil || !was {
			return err
		}
		if listed {
			if err := blank(ctx, tx, id, stamp(at)); err != nil {
				return err
			}
		}
		salt, err := saltOf(ctx, tx)
		if err == nil {
			_, err = tx.ExecContext(ctx, `
				INSERT INTO suppressions (key, reason, at) VALUES (?, 'erased', ?) ON CONFLICT (key) DO NOTHING`,
				erasedKey(salt, key), stamp(at))
		}
		return err
	})
	if err != nil {
		return false, fmt.Errorf("erase %s: %w", address, err)
	}
	return was, nil
}

// blank leaves of a subscriber the number and the outcomes of hand-overs. Servers
// write the address into their replies, and a domain may be one person's own.
func blank(ctx context.Context, tx *sql.Tx, id int64, at string) error {
	for _, each := range []struct {
		query string
		args  []any
	}{
		{`UPDATE subscribers SET address = '', key = 'erased:' || id, name = '', state = 'erased', language = '', wish = '',
			own_pause = 0, mark = 0, added = '' WHERE id = ?`, []any{id}},
		{`DELETE FROM consents WHERE subscriber = ?`, []any{id}},
		{`UPDATE deliveries SET state = 'dropped', changed = ? WHERE subscriber = ? AND state IN ('planned', 'deferred')`, []any{at, id}},
		{`UPDATE deliveries SET reply = '', domain = '' WHERE subscriber = ?`, []any{id}},
		{`UPDATE reports SET detail = '' WHERE subscriber = ?`, []any{id}},
	} {
		if _, err := tx.ExecContext(ctx, each.query, each.args...); err != nil {
			return err
		}
	}
	return nil
}

// Scrub writes the store's file anew and empties its log: what was erased leaves
// copies in parts of both that hold nothing else now. It needs the store to itself
// for a moment, and room for a second one on the disk.
func (db *DB) Scrub(ctx context.Context) error {
	_, err := db.writer.sql.ExecContext(ctx, `VACUUM`)
	var busy, pages, written int
	if err == nil {
		err = db.writer.sql.QueryRowContext(ctx, `PRAGMA wal_checkpoint(TRUNCATE)`).Scan(&busy, &pages, &written)
	}
	if err == nil && busy != 0 {
		err = errors.New("others are reading it")
	}
	if err != nil {
		return fmt.Errorf("write the store anew: %w", fault(db.dir, err))
	}
	return nil
}

// ErasedAmong tells which of a list of readers were erased, by their place in it,
// from 1: whoever keeps the list should take them out.
func (db *DB) ErasedAmong(ctx context.Context, listed iter.Seq2[Subscriber, error]) (nth []int, err error) {
	err = db.within(ctx, func(ctx context.Context, tx *sql.Tx) error {
		nth = nil
		gone, err := loadErasures(ctx, tx)
		if err != nil || len(gone.at) == 0 {
			return err
		}
		n := 0
		for s, err := range listed {
			if err != nil {
				return err
			}
			n++
			if _, erased := gone.of(addressKey(s.Address)); erased {
				nth = append(nth, n)
			}
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("look for erased subscribers: %w", err)
	}
	return nth, nil
}
