package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"
)

// SlotState says what became of a slot.
type SlotState string

// A slot is due until it is settled: Served, or Late if much later than its time;
// Covered by the run for a newer slot; Missed, when nothing could be done about
// it in time; Failed, when the run for it ended by a fault of the program.
const (
	SlotDue     SlotState = "due"
	SlotServed  SlotState = "served"
	SlotLate    SlotState = "late"
	SlotCovered SlotState = "covered"
	SlotMissed  SlotState = "missed"
	SlotFailed  SlotState = "failed"
)

// Slot is one time at which a job had to run.
type Slot struct {
	Job      string
	Wall     string // local date and time, such as 2026-03-29T02:30
	Zone     string // IANA name
	At       time.Time
	State    SlotState
	Edition  int       // that it gave; 0: none
	Attempts int       // runs that were begun for it
	Settled  time.Time // zero while it is due
	Why      string    // in a few words, for the operator; may be empty
}

// SlotMark says up to when the slots of a job are accounted for, and by which
// schedule.
type SlotMark struct {
	Spec, Zone string
	At         time.Time
}

// SlotMark returns the mark of a job; zero before the first.
func (db *DB) SlotMark(ctx context.Context, job string) (SlotMark, error) {
	var m SlotMark
	var at string
	err := db.row(ctx, `SELECT spec, zone, at FROM slot_marks WHERE job = ?`, job).Scan(&m.Spec, &m.Zone, &at)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return SlotMark{}, fmt.Errorf("read slots of %s: %w", job, err)
	}
	m.At = moment(at)
	return m, nil
}

// NoteSlots notes slots that have come and sets the mark, in one transaction. A
// slot that is known by its name stays as it is. Slots later than the mark that
// have given nothing are forgotten: they were noted while the clock was ahead, and
// will come again.
func (db *DB) NoteSlots(ctx context.Context, job string, slots []Slot, mark SlotMark) error {
	err := db.within(ctx, func(ctx context.Context, tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, `DELETE FROM slots WHERE job = ? AND at > ? AND state IN ('due', 'covered', 'missed')`,
			job, stamp(mark.At)); err != nil {
			return err
		}
		for _, s := range slots {
			if _, err := tx.ExecContext(ctx, `
				INSERT INTO slots (job, wall, zone, at, state) VALUES (?, ?, ?, ?, 'due') ON CONFLICT DO NOTHING`,
				job, s.Wall, s.Zone, stamp(s.At)); err != nil {
				return err
			}
		}
		_, err := tx.ExecContext(ctx, `
			INSERT INTO slot_marks (job, spec, zone, at) VALUES (?, ?, ?, ?)
			ON CONFLICT (job) DO UPDATE SET spec = excluded.spec, zone = excluded.zone, at = excluded.at`,
			job, mark.Spec, mark.Zone, stamp(mark.At))
		return err
	})
	if err != nil {
		return fmt.Errorf("note slots of %s: %w", job, err)
	}
	return nil
}

// DueSlots returns the slots of a job that are due, the oldest first.
func (db *DB) DueSlots(ctx context.Context, job string) ([]Slot, error) {
	return db.slots(ctx, selectSlots+` WHERE job = ? AND state = 'due' ORDER BY at, wall`, job)
}

// LastSlots returns the last n slots of a job that have come, the newest first.
func (db *DB) LastSlots(ctx context.Context, job string, n int) ([]Slot, error) {
	return db.slots(ctx, selectSlots+` WHERE job = ? ORDER BY at DESC, wall DESC LIMIT ?`, job, n)
}

const selectSlots = `SELECT job, wall, zone, at, state, edition, attempts, settled, why FROM slots`

func (db *DB) slots(ctx context.Context, query string, args ...any) ([]Slot, error) {
	rows, err := db.query(ctx, query, args...)
	if err != nil {
		return nil, fmt.Errorf("read slots: %w", err)
	}
	defer rows.Close()
	var out []Slot
	for rows.Next() {
		var s Slot
		var at, settled string
		if err := rows.Scan(&s.Job, &s.Wall, &s.Zone, &at, &s.State, &s.Edition, &s.Attempts, &settled, &s.Why); err != nil {
			return nil, fmt.Errorf("read slots: %w", err)
		}
		s.At, s.Settled = moment(at), moment(settled)
		out = append(out, s)
	}
	return out, fault(db.dir, rows.Err())
}

// RecordSlots stores the state, edition, attempts, end and reason of slots that
// were noted, in one transaction.
func (db *DB) RecordSlots(ctx context.Context, slots ...Slot) error {
	err := db.within(ctx, func(ctx context.Context, tx *sql.Tx) error {
		for _, s := range slots {
			if _, err := tx.ExecContext(ctx, `
				UPDATE slots SET state = ?, edition = ?, attempts = ?, settled = ?, why = ? WHERE job = ? AND wall = ? AND zone = ?`,
				s.State, s.Edition, s.Attempts, stamp(s.Settled), s.Why, s.Job, s.Wall, s.Zone); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("record slots: %w", err)
	}
	return nil
}

// Cutoff is the end of a window, and the edition that it gave; 0 for a quiet one.
type Cutoff struct {
	At      time.Time
	Edition int
}

// CutoffFrom returns the first cut-off at a time or later, but not after until,
// or an edition's cut-off that is later than near; zero when there is none.
func (db *DB) CutoffFrom(ctx context.Context, near, from, until time.Time) (Cutoff, error) {
	var at string
	var c Cutoff
	err := db.row(ctx, `
		SELECT "to", coalesce(edition, 0) FROM windows
		WHERE "to" <= ? AND ("to" >= ? OR edition IS NOT NULL AND "to" > ?)
		ORDER BY "to", id LIMIT 1`, stamp(until), stamp(from), stamp(near)).Scan(&at, &c.Edition)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return Cutoff{}, fmt.Errorf("read cut-offs: %w", err)
	}
	c.At = moment(at)
	return c, nil
}
