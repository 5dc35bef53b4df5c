// Package store remembers: sources and their validators, pieces with their text
// and verdict, frozen editions, subscribers, and the ledger of deliveries. All
// SQL of the program is here; it is the one owner of the database driver.
//
// It refuses a database that a newer version made. It promises that what it
// acknowledged survives a crash (each transaction is on disk when it returns),
// that a piece is in one edition at most, and that an edition has one delivery
// for each subscriber.
package store

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"time"

	"github.com/pressly/goose/v3"
)

//go:embed migrations/*.sql
var migrations embed.FS

// readers is how many connections may read at once.
const readers = 8

// FileName is the database's name within the state folder.
const FileName = "standpoint.db"

// DB is an open store. Its methods may be called from several goroutines, and
// several processes may have one store open.
type DB struct {
	sql       *sql.DB // for reading
	pendingOf *sql.Stmt
	writer    *writer
	dir       string

	// Unread lets an edition be frozen that is mailed to nobody, since an archive
	// shows it. It is set before the store is used.
	Unread bool
}

// Open opens the store in the folder, makes both where they do not exist, and
// brings an older store up to date.
func Open(ctx context.Context, dir string) (*DB, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("open store: %w; make the folder, or set state to one that can be written", err)
	}
	path := filepath.Join(dir, FileName)
	if err := create(path, 0); err != nil {
		return nil, fmt.Errorf("open store: %w; set state to a folder that can be written", err)
	}
	name := dsn(path) + "&_pragma=journal_mode(WAL)"
	db, err := sql.Open("sqlite", name)
	if err != nil {
		return nil, fmt.Errorf("open store %s: %w", path, err)
	}
	if err := migrate(ctx, db); err != nil {
		return nil, errors.Join(fmt.Errorf("open store %s: %w", path, fault(dir, err)), db.Close())
	}
	// Each connection has a cache of its own, and many readers at once would only
	// wait for the processor.
	db.SetMaxOpenConns(readers)
	db.SetMaxIdleConns(readers)
	// What a letter or a piece touches is little; the cache would only fill with
	// the rows of all readers when they are read once in a run.
	own, err := sql.Open("sqlite", name+"&_pragma=cache_size(-512)")
	if err != nil {
		return nil, errors.Join(fmt.Errorf("open store %s: %w", path, err), db.Close())
	}
	w, err := newWriter(ctx, own)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("open store %s: %w", path, fault(dir, err)), own.Close(), db.Close())
	}
	of, err := db.PrepareContext(ctx, pendingOfSource())
	if err != nil {
		return nil, errors.Join(fmt.Errorf("open store %s: %w", path, fault(dir, err)), w.close(), db.Close())
	}
	return &DB{sql: db, pendingOf: of, writer: w, dir: dir}, nil
}

// create makes the database's file, for its owner alone: it holds addresses, and
// SQLite would let everybody read it. Its side files follow its mode.
func create(path string, flag int) error {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|flag, 0o600)
	if err != nil {
		return err
	}
	return f.Close()
}

// Exists says whether the folder holds a store. An empty file is none yet: a run
// was killed before it wrote to it.
func Exists(dir string) bool {
	info, err := os.Stat(filepath.Join(dir, FileName))
	return err == nil && info.Mode().IsRegular() && info.Size() > 0
}

// dsn sets what every connection needs: synchronous FULL, because with NORMAL a
// power cut can undo the last "accepted" rows and their readers would get a
// second letter; immediate transactions, because a transaction that reads first
// and writes later fails at once with SQLITE_BUSY, whatever the timeout.
func dsn(path string) string {
	q := url.Values{
		"_pragma": {"busy_timeout(10000)", "synchronous(FULL)", "foreign_keys(1)"},
		"_txlock": {"immediate"},
	}
	u := url.URL{Scheme: "file", Opaque: (&url.URL{Path: path}).EscapedPath(), RawQuery: q.Encode()}
	return u.String()
}

// migrate applies the numbered migrations that are missing, each in a
// transaction of its own.
func migrate(ctx context.Context, db *sql.DB) error {
	dir, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return err
	}
	provider, err := goose.NewProvider(goose.DialectSQLite3, db, dir)
	if err != nil {
		return err
	}
	have, want, err := provider.GetVersions(ctx)
	if err != nil {
		return err
	}
	if have > want {
		return fmt.Errorf("it was made by a newer Standpoint (schema %d, this one knows %d): install that version, or restore a backup", have, want)
	}
	if have == 0 {
		if err := found(ctx, db); err != nil {
			return fmt.Errorf("make the schema: %w", err)
		}
		have = schemaVersion
	}
	if have == want {
		return nil
	}
	if _, err := provider.Up(ctx); err != nil {
		return fmt.Errorf("bring schema %d to %d: %w", have, want, err)
	}
	return nil
}

// Close ends the store.
func (db *DB) Close() error {
	return errors.Join(db.pendingOf.Close(), db.writer.close(), db.sql.Close())
}

// Copy writes a consistent copy of the store in one folder into another, which
// must hold none. Others may be using the store; nothing in it changes.
func Copy(ctx context.Context, from, to string) error {
	path, target := filepath.Join(from, FileName), filepath.Join(to, FileName)
	if err := create(target, os.O_EXCL); err != nil {
		return fmt.Errorf("copy store %s: %w", path, err)
	}
	if err := copyInto(ctx, path, target); err != nil {
		return errors.Join(fmt.Errorf("copy store %s: %w", path, fault(from, err)), os.Remove(target))
	}
	return nil
}

// copyInto copies the database at a path into a file that is empty.
func copyInto(ctx context.Context, path, target string) error {
	err := vacuum(ctx, dsn(path)+"&mode=ro", target)
	if _, log := os.Stat(path + "-wal"); err != nil && errors.Is(log, fs.ErrNotExist) {
		// Readers, too, write an index of the log, which fails in a folder that
		// cannot be written. Without a log nobody is at work and none is needed.
		if vacuum(ctx, dsn(path)+"&mode=ro&immutable=1", target) == nil {
			return nil
		}
	}
	return err
}

// vacuum writes a copy of a database into a file that is empty.
func vacuum(ctx context.Context, source, target string) error {
	db, err := sql.Open("sqlite", source)
	if err != nil {
		return err
	}
	_, err = db.ExecContext(ctx, `VACUUM INTO ?`, target)
	return errors.Join(err, db.Close())
}

// within runs work in a transaction and commits it if work succeeds. Work may be
// run a second time, see writer, so what it reports must begin anew each time.
func (db *DB) within(ctx context.Context, work func(context.Context, *sql.Tx) error) error {
	return fault(db.dir, db.writer.do(ctx, work))
}

// exec runs one statement that writes.
func (db *DB) exec(ctx context.Context, query string, args ...any) (r sql.Result, err error) {
	err = db.within(ctx, func(ctx context.Context, tx *sql.Tx) (err error) {
		r, err = tx.ExecContext(ctx, query, args...)
		return err
	})
	return r, err
}

const layout = "2006-01-02T15:04:05.000000Z"

// stamp writes a time for the store; the zero time is the empty string.
func stamp(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(layout)
}

// moment reads a time that stamp wrote.
func moment(s string) time.Time {
	t, err := time.Parse(layout, s)
	if err != nil {
		return time.Time{}
	}
	return t
}
