package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"iter"
)

// Imported says what became of readers that were imported.
type Imported struct {
	Added      int // not on the list before
	Revived    int // were paused, or were there by config or file alone, and are kept by the list now
	Present    int // were on the list already
	Suppressed []SuppressedReader
}

// SuppressedReader is one that was imported and stays suppressed.
type SuppressedReader struct {
	Suppression
	Nth int // of the sequence, from 1
}

// errRehearsed undoes an import that was only tried.
var errRehearsed = errors.New("rehearsed")

// ImportSubscribers puts readers on the list, in one transaction: an error of the
// sequence changes nothing. Suppressed addresses stay so (S42). A rehearsal says
// what would become of them and changes nothing. The sequence may be read
// twice.
func (db *DB) ImportSubscribers(ctx context.Context, listed iter.Seq2[Subscriber, error], rehearsal bool) (Imported, error) {
	var out Imported
	err := db.within(ctx, func(ctx context.Context, tx *sql.Tx) error {
		out = Imported{}
		im, err := newImporter(ctx, tx)
		if err != nil {
			return err
		}
		defer im.close()
		nth := 0
		for s, err := range listed {
			if err != nil {
				return err
			}
			nth++
			if err := im.one(ctx, s, nth, &out); err != nil {
				return err
			}
		}
		if rehearsal {
			return errRehearsed
		}
		return nil
	})
	if err != nil && !errors.Is(err, errRehearsed) {
		return Imported{}, fmt.Errorf("import subscribers: %w", err)
	}
	return out, nil
}

// importer has the statements that run for each reader.
type importer struct {
	suppressed, known, add *sql.Stmt
}

func newImporter(ctx context.Context, tx *sql.Tx) (im importer, err error) {
	for _, each := range []struct {
		into  **sql.Stmt
		query string
	}{
		{&im.suppressed, selectSuppressions + ` WHERE key = ?`},
		{&im.known, `SELECT state, origin FROM subscribers WHERE key = ?`},
		{&im.add, `
			INSERT INTO subscribers (address, key, name, state, origin, added) VALUES (?, ?, ?, 'active', 'command', ?)
			ON CONFLICT (key) DO UPDATE SET state = 'active', origin = 'command', name = iif(excluded.name = '', name, excluded.name)`},
	} {
		if *each.into, err = tx.PrepareContext(ctx, each.query); err != nil {
			im.close()
			return im, err
		}
	}
	return im, nil
}

func (im importer) close() {
	for _, s := range []*sql.Stmt{im.suppressed, im.known, im.add} {
		if s != nil {
			s.Close()
		}
	}
}

// one imports a reader and counts what became of it.
func (im importer) one(ctx context.Context, s Subscriber, nth int, out *Imported) error {
	key := addressKey(s.Address)
	entry, err := scanSuppression(im.suppressed.QueryRowContext(ctx, key))
	if err == nil {
		out.Suppressed = append(out.Suppressed, SuppressedReader{entry, nth})
		return nil
	}
	if !errors.Is(err, sql.ErrNoRows) {
		return err
	}
	var state string
	var origin Origin
	switch err := im.known.QueryRowContext(ctx, key).Scan(&state, &origin); {
	case errors.Is(err, sql.ErrNoRows):
		out.Added++
	case err != nil:
		return err
	case state == "active" && origin == FromCommand:
		out.Present++
		return nil
	default:
		out.Revived++
	}
	_, err = im.add.ExecContext(ctx, s.Address, key, s.Name, stamp(s.Added))
	return err
}
