package config

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// Write makes the change: the file is replaced at once, so that whoever reads it
// meanwhile finds the old or the new text. Its mode and owner stay, and a
// symbolic link keeps pointing to it. A file that was changed since AddSources
// read it is left alone.
func (a Addition) Write() error {
	err := a.write()
	if err != nil {
		return fmt.Errorf("edit %s: %w; nothing was changed", a.path, err)
	}
	return nil
}

func (a Addition) write() error {
	path, err := filepath.EvalSymlinks(a.path)
	if err != nil {
		return err
	}
	// A rename would also replace a file that nobody may write to.
	old, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	defer old.Close()
	info, err := old.Stat()
	if err != nil {
		return err
	}
	temp, err := os.CreateTemp(filepath.Dir(path), ".standpoint-*.yaml")
	if err != nil {
		return err
	}
	err = errors.Join(a.fill(temp, info), temp.Close())
	if err == nil {
		err = a.unchanged(path)
	}
	if err == nil {
		err = os.Rename(temp.Name(), path)
	}
	if err != nil {
		return errors.Join(err, os.Remove(temp.Name()))
	}
	return syncDir(filepath.Dir(path))
}

// fill writes the new text, with the mode and the owner of the old file.
func (a Addition) fill(temp *os.File, like fs.FileInfo) error {
	if _, err := temp.Write(a.text); err != nil {
		return err
	}
	if err := keepOwner(temp, like); err != nil {
		return err
	}
	if err := temp.Chmod(like.Mode().Perm()); err != nil {
		return err
	}
	return temp.Sync()
}

func (a Addition) unchanged(path string) error {
	now, err := os.ReadFile(path)
	if err == nil && !bytes.Equal(now, a.old) {
		err = errors.New("it was changed meanwhile: run the command again")
	}
	return err
}

// syncDir makes the new name survive a power cut.
func syncDir(dir string) error {
	f, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}
