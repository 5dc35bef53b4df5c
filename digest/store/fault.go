package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"syscall"

	"modernc.org/sqlite" // also the driver "sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// fault adds to an error of the state folder where it is and how to mend it.
// Other errors come back as they are.
func fault(dir string, err error) error {
	if errors.Is(err, fs.ErrPermission) || errors.Is(err, syscall.EROFS) {
		return fmt.Errorf("%w: run it as the user who owns %s, or set state to a folder that can be written", err, dir)
	}
	e, ok := errors.AsType[*sqlite.Error](err)
	if !ok {
		return err
	}
	mend := ""
	switch e.Code() & 0xff { // the rest is detail
	case sqlite3.SQLITE_FULL:
		mend = "free space on the disk of %s; the same command goes on from there"
	case sqlite3.SQLITE_IOERR:
		mend = "see whether the disk of %s is full or failing; the same command goes on from there"
	case sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM:
		mend = "run it as the user who runs standpoint, and let that user write the folder %s and all files in it"
	case sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT:
		mend = "the file " + FileName + " in %s is damaged: restore a backup"
	case sqlite3.SQLITE_BUSY:
		mend = "another process keeps the store in %s busy: wait until it has finished; the same command goes on from there"
	default:
		return err
	}
	return fmt.Errorf("%w: "+mend, err, dir)
}

// isFull says whether a disk had no room.
func isFull(err error) bool {
	e, ok := errors.AsType[*sqlite.Error](err)
	return ok && e.Code()&0xff == sqlite3.SQLITE_FULL
}

// query runs a query of many rows.
func (db *DB) query(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	rows, err := db.sql.QueryContext(ctx, query, args...)
	return rows, fault(db.dir, err)
}

// row is the one row of a query.
type row struct {
	*sql.Row
	dir string
}

func (db *DB) row(ctx context.Context, query string, args ...any) row {
	return row{db.sql.QueryRowContext(ctx, query, args...), db.dir}
}

func (r row) Scan(dest ...any) error { return fault(r.dir, r.Row.Scan(dest...)) }
