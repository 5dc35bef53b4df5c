package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"standpoint/digest/stance"
)

// ErrNotCorrected says that no word of the operator's stands on a piece.
var ErrNotCorrected = errors.New("no correction stands")

// Correction is the operator's word on a piece.
type Correction struct {
	stance.Correction // the piece as the operator judged it, and the verdict

	Item   int64
	Lead   int64 // the piece of which it is a copy, corrected with it; 0: it is no copy
	Who    string
	At     time.Time
	Was    stance.Verdict // that it replaced
	Why    string
	Breaks []stance.Regression // what training with it would break; empty: it is in training
	Ended  time.Time           // when it was taken back or replaced; zero: it stands
}

// Ruling is a correction on its way into the store, with the verdict that it
// makes.
type Ruling struct {
	Correction
	Verdict stance.Verdict
	Order   int64 // that it carries out, and which ends with it; 0: none
}

// Correct stores the operator's word on a piece and its copies, in the place of
// an earlier one, and gives them their verdicts, in one transaction. What was
// left out unjudged and is put in waits for its text.
func (db *DB) Correct(ctx context.Context, rulings []Ruling) error {
	err := db.within(ctx, func(ctx context.Context, tx *sql.Tx) error {
		for _, r := range rulings {
			err := correct(ctx, tx, r)
			if err == nil {
				err = carriedOut(ctx, tx, r.Order)
			}
			if err != nil {
				return fmt.Errorf("piece %d: %w", r.Item, err)
			}
		}
		return inDraft(ctx, tx, rulings)
	})
	if err != nil {
		return fmt.Errorf("correct: %w", err)
	}
	return nil
}

