package store

import (
	"context"
	"fmt"

	"standpoint/digest"
)

// Choose stores what a reader is called in letters' address, and what the letters
// are like. A number that nobody has is no error.
func (db *DB) Choose(ctx context.Context, subscriber int64, name string, wish digest.Wish) error {
	text, err := wishText(wish)
	if err == nil {
		_, err = db.exec(ctx, `UPDATE subscribers SET name = ?, wish = ? WHERE id = ? AND state <> 'erased'`, name, text, subscriber)
	}
	if err != nil {
		return fmt.Errorf("store choices of subscriber %d: %w", subscriber, err)
	}
	return nil
}
