package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"
)

// ErrNoDraft says that the edition does not wait for approval. ErrRevised says
// that the draft has changed since it was looked at. ErrStale says that it is yet
// to be composed as the editor asked for.
var (
	ErrNoDraft = errors.New("it does not wait for approval")
	ErrRevised = errors.New("the draft has changed since it was shown")
	ErrStale   = errors.New("the draft is being composed anew")
)

// ApprovalState is how far an edition has come that an editor sees first.
type ApprovalState string

// A draft waits, or is held until somebody approves it. Withdrawn is one from
// which every piece was taken: nobody gets it, and its number stays unused.
const (
	DraftWaiting   ApprovalState = "waiting"
	DraftHeld      ApprovalState = "held"
	DraftApproved  ApprovalState = "approved"
	DraftWithdrawn ApprovalState = "withdrawn"
)

// Approval is how an edition stands with its editor.
type Approval struct {
	Edition  int
	Mode     string // window or required, as it was when the draft was made
	State    ApprovalState
	Drafted  time.Time
	Told     time.Time // when the editor's mail was taken over; zero: not yet
	Deadline time.Time // when it goes out unless it is held; zero: never by itself, or not until the editor is told
	Reminded time.Time // zero: not yet
	Revision int       // of what the editor asked for, from 1
	Composed int       // the revision that the edition's model is of
	Decided  time.Time // when it was approved or withdrawn; zero while it waits
	Who      string    // decided it, or holds it
	Why      string    // it is held
}

// Open says that the edition waits for the editor.
func (a Approval) Open() bool { return a.State == DraftWaiting || a.State == DraftHeld }

// Stale says that the model is not yet what the editor asked for.
func (a Approval) Stale() bool { return a.Composed < a.Revision }

const selectApproval = `
	SELECT edition, mode, state, drafted, told, deadline, reminded, revision, composed, decided, who, why FROM approvals `

// awaited are the editions that wait for the editor, and withheld those that no
// reader may get or see, withdrawn ones too.
const (
	awaited  = `SELECT edition FROM approvals WHERE state IN ('waiting', 'held')`
	withheld = `SELECT edition FROM approvals WHERE state <> 'approved'`
)

// OpenDraft returns the draft that waits for the editor; ok is false when there is
// none. There is never more than one.
func (db *DB) OpenDraft(ctx context.Context) (a Approval, ok bool, err error) {
	return db.approval(ctx, selectApproval+`WHERE edition IN (`+awaited+`) ORDER BY edition LIMIT 1`)
}

// Approval returns how an edition stands with its editor; ok is false for one that
// needed no approval.
func (db *DB) Approval(ctx context.Context, edition int) (a Approval, ok bool, err error) {
	return db.approval(ctx, selectApproval+`WHERE edition = ?`, edition)
}

func (db *DB) approval(ctx context.Context, query string, args ...any) (Approval, bool, error) {
	a, err := scanApproval(db.row(ctx, query, args...))
	if errors.Is(err, sql.ErrNoRows) {
		return Approval{}, false, nil
	}
	if err != nil {
		return Approval{}, false, fmt.Errorf("read approval: %w", err)
	}
	return a, true, nil
}

func scanApproval(row interface{ Scan(...any) error }) (a Approval, err error) {
	var drafted, told, deadline, reminded, decided string
	err = row.Scan(&a.Edition, &a.Mode, &a.State, &drafted, &told, &deadline, &reminded, &a.Revision, &a.Composed, &decided, &a.Who, &a.Why)
	a.Drafted, a.Told, a.Deadline, a.Reminded, a.Decided = moment(drafted), moment(told), moment(deadline), moment(reminded), moment(decided)
	return a, err
}

// Awaited are approved editions whose letters wait for a first hand-over, the
// oldest first.
func (db *DB) Awaited(ctx context.Context) ([]int, error) {
	rows, err := db.query(ctx, `
		SELECT number FROM editions JOIN approvals ON edition = number WHERE finished = '' AND state = 'approved'
			AND NOT EXISTS (SELECT 1 FROM deliveries d WHERE d.edition = number AND (attempts > 0 OR d.state <> 'planned'))
		ORDER BY number`)
	if err != nil {
		return nil, fmt.Errorf("read approved editions: %w", err)
	}
	defer rows.Close()
	var out []int
	for rows.Next() {
		var n int
		if err := rows.Scan(&n); err != nil {
			return nil, fmt.Errorf("read approved editions: %w", err)
		}
		out = append(out, n)
	}
	return out, fault(db.dir, rows.Err())
}

// asked is a change that somebody asks for, in a transaction.
type asked struct {
	*sql.Tx
	edition int
	who     string
	at      time.Time
}

// open reads the draft and refuses one that does not wait, or that is not the
// revision which was looked at; 0 stands for any.
func (t asked) open(ctx context.Context, revision int) (Approval, error) {
	a, err := scanApproval(t.QueryRowContext(ctx, selectApproval+`WHERE edition = ?`, t.edition))
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return a, ErrNoDraft
	case err != nil:
		return a, err
	case !a.Open():
		return a, ErrNoDraft
	case revision != 0 && revision != a.Revision:
		return a, ErrRevised
	}
	return a, nil
}

// ask runs work on a draft in a transaction.
func (db *DB) ask(ctx context.Context, what string, edition int, who string, at time.Time, work func(context.Context, asked) error) error {
	err := db.within(ctx, func(ctx context.Context, tx *sql.Tx) error { return work(ctx, asked{tx, edition, who, at}) })
	if err != nil {
		return fmt.Errorf("%s edition %d: %w", what, edition, err)
	}
	return nil
}
