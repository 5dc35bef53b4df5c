package store

import (
	"context"
	"database/sql"
	"errors"
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

// ErrNoDelivery says that no delivery of the edition is due now.
var ErrNoDelivery = errors.New("no delivery is due")

// Delivery is the letter of one edition to one subscriber.
type Delivery struct {
	Edition    int
	Subscriber int64
	Address    string
	Name       string
	Attempts   int // hand-overs so far, this one counted
}

// Claim takes the next delivery of the edition that is due and marks it as
// being handed over, on disk before it returns. It returns ErrNoDelivery when
// none is due. Deliveries to people who are no longer active are dropped.
func (db *DB) Claim(ctx context.Context, edition int, now time.Time) (Delivery, error) {
	d := Delivery{Edition: edition}
	var none bool // what was dropped on the way must stay so: else it is due for ever
	err := db.within(ctx, func(ctx context.Context, tx *sql.Tx) error {
		none = false
		for {
			var state string
			err := tx.QueryRowContext(ctx, `
				SELECT d.subscriber, s.address, s.name, s.state, d.attempts + 1
				FROM deliveries d JOIN subscribers s ON s.id = d.subscriber
				WHERE d.edition = ?1 AND (d.state = 'planned' OR (d.state = 'deferred' AND d.due <= ?2))
				ORDER BY d.due, d.subscriber LIMIT 1`, edition, stamp(now)).Scan(&d.Subscriber, &d.Address, &d.Name, &state, &d.Attempts)
			if errors.Is(err, sql.ErrNoRows) {
				none = true
				return nil
			}
			if err != nil {
				return err
			}
			next, attempt := HandingOver, 1
			if state != "active" {
				next, attempt = Dropped, 0
			}
			if _, err := tx.ExecContext(ctx, `
				UPDATE deliveries SET state = ?, attempts = attempts + ?, changed = ? WHERE edition = ? AND subscriber = ?`,
				next, attempt, stamp(now), edition, d.Subscriber); err != nil {
				return err
			}
			if next == HandingOver {
				return nil
			}
		}
	})
	switch {
	case err != nil:
		return Delivery{}, fmt.Errorf("claim delivery of edition %d: %w", edition, err)
	case none:
		return Delivery{}, ErrNoDelivery
	}
	return d, nil
}

// Settle records how a hand-over ended, with the server's own words. Due is
// when a deferred or unknown one may be tried again.
func (db *DB) Settle(ctx context.Context, d Delivery, state DeliveryState, reply string, now, due time.Time) error {
	r, err := db.exec(ctx, `
		UPDATE deliveries SET state = ?, reply = ?, changed = ?, due = ?
		WHERE edition = ? AND subscriber = ? AND state = 'handing-over'`,
		state, reply, stamp(now), stamp(due), d.Edition, d.Subscriber)
	if err == nil {
		var n int64
		if n, err = r.RowsAffected(); err == nil && n != 1 {
			err = errors.New("it was not being handed over")
		}
	}
	if err != nil {
		return fmt.Errorf("settle delivery of edition %d to subscriber %d: %w", d.Edition, d.Subscriber, err)
	}
	return nil
}

// Return puts a delivery that was claimed back, as if it had not been: the
// letter was never handed over.
func (db *DB) Return(ctx context.Context, d Delivery, now time.Time) error {
	_, err := db.exec(ctx, `
		UPDATE deliveries SET state = 'planned', attempts = attempts - 1, changed = ?
		WHERE edition = ? AND subscriber = ? AND state = 'handing-over'`, stamp(now), d.Edition, d.Subscriber)
	if err != nil {
		return fmt.Errorf("return delivery of edition %d to subscriber %d: %w", d.Edition, d.Subscriber, err)
	}
	return nil
}

// Recover turns the hand-overs that a dead process left behind into unknown
// ones. Only the holder of the state folder's lock may call it. With resend,
// unknown ones that are due are planned again; their letter keeps its
// Message-ID, by which servers and mail programs can tell a second copy.
func (db *DB) Recover(ctx context.Context, edition int, resend bool, now time.Time) error {
	err := db.within(ctx, func(ctx context.Context, tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, `
			UPDATE deliveries SET state = 'unknown', changed = ?, reply = 'the program ended during the hand-over'
			WHERE edition = ? AND state = 'handing-over'`, stamp(now), edition); err != nil || !resend {
			return err
		}
		_, err := tx.ExecContext(ctx, `
			UPDATE deliveries SET state = 'planned', changed = ?1 WHERE edition = ?2 AND state = 'unknown' AND due <= ?1`, stamp(now), edition)
		return err
	})
	if err != nil {
		return fmt.Errorf("recover edition %d: %w", edition, err)
	}
	return nil
}

// GiveUp ends the deferred and unknown deliveries of an edition that was frozen
// before the given time: who could not be reached for so long is said to be
// refused, with the server's last words.
func (db *DB) GiveUp(ctx context.Context, edition int, before, now time.Time) error {
	_, err := db.exec(ctx, `
		UPDATE deliveries SET state = 'refused', changed = ?1, reply = 'given up: ' || reply
		WHERE edition = ?2 AND attempts > 0 AND state IN ('deferred', 'unknown')
			AND (SELECT frozen FROM editions WHERE number = ?2) < ?3`, stamp(now), edition, stamp(before))
	if err != nil {
		return fmt.Errorf("give up deliveries of edition %d: %w", edition, err)
	}
	return nil
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
			UPDATE editions SET finished = ?1 WHERE number = ?2 AND finished = '' AND NOT EXISTS (
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

// Deliveries counts the deliveries of an edition by state.
func (db *DB) Deliveries(ctx context.Context, edition int) (map[DeliveryState]int, error) {
	rows, err := db.query(ctx, `SELECT state, count(*) FROM deliveries WHERE edition = ? GROUP BY state`, edition)
	if err != nil {
		return nil, fmt.Errorf("count deliveries of edition %d: %w", edition, err)
	}
	defer rows.Close()
	out := make(map[DeliveryState]int)
	for rows.Next() {
		var state DeliveryState
		var n int
		if err := rows.Scan(&state, &n); err != nil {
			return nil, fmt.Errorf("count deliveries of edition %d: %w", edition, err)
		}
		out[state] = n
	}
	return out, fault(db.dir, rows.Err())
}
