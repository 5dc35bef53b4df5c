package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"
)

// Leave takes a subscriber off the list by the reader's own word, and says whether
// that is news. It is in force when it returns: a letter of a running edition that
// is not being handed over yet is not sent (S43). How is kept with the entry of the
// suppression list. A number that nobody has is no error.
func (db *DB) Leave(ctx context.Context, subscriber int64, how string, at time.Time) (bool, error) {
	// Providers ask more than once; only the first time costs a write. Who asked to
	// come back meanwhile takes that back.
	var open bool
	err := db.row(ctx, `
		SELECT EXISTS (SELECT 1 FROM subscribers s WHERE s.id = ?1 AND s.state <> 'erased' AND (s.state <> 'left'
			OR EXISTS (SELECT 1 FROM consents c WHERE c.subscriber = ?1 AND c.confirmed = '' AND c.asked > ?2
				AND c.asked > (SELECT coalesce(max(p.at), '') FROM suppressions p WHERE p.key = s.key))))`,
		subscriber, stamp(at.Add(-ConfirmWithin))).Scan(&open)
	if err != nil {
		return false, fmt.Errorf("subscriber %d leaves: %w", subscriber, err)
	}
	if !open {
		return false, nil
	}
	var news bool
	err = db.within(ctx, func(ctx context.Context, tx *sql.Tx) (err error) {
		news, err = leave(ctx, tx, subscriber, how, at)
		return err
	})
	if err != nil {
		return false, fmt.Errorf("subscriber %d leaves: %w", subscriber, err)
	}
	return news, nil
}

func leave(ctx context.Context, tx *sql.Tx, subscriber int64, how string, at time.Time) (bool, error) {
	var key string
	err := tx.QueryRowContext(ctx, `SELECT key FROM subscribers WHERE id = ? AND state <> 'erased'`, subscriber).Scan(&key)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	if _, err := tx.ExecContext(ctx, `UPDATE consents SET mail = '' WHERE subscriber = ? AND mail = 'planned'`, subscriber); err != nil {
		return false, err
	}
	if _, err := tx.ExecContext(ctx, `UPDATE subscribers SET own_pause = 0 WHERE id = ?`, subscriber); err != nil {
		return false, err
	}
	news, err := suppress(ctx, tx, Suppression{Address: key, Reason: ReasonLeft, Detail: how, At: at})
	if err != nil || news {
		return news, err
	}
	_, err = tx.ExecContext(ctx, `UPDATE suppressions SET at = ? WHERE key = ? AND reason = 'left'`, stamp(at), key)
	return false, err
}

// keepRequests is how long a request that nobody confirmed is kept: somebody who
// comes a little late is told so.
const keepRequests = ConfirmWithin + 24*time.Hour

// unconfirmed are requests that nobody confirmed: those of the form, and those for
// which a table's readers were asked by mail.
const unconfirmed = `confirmed = '' AND (source = 'form' OR source = 'import' AND mail <> '') AND asked < ?`

// ForgetRequests deletes what people were asked to confirm and did not within a
// week, and the addresses that are on no list for anything else. It returns how many
// requests there were.
func (db *DB) ForgetRequests(ctx context.Context, now time.Time) (int, error) {
	before := stamp(now.Add(-keepRequests))
	var some bool
	err := db.row(ctx, `SELECT EXISTS (SELECT 1 FROM consents WHERE `+unconfirmed+`)`, before).Scan(&some)
	if err != nil || !some {
		return 0, err
	}
	var n int64
	err = db.within(ctx, func(ctx context.Context, tx *sql.Tx) error {
		r, err := tx.ExecContext(ctx, `DELETE FROM consents WHERE `+unconfirmed, before)
		if err == nil {
			n, err = r.RowsAffected()
		}
		if err != nil {
			return err
		}
		// Nobody becomes pending who was a reader, so the ledger has none of them.
		_, err = tx.ExecContext(ctx, `
			DELETE FROM subscribers WHERE origin IN ('form', 'command') AND state = 'pending' AND added < ?
				AND NOT EXISTS (SELECT 1 FROM consents WHERE subscriber = subscribers.id)`, before)
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("forget requests: %w", err)
	}
	return int(n), nil
}
