package store

import (
	"context"
	"encoding/json"
	"fmt"

	"standpoint/digest"
)

// Choose stores what a reader is called in letters' address, and what the letters
// are like. A number that nobody has is no error.
func (db *DB) Choose(ctx context.Context, id int64, name string, wish digest.Wish) error {
	text, err := wishText(wish)
	if err == nil {
		_, err = db.exec(ctx, `UPDATE subscribers SET name = ?, wish = ?, language = ? WHERE id = ? AND state <> 'erased'`, name, text, wish.Language, id)
	}
	if err != nil {
		return fmt.Errorf("store choices of subscriber %d: %w", id, err)
	}
	return nil
}

// PauseReader keeps letters from an active reader until ResumeReader, whatever config and
// file say meanwhile, and says whether the reader is paused now. Whoever is
// neither active nor paused is left alone.
func (db *DB) PauseReader(ctx context.Context, id int64) (bool, error) {
	n, err := db.choose(ctx, `
		UPDATE subscribers SET state = 'paused', own_pause = 1 WHERE id = ? AND state IN ('active', 'paused')`, id)
	if err != nil {
		return false, fmt.Errorf("pause subscriber %d: %w", id, err)
	}
	return n > 0, nil
}

// ResumeReader ends what PauseReader began, and says whether the reader is active now. Who was
// taken out of config or file meanwhile stays paused.
func (db *DB) ResumeReader(ctx context.Context, id int64) (bool, error) {
	if _, err := db.choose(ctx, `
		UPDATE subscribers SET own_pause = 0, state = `+onList+` WHERE id = ? AND state = 'paused'`, id); err != nil {
		return false, fmt.Errorf("resume subscriber %d: %w", id, err)
	}
	s, ok, err := db.Subscriber(ctx, id)
	return ok && s.State == "active", err
}

// onList is what the lists say of a reader whom nothing else keeps away, and
// listedState minds the reader's own pause, too.
const (
	onList      = `iif(origin IN ('command', 'form') OR mark = (SELECT max(mark) FROM subscribers), 'active', 'paused')`
	listedState = `iif(own_pause = 1, 'paused', ` + onList + `)`
)

func (db *DB) choose(ctx context.Context, query string, id int64) (int64, error) {
	r, err := db.exec(ctx, query, id)
	if err != nil {
		return 0, err
	}
	return r.RowsAffected()
}

// wishText writes a wish for the store, but for its language, which has a column of
// its own; where nothing else is chosen, it is the empty string.
func wishText(w digest.Wish) (string, error) {
	if w.Full() {
		return "", nil
	}
	text, err := json.Marshal(w)
	return string(text), err
}

func wishOf(text string) (w digest.Wish, err error) {
	if text == "" {
		return w, nil
	}
	if err := json.Unmarshal([]byte(text), &w); err != nil {
		return digest.Wish{}, fmt.Errorf("read a reader's wish: %w", err)
	}
	return w, nil
}
