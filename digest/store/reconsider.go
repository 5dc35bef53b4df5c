package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"time"

	"standpoint/digest/stance"
)

// Unsettled is a judged piece that no edition has and on which the operator said
// nothing: its verdict may still change.
type Unsettled struct {
	Item    int64
	Source  string
	Outlet  string
	Title   string
	URL     string
	Text    string
	Verdict stance.Verdict
}

// Unsettled returns the unsettled pieces that came after the given time, and those that
// still wait for an edition: at most limit of them, in the order of their numbers
// and beyond the given one.
func (db *DB) Unsettled(ctx context.Context, since time.Time, after int64, limit int) ([]Unsettled, error) {
	rows, err := db.query(ctx, `
		SELECT i.id, i.source, s.name, i.title, i.url, i.text, i.verdict FROM items i JOIN sources s ON s.id = i.source
		WHERE i.id > ? AND i.pending = 0 AND i.held = 0 AND i.left_out = '' AND i.verdict <> '' AND i.eligible <> '' AND i.text_gone = ''
			AND (i.relevant = 1 OR i.eligible > ?) AND `+untouched+` ORDER BY i.id LIMIT ?`, after, stamp(since), limit)
	if err != nil {
		return nil, fmt.Errorf("read unsettled pieces: %w", err)
	}
	defer rows.Close()
	var out []Unsettled
	for rows.Next() {
		var o Unsettled
		var verdict string
		if err := rows.Scan(&o.Item, &o.Source, &o.Outlet, &o.Title, &o.URL, &o.Text, &verdict); err != nil {
			return nil, fmt.Errorf("read unsettled pieces: %w", err)
		}
		if err := json.Unmarshal([]byte(verdict), &o.Verdict); err != nil {
			return nil, fmt.Errorf("read unsettled piece %d: %w", o.Item, err)
		}
		out = append(out, o)
	}
	return out, fault(db.dir, rows.Err())
}

// untouched says of the piece i that no edition or draft has it and no correction
// stands.
const untouched = `NOT EXISTS (SELECT 1 FROM edition_items WHERE item = i.id)
	AND NOT EXISTS (SELECT 1 FROM draft_items WHERE item = i.id)
	AND NOT EXISTS (SELECT 1 FROM corrections WHERE item = i.id AND ended = '')`

// Reconsidered is a new verdict on an unsettled piece.
type Reconsidered struct {
	Item    int64
	Verdict stance.Verdict
	Heard   *Heard // the second opinion that was taken account of; may be nil
}

// Reconsider stores new verdicts, all or none. Pieces that are settled keep
// theirs.
func (db *DB) Reconsider(ctx context.Context, all []Reconsidered) error {
	err := db.within(ctx, func(ctx context.Context, tx *sql.Tx) error {
		for _, r := range all {
			if err := reconsider(ctx, tx, r); err != nil {
				return fmt.Errorf("piece %d: %w", r.Item, err)
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("reclassify: %w", err)
	}
	return nil
}

func reconsider(ctx context.Context, tx *sql.Tx, r Reconsidered) error {
	verdict, err := json.Marshal(r.Verdict)
	if err != nil {
		return err
	}
	done, err := tx.ExecContext(ctx, `UPDATE items AS i SET relevant = ?, verdict = ?, left_out = ? WHERE i.id = ? AND i.pending = 0 AND `+untouched,
		r.Verdict.Relevant, string(verdict), leftOutFor(r.Verdict), r.Item)
	if err != nil {
		return err
	}
	n, err := done.RowsAffected()
	if err != nil || n == 0 {
		return err
	}
	return hear(ctx, tx, r.Item, r.Heard)
}
