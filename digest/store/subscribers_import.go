package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"iter"
	"time"
)

// Incoming is a reader as a file brings one. An empty state is active. One that
// is suppressed in the file is put on the suppression list, too, and off the list
// of readers, should the address be on it: leaving wins, wherever it was said, but
// over a later confirmation of the reader's own.
type Incoming struct {
	Subscriber
	Agreement Agreement
	Ask       bool // the reader is asked to confirm, and pending until then

	Reason Reason // of a suppressed one
	Why    string
	Since  time.Time
}

// Outcome is what became of one reader that was imported.
type Outcome string

// The outcomes.
const (
	ImportAdded      Outcome = "added"      // not on the list before, and active
	ImportPending    Outcome = "pending"    // not on the list before, and still to confirm
	ImportPaused     Outcome = "paused"     // not on the list before, and paused
	ImportRevived    Outcome = "revived"    // was pending, paused by a list, or there by config or file alone, and is kept by the list now
	ImportPresent    Outcome = "present"    // was on the list already, and is left as it is
	ImportBarred     Outcome = "barred"     // not on the list before, and suppressed from now on
	ImportSuppressed Outcome = "suppressed" // suppressed or erased before, and stays so
	ImportEnded      Outcome = "ended"      // was on the list of readers, in any state, and is suppressed from now on
)

// Imported says what became of readers that were imported.
type Imported struct {
	Each       []Outcome       // in the order of the sequence
	Count      map[Outcome]int // by outcome
	Suppressed []Suppression   // of those that stay suppressed or erased, in the order of the sequence
}

// ImportSubscribers puts readers on the list, in one transaction: an error of the
// sequence, or a crash, changes nothing. Suppressed and erased addresses stay so
// (S42), and who paused by choice stays paused. A rehearsal says what would become
// of them and changes nothing. Of an address that comes twice, the first counts,
// or the one that is suppressed.
//
// The sequence is read to its end before others have to wait for the store.
func (db *DB) ImportSubscribers(ctx context.Context, listed iter.Seq2[Incoming, error], rehearsal bool) (Imported, error) {
	out, err := db.importAll(ctx, listed, rehearsal)
	if err != nil {
		return Imported{}, fmt.Errorf("import subscribers: %w", fault(db.dir, err))
	}
	return out, nil
}

func (db *DB) importAll(ctx context.Context, listed iter.Seq2[Incoming, error], rehearsal bool) (out Imported, err error) {
	a, err := db.arrivals(ctx)
	if err != nil {
		return Imported{}, err
	}
	// What was begun and not committed ends with the connection.
	defer func() { err = errors.Join(err, a.close()) }()
	if !rehearsal { // so that the hashes below are those of whoever is erased meanwhile
		err = db.within(ctx, func(ctx context.Context, tx *sql.Tx) (err error) {
			a.salt, err = saltOf(ctx, tx)
			return err
		})
	} else if err = db.row(ctx, `SELECT secret FROM salts`).Scan(&a.salt); errors.Is(err, sql.ErrNoRows) {
		err = nil // nobody was erased yet
	}
	if err != nil {
		return Imported{}, err
	}
	if err := a.stage(ctx, listed); err != nil {
		return Imported{}, err
	}
	if rehearsal {
		if err := a.exec(ctx, `BEGIN DEFERRED`); err != nil {
			return Imported{}, err
		}
		if err := a.decide(ctx); err != nil {
			return Imported{}, err
		}
		return a.imported(ctx)
	}
	if err := a.exec(ctx, `BEGIN IMMEDIATE`); err != nil {
		return Imported{}, err
	}
	if err := a.decide(ctx); err != nil {
		return Imported{}, err
	}
	if err := a.exec(ctx, barArrivals, restateArrivals, endArrivals, stopAsking, addArrivals, reviveArrivals, agreeArrivals); err != nil {
		return Imported{}, err
	}
	if out, err = a.imported(ctx); err != nil {
		return Imported{}, err
	}
	return out, a.exec(ctx, `COMMIT`)
}

// agreement is what the file says of it, or else the operator's word.
func (s Incoming) agreement() Agreement {
	if !s.Agreement.None() {
		return s.Agreement
	}
	return Agreement{Asked: s.Added, Source: "import"}
}

func orElse(s, other string) string {
	if s == "" {
		return other
	}
	return s
}
