package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"standpoint/feeds"
)

// Health is a source with what its pieces tell of it.
type Health struct {
	SourceState
	Held   int       // pieces that wait for release
	Weekly float64   // pieces a week, over the last four
	Latest time.Time // date of its newest piece, at most now; zero: none
	Silent bool      // nothing new for longer than its rhythm allows
}

const rhythmPieces = 20 // that show a feed's rhythm

// Health returns the sources to read with their health, in the order of the
// config.
func (db *DB) Health(ctx context.Context, now time.Time) ([]Health, error) {
	states, err := db.Sources(ctx)
	if err != nil {
		return nil, err
	}
	out := make([]Health, len(states))
	place := make(map[feeds.SourceID]int, len(states))
	for i, s := range states {
		out[i].SourceState = s
		place[s.ID] = i
	}
	rows, err := db.query(ctx, `
		SELECT source, sum(held), sum(day > ?1) FROM
			(SELECT source, held, min(iif(published = '', first_seen, published), ?2) AS day FROM items)
		GROUP BY source`, stamp(now.AddDate(0, 0, -28)), stamp(now))
	if err != nil {
		return nil, fmt.Errorf("read health: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var id feeds.SourceID
		var held, recent int
		if err := rows.Scan(&id, &held, &recent); err != nil {
			return nil, fmt.Errorf("read health: %w", err)
		}
		if i, ok := place[id]; ok {
			out[i].Held, out[i].Weekly = held, float64(recent)/4
		}
	}
	if err := fault(db.dir, rows.Err()); err != nil {
		return nil, err
	}
	for i := range out {
		dates, err := db.dates(ctx, out[i].ID, now)
		if err != nil {
			return nil, err
		}
		out[i].Silent = feeds.Silent(now, dates)
		if len(dates) > 0 {
			out[i].Latest = dates[0]
		}
	}
	return out, nil
}

// dates are those of a source's last pieces, newest first.
func (db *DB) dates(ctx context.Context, id feeds.SourceID, now time.Time) ([]time.Time, error) {
	rows, err := db.query(ctx, `
		SELECT min(iif(published = '', first_seen, published), ?2) AS day FROM items WHERE source = ?1
		ORDER BY day DESC LIMIT ?3`, id, stamp(now), rhythmPieces)
	if err != nil {
		return nil, fmt.Errorf("read rhythm of %s: %w", id, err)
	}
	defer rows.Close()
	var out []time.Time
	for rows.Next() {
		var day string
		if err := rows.Scan(&day); err != nil {
			return nil, fmt.Errorf("read rhythm of %s: %w", id, err)
		}
		out = append(out, moment(day))
	}
	return out, fault(db.dir, rows.Err())
}

// weeks counts the pieces of a source in the whole weeks before the last
// contact, newest first. What came with the first contact was the past, and no
// rhythm.
func weeks(ctx context.Context, tx *sql.Tx, id feeds.SourceID, since, contacted time.Time) ([]int, error) {
	const most, week = 12, 7 * 24 * time.Hour
	whole := min(most, int(contacted.Sub(since)/week))
	if whole <= 0 {
		return nil, nil
	}
	out := make([]int, whole)
	rows, err := tx.QueryContext(ctx, `SELECT first_seen FROM items WHERE source = ? AND first_seen > ? AND first_seen <= ? AND held = 0`,
		id, stamp(maxTime(since, contacted.Add(-most*week))), stamp(contacted))
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var seen string
		if err := rows.Scan(&seen); err != nil {
			return nil, err
		}
		if n := int(contacted.Sub(moment(seen)) / week); n < whole {
			out[n]++
		}
	}
	return out, rows.Err()
}

func maxTime(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// Release lets the held pieces of a source through: they count as come now. It
// returns how many there were.
func (db *DB) Release(ctx context.Context, id feeds.SourceID, at time.Time) (int, error) {
	return db.unhold(ctx, "release", id, `UPDATE items SET held = 0, eligible = iif(eligible = '', '', ?2) WHERE source = ?1 AND held = 1`, id, stamp(at))
}

// Discard ends the hold and keeps the held pieces as seen: they enter no
// edition. It returns how many there were.
func (db *DB) Discard(ctx context.Context, id feeds.SourceID) (int, error) {
	return db.unhold(ctx, "discard", id, `
		UPDATE items SET held = 0, eligible = '', pending = 0, feed_text = '', left_out = 'discarded' WHERE source = ?1 AND held = 1`, id)
}

func (db *DB) unhold(ctx context.Context, op string, id feeds.SourceID, query string, args ...any) (n int, err error) {
	err = db.within(ctx, func(ctx context.Context, tx *sql.Tx) error {
		r, err := tx.ExecContext(ctx, `UPDATE sources SET held = '' WHERE id = ?`, id)
		if err != nil {
			return err
		}
		if rows, err := r.RowsAffected(); err != nil || rows == 0 {
			return orNoSource(err)
		}
		if r, err = tx.ExecContext(ctx, query, args...); err != nil {
			return err
		}
		rows, err := r.RowsAffected()
		n = int(rows)
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("%s %s: %w", op, id, err)
	}
	return n, nil
}

func orNoSource(err error) error {
	if err == nil {
		return ErrNoSource
	}
	return err
}
