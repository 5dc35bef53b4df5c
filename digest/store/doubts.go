package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"
)

// Doubt says what a refusal would mean if it is the reader's own.
type Doubt int

// A refusal that is not in doubt, one in words for an address that takes no mail,
// and one in others.
const (
	NoDoubt Doubt = iota
	DoubtAddress
	DoubtLetter
)

// Doubted returns the refusals of an edition that are still in doubt, say because
// the run that got them was killed.
func (db *DB) Doubted(ctx context.Context, edition int) ([]Settlement, error) {
	rows, err := db.query(ctx, `
		SELECT d.subscriber, d.domain, d.attempts, d.stopped, d.reply, d.doubt, s.address, s.name
		FROM deliveries d JOIN subscribers s ON s.id = d.subscriber
		WHERE d.edition = ? AND d.doubt > 0 AND d.state = 'refused'`, edition)
	if err != nil {
		return nil, fmt.Errorf("read doubted refusals of edition %d: %w", edition, err)
	}
	defer rows.Close()
	var out []Settlement
	for rows.Next() {
		s := Settlement{Delivery: Delivery{Edition: edition}, State: Refused}
		var stopped string
		if err := rows.Scan(&s.Subscriber, &s.Domain, &s.Attempts, &stopped, &s.Reply, &s.Doubt, &s.Address, &s.Name); err != nil {
			return nil, fmt.Errorf("read doubted refusals of edition %d: %w", edition, err)
		}
		s.Stopped = moment(stopped)
		out = append(out, s)
	}
	return out, fault(db.dir, rows.Err())
}

// Believe takes refusals for the readers' own: an address that takes no mail is
// put on the suppression list. Nothing is noted of who was erased meanwhile.
func (db *DB) Believe(ctx context.Context, doubts []Settlement, at time.Time) error {
	err := db.within(ctx, func(ctx context.Context, tx *sql.Tx) error {
		for _, s := range doubts {
			if err := believe(ctx, tx, s, at); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("believe refusals: %w", err)
	}
	return nil
}

func believe(ctx context.Context, tx *sql.Tx, s Settlement, at time.Time) error {
	if _, err := tx.ExecContext(ctx, `UPDATE deliveries SET doubt = 0 WHERE edition = ? AND subscriber = ?`, s.Edition, s.Subscriber); err != nil {
		return err
	}
	var key, state string
	err := tx.QueryRowContext(ctx, `SELECT key, state FROM subscribers WHERE id = ?`, s.Subscriber).Scan(&key, &state)
	if err != nil || state == "erased" || s.Doubt != DoubtAddress {
		return err
	}
	_, err = suppress(ctx, tx, Suppression{Address: key, Reason: ReasonRefused, Detail: s.Reply, At: at, Edition: s.Edition})
	return err
}
