package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"
)

// Alert is an event that the operator is told of by mail.
type Alert struct {
	Key     string // names the event: the same key is told once and never again
	About   string // what it happened to; at most one alert about it is raised a day
	Subject string // one line
	Text    string // plain text, without subscribers' addresses
	Raised  time.Time
}

// Raise remembers an alert for the next mail to the operator, and says whether it
// is news. It is none if the event is known, or if another about the same was
// raised on the same day (UTC).
func (db *DB) Raise(ctx context.Context, a Alert) (news bool, err error) {
	err = db.within(ctx, func(ctx context.Context, tx *sql.Tx) (err error) {
		news, err = raise(ctx, tx, a)
		return err
	})
	if err != nil {
		return false, fmt.Errorf("store alert %s: %w", a.Key, err)
	}
	return news, nil
}

// keepAlerts is how long an event is remembered that nobody needs to hear of.
const keepAlerts = 400 * 24 * time.Hour

func raise(ctx context.Context, tx *sql.Tx, a Alert) (bool, error) {
	day := a.Raised.UTC().Truncate(24 * time.Hour)
	if _, err := tx.ExecContext(ctx, `DELETE FROM alerts WHERE raised < ? AND told <> ''`, stamp(day.Add(-keepAlerts))); err != nil {
		return false, err
	}
	r, err := tx.ExecContext(ctx, `
		INSERT INTO alerts (key, about, subject, text, raised) SELECT ?1, ?2, ?3, ?4, ?5
		WHERE NOT EXISTS (SELECT 1 FROM alerts WHERE about = ?2 AND raised >= ?6 AND raised < ?7)
		ON CONFLICT (key) DO NOTHING`,
		a.Key, a.About, a.Subject, a.Text, stamp(a.Raised), stamp(day), stamp(day.Add(24*time.Hour)))
	if err != nil {
		return false, err
	}
	n, err := r.RowsAffected()
	return n > 0, err
}

// OpenAlerts returns what is going on, by what it is about: what was raised last,
// told or not, and has not been called over.
func (db *DB) OpenAlerts(ctx context.Context) (map[string]Alert, error) {
	all, err := db.alerts(ctx, `over = ''`)
	out := make(map[string]Alert, len(all))
	for _, a := range all {
		out[a.About] = a
	}
	return out, err
}

// Over notes that what an alert told of has ended, and raises the alert that says
// so. One that had not been told yet is left out with it: good news alone would
// puzzle. It does nothing where the alert is over already.
func (db *DB) Over(ctx context.Context, key string, good Alert) error {
	err := db.within(ctx, func(ctx context.Context, tx *sql.Tx) error {
		var told string
		err := tx.QueryRowContext(ctx, `SELECT told FROM alerts WHERE key = ? AND over = ''`, key).Scan(&told)
		if errors.Is(err, sql.ErrNoRows) {
			return nil
		}
		if err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `UPDATE alerts SET over = ?2, told = iif(told = '', ?2, told) WHERE key = ?1`, key, stamp(good.Raised)); err != nil {
			return err
		}
		if told == "" {
			return nil
		}
		_, err = tx.ExecContext(ctx, `
			INSERT INTO alerts (key, about, subject, text, raised, over) VALUES (?1, ?2, ?3, ?4, ?5, ?5) ON CONFLICT (key) DO NOTHING`,
			good.Key, good.About, good.Subject, good.Text, stamp(good.Raised))
		return err
	})
	if err != nil {
		return fmt.Errorf("store alert %s: %w", good.Key, err)
	}
	return nil
}

// Untold returns the alerts that the operator has had no mail about, oldest first.
func (db *DB) Untold(ctx context.Context) ([]Alert, error) { return db.alerts(ctx, `told = ''`) }

func (db *DB) alerts(ctx context.Context, where string) ([]Alert, error) {
	rows, err := db.query(ctx, `SELECT key, about, subject, text, raised FROM alerts WHERE `+where+` ORDER BY raised, key`)
	if err != nil {
		return nil, fmt.Errorf("read alerts: %w", err)
	}
	defer rows.Close()
	var out []Alert
	for rows.Next() {
		var a Alert
		var raised string
		if err := rows.Scan(&a.Key, &a.About, &a.Subject, &a.Text, &raised); err != nil {
			return nil, fmt.Errorf("read alerts: %w", err)
		}
		a.Raised = moment(raised)
		out = append(out, a)
	}
	return out, fault(db.dir, rows.Err())
}

// Tell notes that the operator has been told.
func (db *DB) Tell(ctx context.Context, told []Alert, at time.Time) error {
	err := db.within(ctx, func(ctx context.Context, tx *sql.Tx) error {
		for _, a := range told {
			if _, err := tx.ExecContext(ctx, `UPDATE alerts SET told = ? WHERE key = ?`, stamp(at), a.Key); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("store alerts: %w", err)
	}
	return nil
}
