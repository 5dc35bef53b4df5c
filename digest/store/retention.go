package store

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"fmt"
	"strings"
	"time"
)

// forgottenAtOnce bounds how long others wait for a transaction that drops texts.
const forgottenAtOnce = 100

// place is where dropping texts has come to, in the order of first sight.
type place struct {
	seen string
	id   int64
}

// faded is a piece on its way to losing its texts.
type faded struct {
	place
	hash  string
	words int
}

// Forget drops the texts, teasers and revisions' texts of pieces first seen before the given
// time, and the texts of corrections that ended before it. It keeps what a verdict
// says with its quotations, a hash of the text that it was made from, and all by
// which the piece is known again. Pieces that may still enter an edition keep
// theirs, what an editor may put back with them, and so do those of editions frozen
// since then: later copies are compared with them. A correction that stands keeps
// its text, since the model learns from it. Forget returns how many pieces lost a text; it may be stopped between any two.
//
// The file does not shrink: SQLite uses the room again.
func (db *DB) Forget(ctx context.Context, before, now time.Time) (int, error) {
	n := 0
	for from := (place{}); ; {
		var some []faded
		err := db.within(ctx, func(ctx context.Context, tx *sql.Tx) (err error) {
			if some, err = fading(ctx, tx, from, before); err != nil {
				return err
			}
			return forget(ctx, tx, some, now)
		})
		if err != nil {
			return n, fmt.Errorf("drop old texts: %w", err)
		}
		if n += len(some); len(some) < forgottenAtOnce {
			break
		}
		from = some[len(some)-1].place
	}
	_, err := db.exec(ctx, `UPDATE corrections SET text = '' WHERE text <> '' AND ended <> '' AND ended < ?`, stamp(before))
	if err != nil {
		return n, fmt.Errorf("drop old texts: %w", err)
	}
	return n, nil
}

// fading finds the next pieces whose texts are to be dropped.
func fading(ctx context.Context, tx *sql.Tx, from place, before time.Time) ([]faded, error) {
	rows, err := tx.QueryContext(ctx, `
		SELECT i.id, i.first_seen, i.text FROM items i INDEXED BY items_seen
		WHERE (i.first_seen, i.id) > (?1, ?2) AND i.first_seen < ?3 AND i.text_gone = '' AND i.pending = 0 AND i.held = 0
			AND (i.relevant = 0 OR i.eligible = '' OR EXISTS (SELECT 1 FROM edition_items WHERE item = i.id)
				OR EXISTS (SELECT 1 FROM draft_items d WHERE d.item = i.id AND d.dropped <> '' AND d.dropped < ?3 AND d.edition NOT IN (`+awaited+`)))
			AND NOT EXISTS (SELECT 1 FROM draft_items WHERE item = i.id AND dropped = '')
			AND NOT EXISTS (SELECT 1 FROM edition_items x JOIN editions e ON e.number = x.edition WHERE x.item = i.id AND e.frozen >= ?3)
		ORDER BY i.first_seen, i.id LIMIT ?4`, from.seen, from.id, stamp(before), forgottenAtOnce)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []faded
	for rows.Next() {
		var f faded
		var text string
		if err := rows.Scan(&f.id, &f.seen, &text); err != nil {
			return nil, err
		}
		if text != "" {
			sum := sha256.Sum256([]byte(text))
			f.hash, f.words = hex.EncodeToString(sum[:]), len(strings.Fields(text))
		}
		out = append(out, f)
	}
	return out, rows.Err()
}

func forget(ctx context.Context, tx *sql.Tx, pieces []faded, now time.Time) error {
	for _, f := range pieces {
		if _, err := tx.ExecContext(ctx, `
			UPDATE items SET text = '', feed_text = '', teaser = '', text_gone = ?, text_hash = ?, text_words = ? WHERE id = ?`,
			stamp(now), f.hash, f.words, f.id); err != nil {
			return fmt.Errorf("piece %d: %w", f.id, err)
		}
		if _, err := tx.ExecContext(ctx, `UPDATE revisions SET teaser = '', text = '' WHERE item = ?`, f.id); err != nil {
			return fmt.Errorf("piece %d: %w", f.id, err)
		}
	}
	return nil
}
