package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"runtime/debug"
	"sync"
)

// writer is the one connection that writes: SQLite has room for one. Writers of
// this process wait here, in turn and at once, and not in SQLite's timed
// retries; those are for other processes.
//
// Those that wait are committed together, since a commit waits for the disk and
// can carry many. Each still returns only when its own work is on disk, and an
// error of one undoes that one alone.
type writer struct {
	sql  *sql.DB
	hot  map[string]*sql.Stmt // statements that run for every piece or letter
	turn sync.Mutex           // held by who works on the queue

	mu    sync.Mutex
	queue []*task
}

// mostTogether bounds how long the first of a queue waits for the last.
const mostTogether = 64

// task is work in a transaction. It may be run twice, and must begin anew then.
type task struct {
	ctx  context.Context
	work func(context.Context, *sql.Tx) error
	done bool
	err  error
	bad  error // the panic that ended it
}

func newWriter(ctx context.Context, db *sql.DB) (*writer, error) {
	db.SetMaxOpenConns(1)
	w := &writer{sql: db, hot: map[string]*sql.Stmt{}}
	for _, query := range []string{selectKnown, insertItem, selectRhythm, setContact, setJudgement, selectPlanned, selectStopped, setClaimed, setSettled} {
		s, err := db.PrepareContext(ctx, query)
		if err != nil {
			return nil, err
		}
		w.hot[query] = s
	}
	return w, nil
}

func (w *writer) close() error {
	var errs []error
	for _, s := range w.hot {
		errs = append(errs, s.Close())
	}
	return errors.Join(append(errs, w.sql.Close())...)
}

// do runs work in a transaction and commits it if work succeeds. The context
// that work is given may outlive the caller's: a transaction that carries others
// is not cut off.
func (w *writer) do(ctx context.Context, work func(context.Context, *sql.Tx) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	t := &task{ctx: ctx, work: work}
	w.mu.Lock()
	w.queue = append(w.queue, t)
	w.mu.Unlock()
	w.turn.Lock()
	defer w.turn.Unlock()
	for !t.done { // who had the turn before may have done it
		w.mu.Lock()
		batch := w.queue[:min(len(w.queue), mostTogether)]
		if w.queue = w.queue[len(batch):]; len(w.queue) == 0 {
			w.queue = nil
		}
		w.mu.Unlock()
		if len(batch) > 1 && w.together(batch) == nil {
			continue
		}
		for _, each := range batch {
			w.alone(each)
		}
	}
	if t.bad != nil {
		panic(t.bad)
	}
	return t.err
}

// alone runs a task in a transaction of its own.
func (w *writer) alone(t *task) {
	t.done = true
	tx, err := w.sql.BeginTx(t.ctx, nil)
	if err != nil {
		t.err, t.bad = err, nil
		return
	}
	// Its own error says nothing new: what is not committed is undone anyhow.
	defer func() { _ = tx.Rollback() }()
	if t.run(t.ctx, tx); t.err == nil && t.bad == nil {
		t.err = tx.Commit()
	}
}

// errApart says that tasks cannot be committed together.
var errApart = errors.New("a task failed among others")

// together runs tasks in one transaction. When one of them fails, nothing is
// stored, and each must be run alone: then it fails alone. That is rare, and
// dearer than a savepoint for each; but savepoints would cost every batch, and
// some faults, a full disk among them, undo the whole transaction anyhow.
func (w *writer) together(batch []*task) error {
	ctx := context.Background()
	tx, err := w.sql.BeginTx(ctx, nil)
	if err != nil { // each would wait as long for the same
		for _, t := range batch {
			t.done, t.err = true, err
		}
		return nil
	}
	defer func() { _ = tx.Rollback() }()
	for _, t := range batch {
		if t.run(ctx, tx); t.err != nil || t.bad != nil {
			return errApart
		}
	}
	if err := tx.Commit(); err != nil {
		return err
	}
	for _, t := range batch {
		t.done = true
	}
	return nil
}

// run does the work. A panic is kept for the one whose work it is.
func (t *task) run(ctx context.Context, tx *sql.Tx) {
	t.err, t.bad = nil, nil
	defer func() {
		if r := recover(); r != nil {
			t.bad = fmt.Errorf("%v\n%s", r, debug.Stack())
		}
	}()
	t.err = t.work(ctx, tx)
}

// stmt is a statement that the writer keeps, for use in tx.
func (w *writer) stmt(ctx context.Context, tx *sql.Tx, query string) *sql.Stmt {
	return tx.StmtContext(ctx, w.hot[query])
}
