package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"standpoint/digest"
)

// ErrNoEdition says that there is no such edition. ErrNoReaders says that
// nobody would get it.
var (
	ErrNoEdition = errors.New("no such edition")
	ErrNoReaders = errors.New("there is no active subscriber")
)

// Candidate is a piece that may enter the next edition.
type Candidate struct {
	digest.Candidate
	Repeat int // the edition that already carried a copy of the piece; 0: none
}

// Candidates returns the relevant pieces that are eligible up to the given time
// and in no edition yet. There is no lower bound: whatever a window missed, say
// because the clock was set back, comes with the next one.
func (db *DB) Candidates(ctx context.Context, until time.Time) ([]Candidate, error) {
	rows, err := db.query(ctx, `
		SELECT i.id, i.title, i.title_key, i.url, i.key, i.canonical, s.name, s.country, s.position,
			i.authors, i.published, i.first_seen, i.text, i.basis, i.verdict,
			coalesce((
				SELECT min(ei.edition) FROM items o JOIN edition_items ei ON ei.item = o.id
				WHERE (o.key = i.key AND i.key <> '')
					OR (o.canonical = i.canonical AND i.canonical <> '' AND o.title_key = i.title_key AND i.title_key <> '')
			), 0)
		FROM items i JOIN sources s ON s.id = i.source
		WHERE i.relevant = 1 AND i.pending = 0 AND i.eligible <> '' AND i.eligible <= ?
			AND NOT EXISTS (SELECT 1 FROM edition_items WHERE item = i.id)
		ORDER BY i.id`, stamp(until))
	if err != nil {
		return nil, fmt.Errorf("read candidates: %w", err)
	}
	defer rows.Close()
	var out []Candidate
	for rows.Next() {
		var c Candidate
		var authors, published, seen, verdict string
		if err := rows.Scan(&c.Item, &c.Title, &c.TitleKey, &c.URL, &c.Key, &c.Canonical, &c.Outlet, &c.Country, &c.Position,
			&authors, &published, &seen, &c.Text, &c.Basis, &verdict, &c.Repeat); err != nil {
			return nil, fmt.Errorf("read candidates: %w", err)
		}
		if err := errors.Join(json.Unmarshal([]byte(authors), &c.Authors), json.Unmarshal([]byte(verdict), &c.Verdict)); err != nil {
			return nil, fmt.Errorf("read candidate %d: %w", c.Item, err)
		}
		c.Published, c.FirstSeen = moment(published), moment(seen)
		out = append(out, c)
	}
	return out, fault(db.dir, rows.Err())
}

// Seen counts the pieces on any subject that were first seen in the window.
func (db *DB) Seen(ctx context.Context, w digest.Window) (int, error) {
	var n int
	err := db.row(ctx, `SELECT count(*) FROM items WHERE first_seen > ? AND first_seen <= ?`,
		stamp(w.From), stamp(w.To)).Scan(&n)
	if err != nil {
		return 0, fmt.Errorf("count pieces: %w", err)
	}
	return n, nil
}

// LastCutoff returns the end of the last window, quiet ones too, and the number
// of the last edition; both are zero before the first.
func (db *DB) LastCutoff(ctx context.Context) (time.Time, int, error) {
	var to string
	var number int
	err := db.row(ctx, `
		SELECT coalesce((SELECT max("to") FROM windows), ''), coalesce((SELECT max(number) FROM editions), 0)`).Scan(&to, &number)
	if err != nil {
		return time.Time{}, 0, fmt.Errorf("read last cut-off: %w", err)
	}
	return moment(to), number, nil
}

// RecordQuiet notes a window without a piece, so that the next one begins where
// it ended.
func (db *DB) RecordQuiet(ctx context.Context, w digest.Window) error {
	_, err := db.exec(ctx, `INSERT INTO windows ("from", "to") VALUES (?, ?)`, stamp(w.From), stamp(w.To))
	if err != nil {
		return fmt.Errorf("record quiet week: %w", err)
	}
	return nil
}

// Freeze stores an edition for ever, in one transaction: the edition, the
// pieces that are in it (copies of one piece too), its window, and a planned
// delivery for each active subscriber. It returns how many were planned; with
// none it fails with ErrNoReaders, since the pieces would be spent on nobody.
// Later than this nothing about the edition changes but its deliveries.
func (db *DB) Freeze(ctx context.Context, e digest.Edition, pieces []Candidate, at time.Time) (planned int, err error) {
	model, err := json.Marshal(e)
	if err != nil {
		return 0, fmt.Errorf("freeze edition %d: %w", e.Number, err)
	}
	err = db.within(ctx, func(tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, `INSERT INTO editions (number, frozen, model) VALUES (?, ?, ?)`,
			e.Number, stamp(at), string(model)); err != nil {
			return err
		}
		for _, p := range pieces {
			home := e.Number
			if p.Repeat != 0 {
				home = p.Repeat
			}
			if _, err := tx.ExecContext(ctx, `INSERT INTO edition_items (item, edition) VALUES (?, ?)`, p.Item, home); err != nil {
				return fmt.Errorf("piece %d: %w", p.Item, err)
			}
		}
		if _, err := tx.ExecContext(ctx, `INSERT INTO windows ("from", "to", edition) VALUES (?, ?, ?)`,
			stamp(e.Window.From), stamp(e.Window.To), e.Number); err != nil {
			return err
		}
		r, err := tx.ExecContext(ctx, `
			INSERT INTO deliveries (edition, subscriber, state, changed)
			SELECT ?, id, 'planned', ? FROM subscribers WHERE state = 'active'`, e.Number, stamp(at))
		if err != nil {
			return err
		}
		n, err := r.RowsAffected()
		if err == nil && n == 0 {
			err = ErrNoReaders
		}
		planned = int(n)
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("freeze edition %d: %w", e.Number, err)
	}
	return planned, nil
}

// Edition returns a frozen edition, or ErrNoEdition.
func (db *DB) Edition(ctx context.Context, number int) (digest.Edition, error) {
	var model string
	var e digest.Edition
	err := db.row(ctx, `SELECT model FROM editions WHERE number = ?`, number).Scan(&model)
	if errors.Is(err, sql.ErrNoRows) {
		return e, fmt.Errorf("edition %d: %w", number, ErrNoEdition)
	}
	if err != nil {
		return e, fmt.Errorf("read edition %d: %w", number, err)
	}
	if err := json.Unmarshal([]byte(model), &e); err != nil {
		return digest.Edition{}, fmt.Errorf("read edition %d: %w: %s in %s is damaged: restore a backup", number, err, FileName, db.dir)
	}
	return e, nil
}

// Unfinished returns the numbers of the editions with deliveries that have not
// ended, oldest first.
func (db *DB) Unfinished(ctx context.Context) ([]int, error) {
	rows, err := db.query(ctx, `SELECT number FROM editions WHERE finished = '' ORDER BY number`)
	if err != nil {
		return nil, fmt.Errorf("read unfinished editions: %w", err)
	}
	defer rows.Close()
	var out []int
	for rows.Next() {
		var n int
		if err := rows.Scan(&n); err != nil {
			return nil, fmt.Errorf("read unfinished editions: %w", err)
		}
		out = append(out, n)
	}
	return out, fault(db.dir, rows.Err())
}
