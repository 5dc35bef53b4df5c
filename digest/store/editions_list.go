package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"iter"
	"time"

	"standpoint/digest"
)

// EditionState is how a frozen edition stands.
type EditionState struct {
	Number     int
	Window     digest.Window
	Pieces     int           // that it shows, copies not counted
	Frozen     time.Time     // while it waits for approval: when it was drafted
	Finished   time.Time     // when its last delivery had ended; zero: some are open
	Approval   ApprovalState // empty: it needed none
	Deliveries map[DeliveryState]int
}

// Editions returns how all editions stand, the oldest first.
func (db *DB) Editions(ctx context.Context) ([]EditionState, error) {
	return db.editionStates(ctx, `1`)
}

// EditionState returns how one edition stands, or ErrNoEdition.
func (db *DB) EditionState(ctx context.Context, number int) (EditionState, error) {
	all, err := db.editionStates(ctx, `number = ?`, number)
	if err == nil && len(all) == 0 {
		err = fmt.Errorf("edition %d: %w", number, ErrNoEdition)
	}
	if err != nil {
		return EditionState{}, err
	}
	return all[0], nil
}

func (db *DB) editionStates(ctx context.Context, where string, args ...any) ([]EditionState, error) {
	rows, err := db.query(ctx, `
		SELECT number, frozen, finished, coalesce(w."from", ''), coalesce(w."to", ''),
			coalesce(shown.pieces, 0), coalesce(a.state, '')
		FROM editions LEFT JOIN windows w ON w.edition = number LEFT JOIN approvals a ON a.edition = number
			LEFT JOIN (SELECT edition, count(*) AS pieces FROM edition_items WHERE copy_of = 0 GROUP BY edition) shown ON shown.edition = number
		WHERE `+where+` ORDER BY number`, args...)
	if err != nil {
		return nil, fmt.Errorf("read editions: %w", err)
	}
	defer rows.Close()
	var out []EditionState
	for rows.Next() {
		var e EditionState
		var frozen, finished, from, to string
		if err := rows.Scan(&e.Number, &frozen, &finished, &from, &to, &e.Pieces, &e.Approval); err != nil {
			return nil, fmt.Errorf("read editions: %w", err)
		}
		e.Frozen, e.Finished = moment(frozen), moment(finished)
		e.Window = digest.Window{From: moment(from), To: moment(to)}
		out = append(out, e)
	}
	if err := fault(db.dir, rows.Err()); err != nil {
		return nil, fmt.Errorf("read editions: %w", err)
	}
	for i := range out {
		if out[i].Deliveries, err = db.Deliveries(ctx, out[i].Number); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// Standing is how the letter of one edition to one subscriber stands.
type Standing struct {
	Subscriber int64
	State      DeliveryState
	Attempts   int       // hand-overs so far
	Reply      string    // the server's own words, or ours where it said none; may be empty
	Changed    time.Time // when it came to stand so
	Due        time.Time // when a deferred or unknown one may be tried again; zero: at any time
}

// Standings streams the deliveries of an edition that are in the given state, in
// the order of the subscribers' numbers: at most limit of them, or all for 0.
func (db *DB) Standings(ctx context.Context, edition int, state DeliveryState, limit int) iter.Seq2[Standing, error] {
	if limit <= 0 {
		limit = -1 // SQLite's word for none
	}
	return func(yield func(Standing, error) bool) {
		// The order is the table's own, so that a long list is not sorted.
		rows, err := db.query(ctx, `
			SELECT subscriber, attempts, reply, changed, due FROM deliveries
			WHERE edition = ? AND state = ? ORDER BY subscriber LIMIT ?`, edition, state, limit)
		if err != nil {
			yield(Standing{}, fmt.Errorf("read deliveries of edition %d: %w", edition, err))
			return
		}
		defer rows.Close()
		for rows.Next() {
			s := Standing{State: state}
			var changed, due string
			if err := rows.Scan(&s.Subscriber, &s.Attempts, &s.Reply, &changed, &due); err != nil {
				yield(Standing{}, fmt.Errorf("read deliveries of edition %d: %w", edition, err))
				return
			}
			s.Changed, s.Due = moment(changed), moment(due)
			if !yield(s, nil) {
				return
			}
		}
		if err := fault(db.dir, rows.Err()); err != nil {
			yield(Standing{}, fmt.Errorf("read deliveries of edition %d: %w", edition, err))
		}
	}
}

// Judged begins what is noted of an unknown delivery that the operator takes for
// accepted.
const Judged = "taken for accepted by the operator; before: "

// SettleUnknown ends the deliveries of an edition whose outcome nobody knows, by
// the operator's word: as accepted, or planned again, which opens the edition
// again. It returns how many there were, or ErrNoEdition. The caller holds the
// lock of the state folder: what is being handed over belongs to a process that
// died.
func (db *DB) SettleUnknown(ctx context.Context, edition int, accepted bool, now time.Time) (int, error) {
	var settled int64
	err := db.within(ctx, func(ctx context.Context, tx *sql.Tx) error {
		var known bool
		if err := tx.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM editions WHERE number = ?)`, edition).Scan(&known); err != nil {
			return err
		}
		if !known {
			return ErrNoEdition
		}
		query, args := `UPDATE deliveries SET state = 'planned', changed = ?1, due = ''
			WHERE edition = ?2 AND state IN ('unknown', 'handing-over')`, []any{stamp(now), edition}
		if accepted {
			query, args = `UPDATE deliveries SET state = 'accepted', changed = ?1, due = '', reply = ?3 || reply
				WHERE edition = ?2 AND state IN ('unknown', 'handing-over')`, append(args, Judged)
		}
		r, err := tx.ExecContext(ctx, query, args...)
		if err != nil {
			return err
		}
		if settled, err = r.RowsAffected(); err != nil || settled == 0 || accepted {
			return err
		}
		_, err = tx.ExecContext(ctx, `UPDATE editions SET finished = '' WHERE number = ?`, edition)
		return err
	})
	if errors.Is(err, ErrNoEdition) {
		return 0, fmt.Errorf("edition %d: %w", edition, ErrNoEdition)
	}
	if err != nil {
		return 0, fmt.Errorf("settle unknown deliveries of edition %d: %w", edition, err)
	}
	return int(settled), nil
}