func correct(ctx context.Context, tx *sql.Tx, r Ruling) error {
	verdict, err := json.Marshal(r.Verdict)
	if err != nil {
		return err
	}
	breaks := ""
	if len(r.Breaks) > 0 {
		data, err := json.Marshal(r.Breaks)
		if err != nil {
			return err
		}
		breaks = string(data)
	}
	// The program's own verdict is that under an earlier correction, if there is
	// one.
	var was, own, leftOut string
	if err := tx.QueryRowContext(ctx, `
		SELECT i.verdict, coalesce(c.own, i.verdict), coalesce(c.left_out, i.left_out)
		FROM items i LEFT JOIN corrections c ON c.item = i.id AND c.ended = '' WHERE i.id = ?`, r.Item).Scan(&was, &own, &leftOut); err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, `UPDATE corrections SET ended = ? WHERE item = ? AND ended = ''`, stamp(r.At), r.Item); err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, `
		INSERT INTO corrections (item, lead, who, at, was, stance, why, title, text, breaks, own, left_out)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		r.Item, r.Lead, r.Who, stamp(r.At), was, r.Stance, r.Why, r.Title, r.Text, breaks, own, leftOut); err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `
		UPDATE items SET relevant = ?2, verdict = ?3,
			pending = pending OR (?2 AND left_out <> '' AND eligible <> '' AND judged = ''),
			left_out = iif(?2 AND eligible <> '', '', left_out)
		WHERE id = ?1`, r.Item, r.Verdict.Relevant, string(verdict))
	return err
}

// judgeBeneath stores what the program makes of a piece on which the operator's
// word stands.
func judgeBeneath(ctx context.Context, tx *sql.Tx, item int64, own stance.Verdict) error {
	verdict, err := json.Marshal(own)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `UPDATE corrections SET own = ?, left_out = ? WHERE item = ? AND ended = ''`,
		string(verdict), leftOutFor(own), item)
	return err
}

// inDraft has the draft that waits composed anew, where the pieces are of it.
func inDraft(ctx context.Context, tx *sql.Tx, rulings []Ruling) error {
	if len(rulings) == 0 {
		return nil
	}
	first := rulings[0]
	var items []int64
	for _, r := range rulings {
		items = append(items, r.Item)
	}
	return revised(ctx, tx, Act{What: ActCorrected, Who: first.Who, At: first.At, Stance: first.Stance, Why: first.Why}, items...)
}

// Undo takes the operator's word on the pieces back and restores the program's
// own verdicts, in one transaction. It fails with ErrNotCorrected where none of
// them has one.
func (db *DB) Undo(ctx context.Context, items []int64, at time.Time) error {
	return db.UndoFor(ctx, Order{Who: "operator"}, items, at)
}

// UndoFor is Undo as an order asks for it, which ends with it; a draft's log names
// who gave it.
func (db *DB) UndoFor(ctx context.Context, o Order, items []int64, at time.Time) error {
	err := db.within(ctx, func(ctx context.Context, tx *sql.Tx) error {
		undone := int64(0)
		for _, item := range items {
			if _, err := tx.ExecContext(ctx, `
				UPDATE items SET verdict = c.own, relevant = coalesce(json_extract(nullif(c.own, ''), '$.Relevant'), 0),
					left_out = c.left_out, pending = iif(c.left_out = '', pending, 0)
				FROM corrections c WHERE c.item = items.id AND c.ended = '' AND items.id = ?`, item); err != nil {
				return fmt.Errorf("piece %d: %w", item, err)
			}
			r, err := tx.ExecContext(ctx, `UPDATE corrections SET ended = ? WHERE item = ? AND ended = ''`, stamp(at), item)
			if err != nil {
				return fmt.Errorf("piece %d: %w", item, err)
			}
			n, err := r.RowsAffected()
			if err != nil {
				return err
			}
			undone += n
		}
		if undone == 0 {
			return ErrNotCorrected
		}
		if err := carriedOut(ctx, tx, o.ID); err != nil {
			return err
		}
		return revised(ctx, tx, Act{What: ActUndone, Who: o.Who, At: at}, items...)
	})
	if err != nil {
		return fmt.Errorf("undo correction: %w", err)
	}
	return nil
}

// Corrections returns the corrections that stand, one for each piece, without
// those of its copies, in the order in which they were made.
func (db *DB) Corrections(ctx context.Context) ([]Correction, error) {
	return db.corrections(ctx, `ended = '' AND lead = 0`)
}

// Learnt returns what of the corrections is in training.
func (db *DB) Learnt(ctx context.Context) ([]stance.Correction, error) {
	all, err := db.Corrections(ctx)
	if err != nil {
		return nil, err
	}
	var out []stance.Correction
	for _, c := range all {
		if len(c.Breaks) == 0 {
			out = append(out, c.Correction)
		}
	}
	return out, nil
}

// CorrectionsOf returns all corrections of a piece that ever were, oldest first.
func (db *DB) CorrectionsOf(ctx context.Context, item int64) ([]Correction, error) {
	return db.corrections(ctx, `item = ?`, item)
}

func (db *DB) corrections(ctx context.Context, where string, args ...any) ([]Correction, error) {
	rows, err := db.query(ctx, `
		SELECT item, lead, who, at, was, stance, why, title, text, breaks, ended FROM corrections WHERE `+where+` ORDER BY id`, args...)
	if err != nil {
		return nil, fmt.Errorf("read corrections: %w", err)
	}
	defer rows.Close()
	var out []Correction
	for rows.Next() {
		var c Correction
		var at, was, breaks, ended string
		if err := rows.Scan(&c.Item, &c.Lead, &c.Who, &at, &was, &c.Stance, &c.Why, &c.Title, &c.Text, &breaks, &ended); err != nil {
			return nil, fmt.Errorf("read corrections: %w", err)
		}
		for text, into := range map[string]any{was: &c.Was, breaks: &c.Breaks} {
			if text == "" {
				continue
			}
			if err := json.Unmarshal([]byte(text), into); err != nil {
				return nil, fmt.Errorf("read correction of piece %d: %w", c.Item, err)
			}
		}
		c.At, c.Ended = moment(at), moment(ended)
		out = append(out, c)
	}
	return out, fault(db.dir, rows.Err())
}
