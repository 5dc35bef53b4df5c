package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"iter"
	"path/filepath"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// arrivals are readers that are to be imported: a table that only the connection
// of this import sees. To fill it takes no lock, and what must be done under the
// lock is then a few statements, whatever the number of readers.
type arrivals struct {
	sql  *sql.DB
	conn *sql.Conn
	salt []byte  // of the hashes of erased addresses; nil: nobody was erased
	each []int64 // where each of the sequence stands in the table
}

// createArrivals makes the table; what a reader may have, and what came of it.
const createArrivals = `
	CREATE TEMP TABLE arrivals (
		n INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, hash TEXT, address TEXT, name TEXT, state TEXT, origin TEXT, language TEXT, wish TEXT,
		added TEXT, ask INTEGER, reason TEXT, why TEXT, since TEXT, asked TEXT, source TEXT, wording TEXT, client TEXT, confirmed TEXT,
		outcome TEXT)`

// arrivals opens a connection of its own, with room for what a long list touches:
// the addresses' index is written in no order.
func (db *DB) arrivals(ctx context.Context) (*arrivals, error) {
	own, err := sql.Open("sqlite", dsn(filepath.Join(db.dir, FileName))+"&_pragma=cache_size(-65536)")
	if err != nil {
		return nil, err
	}
	conn, err := own.Conn(ctx)
	if err == nil {
		_, err = conn.ExecContext(ctx, createArrivals)
	}
	if err != nil {
		return nil, errors.Join(err, own.Close())
	}
	return &arrivals{sql: own, conn: conn}, nil
}

func (a *arrivals) close() error { return errors.Join(a.conn.Close(), a.sql.Close()) }

func (a *arrivals) exec(ctx context.Context, queries ...string) error {
	for _, query := range queries {
		if _, err := a.conn.ExecContext(ctx, query); err != nil {
			return err
		}
	}
	return nil
}

// insertArrival gives the place in the table: of an address that is there already
// the old one. A word of leaving takes the place of any other.
const insertArrival = `
	INSERT INTO arrivals (key, hash, address, name, state, origin, language, wish, added, ask, reason, why, since, asked, source, wording, client, confirmed, outcome)
	VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
	ON CONFLICT (key) DO UPDATE SET outcome = iif(excluded.reason = '', outcome, excluded.outcome), reason = iif(reason = '', excluded.reason, reason),
		why = iif(reason = '', excluded.why, why), since = iif(reason = '', excluded.since, since)
	RETURNING n`

// stage reads the sequence into the table.
func (a *arrivals) stage(ctx context.Context, listed iter.Seq2[Incoming, error]) error {
	return temporary(a.insert(ctx, listed))
}

// decide says what becomes of the arrivals, in the table.
func (a *arrivals) decide(ctx context.Context) error { return temporary(a.exec(ctx, setOutcomes)) }

// temporary tells a fault of the disk of temporary files, where the table is, from
// one of the state folder (fault).
func temporary(err error) error {
	e, ok := errors.AsType[*sqlite.Error](err)
	if !ok {
		return err
	}
	switch e.Code() & 0xff { // the rest is detail
	case sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN:
		return fmt.Errorf("%v: free space where temporary files are kept, /var/tmp as a rule, or let SQLITE_TMPDIR name another folder; nothing was changed", err)
	}
	return err
}

func (a *arrivals) insert(ctx context.Context, listed iter.Seq2[Incoming, error]) error {
	if err := a.exec(ctx, `BEGIN DEFERRED`); err != nil {
		return err
	}
	insert, err := a.conn.PrepareContext(ctx, insertArrival)
	if err != nil {
		return err
	}
	defer insert.Close()
	for s, err := range listed {
		if err != nil {
			return err
		}
		values, err := s.values(a.salt)
		if err != nil {
			return err
		}
		var n int64
		if err := insert.QueryRowContext(ctx, values...).Scan(&n); err != nil {
			return err
		}
		a.each = append(a.each, n)
	}
	return a.exec(ctx, `COMMIT`)
}

// values are what insertArrival takes.
func (s Incoming) values(salt []byte) ([]any, error) {
	key, origin, hash := addressKey(s.Address), FromCommand, ""
	if s.Origin == FromForm {
		origin = FromForm
	}
	if salt != nil {
		hash = erasedKey(salt, key)
	}
	wish, err := wishText(s.Wish)
	g := s.agreement()
	return []any{
		key, hash, s.Address, s.Name, orElse(s.State, "active"), origin, s.Wish.Language, wish, stamp(s.Added), s.Ask,
		s.Reason, s.Why, stamp(s.Since), stamp(g.Asked), g.Source, g.Wording, g.Client, stamp(g.Confirmed), s.outcome(),
	}, err
}

// outcome is what becomes of a reader who is not known here.
func (s Incoming) outcome() Outcome {
	switch {
	case s.Reason != "":
		return ImportBarred
	case s.Ask, s.State == "pending":
		return ImportPending
	case s.State == "paused":
		return ImportPaused
	}
	return ImportAdded
}
