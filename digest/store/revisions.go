package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"standpoint/digest/stance"
	"standpoint/feeds"
)

// Revision is what a feed said of a piece at some time.
type Revision struct {
	Seen   time.Time
	Title  string
	Teaser string
	Text   string // of the whole piece, where the feed carried it
}

// mostRevisions of a piece are kept. A feed that says something else at each
// visit would else fill the disk, and have the page fetched each time.
const mostRevisions = 20

// revise notes that a feed says something else of a known piece. A few words
// more or less are an edit, and nothing comes of it. A real revision is stored,
// and a piece that is in no edition yet is judged anew, by its new wording; what
// an edition says of a piece stays as it is.
func revise(ctx context.Context, tx *sql.Tx, at time.Time, a arrival) (bool, error) {
	if a.before == a.said {
		return false, nil
	}
	var old Revision
	var key, seen, feedText, text, left string
	var basis stance.Basis
	var published, ruled, gone bool
	var revisions int
	err := tx.QueryRowContext(ctx, `
		SELECT title, title_key, teaser, feed_text, text, basis, first_seen, left_out,
			EXISTS (SELECT 1 FROM edition_items WHERE item = items.id) OR EXISTS (SELECT 1 FROM draft_items WHERE item = items.id),
			(SELECT count(*) FROM revisions WHERE item = items.id),
			EXISTS (SELECT 1 FROM corrections WHERE item = items.id AND ended = ''), text_gone <> ''
		FROM items WHERE id = ?`, a.known).
		Scan(&old.Title, &key, &old.Teaser, &feedText, &text, &basis, &seen, &left, &published, &revisions, &ruled, &gone)
	if err != nil {
		return false, err
	}
	if ruled { // the operator put it in, or out
		a.leftOut = ""
	}
	old.Seen, old.Text = moment(seen), feedText
	if basis == stance.BasisFeed {
		old.Text = text
	}
	// What was left out has no text to compare with, what an older version stored
	// no hash, and a piece whose texts were dropped gets none anew.
	real := !gone && a.before != 0 && revisions < mostRevisions && (key != a.titleKey || feeds.Reworded(old.Teaser, a.Teaser) ||
		old.Text != "" && a.Text != "" && feeds.Reworded(old.Text, a.Text)) // a feed that goes over to teasers revises nothing
	if !real {
		_, err := tx.ExecContext(ctx, `UPDATE items SET said = ? WHERE id = ?`, a.said, a.known)
		return false, err
	}
	if err := storeRevision(ctx, tx, at, a, old, revisions == 0); err != nil {
		return false, err
	}
	if published {
		_, err = tx.ExecContext(ctx, `UPDATE items SET said = ? WHERE id = ?`, a.said, a.known)
		return true, err
	}
	_, err = tx.ExecContext(ctx, `
		UPDATE items SET title = ?2, title_key = ?3, teaser = ?4, feed_text = ?5, said = ?6, left_out = ?7,
			pending = (?7 = '' AND eligible <> ''), attempts = 0, page_error = '',
			relevant = iif(?7 = '', relevant, 0)
		WHERE id = ?1`, a.known, a.Title, a.titleKey, a.Teaser, a.feedText(), a.said, a.leftOut)
	return true, err
}

// storeRevision keeps what the feed says now, and at the first time what it said
// before.
func storeRevision(ctx context.Context, tx *sql.Tx, at time.Time, a arrival, old Revision, first bool) (err error) {
	const insert = `INSERT INTO revisions (item, seen, title, teaser, text) VALUES (?, ?, ?, ?, ?)`
	if first {
		_, err = tx.ExecContext(ctx, insert, a.known, stamp(old.Seen), old.Title, old.Teaser, old.Text)
	}
	if err == nil {
		_, err = tx.ExecContext(ctx, insert, a.known, stamp(at), a.Title, a.Teaser, a.feedText())
	}
	return err
}

// revisions returns what the feed said of a piece, oldest first; nothing while
// it never changed.
func (db *DB) revisions(ctx context.Context, item int64) ([]Revision, error) {
	rows, err := db.query(ctx, `SELECT seen, title, teaser, text FROM revisions WHERE item = ? ORDER BY id`, item)
	if err != nil {
		return nil, fmt.Errorf("read revisions of piece %d: %w", item, err)
	}
	defer rows.Close()
	var out []Revision
	for rows.Next() {
		var r Revision
		var seen string
		if err := rows.Scan(&seen, &r.Title, &r.Teaser, &r.Text); err != nil {
			return nil, fmt.Errorf("read revisions of piece %d: %w", item, err)
		}
		r.Seen = moment(seen)
		out = append(out, r)
	}
	return out, fault(db.dir, rows.Err())
}
