package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"
)

// Confirmation is the mail that a request gives cause for.
type Confirmation struct {
	Consent    int64
	Subscriber int64
	Address    string
	Asked      time.Time
	Active     bool // the subscriber is a reader already, and is told so
	Attempts   int  // hand-overs so far, this one counted
}

// ErrNoConfirmation says that no mail to somebody who asked is due.
var ErrNoConfirmation = errors.New("no confirmation is due")

// Returned is how the mail for a request ended whose address takes none: the server
// said so at the hand-over, or later. While the request is remembered, nobody who
// asks in the address's name brings it another.
const Returned DeliveryState = "returned"

// ReturnConfirmation notes that the mail for a request came back, and says whether
// that is news: the request is not confirmed, and was mailed. What else was planned
// for its subscriber is not sent.
func (db *DB) ReturnConfirmation(ctx context.Context, consent int64, reply string) (news bool, err error) {
	err = db.within(ctx, func(ctx context.Context, tx *sql.Tx) error {
		r, err := tx.ExecContext(ctx, `
			UPDATE consents SET mail = 'returned', reply = ? WHERE id = ? AND confirmed = '' AND attempts > 0 AND mail <> 'returned'`, reply, consent)
		if err != nil {
			return err
		}
		n, err := r.RowsAffected()
		if news = n > 0; err != nil || !news {
			return err
		}
		_, err = tx.ExecContext(ctx, `
			UPDATE consents SET mail = '' WHERE mail = 'planned' AND subscriber = (SELECT subscriber FROM consents WHERE id = ?)`, consent)
		return err
	})
	if err != nil {
		return false, fmt.Errorf("record report on request %d: %w", consent, err)
	}
	return news, nil
}

// ClaimConfirmation takes the next mail that is due and marks it as being handed
// over, on disk before it returns; ErrNoConfirmation when there is none. A mail
// whose request is void or older than a day less than ConfirmWithin is dropped.
func (db *DB) ClaimConfirmation(ctx context.Context, now time.Time) (Confirmation, error) {
	var due bool
	err := db.row(ctx, `SELECT EXISTS (SELECT 1 FROM consents WHERE mail = 'planned' AND due <= ?)`, stamp(now)).Scan(&due)
	if err != nil {
		return Confirmation{}, fmt.Errorf("claim confirmation: %w", err)
	}
	if !due {
		return Confirmation{}, ErrNoConfirmation
	}
	var c Confirmation
	var found bool
	err = db.within(ctx, func(ctx context.Context, tx *sql.Tx) (err error) {
		c, found, err = claimConfirmation(ctx, tx, now)
		return err
	})
	switch {
	case err != nil:
		return Confirmation{}, fmt.Errorf("claim confirmation: %w", err)
	case !found:
		return Confirmation{}, ErrNoConfirmation
	}
	return c, nil
}

func claimConfirmation(ctx context.Context, tx *sql.Tx, now time.Time) (c Confirmation, found bool, err error) {
	for {
		var r request
		c = Confirmation{}
		err := tx.QueryRowContext(ctx, `
			SELECT c.id, c.attempts + 1, s.address FROM consents c JOIN subscribers s ON s.id = c.subscriber
			WHERE c.mail = 'planned' AND c.due <= ? ORDER BY c.due, c.id LIMIT 1`, stamp(now)).Scan(&c.Consent, &c.Attempts, &c.Address)
		if errors.Is(err, sql.ErrNoRows) {
			return c, false, nil
		}
		if err == nil {
			r, err = scanRequest(tx.QueryRowContext(ctx, selectRequest, c.Consent))
		}
		if err != nil {
			return c, false, err
		}
		entry, on, err := barred(ctx, tx, r.key)
		if err != nil {
			return c, false, err
		}
		// Its link must be good for a day at least when it arrives.
		state := r.stand(entry, on, now.Add(24*time.Hour))
		next := HandingOver
		if state != RequestOpen && state != RequestDone || r.source != "form" && state == RequestDone {
			next = ""
		}
		if _, err := tx.ExecContext(ctx, `UPDATE consents SET mail = ?1, attempts = attempts + (?1 <> '') WHERE id = ?2`, next, c.Consent); err != nil {
			return c, false, err
		}
		if next != "" {
			c.Subscriber, c.Asked, c.Active = r.subscriber, r.asked, state == RequestDone
			return c, true, nil
		}
	}
}

// SettleConfirmation records how a hand-over ended: Accepted, Refused, or Planned
// once more, not before due.
func (db *DB) SettleConfirmation(ctx context.Context, c Confirmation, state DeliveryState, reply string, due time.Time) error {
	_, err := db.exec(ctx, `UPDATE consents SET mail = ?, reply = ?, due = ? WHERE id = ? AND mail = 'handing-over'`,
		state, reply, stamp(due), c.Consent)
	if err != nil {
		return fmt.Errorf("settle confirmation of request %d: %w", c.Consent, err)
	}
	return nil
}

// RecoverConfirmations plans the mails again whose hand-over a dead process left
// behind: the same Message-ID tells a second copy. Only the holder of the state
// folder's lock may call it.
func (db *DB) RecoverConfirmations(ctx context.Context) error {
	if _, err := db.exec(ctx, `UPDATE consents SET mail = 'planned' WHERE mail = 'handing-over'`); err != nil {
		return fmt.Errorf("recover confirmations: %w", err)
	}
	return nil
}

// ConfirmationQueue says how many mails to people who asked have not gone out yet,
// and when the first of them asked; zero: there is none.
func (db *DB) ConfirmationQueue(ctx context.Context) (waiting int, oldest time.Time, err error) {
	var asked string
	err = db.row(ctx, `
		SELECT count(*), coalesce(min(asked), '') FROM (
			SELECT asked FROM consents WHERE mail = 'planned' UNION ALL SELECT asked FROM consents WHERE mail = 'handing-over')`).Scan(&waiting, &asked)
	if err != nil {
		return 0, time.Time{}, fmt.Errorf("count confirmations: %w", err)
	}
	return waiting, moment(asked), nil
}
