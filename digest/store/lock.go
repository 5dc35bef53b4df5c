package store

import (
	"cmp"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/gofrs/flock"
)

// ErrHeld says that another process works on the state folder.
var ErrHeld = errors.New("state folder is in use")

// Lock is the right to work on a state folder. The operating system frees it
// when the process ends, however it ends.
type Lock struct {
	file *flock.Flock
}

// Acquire takes the lock on the folder at once or fails with ErrHeld, naming
// the holder. The holder is a short line about this process for others to read.
func Acquire(dir, holder string) (*Lock, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("lock state folder: %w; make the folder, or set state to one that can be written", err)
	}
	path := filepath.Join(dir, "lock")
	file := flock.New(path, flock.SetPermissions(0o600))
	ok, err := file.TryLock()
	if err != nil {
		return nil, fmt.Errorf("lock state folder %s: %w", dir, fault(dir, err))
	}
	if !ok {
		by, _ := os.ReadFile(path) // without it the message only says less
		name := cmp.Or(strings.TrimSpace(string(by)), "another process")
		return nil, fmt.Errorf("%w: %s is held by %s; stop it, or wait until it has finished", ErrHeld, dir, name)
	}
	if err := os.WriteFile(path, []byte(holder+"\n"), 0o600); err != nil {
		return nil, errors.Join(fmt.Errorf("lock state folder %s: %w", dir, fault(dir, err)), file.Unlock())
	}
	return &Lock{file: file}, nil
}

// Held says why the lock no longer keeps others out: its file was deleted or put
// anew, or the folder moved, so that the next process would lock another file.
func (l *Lock) Held() error {
	mine, err := l.file.Stat()
	if err != nil {
		return fmt.Errorf("lock %s: %w", l.file.Path(), err)
	}
	there, err := os.Stat(l.file.Path())
	if err != nil {
		return fmt.Errorf("lock: %w; restart the daemon", err)
	}
	if !os.SameFile(mine, there) {
		return fmt.Errorf("lock %s is another file now; restart the daemon", l.file.Path())
	}
	return nil
}

// Release gives the folder back.
func (l *Lock) Release() error { return l.file.Unlock() }
