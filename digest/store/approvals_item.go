package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
)

// InDraft is what a draft has to do with a piece.
type InDraft struct {
	Edition int          // whose draft it is, or was, of; 0: of none
	Open    bool         // the draft waits
	Dropped DroppedPiece // where At is set: the piece, or its copy, was taken out for good
}

// DraftOf says what the draft that waits has to do with a piece, or the one from
// which it was dropped.
func (db *DB) DraftOf(ctx context.Context, item int64) (d InDraft, err error) {
	var dropped string
	d.Dropped.Item = item
	err = db.row(ctx, `
		SELECT edition, edition IN (`+awaited+`), dropped, who, why FROM draft_items WHERE item = ?`, item).
		Scan(&d.Edition, &d.Open, &dropped, &d.Dropped.Who, &d.Dropped.Why)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return InDraft{}, fmt.Errorf("read draft of piece %d: %w", item, err)
	}
	d.Dropped.At = moment(dropped)
	return d, nil
}
