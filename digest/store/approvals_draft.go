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

// Draft stores an edition that waits for the editor, in one transaction: what
// Freeze stores but the deliveries, and the pieces that it is composed from. With
// a draft that still waits it fails.
func (db *DB) Draft(ctx context.Context, e digest.Edition, filings []digest.Filing, mode string, at time.Time) error {
	model, err := json.Marshal(e)
	if err != nil {
		return fmt.Errorf("draft edition %d: %w", e.Number, err)
	}
	return db.ask(ctx, "draft", e.Number, "", at, func(ctx context.Context, t asked) error {
		var rival bool
		if err := t.QueryRowContext(ctx, `SELECT EXISTS (`+awaited+`)`).Scan(&rival); err != nil {
			return err
		}
		if rival {
			return errors.New("another one waits for approval")
		}
		if err := freeze(ctx, t.Tx, e, string(model), filings, at); err != nil {
			return err
		}
		if _, err := t.ExecContext(ctx, `INSERT INTO approvals (edition, mode, state, drafted) VALUES (?, ?, 'waiting', ?)`,
			e.Number, mode, stamp(at)); err != nil {
			return err
		}
		for _, f := range filings {
			if _, err := t.ExecContext(ctx, `INSERT INTO draft_items (item, edition) VALUES (?, ?)`, f.Item, e.Number); err != nil {
				return fmt.Errorf("piece %d: %w", f.Item, err)
			}
		}
		return t.log(ctx, Act{What: ActDrafted, Revision: 1})
	})
}

// Recompose stores what a draft was composed to anew, if it is still of the given
// revision and stale: else it fails with ErrRevised, and nothing is stored. Who was
// slower than another may have read the pieces when they were filed again.
func (db *DB) Recompose(ctx context.Context, e digest.Edition, filings []digest.Filing, revision int) error {
	model, err := json.Marshal(e)
	if err != nil {
		return fmt.Errorf("compose edition %d anew: %w", e.Number, err)
	}
	return db.ask(ctx, "compose anew", e.Number, "", time.Time{}, func(ctx context.Context, t asked) error {
		a, err := t.open(ctx, revision)
		if err == nil && !a.Stale() {
			err = ErrRevised
		}
		if err != nil {
			return err
		}
		if err := unfile(ctx, t.Tx, e.Number); err != nil {
			return err
		}
		if _, err := t.ExecContext(ctx, `UPDATE editions SET model = ? WHERE number = ?`, string(model), e.Number); err != nil {
			return err
		}
		if err := fileEdition(ctx, t.Tx, e, filings); err != nil {
			return err
		}
		_, err = t.ExecContext(ctx, `UPDATE approvals SET composed = revision WHERE edition = ?`, e.Number)
		return err
	})
}

// DraftCandidates returns the relevant pieces that a draft is composed from, but
// for those that were dropped. It is asked while the draft is stale.
func (db *DB) DraftCandidates(ctx context.Context, edition int) ([]digest.Candidate, error) {
	return db.candidates(ctx, selectPieces+`
	WHERE i.relevant = 1 AND i.pending = 0 AND i.text_gone = '' AND NOT EXISTS (SELECT 1 FROM edition_items WHERE item = i.id)
		AND i.id IN (SELECT item FROM draft_items WHERE edition = ? AND dropped = '')
	ORDER BY +i.id`, edition)
}

// stale makes a draft one that is to be composed anew: what it is made of belongs
// to nothing until then. It returns the new revision.
func (t asked) stale(ctx context.Context) (revision int, err error) {
	if err := unfile(ctx, t.Tx, t.edition); err != nil {
		return 0, err
	}
	err = t.QueryRowContext(ctx, `UPDATE approvals SET revision = revision + 1 WHERE edition = ? RETURNING revision`, t.edition).Scan(&revision)
	return revision, err
}

func unfile(ctx context.Context, tx *sql.Tx, edition int) error {
	for _, q := range []string{
		`DELETE FROM edition_items WHERE item IN (SELECT item FROM draft_items WHERE edition = ?)`,
		`DELETE FROM notices WHERE edition = ?`,
	} {
		if _, err := tx.ExecContext(ctx, q, edition); err != nil {
			return err
		}
	}
	return nil
}

// revised notes in the draft that waits what the operator or the editor said of
// pieces of it: the first of them speaks for its copies. Where none of them is of
// the draft, nothing happens.
func revised(ctx context.Context, tx *sql.Tx, act Act, items ...int64) error {
	t := asked{Tx: tx, who: act.Who, at: act.At}
	for _, item := range items {
		err := tx.QueryRowContext(ctx, `
			SELECT edition FROM draft_items WHERE item = ? AND dropped = '' AND edition IN (`+awaited+`)`, item).Scan(&t.edition)
		if errors.Is(err, sql.ErrNoRows) {
			continue
		}
		if err != nil {
			return err
		}
		act.Item = items[0]
		if act.Revision, err = t.stale(ctx); err != nil {
			return err
		}
		return t.log(ctx, act)
	}
	return nil
}

