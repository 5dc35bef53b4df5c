package store

import (
	"context"
	"database/sql"
	"time"
)

// Decision is what became of a call of Approve.
type Decision struct {
	Planned   int  // deliveries
	Already   bool // somebody had approved it before: nothing changed
	Withdrawn bool // the draft had no piece left: nobody gets it
}

// Approve ends a draft's wait, in one transaction: from now on the edition never
// changes, and a delivery is planned for each active subscriber. With none it
// fails with ErrNoReaders unless Unread is set. Revision is that of the model that was held against
// the rules of mail, or 0 for any; ErrStale and ErrRevised say that the draft is
// another by now, and ErrBusy that corrections of it wait for the worker. An edition that is not due is withdrawn instead. Approved twice
// is approved once.
func (db *DB) Approve(ctx context.Context, edition, revision int, due bool, who string, at time.Time) (d Decision, err error) {
	err = db.ask(ctx, "approve", edition, who, at, func(ctx context.Context, t asked) error {
		d = Decision{}
		a, err := t.open(ctx, revision)
		if a.State == DraftApproved || a.State == DraftWithdrawn {
			d.Already, d.Withdrawn = true, a.State == DraftWithdrawn
			return nil
		}
		if err != nil {
			return err
		}
		if a.Stale() {
			return ErrStale
		}
		var busy bool
		if err := t.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM draft_orders WHERE edition = ?)`, edition).Scan(&busy); err != nil {
			return err
		}
		if busy {
			return ErrBusy
		}
		state := DraftApproved
		if !due {
			d.Withdrawn, state = true, DraftWithdrawn
			err = t.withdraw(ctx)
		} else {
			d.Planned, err = db.release(ctx, t)
		}
		if err != nil {
			return err
		}
		if _, err := t.ExecContext(ctx, `UPDATE approvals SET state = ?, decided = ?, who = ?, why = '', deadline = '' WHERE edition = ?`,
			state, stamp(at), who, edition); err != nil {
			return err
		}
		// What was left out for other reasons is free again.
		if _, err := t.ExecContext(ctx, `DELETE FROM draft_items WHERE edition = ? AND dropped = ''`, edition); err != nil {
			return err
		}
		what := ActApproved
		if d.Withdrawn {
			what = ActWithdrawn
		}
		return t.log(ctx, Act{What: what, Revision: a.Revision})
	})
	return d, err
}

// release freezes the edition for good and plans its deliveries.
func (db *DB) release(ctx context.Context, t asked) (planned int, err error) {
	if _, err := t.ExecContext(ctx, `UPDATE editions SET frozen = ? WHERE number = ?`, stamp(t.at), t.edition); err != nil {
		return 0, err
	}
	return db.planDeliveries(ctx, t.Tx, t.edition, t.at)
}

// withdraw ends an edition of which nothing is left. What it would have told of
// earlier ones waits for the next.
func (t asked) withdraw(ctx context.Context) error {
	if _, err := t.ExecContext(ctx, `DELETE FROM notices WHERE edition = ?`, t.edition); err != nil {
		return err
	}
	_, err := t.ExecContext(ctx, `UPDATE editions SET finished = ? WHERE number = ?`, stamp(t.at), t.edition)
	return err
}

// Hold stops a draft's deadline until somebody approves it. Held twice is held
// once, with the first reason.
func (db *DB) Hold(ctx context.Context, edition int, who, why string, at time.Time) error {
	return db.ask(ctx, "hold", edition, who, at, func(ctx context.Context, t asked) error {
		a, err := t.open(ctx, 0)
		if err != nil || a.State == DraftHeld {
			return err
		}
		if _, err := t.ExecContext(ctx, `UPDATE approvals SET state = 'held', deadline = '', who = ?, why = ? WHERE edition = ?`,
			who, why, edition); err != nil {
			return err
		}
		return t.log(ctx, Act{What: ActHeld, Revision: a.Revision, Why: why})
	})
}

// TellEditor notes that the editor's mail with the draft was taken over, and by
// when it goes out; zero: not by itself.
func (db *DB) TellEditor(ctx context.Context, edition int, to string, deadline, at time.Time) error {
	return db.ask(ctx, "note the mail with", edition, to, at, func(ctx context.Context, t asked) error {
		a, err := t.open(ctx, 0)
		if err != nil {
			return err
		}
		if a.State == DraftHeld { // by the operator, before the mail had gone
			deadline = time.Time{}
		}
		what, set := ActTold, `UPDATE approvals SET told = ?, deadline = ? WHERE edition = ?`
		args := []any{stamp(at), stamp(deadline), edition}
		if !a.Told.IsZero() {
			what, set, args = ActReminded, `UPDATE approvals SET reminded = ? WHERE edition = ?`, []any{stamp(at), edition}
		}
		if _, err := t.ExecContext(ctx, set, args...); err != nil {
			return err
		}
		return t.log(ctx, Act{What: what, Revision: a.Revision})
	})
}

// RestartWindow moves when the editor was told, and the deadline: the clock was
// wrong when they were noted.
func (db *DB) RestartWindow(ctx context.Context, edition int, told, deadline time.Time) error {
	return db.ask(ctx, "restart the window of", edition, "", told, func(ctx context.Context, t asked) error {
		_, err := t.ExecContext(ctx, `UPDATE approvals SET told = ?, deadline = ? WHERE edition = ? AND state = 'waiting'`,
			stamp(told), stamp(deadline), edition)
		return err
	})
}

// Postpone sets another deadline for a draft that waits, and the log tells why it
// could not go out.
func (db *DB) Postpone(ctx context.Context, edition int, deadline time.Time, why string, at time.Time) error {
	return db.ask(ctx, "postpone", edition, "standpoint", at, func(ctx context.Context, t asked) error {
		a, err := t.open(ctx, 0)
		if err != nil || a.State == DraftHeld {
			return err
		}
		if _, err := t.ExecContext(ctx, `UPDATE approvals SET deadline = ? WHERE edition = ?`, stamp(deadline), edition); err != nil {
			return err
		}
		return t.log(ctx, Act{What: ActRefused, Revision: a.Revision, Why: why})
	})
}

// planDeliveries plans an edition's letter to each active subscriber, or fails
// with ErrNoReaders where that is a reason.
func (db *DB) planDeliveries(ctx context.Context, tx *sql.Tx, edition int, at time.Time) (int, error) {
	r, err := tx.ExecContext(ctx, `
		INSERT INTO deliveries (edition, subscriber, state, changed, domain)
		SELECT ?, id, 'planned', ?, substr(key, instr(key, '@') + 1) FROM subscribers WHERE state = 'active'`, edition, stamp(at))
	if err != nil {
		return 0, err
	}
	n, err := r.RowsAffected()
	if err == nil && n == 0 && !db.Unread {
		err = ErrNoReaders
	}
	return int(n), err
}
