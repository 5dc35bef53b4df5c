package store

import (
	"fmt"
	"strings"
	"testing"
)

// A disk of temporary files without room is named, and not that of the state folder.
func TestNoRoomForArrivals(t *testing.T) {
	t.Parallel()
	db, err := Open(t.Context(), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	a, err := db.arrivals(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer a.close()
	if err := a.exec(t.Context(), `PRAGMA temp.max_page_count = 10`); err != nil {
		t.Fatal(err)
	}
	err = fault(db.dir, a.stage(t.Context(), func(yield func(Incoming, error) bool) {
		for n := range 1000 {
			if !yield(Incoming{Subscriber: Subscriber{Address: fmt.Sprintf("reader%d@example.org", n)}}, nil) {
				return
			}
		}
	}))
	if err == nil || !strings.Contains(err.Error(), "SQLITE_TMPDIR") || strings.Contains(err.Error(), db.dir) {
		t.Errorf("said: %v", err)
	}
}
