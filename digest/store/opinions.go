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

// Heard is the second opinion that a judgement took account of.
type Heard struct {
	Key      string // under which SaveOpinion keeps it
	Contrary bool   // it contradicts the verdict, which is sure and stands
}

// Opinion returns the opinion that is kept under a key; ok is false when there
// is none.
func (db *DB) Opinion(ctx context.Context, key string) (o stance.Opinion, ok bool, err error) {
	var text string
	switch err := db.row(ctx, `SELECT opinion FROM opinions WHERE key = ?`, key).Scan(&text); {
	case errors.Is(err, sql.ErrNoRows):
		return o, false, nil
	case err != nil:
		return o, false, fmt.Errorf("read second opinion: %w", err)
	}
	if err := json.Unmarshal([]byte(text), &o); err != nil {
		return o, false, fmt.Errorf("read second opinion %s: %w", key, err)
	}
	return o, true, nil
}

// SaveOpinion keeps an opinion under the key of what was asked, with the number
// of requests that it took.
func (db *DB) SaveOpinion(ctx context.Context, key string, o stance.Opinion, requests int, at time.Time) error {
	text, err := json.Marshal(o)
	if err == nil {
		_, err = db.exec(ctx, `
			INSERT INTO opinions (key, asked, requests, opinion) VALUES (?, ?, ?, ?)
			ON CONFLICT (key) DO UPDATE SET asked = excluded.asked, requests = requests + excluded.requests, opinion = excluded.opinion`,
			key, stamp(at), requests, string(text))
	}
	if err != nil {
		return fmt.Errorf("save second opinion %s: %w", key, err)
	}
	return nil
}

// hear notes in a judgement's transaction which opinion it took account of. One
// on an earlier wording is forgotten.
func hear(ctx context.Context, tx *sql.Tx, item int64, h *Heard) error {
	if h == nil {
		_, err := tx.ExecContext(ctx, `DELETE FROM item_opinions WHERE item = ?`, item)
		return err
	}
	_, err := tx.ExecContext(ctx, `INSERT OR REPLACE INTO item_opinions (item, opinion, contrary) VALUES (?, ?, ?)`, item, h.Key, h.Contrary)
	return err
}

// OpinionOn returns the opinion that a piece's judgement took account of, and
// whether it contradicts the verdict; ok is false when there is none.
func (db *DB) OpinionOn(ctx context.Context, item int64) (o stance.Opinion, contrary, ok bool, err error) {
	var key string
	switch err := db.row(ctx, `SELECT opinion, contrary FROM item_opinions WHERE item = ?`, item).Scan(&key, &contrary); {
	case errors.Is(err, sql.ErrNoRows):
		return o, false, false, nil
	case err != nil:
		return o, false, false, fmt.Errorf("read second opinion on piece %d: %w", item, err)
	}
	o, ok, err = db.Opinion(ctx, key)
	return o, contrary, ok, err
}

// Opinions is what is known of second opinions as a whole.
type Opinions struct {
	Kept     int // different ones
	Requests int // that they took
	Divided  int // that were none, since the order of the stances decided
}

// CountOpinions counts the opinions that are kept.
func (db *DB) CountOpinions(ctx context.Context) (n Opinions, err error) {
	err = db.row(ctx, `SELECT count(*), coalesce(sum(requests), 0), count(opinion ->> '$.divided') FROM opinions`).
		Scan(&n.Kept, &n.Requests, &n.Divided)
	if err != nil {
		return n, fmt.Errorf("count second opinions: %w", err)
	}
	return n, nil
}

// Contradiction is a piece whose sure verdict a second opinion contradicts.
type Contradiction struct {
	Item    int64
	Outlet  string
	Title   string
	URL     string
	Edition int // that has it; 0: none yet
	Verdict stance.Verdict
	Opinion stance.Opinion
}

// Contradictions returns the pieces judged since the given time whose verdict is
// contradicted and not the operator's, the latest first, at most limit of them.
func (db *DB) Contradictions(ctx context.Context, since time.Time, limit int) ([]Contradiction, error) {
	rows, err := db.query(ctx, `
		SELECT i.id, s.name, i.title, i.url, coalesce(e.edition, 0), i.verdict, o.opinion
		FROM item_opinions h JOIN items i ON i.id = h.item JOIN sources s ON s.id = i.source JOIN opinions o ON o.key = h.opinion
			LEFT JOIN edition_items e ON e.item = i.id
		WHERE h.contrary = 1 AND i.judged >= ? AND i.verdict ->> '$.By' <> ? ORDER BY i.judged DESC, i.id DESC LIMIT ?`,
		stamp(since), stance.ByOperator, limit)
	if err != nil {
		return nil, fmt.Errorf("read contradictions: %w", err)
	}
	defer rows.Close()
	var out []Contradiction
	for rows.Next() {
		var c Contradiction
		var verdict, opinion string
		if err := rows.Scan(&c.Item, &c.Outlet, &c.Title, &c.URL, &c.Edition, &verdict, &opinion); err != nil {
			return nil, fmt.Errorf("read contradictions: %w", err)
		}
		if err := errors.Join(json.Unmarshal([]byte(verdict), &c.Verdict), json.Unmarshal([]byte(opinion), &c.Opinion)); err != nil {
			return nil, fmt.Errorf("read contradiction on piece %d: %w", c.Item, err)
		}
		out = append(out, c)
	}
	return out, fault(db.dir, rows.Err())
}