// Drop takes an entry of a draft and its copies out, for good: they enter no other
// edition either. The draft is to be composed anew then. It fails with ErrNoPiece
// where the draft shows no such entry.
func (db *DB) Drop(ctx context.Context, edition, revision int, item int64, who, why string, at time.Time) error {
	return db.ask(ctx, "drop from", edition, who, at, func(ctx context.Context, t asked) error {
		a, err := t.open(ctx, revision)
		if err != nil {
			return err
		}
		if a.Stale() {
			return ErrStale
		}
		// The entry may be known by any of its copies.
		r, err := t.ExecContext(ctx, `
			WITH lead (item) AS (SELECT iif(copy_of = 0, item, copy_of) FROM edition_items WHERE item = ?1 AND edition = ?2)
			UPDATE draft_items SET dropped = ?3, who = ?4, why = ?5, lead = (SELECT item FROM lead)
			WHERE edition = ?2 AND dropped = '' AND item IN (
				SELECT item FROM edition_items WHERE edition = ?2 AND iif(copy_of = 0, item, copy_of) IN (SELECT item FROM lead))`,
			item, edition, stamp(at), who, why)
		if err != nil {
			return err
		}
		if n, err := r.RowsAffected(); err != nil || n == 0 {
			return errors.Join(err, ErrNoPiece)
		}
		return t.changed(ctx, Act{What: ActDropped, Item: item, Why: why})
	})
}

// ErrNoPiece says that the draft has no such piece.
var ErrNoPiece = errors.New("the draft has no such piece")

// Restore puts an entry back that was dropped from a draft which still waits.
func (db *DB) Restore(ctx context.Context, edition, revision int, item int64, who string, at time.Time) error {
	return db.ask(ctx, "put back into", edition, who, at, func(ctx context.Context, t asked) error {
		if _, err := t.open(ctx, revision); err != nil {
			return err
		}
		r, err := t.ExecContext(ctx, `
			UPDATE draft_items SET dropped = '', who = '', why = '', lead = 0
			WHERE edition = ?2 AND dropped <> '' AND lead = (SELECT lead FROM draft_items WHERE item = ?1)`, item, edition)
		if err != nil {
			return err
		}
		if n, err := r.RowsAffected(); err != nil || n == 0 {
			return errors.Join(err, ErrNoPiece)
		}
		return t.changed(ctx, Act{What: ActRestored, Item: item})
	})
}

// changed makes the draft stale and notes why.
func (t asked) changed(ctx context.Context, act Act) (err error) {
	if act.Revision, err = t.stale(ctx); err != nil {
		return err
	}
	return t.log(ctx, act)
}

// DroppedPiece is one that the editor took out of an edition.
type DroppedPiece struct {
	Item               int64
	Title, URL, Outlet string
	At                 time.Time
	Who, Why           string
}

// DroppedFrom returns the entries that were taken out of an edition's draft.
func (db *DB) DroppedFrom(ctx context.Context, edition int) ([]DroppedPiece, error) {
	return db.gone(ctx, `
		SELECT i.id, i.title, i.url, s.name, d.dropped, d.who, d.why FROM draft_items d JOIN items i ON i.id = d.item JOIN sources s ON s.id = i.source
		WHERE d.edition = ? AND d.dropped <> '' AND d.lead = d.item ORDER BY d.dropped, i.id`, edition)
}

// SetAside returns the entries that were taken out of a draft which waits because
// somebody called them off the subject.
func (db *DB) SetAside(ctx context.Context, edition int) ([]DroppedPiece, error) {
	return db.gone(ctx, `
		SELECT i.id, i.title, i.url, s.name, c.at, c.who, c.why FROM draft_items d JOIN items i ON i.id = d.item JOIN sources s ON s.id = i.source
			JOIN corrections c ON c.item = i.id AND c.ended = ''
		WHERE d.edition = ? AND d.dropped = '' AND c.stance = '' AND c.lead = 0 ORDER BY c.id`, edition)
}

// CorrectedWith returns a piece and those that were corrected with it as its copies.
func (db *DB) CorrectedWith(ctx context.Context, item int64) ([]Known, error) {
	const lead = `iif(lead = 0, item, lead)`
	return db.find(ctx, `i.id = ?1 OR i.id IN (SELECT item FROM corrections WHERE ended = '' AND `+lead+` =
		(SELECT `+lead+` FROM corrections WHERE item = ?1 AND ended = ''))`, item)
}

func (db *DB) gone(ctx context.Context, query string, edition int) ([]DroppedPiece, error) {
	rows, err := db.query(ctx, query, edition)
	if err != nil {
		return nil, fmt.Errorf("read dropped pieces: %w", err)
	}
	defer rows.Close()
	var out []DroppedPiece
	for rows.Next() {
		var p DroppedPiece
		var at string
		if err := rows.Scan(&p.Item, &p.Title, &p.URL, &p.Outlet, &at, &p.Who, &p.Why); err != nil {
			return nil, fmt.Errorf("read dropped pieces: %w", err)
		}
		p.At = moment(at)
		out = append(out, p)
	}
	return out, fault(db.dir, rows.Err())
}
