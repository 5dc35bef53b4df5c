package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"
)

// together queues tasks behind one that holds the turn, so that they are
// committed as one, and returns what each got: an error, or what it panicked with.
func together(t *testing.T, db *DB, works ...func(context.Context, *sql.Tx) error) []error {
	t.Helper()
	db.writer.turn.Lock()
	out := make([]error, len(works))
	var wg sync.WaitGroup
	for i, work := range works {
		wg.Go(func() {
			defer func() {
				if r := recover(); r != nil {
					out[i] = fmt.Errorf("panic: %v", r)
				}
			}()
			out[i] = db.within(t.Context(), work)
		})
		for queued := 0; queued != i+1; { // they come in this order
			db.writer.mu.Lock()
			queued = len(db.writer.queue)
			db.writer.mu.Unlock()
		}
	}
	db.writer.turn.Unlock()
	wg.Wait()
	return out
}

func add(name string) func(context.Context, *sql.Tx) error {
	return func(ctx context.Context, tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `INSERT INTO sources (id, name, country, url, position) VALUES (?1, ?1, '', '', 0)`, name)
		return err
	}
}

func names(t *testing.T, db *DB) string {
	t.Helper()
	all, err := db.Sources(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, s := range all {
		out = append(out, s.Name)
	}
	return strings.Join(out, " ")
}

// Those that wait are committed as one.
func TestTogether(t *testing.T) {
	t.Parallel()
	db := one(t, t.TempDir())
	visible := -1
	got := together(
		t, db, add("a"), add("b"),
		func(ctx context.Context, _ *sql.Tx) error {
			return db.row(ctx, `SELECT count(*) FROM sources`).Scan(&visible) // from outside of the transaction
		},
	)
	if err := errors.Join(got...); err != nil {
		t.Error(err)
	}
	if n := names(t, db); n != "a b" || visible != 0 {
		t.Errorf("stored: %s; %d rows were committed before the last task", n, visible)
	}
}

// What fails among others fails alone, and leaves nothing.
func TestOneFailsAmongOthers(t *testing.T) {
	t.Parallel()
	db := one(t, t.TempDir())
	bad := errors.New("bad")
	got := together(
		t, db, add("a"),
		func(ctx context.Context, tx *sql.Tx) error { return errors.Join(add("b")(ctx, tx), bad) },
		func(ctx context.Context, tx *sql.Tx) error { _ = add("c")(ctx, tx); panic("c") },
		add("a"), // refused: there is one
		add("d"),
	)
	if got[0] != nil || !errors.Is(got[1], bad) || got[2] == nil || !strings.HasPrefix(got[2].Error(), "panic: c") || got[3] == nil || got[4] != nil {
		t.Errorf("%v", got)
	}
	if n := names(t, db); n != "a d" {
		t.Errorf("stored: %s", n)
	}
}

// A full disk makes SQLite undo the whole transaction: those that fit are stored
// all the same.
func TestTogetherOnAFullDisk(t *testing.T) {
	t.Parallel()
	db := one(t, t.TempDir())
	var pages int
	if err := db.writer.sql.QueryRowContext(t.Context(), `PRAGMA page_count`).Scan(&pages); err != nil {
		t.Fatal(err)
	}
	if _, err := db.writer.sql.ExecContext(t.Context(), fmt.Sprintf(`PRAGMA max_page_count = %d`, pages+4)); err != nil {
		t.Fatal(err)
	}
	big := func(ctx context.Context, tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `INSERT INTO sources (id, name, country, url, position) VALUES ('big', ?, '', '', 0)`, strings.Repeat("x", 1<<20))
		return err
	}
	got := together(t, db, add("a"), big, add("b"))
	if got[0] != nil || got[1] == nil || !strings.Contains(got[1].Error(), "free space") || got[2] != nil {
		t.Errorf("%v", got)
	}
	if n := names(t, db); n != "a b" {
		t.Errorf("stored: %s", n)
	}
}

// Who gives up before his turn has written nothing.
func TestCancelledBeforeItsTurn(t *testing.T) {
	t.Parallel()
	db := one(t, t.TempDir())
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := db.within(ctx, add("a")); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	if n := names(t, db); n != "" {
		t.Errorf("stored: %s", n)
	}
}

// While another process keeps the store, those that wait together wait once, not
// one after the other.
func TestBusyStoreIsWaitedForOnce(t *testing.T) {
	db := one(t, t.TempDir())
	const patience = 100 * time.Millisecond
	if _, err := db.writer.sql.ExecContext(t.Context(), fmt.Sprintf("PRAGMA busy_timeout = %d", patience.Milliseconds())); err != nil {
		t.Fatal(err)
	}
	other, err := db.sql.BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	works := make([]func(context.Context, *sql.Tx) error, 40)
	for i := range works {
		works[i] = add(fmt.Sprint("source ", i))
	}
	begin := time.Now()
	for _, err := range together(t, db, works...) {
		wantMend(t, err, db.dir, "another process keeps the store")
	}
	if took := time.Since(begin); took > 20*patience {
		t.Errorf("it took %v", took)
	}
	if err := other.Rollback(); err != nil {
		t.Fatal(err)
	}
	if err := db.within(t.Context(), add("later")); err != nil || names(t, db) != "later" {
		t.Errorf("afterwards: %v, %q", err, names(t, db))
	}
}
