package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"standpoint/feeds"
)

// ErrNoSource says that the config has no such source, or that it was never
// read.
var ErrNoSource = errors.New("no such source")

// SourceState is a source with what is known of its feed. Zero times mean
// never, or not.
type SourceState struct {
	feeds.Source
	Validators   feeds.Validators
	Since        time.Time // first contact
	Contacted    time.Time // last answer that was a feed or "not modified"
	Tried        time.Time
	Items        int // in its last document; -1: not known
	Failures     int // in a row
	FailingSince time.Time
	Error        string        // of the last try; empty when it went well
	Class        feeds.Class   // of that error
	Moved        string        // where permanent redirects lead, which is asked in URL's stead
	Due          time.Time     // not to be asked before
	DueBy        string        // who asked for that, such as "Retry-After"
	TTL          time.Duration // what the feed asks for in itself, see feeds.Fetched
	SkipHours    []int
	Gone         time.Time // since when it answers 410
	Paused       time.Time // since when the operator lets it rest
	HeldSince    time.Time // since when its new pieces are held
}

// Address is what to ask: where the feed has moved to, or the config's address.
func (s SourceState) Address() string {
	if s.Moved != "" {
		return s.Moved
	}
	return s.URL
}

// SetSources makes the given sources the ones to read, in this order. Sources
// that are no longer given keep their pieces and what was seen.
func (db *DB) SetSources(ctx context.Context, sources []feeds.Source) error {
	err := db.within(ctx, func(ctx context.Context, tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, `UPDATE sources SET position = -1`); err != nil {
			return err
		}
		// Another address may be another server: validators of the old one must
		// not keep the new one silent, and its answers are not the new one's.
		set, err := tx.PrepareContext(ctx, `
			INSERT INTO sources (id, name, country, url, position) VALUES (?1, ?2, ?3, ?4, ?5)
			ON CONFLICT (id) DO UPDATE SET
				etag = iif(url = ?4, etag, ''), last_modified = iif(url = ?4, last_modified, ''),
				moved = iif(url = ?4, moved, ''), gone = iif(url = ?4, gone, ''),
				due = iif(url = ?4, due, ''), due_by = iif(url = ?4, due_by, ''),
				name = ?2, country = ?3, url = ?4, position = ?5`)
		if err != nil {
			return err
		}
		defer set.Close()
		for i, s := range sources {
			if _, err := set.ExecContext(ctx, s.ID, s.Name, s.Country, s.URL, i); err != nil {
				return fmt.Errorf("%s: %w", s.ID, err)
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("store sources: %w", err)
	}
	return nil
}

// Sources returns the sources to read, in the order of the config. Of a
// source's options, which only the config has, they know nothing.
func (db *DB) Sources(ctx context.Context) ([]SourceState, error) {
	rows, err := db.query(ctx, `
		SELECT id, name, country, url, etag, last_modified, since, contacted, tried, items,
			failures, failing_since, error, class, moved, due, due_by, ttl, skip, gone, paused, held
		FROM sources WHERE position >= 0 ORDER BY position`)
	if err != nil {
		return nil, fmt.Errorf("read sources: %w", err)
	}
	defer rows.Close()
	var out []SourceState
	for rows.Next() {
		var s SourceState
		var since, contacted, tried, failing, due, skip, gone, paused, held string
		var ttl int64
		if err := rows.Scan(&s.ID, &s.Name, &s.Country, &s.URL, &s.Validators.ETag, &s.Validators.LastModified,
			&since, &contacted, &tried, &s.Items, &s.Failures, &failing, &s.Error, &s.Class, &s.Moved,
			&due, &s.DueBy, &ttl, &skip, &gone, &paused, &held); err != nil {
			return nil, fmt.Errorf("read sources: %w", err)
		}
		if err := json.Unmarshal([]byte(skip), &s.SkipHours); err != nil {
			return nil, fmt.Errorf("read source %s: %w", s.ID, err)
		}
		s.TTL = time.Duration(ttl) * time.Second
		s.Since, s.Contacted, s.Tried, s.FailingSince = moment(since), moment(contacted), moment(tried), moment(failing)
		s.Due, s.Gone, s.Paused, s.HeldSince = moment(due), moment(gone), moment(paused), moment(held)
		out = append(out, s)
	}
	return out, fault(db.dir, rows.Err())
}

// Failure is a visit that brought no feed.
type Failure struct {
	Source feeds.SourceID
	At     time.Time
	Reason string
	Class  feeds.Class
	Due    time.Time // not to be asked before; zero: whenever
	DueBy  string
	Gone   bool // the address says that the feed is gone for good
}

// RecordFailure notes that a source could not be read. What was seen of it
// stays as it was. An address that it had moved to is forgotten with its
// validators, so that the next visit begins at the config's again.
func (db *DB) RecordFailure(ctx context.Context, f Failure) error {
	_, err := db.exec(ctx, `
		UPDATE sources SET tried = ?2, error = ?3, class = ?4, failures = failures + 1,
			failing_since = iif(failing_since = '', ?2, failing_since),
			due = ?5, due_by = ?6, gone = iif(?7, ?2, ''), moved = iif(?7, moved, ''),
			etag = iif(?7 OR moved = '', etag, ''), last_modified = iif(?7 OR moved = '', last_modified, '')
		WHERE id = ?1`, f.Source, stamp(f.At), f.Reason, string(f.Class), stamp(f.Due), f.DueBy, f.Gone)
	if err != nil {
		return fmt.Errorf("record failure of %s: %w", f.Source, err)
	}
	return nil
}

// Contact is an answer of a feed, whatever it brought.
type Contact struct {
	Source     feeds.SourceID
	At         time.Time
	Validators feeds.Validators
	Moved      string    // where permanent redirects lead; empty: nowhere
	Due        time.Time // not to be asked before; zero: whenever
	DueBy      string
	TTL        time.Duration // what the feed asks for in itself, see feeds.Fetched
	SkipHours  []int
}

// RecordUnchanged notes, in one transaction, the sources that said that nothing
// is new.
func (db *DB) RecordUnchanged(ctx context.Context, contacts []Contact) error {
	if len(contacts) == 0 {
		return nil
	}
	err := db.within(ctx, func(ctx context.Context, tx *sql.Tx) error {
		set := db.writer.stmt(ctx, tx, setContact)
		for _, c := range contacts {
			if err := recordContact(ctx, set, c, -1); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("record visits: %w", err)
	}
	return nil
}

const setContact = `
	UPDATE sources SET since = iif(since = '', ?2, since), contacted = ?2, tried = ?2,
		failures = 0, failing_since = '', error = '', class = '', gone = '',
		etag = ?3, last_modified = ?4, moved = ?5, due = ?6, due_by = ?7, items = iif(?8 < 0, items, ?8),
		ttl = ?9, skip = ?10
	WHERE id = ?1`

// recordContact notes that a source answered, with the validators to ask it
// with next time. items is the number in its document, -1 when it sent none.
func recordContact(ctx context.Context, set *sql.Stmt, c Contact, items int) error {
	skip := []byte("[]")
	if len(c.SkipHours) > 0 {
		var err error
		if skip, err = json.Marshal(c.SkipHours); err != nil {
			return err
		}
	}
	_, err := set.ExecContext(ctx, c.Source, stamp(c.At), c.Validators.ETag, c.Validators.LastModified,
		c.Moved, stamp(c.Due), c.DueBy, items, int64(c.TTL/time.Second), string(skip))
	return err
}

// Pause lets a source rest until Resume.
func (db *DB) Pause(ctx context.Context, id feeds.SourceID, at time.Time) error {
	return db.changeSource(ctx, "pause", id, `UPDATE sources SET paused = ?2 WHERE id = ?1`, id, stamp(at))
}

// Resume ends a pause, and lets a source be asked again that said that it was
// gone, or to be left alone. Failures count from the beginning.
func (db *DB) Resume(ctx context.Context, id feeds.SourceID) error {
	return db.changeSource(ctx, "resume", id, `
		UPDATE sources SET paused = '', gone = '', due = '', due_by = '', failures = 0, failing_since = '', error = '', class = ''
		WHERE id = ?1`, id)
}

// changeSource runs a statement that changes one source.
func (db *DB) changeSource(ctx context.Context, op string, id feeds.SourceID, query string, args ...any) error {
	r, err := db.exec(ctx, query, args...)
	if err == nil {
		var n int64
		if n, err = r.RowsAffected(); err == nil && n == 0 {
			err = ErrNoSource
		}
	}
	if err != nil {
		return fmt.Errorf("%s %s: %w", op, id, err)
	}
	return nil
}
