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
// is suppressed in the file is put on the suppression list, too, unless the
// address is on the list of readers here: then the word of this list stays.
type Incoming struct {
	Subscriber
	Agreement Agreement
	Ask       bool // the reader is asked to confirm, and pending until then

	Reason Reason // of a suppressed one
	Why    string
	Since  time.Time
}

// Outcome is what became of one reader that was imported.
type Outcome byte

// The outcomes.
const (
	ImportAdded      Outcome = iota // not on the list before, and active
	ImportPending                   // not on the list before, and still to confirm
	ImportPaused                    // not on the list before, and paused
	ImportRevived                   // was pending, paused by a list, or there by config or file alone, and is kept by the list now
	ImportPresent                   // was on the list already, and is left as it is
	ImportBarred                    // not on the list before, and suppressed from now on
	ImportSuppressed                // suppressed or erased before, and stays so
	outcomes
)

// Imported says what became of readers that were imported.
type Imported struct {
	Each       []Outcome     // in the order of the sequence
	Count      [outcomes]int // by outcome
	Suppressed []Suppression // of those that stay suppressed or erased, in the order of the sequence
}

// errRehearsed undoes an import that was only tried.
var errRehearsed = errors.New("rehearsed")

// ImportSubscribers puts readers on the list, in one transaction: an error of the
// sequence, or a crash, changes nothing. Suppressed and erased addresses stay so
// (S42), and who paused by choice stays paused. A rehearsal says what would become
// of them and changes nothing. The sequence may be read twice.
func (db *DB) ImportSubscribers(ctx context.Context, listed iter.Seq2[Incoming, error], rehearsal bool) (Imported, error) {
	var out Imported
	err := db.within(ctx, func(ctx context.Context, tx *sql.Tx) error {
		out = Imported{}
		im, err := newImporter(ctx, tx)
		if err != nil {
			return err
		}
		defer im.close()
		for s, err := range listed {
			if err != nil {
				return err
			}
			outcome, err := im.one(ctx, s, &out)
			if err != nil {
				return err
			}
			out.Each = append(out.Each, outcome)
			out.Count[outcome]++
		}
		if rehearsal {
			return errRehearsed
		}
		return nil
	})
	if err != nil && !errors.Is(err, errRehearsed) {
		return Imported{}, fmt.Errorf("import subscribers: %w", err)
	}
	return out, nil
}

// importer has the statements that run for each reader.
type importer struct {
	known, add, revive, bar, agree *sql.Stmt
	gone                           erasures
}

func newImporter(ctx context.Context, tx *sql.Tx) (im importer, err error) {
	for _, each := range []struct {
		into  **sql.Stmt
		query string
	}{
		{&im.known, `
			SELECT coalesce(p.key, ''), coalesce(p.reason, ''), coalesce(p.detail, ''), coalesce(p.at, ''), coalesce(p.edition, 0),
				coalesce(s.id, 0), coalesce(s.state, ''), coalesce(s.origin, ''), coalesce(s.own_pause, 0)
			FROM (SELECT ? AS key) k LEFT JOIN suppressions p ON p.key = k.key LEFT JOIN subscribers s ON s.key = k.key`},
		{&im.add, `
			INSERT INTO subscribers (address, key, name, state, origin, language, wish, own_pause, added) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`},
		{&im.revive, `
			UPDATE subscribers SET state = 'active', origin = 'command', name = iif(?1 = '', name, ?1),
				language = iif(language = '', ?2, language), wish = iif(wish = '', ?3, wish) WHERE id = ?4`},
		{&im.bar, `INSERT INTO suppressions (key, reason, detail, at) VALUES (?, ?, ?, ?)`},
		{&im.agree, insertAgreement},
	} {
		if *each.into, err = tx.PrepareContext(ctx, each.query); err != nil {
			im.close()
			return im, err
		}
	}
	im.gone, err = loadErasures(ctx, tx)
	return im, err
}

func (im importer) close() {
	for _, s := range []*sql.Stmt{im.known, im.add, im.revive, im.bar, im.agree} {
		if s != nil {
			s.Close()
		}
	}
}

// one imports a reader and says what became of it.
func (im importer) one(ctx context.Context, s Incoming, out *Imported) (Outcome, error) {
	key := addressKey(s.Address)
	var entry Suppression
	var at, state string
	var id int64
	var origin Origin
	var own bool
	err := im.known.QueryRowContext(ctx, key).Scan(
		&entry.Address, &entry.Reason, &entry.Detail, &at, &entry.Edition, &id, &state, &origin, &own)
	if err != nil {
		return 0, err
	}
	entry.At = moment(at)
	suppressed := entry.Address != ""
	if !suppressed {
		entry, suppressed = im.gone.of(key)
	}
	switch {
	case suppressed:
		out.Suppressed = append(out.Suppressed, entry)
		return ImportSuppressed, nil
	case id == 0:
		return im.fresh(ctx, s, key)
	case s.Ask || s.Reason != "" || s.State != "" && s.State != "active", own, state == "active" && stays(origin):
		return ImportPresent, nil
	}
	wish, err := wishText(s.Wish)
	if err == nil {
		_, err = im.revive.ExecContext(ctx, s.Name, s.Wish.Language, wish, id)
	}
	if err == nil {
		_, err = im.agree.ExecContext(ctx, s.agreement().values(id, false)...)
	}
	return ImportRevived, err
}

// fresh puts a reader on the list who was not there in any state.
func (im importer) fresh(ctx context.Context, s Incoming, key string) (outcome Outcome, err error) {
	state, origin := orElse(s.State, "active"), FromCommand
	if s.Origin == FromForm {
		origin = FromForm
	}
	switch {
	case s.Reason != "":
		// The database's own rule turns active into the state that the reason gives.
		state, outcome = "active", ImportBarred
		if _, err := im.bar.ExecContext(ctx, key, s.Reason, s.Why, stamp(s.Since)); err != nil {
			return 0, err
		}
	case s.Ask, state == "pending":
		state, outcome = "pending", ImportPending
	case state == "paused":
		outcome = ImportPaused
	}
	wish, err := wishText(s.Wish)
	if err != nil {
		return 0, err
	}
	r, err := im.add.ExecContext(ctx, s.Address, key, s.Name, state, origin, s.Wish.Language, wish, state == "paused", stamp(s.Added))
	if err != nil {
		return 0, err
	}
	id, err := r.LastInsertId()
	if err == nil {
		_, err = im.agree.ExecContext(ctx, s.agreement().values(id, state == "pending" && s.Ask)...)
	}
	return outcome, err
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
