package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"iter"
	"strings"
	"time"
)

// Reason says why an address is not written to.
type Reason string

// A reader who bounced or was refused could not be reached; the other reasons
// are somebody's word.
const (
	ReasonBounce    Reason = "bounce"    // a report said that the address takes no mail
	ReasonRefused   Reason = "refused"   // the server said so at the hand-over
	ReasonComplaint Reason = "complaint" // the reader called a letter spam
	ReasonOperator  Reason = "operator"
	ReasonLeft      Reason = "left" // the reader took leave
)

// Suppression is an entry of the suppression list. It wins over every list of
// readers, now and later (S42).
type Suppression struct {
	Address string // any case; the list keeps it in lower case
	Reason  Reason
	Detail  string // the server's own words, or the operator's
	At      time.Time
	Edition int // whose letter it was; 0: none
}

// SuppressedError says that an address cannot be put on the list of readers.
type SuppressedError struct{ Suppression }

func (e *SuppressedError) Error() string {
	if e.Reason == ReasonErased {
		return "was erased on " + e.At.UTC().Format("2 January 2006")
	}
	return fmt.Sprintf("is suppressed since %s (%s)", e.At.UTC().Format("2 January 2006"), e.Reason)
}

// Suppress puts an address on the suppression list; a reader who has it is not
// active any more. It says whether that is news. Somebody's word takes the place
// of a failure, and a complaint or the operator's word that of leaving, from which
// a reader may come back by the form; else the first reason stays.
func (db *DB) Suppress(ctx context.Context, s Suppression) (bool, error) {
	var news bool
	err := db.within(ctx, func(ctx context.Context, tx *sql.Tx) (err error) {
		news, err = suppress(ctx, tx, s)
		return err
	})
	if err != nil {
		return false, fmt.Errorf("suppress %s: %w", s.Address, err)
	}
	return news, nil
}

func keyOf(ctx context.Context, tx *sql.Tx, subscriber int64) (key string, err error) {
	err = tx.QueryRowContext(ctx, `SELECT key FROM subscribers WHERE id = ?`, subscriber).Scan(&key)
	return key, err
}

// weightier says which reason takes the place of which (Suppress).
const weightier = `
	ON CONFLICT (key) DO UPDATE SET reason = excluded.reason, detail = excluded.detail, at = excluded.at, edition = excluded.edition
		WHERE suppressions.reason IN ('bounce', 'refused') AND excluded.reason NOT IN ('bounce', 'refused')
			OR suppressions.reason = 'left' AND excluded.reason IN ('complaint', 'operator')`

func suppress(ctx context.Context, tx *sql.Tx, s Suppression) (news bool, err error) {
	key := addressKey(s.Address)
	if strings.HasPrefix(key, erasedMark) { // nobody's any more
		return false, nil
	}
	r, err := tx.ExecContext(ctx, `
		INSERT INTO suppressions (key, reason, detail, at, edition) VALUES (?, ?, ?, ?, ?) `+weightier,
		key, s.Reason, s.Detail, stamp(s.At), s.Edition)
	if err != nil {
		return false, err
	}
	n, err := r.RowsAffected()
	if err != nil || n == 0 {
		return false, err
	}
	// The database's own rule turns this into the state that the reason gives. Who is
	// pending stays so: taken off this list again, he has still not confirmed.
	_, err = tx.ExecContext(ctx, `UPDATE subscribers SET state = 'active' WHERE key = ? AND state <> 'pending'`, key)
	return true, err
}

// Unsuppress takes an address off the suppression list, that of an erased one too,
// and says whether it was on it. A reader who has it is active again if a command added the address or
// if config or file still name it.
func (db *DB) Unsuppress(ctx context.Context, address string) (bool, error) {
	var was bool
	err := db.within(ctx, func(ctx context.Context, tx *sql.Tx) (err error) {
		if was, err = unbar(ctx, tx, addressKey(address)); err != nil || !was {
			return err
		}
		_, err = tx.ExecContext(ctx, `
			UPDATE subscribers SET state = `+listedState+` WHERE key = ? AND state <> 'pending'`, addressKey(address))
		return err
	})
	if err != nil {
		return false, fmt.Errorf("unsuppress %s: %w", address, err)
	}
	return was, nil
}

const selectSuppressions = `SELECT key, reason, detail, at, edition FROM suppressions`

func scanSuppression(row interface{ Scan(...any) error }) (Suppression, error) {
	var s Suppression
	var at string
	err := row.Scan(&s.Address, &s.Reason, &s.Detail, &at, &s.Edition)
	s.At = moment(at)
	return s, err
}

// Suppression returns the entry of an address, and whether there is one. That of
// an erased address is found by its hash.
func (db *DB) Suppression(ctx context.Context, address string) (Suppression, bool, error) {
	key := addressKey(address)
	s, err := scanSuppression(db.row(ctx, selectSuppressions+` WHERE key = ?`, key))
	if errors.Is(err, sql.ErrNoRows) {
		var salt []byte
		if err = db.row(ctx, `SELECT secret FROM salts`).Scan(&salt); err == nil {
			s, err = scanSuppression(db.row(ctx, selectSuppressions+` WHERE key = ?`, erasedKey(salt, key)))
			s.Address = key
		}
	}
	if errors.Is(err, sql.ErrNoRows) {
		return Suppression{}, false, nil
	}
	if err != nil {
		return Suppression{}, false, fmt.Errorf("read suppression list: %w", err)
	}
	return s, true, nil
}

// Suppressed streams the suppression list, ordered by address; those of erased
// ones are hashes.
func (db *DB) Suppressed(ctx context.Context) iter.Seq2[Suppression, error] {
	return func(yield func(Suppression, error) bool) {
		rows, err := db.query(ctx, selectSuppressions+` ORDER BY key`)
		if err != nil {
			yield(Suppression{}, fmt.Errorf("read suppression list: %w", err))
			return
		}
		defer rows.Close()
		for rows.Next() {
			s, err := scanSuppression(rows)
			if !yield(s, err) || err != nil {
				return
			}
		}
		if err := fault(db.dir, rows.Err()); err != nil {
			yield(Suppression{}, fmt.Errorf("read suppression list: %w", err))
		}
	}
}

// SuppressedCount counts the suppression list by reason.
func (db *DB) SuppressedCount(ctx context.Context) (map[Reason]int, error) {
	rows, err := db.query(ctx, `SELECT reason, count(*) FROM suppressions GROUP BY reason`)
	if err != nil {
		return nil, fmt.Errorf("count suppressions: %w", err)
	}
	defer rows.Close()
	out := map[Reason]int{}
	for rows.Next() {
		var r Reason
		var n int
		if err := rows.Scan(&r, &n); err != nil {
			return nil, fmt.Errorf("count suppressions: %w", err)
		}
		out[r] = n
	}
	return out, fault(db.dir, rows.Err())
}
