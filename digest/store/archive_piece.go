package store

import (
	"context"
	"fmt"

	"standpoint/digest"
)

// PublicPiece returns a piece that a public edition has; ok is false for any
// other.
func (db *DB) PublicPiece(ctx context.Context, id int64) (k Known, ok bool, err error) {
	found, err := db.find(ctx, `i.id = ?1 AND e.edition IN (`+published+`)`, id)
	if err != nil || len(found) == 0 {
		return Known{}, false, err
	}
	return found[0], true, nil
}

// ToldOf returns the pieces of one edition on which the operator ever spoke, as
// Told does.
func (db *DB) ToldOf(ctx context.Context, edition int) ([]digest.Told, error) {
	return db.told(ctx, `x.edition = ?1`, edition)
}

// ToldIn returns the public editions that told their readers of a correction of
// a piece, the oldest first.
func (db *DB) ToldIn(ctx context.Context, item int64) ([]int, error) {
	rows, err := db.query(ctx, `SELECT edition FROM notices WHERE item = ? AND edition IN (`+published+`) ORDER BY edition`, item)
	if err != nil {
		return nil, fmt.Errorf("read notices of piece %d: %w", item, err)
	}
	defer rows.Close()
	var out []int
	for rows.Next() {
		var n int
		if err := rows.Scan(&n); err != nil {
			return nil, fmt.Errorf("read notices of piece %d: %w", item, err)
		}
		out = append(out, n)
	}
	return out, fault(db.dir, rows.Err())
}

// Languages returns the languages that the pieces of an edition gave as theirs,
// without those that gave none.
func (db *DB) Languages(ctx context.Context, edition int) (map[int64]string, error) {
	rows, err := db.query(ctx, `
		SELECT i.id, i.language FROM edition_items x JOIN items i ON i.id = x.item WHERE x.edition = ? AND i.language <> ''`, edition)
	if err != nil {
		return nil, fmt.Errorf("read languages of edition %d: %w", edition, err)
	}
	defer rows.Close()
	out := map[int64]string{}
	for rows.Next() {
		var id int64
		var language string
		if err := rows.Scan(&id, &language); err != nil {
			return nil, fmt.Errorf("read languages of edition %d: %w", edition, err)
		}
		out[id] = language
	}
	return out, fault(db.dir, rows.Err())
}
