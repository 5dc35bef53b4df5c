package store

import (
	"context"
	"database/sql"
	"fmt"
	"iter"
	"time"
)

// SyncSubscribers makes the list follow the config and its file: addresses that
// are new or pending become active, those that were taken out are paused, those
// that came back are active again. Suppressed ones stay so (S42), erased ones stay
// away, and who paused by choice stays paused. All or nothing: an error of the
// sequence changes nothing.
func (db *DB) SyncSubscribers(ctx context.Context, listed iter.Seq2[Subscriber, error], at time.Time) error {
	err := db.within(ctx, func(ctx context.Context, tx *sql.Tx) error {
		var mark int64
		if err := tx.QueryRowContext(ctx, `SELECT coalesce(max(mark), 0) + 1 FROM subscribers`).Scan(&mark); err != nil {
			return err
		}
		gone, err := loadErasures(ctx, tx)
		if err != nil {
			return err
		}
		add, err := tx.PrepareContext(ctx, `
			INSERT INTO subscribers (address, key, name, state, origin, mark, added) VALUES (?, ?, ?, 'active', ?, ?, ?)
			ON CONFLICT (key) DO UPDATE SET mark = excluded.mark,
				origin = iif(origin = 'command' OR origin = 'form' AND state <> 'pending', origin, excluded.origin),
				name = iif(excluded.name = '', name, excluded.name),
				state = iif(state = 'pending' OR state = 'paused' AND own_pause = 0 AND origin IN ('config', 'file'), 'active', state)`)
		if err != nil {
			return err
		}
		defer add.Close()
		for s, err := range listed {
			if err != nil {
				return err
			}
			key := addressKey(s.Address)
			if _, erased := gone.of(key); erased {
				continue
			}
			if _, err := add.ExecContext(ctx, s.Address, key, s.Name, s.Origin, mark, stamp(at)); err != nil {
				return err
			}
		}
		_, err = tx.ExecContext(ctx, `
			UPDATE subscribers SET state = 'paused' WHERE origin IN ('config', 'file') AND mark <> ? AND state = 'active'`, mark)
		return err
	})
	if err != nil {
		return fmt.Errorf("store subscribers: %w", err)
	}
	return nil
}

// stays says that an address is on the list whatever config and file say.
func stays(o Origin) bool { return o == FromCommand || o == FromForm }
