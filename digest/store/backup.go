package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// ErrBackupExists says that a backup would take the place of a file.
var ErrBackupExists = errors.New("the file exists")

// Backup writes a consistent copy of the folder's store into a file, which only
// its owner may read, and returns its size in bytes. Others may go on using the
// store. The copy is written beside the file under another name, read through for
// damage, and is on disk before it gets the name: there is a whole backup or none.
// A file that exists is kept, with ErrBackupExists, unless replace is set; the store
// itself always is.
func Backup(ctx context.Context, dir, file string, replace bool) (size int64, err error) {
	if err := free(dir, file, replace); err != nil {
		return 0, fmt.Errorf("back up to %s: %w", file, err)
	}
	place := filepath.Dir(file)
	temp, err := os.CreateTemp(place, "."+filepath.Base(file)+".part-") // for its owner alone
	if err != nil {
		return 0, fmt.Errorf("back up to %s: %w", file, err)
	}
	done := false
	defer func() {
		err = errors.Join(err, temp.Close())
		if !done {
			// SQLite may leave a journal beside a copy that it could not finish.
			err = errors.Join(err, remove(temp.Name()), remove(temp.Name()+"-journal"))
		}
	}()
	if err := copyInto(ctx, filepath.Join(dir, FileName), temp.Name()); err != nil {
		at := dir
		if isFull(err) {
			at = place
		}
		return 0, fmt.Errorf("back up to %s: %w", file, fault(at, err))
	}
	if err := sound(ctx, temp.Name()); err != nil {
		return 0, fmt.Errorf("back up to %s: %w", file, err)
	}
	if err := temp.Sync(); err != nil { // VACUUM INTO leaves that to us
		return 0, fmt.Errorf("back up to %s: %w", file, err)
	}
	info, err := temp.Stat()
	if err == nil {
		err = free(dir, file, replace) // somebody may have made it meanwhile
	}
	if err == nil {
		err = os.Rename(temp.Name(), file)
	}
	if err != nil {
		return 0, fmt.Errorf("back up to %s: %w", file, err)
	}
	done = true
	return info.Size(), syncFolder(place)
}

// free says whether a file may be written: it is none that must be kept.
func free(dir, file string, replace bool) error {
	info, err := os.Lstat(file)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		info = nil
	case err != nil:
		return err
	case info.IsDir():
		return errors.New("it is a folder; name a file in it")
	}
	folder, err := os.Stat(filepath.Dir(file))
	if err != nil {
		return err
	}
	state, err := os.Stat(dir)
	if err != nil {
		return err
	}
	if name := filepath.Base(file); os.SameFile(folder, state) && (strings.HasPrefix(name, FileName) || name == "lock") {
		return errors.New("that is a file of the store itself; choose another name, best on another disk")
	}
	if info != nil && !replace {
		return ErrBackupExists
	}
	return nil
}

// sound reads a copy through and returns what SQLite finds wrong with it.
func sound(ctx context.Context, path string) error {
	db, err := sql.Open("sqlite", dsn(path)+"&mode=ro&immutable=1") // nobody else knows of it
	if err != nil {
		return err
	}
	var said string
	err = db.QueryRowContext(ctx, `PRAGMA integrity_check(1)`).Scan(&said)
	if err == nil && said != "ok" {
		err = fmt.Errorf("the copy is damaged (%s), and so is the store, or the disk: keep the backups that you have", said)
	}
	return errors.Join(err, db.Close())
}

func remove(path string) error {
	if err := os.Remove(path); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

// syncFolder puts a new name on disk. Some systems cannot; there the name is on
// disk a little later.
func syncFolder(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return nil
	}
	_ = d.Sync()
	return d.Close()
}
