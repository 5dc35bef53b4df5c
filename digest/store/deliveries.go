package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"
)

// DeliveryState is how far the letter to one subscriber has come.
type DeliveryState string

// A delivery begins planned and is handed over; then the server's answer says
// how it ended. Unknown means that the connection died, or this process did,
// when the server may already have taken the letter. Dropped means that the
// subscriber was no longer active when the turn came.
const (
	Planned     DeliveryState = "planned"
	HandingOver DeliveryState = "handing-over"
	Accepted    DeliveryState = "accepted"
	Refused     DeliveryState = "refused"
	Deferred    DeliveryState = "deferred"
	Unknown     DeliveryState = "unknown"
	Dropped     DeliveryState = "dropped"
)

// Recover turns the hand-overs that a dead process left behind into unknown
// ones, and plans deferred ones that are due. Only the holder of the state folder's
// lock may call it. With resend, unknown ones that are due are planned again, too;
// their letter keeps its Message-ID, by which servers and mail programs can tell a
// second copy. It returns the subscribers whose hand-over was left behind.
func (db *DB) Recover(ctx context.Context, edition int, resend bool, now time.Time) (left []int64, err error) {
	err = db.within(ctx, func(ctx context.Context, tx *sql.Tx) (err error) {
		if left, err = leftBehind(ctx, tx, edition, now); err != nil {
			return err
		}
		return replan(ctx, tx, edition, resend, now)
	})
	if err != nil {
		return nil, fmt.Errorf("recover edition %d: %w", edition, err)
	}
	return left, nil
}

func leftBehind(ctx context.Context, tx *sql.Tx, edition int, now time.Time) (left []int64, err error) {
	rows, err := tx.QueryContext(ctx, `
		UPDATE deliveries SET state = 'unknown', changed = ?, reply = 'the program ended during the hand-over'
		WHERE edition = ? AND state = 'handing-over' RETURNING subscriber`, stamp(now), edition)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var id int64
		if err := rows.Scan(&id); err != nil {
			return nil, err
		}
		left = append(left, id)
	}
	return left, rows.Err()
}

// Replan plans the deferred deliveries of an edition that are due.
func (db *DB) Replan(ctx context.Context, edition int, now time.Time) error {
	err := db.within(ctx, func(ctx context.Context, tx *sql.Tx) error { return replan(ctx, tx, edition, false, now) })
	if err != nil {
		return fmt.Errorf("plan deferred deliveries of edition %d: %w", edition, err)
	}
	return nil
}

func replan(ctx context.Context, tx *sql.Tx, edition int, unknown bool, now time.Time) error {
	_, err := tx.ExecContext(ctx, `
		UPDATE deliveries SET state = 'planned', changed = ?1
		WHERE edition = ?2 AND (state = 'deferred' OR (state = 'unknown' AND ?3)) AND due <= ?1`, stamp(now), edition, unknown)
	return err
}

// GiveUp ends the deferred and unknown deliveries of an edition that was frozen
// before the given time: who could not be reached for so long is said to be
// refused, with the server's last words. It returns how many there were.
func (db *DB) GiveUp(ctx context.Context, edition int, before, now time.Time) (int, error) {
	r, err := db.exec(ctx, `
		UPDATE deliveries SET state = 'refused', changed = ?1, reply = 'given up: ' || reply
		WHERE edition = ?2 AND attempts > 0 AND state IN ('deferred', 'unknown')
			AND (SELECT frozen FROM editions WHERE number = ?2) < ?3`, stamp(now), edition, stamp(before))
	var n int64
	if err == nil {
		n, err = r.RowsAffected()
	}
	if err != nil {
		return 0, fmt.Errorf("give up deliveries of edition %d: %w", edition, err)
	}
	return int(n), nil
}

// Finish notes that an edition needs no more work, if no delivery of it is
// planned, being handed over or deferred (nor unknown, if such are to be sent
// again), and says whether that is so.
func (db *DB) Finish(ctx context.Context, edition int, resend bool, now time.Time) (bool, error) {
	var finished bool
	err := db.within(ctx, func(ctx context.Context, tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, `
			UPDATE deliveries SET state = 'dropped', changed = ?
			WHERE edition = ? AND state IN ('planned', 'deferred')
				AND subscriber IN (SELECT id FROM subscribers WHERE state <> 'active')`, stamp(now), edition); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, `
			UPDATE editions SET finished = ?1 WHERE number = ?2 AND finished = '' AND number NOT IN (`+awaited+`) AND NOT EXISTS (
				SELECT 1 FROM deliveries WHERE edition = ?2
					AND (state IN ('planned', 'handing-over', 'deferred') OR (state = 'unknown' AND ?3)))`, stamp(now), edition, resend)
		if err != nil {
			return err
		}
		return tx.QueryRowContext(ctx, `SELECT finished <> '' FROM editions WHERE number = ?`, edition).Scan(&finished)
	})
	if err != nil {
		return false, fmt.Errorf("finish edition %d: %w", edition, err)
	}
	return finished, nil
}

// NextDue returns when the first deferred delivery of the edition, or with
// resend the first unknown one, may be tried again; zero when there is none.
func (db *DB) NextDue(ctx context.Context, edition int, resend bool) (time.Time, error) {
	var due string
	err := db.row(ctx, `
		SELECT coalesce(min(due), '') FROM deliveries
		WHERE edition = ? AND (state = 'deferred' OR (state = 'unknown' AND ?))`, edition, resend).Scan(&due)
	if err != nil {
		return time.Time{}, fmt.Errorf("read deferred deliveries of edition %d: %w", edition, err)
	}
	return moment(due), nil
}

// Deliveries counts the deliveries of an edition by state; states without any
// are left out. One pass and no grouping: to sort the rows of all readers would
// take memory that grows with them.
func (db *DB) Deliveries(ctx context.Context, edition int) (map[DeliveryState]int, error) {
	states := [...]DeliveryState{Planned, HandingOver, Accepted, Refused, Deferred, Unknown, Dropped}
	var n [len(states)]int
	err := db.row(ctx, `
		SELECT count(iif(state = 'planned', 1, NULL)), count(iif(state = 'handing-over', 1, NULL)),
			count(iif(state = 'accepted', 1, NULL)), count(iif(state = 'refused', 1, NULL)),
			count(iif(state = 'deferred', 1, NULL)), count(iif(state = 'unknown', 1, NULL)), count(iif(state = 'dropped', 1, NULL))
		FROM deliveries WHERE edition = ?`, edition).Scan(&n[0], &n[1], &n[2], &n[3], &n[4], &n[5], &n[6])
	if err != nil {
		return nil, fmt.Errorf("count deliveries of edition %d: %w", edition, err)
	}
	out := make(map[DeliveryState]int)
	for i, state := range states {
		if n[i] > 0 {
			out[state] = n[i]
		}
	}
	return out, nil
}
