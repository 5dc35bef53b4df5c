package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"standpoint/digest/topic"
)

// ActKind says what somebody did with a draft.
type ActKind string

// Refused means that the edition was to go out and could not: its letter broke
// rules of mail, or nobody would get it. NotCorrected is a correction that somebody
// asked for and that could not be done.
const (
	ActDrafted   ActKind = "drafted"
	ActTold      ActKind = "told"
	ActReminded  ActKind = "reminded"
	ActCorrected ActKind = "corrected"
	ActUndone    ActKind = "undone"
	ActDropped   ActKind = "dropped"
	ActRestored  ActKind = "restored"
	ActHeld      ActKind = "held"
	ActRefused   ActKind = "refused"
	ActApproved  ActKind = "approved"
	ActWithdrawn ActKind = "withdrawn"

	ActNotCorrected ActKind = "not corrected"
)

// Act is a line of a draft's log.
type Act struct {
	Edition  int
	Revision int // of the draft, after it
	At       time.Time
	Who      string // empty: the program itself
	What     ActKind
	Item     int64           // that it is about; 0: none
	Title    string          // of the item
	Stance   topic.StanceKey // corrected: where the piece stands now; empty: off the subject
	Why      string          // in the words of who did it; may be empty
}

// log writes a line for what is asked for here.
func (t asked) log(ctx context.Context, a Act) error {
	_, err := t.ExecContext(ctx, `INSERT INTO approval_log (edition, revision, at, who, what, item, stance, why) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
		t.edition, a.Revision, stamp(t.at), t.who, a.What, a.Item, a.Stance, a.Why)
	return err
}

// ApprovalLog returns what was done with an edition's draft, the oldest first.
func (db *DB) ApprovalLog(ctx context.Context, edition int) ([]Act, error) {
	rows, err := db.query(ctx, `
		SELECT l.revision, l.at, l.who, l.what, l.item, l.stance, l.why, coalesce(i.title, '')
		FROM approval_log l LEFT JOIN items i ON i.id = l.item WHERE l.edition = ? ORDER BY l.id`, edition)
	if err != nil {
		return nil, fmt.Errorf("read log of edition %d: %w", edition, err)
	}
	defer rows.Close()
	var out []Act
	for rows.Next() {
		a := Act{Edition: edition}
		var at string
		if err := rows.Scan(&a.Revision, &at, &a.Who, &a.What, &a.Item, &a.Stance, &a.Why, &a.Title); err != nil {
			return nil, fmt.Errorf("read log of edition %d: %w", edition, err)
		}
		a.At = moment(at)
		out = append(out, a)
	}
	return out, fault(db.dir, rows.Err())
}

// Order is a correction of a draft's piece that somebody sent to the worker, who has
// not come to it yet.
type Order struct {
	ID      int64
	Edition int
	Item    int64
	At      time.Time
	Who     string
	Undo    bool
	Stance  topic.StanceKey // empty: off the subject
	Why     string
}

// mostOrders bounds what one draft's page can have waiting.
const mostOrders = 200

// ErrBusy says that corrections wait for the worker: too many for another one, or
// some without which the draft is not to go out.
var ErrBusy = errors.New("corrections of the draft are being worked on; try again in a minute")

// undo stands for no stance in an order: it takes a correction back.
const undo = "-"

// Order stores a correction for the worker, if the draft is still of the given
// revision; 0 stands for any. A second one on the same piece takes the place of the first.
func (db *DB) Order(ctx context.Context, o Order, revision int) error {
	return db.ask(ctx, "correct in", o.Edition, "", o.At, func(ctx context.Context, t asked) error {
		if _, err := t.open(ctx, revision); err != nil {
			return err
		}
		var member bool
		var waiting int
		if err := t.QueryRowContext(ctx, `
			SELECT EXISTS (SELECT 1 FROM draft_items WHERE item = ?1 AND edition = ?2),
				(SELECT count(*) FROM draft_orders WHERE edition = ?2)`, o.Item, o.Edition).Scan(&member, &waiting); err != nil {
			return err
		}
		switch {
		case !member:
			return ErrNoPiece
		case waiting >= mostOrders:
			return ErrBusy
		}
		if _, err := t.ExecContext(ctx, `DELETE FROM draft_orders WHERE edition = ? AND item = ?`, o.Edition, o.Item); err != nil {
			return err
		}
		key := string(o.Stance)
		if o.Undo {
			key = undo
		}
		_, err := t.ExecContext(ctx, `INSERT INTO draft_orders (edition, item, at, who, stance, why) VALUES (?, ?, ?, ?, ?, ?)`,
			o.Edition, o.Item, stamp(o.At), o.Who, key, o.Why)
		return err
	})
}

// Orders returns the corrections of a draft that wait for the worker, the oldest
// first.
func (db *DB) Orders(ctx context.Context, edition int) ([]Order, error) {
	rows, err := db.query(ctx, `SELECT id, item, at, who, stance, why FROM draft_orders WHERE edition = ? ORDER BY id`, edition)
	if err != nil {
		return nil, fmt.Errorf("read orders for edition %d: %w", edition, err)
	}
	defer rows.Close()
	var out []Order
	for rows.Next() {
		o := Order{Edition: edition}
		var at, key string
		if err := rows.Scan(&o.ID, &o.Item, &at, &o.Who, &key, &o.Why); err != nil {
			return nil, fmt.Errorf("read orders for edition %d: %w", edition, err)
		}
		if o.At, o.Undo = moment(at), key == undo; !o.Undo {
			o.Stance = topic.StanceKey(key)
		}
		out = append(out, o)
	}
	return out, fault(db.dir, rows.Err())
}

// carriedOut removes an order together with what it asked for: after a crash it is
// not done, and told, a second time.
func carriedOut(ctx context.Context, tx *sql.Tx, order int64) error {
	_, err := tx.ExecContext(ctx, `DELETE FROM draft_orders WHERE id = ?`, order)
	return err
}

// EndOrder removes an order that is not carried out: there is nothing to do, or it
// cannot be done, and then the log says why.
func (db *DB) EndOrder(ctx context.Context, o Order, refused string, at time.Time) error {
	return db.ask(ctx, "end an order for", o.Edition, "", at, func(ctx context.Context, t asked) error {
		r, err := t.ExecContext(ctx, `DELETE FROM draft_orders WHERE id = ?`, o.ID)
		if err != nil || refused == "" {
			return err
		}
		if n, err := r.RowsAffected(); err != nil || n == 0 {
			return err // what failed came after it was carried out
		}
		act := Act{What: ActNotCorrected, Item: o.Item, Why: refused}
		if err := t.QueryRowContext(ctx, `SELECT revision FROM approvals WHERE edition = ?`, o.Edition).Scan(&act.Revision); err != nil {
			return err
		}
		return t.log(ctx, act)
	})
}
