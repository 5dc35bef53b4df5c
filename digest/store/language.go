package store

import (
	"context"
	"fmt"
	"time"

	"standpoint/digest"
	"standpoint/feeds"
)

// inLanguage begins what is noted of a piece that was left out for its language.
const inLanguage = "language "

// OtherLanguage says of a piece that was left out that it is in another language
// than the topic's, here as a primary tag of BCP 47.
func OtherLanguage(tag string) string { return inLanguage + tag }

// Foreign counts pieces of one source in one language that were not judged.
type Foreign struct {
	Source   feeds.SourceID
	Outlet   string
	Language string // primary tag of BCP 47
	Pieces   int
}

// The condition is the index's, word for word; else SQLite reads all pieces.
const whereForeign = `left_out >= 'language ' AND left_out < 'language!'`

const countForeign = `SELECT count(*) FROM items WHERE ` + whereForeign + ` AND first_seen > ? AND first_seen <= ?`

const selectForeign = `
	SELECT i.source, s.name, substr(i.left_out, ?1), count(*) AS n FROM items i JOIN sources s ON s.id = i.source
	WHERE ` + whereForeign + ` AND i.first_seen > ?2
	GROUP BY i.left_out, i.source ORDER BY n DESC, i.left_out, s.position`

// OtherLanguages counts the pieces first seen in the window that were not
// judged because of their language.
func (db *DB) OtherLanguages(ctx context.Context, w digest.Window) (int, error) {
	var n int
	err := db.row(ctx, countForeign, stamp(w.From), stamp(w.To)).Scan(&n)
	if err != nil {
		return 0, fmt.Errorf("count pieces in other languages: %w", err)
	}
	return n, nil
}

// Foreign counts the pieces first seen after the given time that were not judged
// because of their language, by language and source, the most first.
func (db *DB) Foreign(ctx context.Context, since time.Time) ([]Foreign, error) {
	rows, err := db.query(ctx, selectForeign, len(inLanguage)+1, stamp(since))
	if err != nil {
		return nil, fmt.Errorf("count pieces in other languages: %w", err)
	}
	defer rows.Close()
	var out []Foreign
	for rows.Next() {
		var f Foreign
		if err := rows.Scan(&f.Source, &f.Outlet, &f.Language, &f.Pieces); err != nil {
			return nil, fmt.Errorf("count pieces in other languages: %w", err)
		}
		out = append(out, f)
	}
	return out, fault(db.dir, rows.Err())
}
