package store_test

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"standpoint/digest/store"
)

// A disk that fills up in the middle of a backup keeps the one before it.
func TestBackupOntoFullDisk(t *testing.T) {
	t.Parallel()
	dir, to := t.TempDir(), t.TempDir()
	if err := syscall.Mount("tmpfs", to, "tmpfs", 0, "size=256k"); err != nil {
		t.Skipf("needs the right to mount: %v", err)
	}
	t.Cleanup(func() { must(t, syscall.Unmount(to, 0)) })
	readers(t, open(t, dir), 5000)
	file := filepath.Join(to, "copy.db")
	must(t, os.WriteFile(file, []byte("the last one"), 0o600))
	_, err := store.Backup(t.Context(), dir, file, true)
	if err == nil || !strings.Contains(err.Error(), "free space on the disk of "+to) {
		t.Errorf("got %v", err)
	}
	alone(t, to, "copy.db")
	if data, err := os.ReadFile(file); err != nil || string(data) != "the last one" {
		t.Errorf("the last backup has %d bytes, %v", len(data), err)
	}
}
