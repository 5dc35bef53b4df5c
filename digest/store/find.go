package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"standpoint/digest/stance"
)

// Known is all that is stored of a piece.
type Known struct {
	Piece
	Key       string // identity of its address; may be empty
	Canonical string // Key, or the identity of the address that the page names as its own
	Eligible  time.Time
	Pending   bool   // text and verdict are still to come
	Held      bool   // waits for release
	LeftOut   string // why it was not judged; empty: it is, or was
	PageError string
	Text      string
	Gone      time.Time // when its texts were dropped; zero: they are there
	TextHash  string    // SHA-256 of the text that was dropped, in hexadecimal; empty: there was none
	TextWords int       // of the text that was dropped
	Basis     stance.Basis
	Verdict   stance.Verdict
	Judged    time.Time
	Edition   int    // that has it or a copy of it; 0: none yet
	CopyOf    int64  // the piece that is shown in its stead; 0: shown itself
	Why       string // why it counts as a copy
	Revisions []Revision
}

// Find returns the pieces that have the address key (see feeds.Key) or name it
// as their own, in the order of the config.
func (db *DB) Find(ctx context.Context, key string) ([]Known, error) {
	if key == "" {
		return nil, nil
	}
	return db.find(ctx, `(i.key = ?1 OR i.canonical = ?1)`, key)
}

// Item returns one piece by its number; ok is false when there is none.
func (db *DB) Item(ctx context.Context, id int64) (k Known, ok bool, err error) {
	found, err := db.find(ctx, `i.id = ?1`, id)
	if err != nil || len(found) == 0 {
		return Known{}, false, err
	}
	return found[0], true, nil
}

// Copies returns the pieces that an edition filed as one with the given one, with
// itself; none while no edition has it.
func (db *DB) Copies(ctx context.Context, id int64) ([]Known, error) {
	const shown = `iif(copy_of = 0, item, copy_of)`
	return db.find(ctx, `i.id IN (SELECT item FROM edition_items WHERE `+shown+` IN
		(SELECT `+shown+` FROM edition_items WHERE item = ?1))`, id)
}

func (db *DB) find(ctx context.Context, where string, arg any) ([]Known, error) {
	rows, err := db.query(ctx, `
		SELECT i.id, i.source, s.name, i.guid, i.url, i.key, i.canonical, i.title, i.authors, i.published, i.language,
			i.teaser, i.first_seen, i.attempts, i.eligible, i.pending, i.held, i.left_out, i.page_error,
			i.text, i.basis, i.verdict, i.judged, coalesce(e.edition, 0), coalesce(e.copy_of, 0), coalesce(e.why, ''),
			i.text_gone, i.text_hash, i.text_words
		FROM items i JOIN sources s ON s.id = i.source LEFT JOIN edition_items e ON e.item = i.id
		WHERE `+where+` ORDER BY s.position, i.id`, arg)
	if err != nil {
		return nil, fmt.Errorf("find piece: %w", err)
	}
	defer rows.Close()
	var out []Known
	for rows.Next() {
		var k Known
		var authors, published, seen, eligible, verdict, judged, gone string
		if err := rows.Scan(&k.ID, &k.Source, &k.Outlet, &k.GUID, &k.URL, &k.Key, &k.Canonical, &k.Title, &authors, &published,
			&k.Language, &k.Teaser, &seen, &k.Attempts, &eligible, &k.Pending, &k.Held, &k.LeftOut, &k.PageError,
			&k.Text, &k.Basis, &verdict, &judged, &k.Edition, &k.CopyOf, &k.Why,
			&gone, &k.TextHash, &k.TextWords); err != nil {
			return nil, fmt.Errorf("find piece: %w", err)
		}
		err := json.Unmarshal([]byte(authors), &k.Authors)
		if verdict != "" {
			err = errors.Join(err, json.Unmarshal([]byte(verdict), &k.Verdict))
		}
		if err != nil {
			return nil, fmt.Errorf("read piece %d: %w", k.ID, err)
		}
		k.Published, k.FirstSeen, k.Eligible, k.Judged = moment(published), moment(seen), moment(eligible), moment(judged)
		k.Gone = moment(gone)
		k.Own = k.Key != ""
		out = append(out, k)
	}
	if err := fault(db.dir, rows.Err()); err != nil {
		return nil, err
	}
	for i := range out {
		if out[i].Revisions, err = db.revisions(ctx, out[i].ID); err != nil {
			return nil, err
		}
	}
	return out, nil
}
