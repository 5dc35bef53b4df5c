package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"standpoint/feeds"
)

// SourceState is a source with what is known of its feed.
type SourceState struct {
	feeds.Source
	Validators   feeds.Validators
	Contacted    time.Time // last answer that was a feed or "not modified"; zero: never
	Tried        time.Time // zero: never
	Failures     int       // in a row
	FailingSince time.Time // zero: not failing
	Error        string    // of the last try; empty when it went well
}

// SetSources makes the given sources the ones to read, in this order. Sources
// that are no longer given keep their pieces and what was seen.
func (db *DB) SetSources(ctx context.Context, sources []feeds.Source) error {
	err := db.within(ctx, func(tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, `UPDATE sources SET position = -1`); err != nil {
			return err
		}
		for i, s := range sources {
			// Another address may be another server: validators of the old one
			// must not keep the new one silent.
			_, err := tx.ExecContext(ctx, `
				INSERT INTO sources (id, name, country, url, position) VALUES (?1, ?2, ?3, ?4, ?5)
				ON CONFLICT (id) DO UPDATE SET
					etag = iif(url = ?4, etag, ''), last_modified = iif(url = ?4, last_modified, ''),
					name = ?2, country = ?3, url = ?4, position = ?5`,
				s.ID, s.Name, s.Country, s.URL, i)
			if err != nil {
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

// Sources returns the sources to read, in the order of the config.
func (db *DB) Sources(ctx context.Context) ([]SourceState, error) {
	rows, err := db.query(ctx, `
		SELECT id, name, country, url, etag, last_modified, contacted, tried, failures, failing_since, error
		FROM sources WHERE position >= 0 ORDER BY position`)
	if err != nil {
		return nil, fmt.Errorf("read sources: %w", err)
	}
	defer rows.Close()
	var out []SourceState
	for rows.Next() {
		var s SourceState
		var contacted, tried, since string
		if err := rows.Scan(&s.ID, &s.Name, &s.Country, &s.URL, &s.Validators.ETag, &s.Validators.LastModified,
			&contacted, &tried, &s.Failures, &since, &s.Error); err != nil {
			return nil, fmt.Errorf("read sources: %w", err)
		}
		s.Contacted, s.Tried, s.FailingSince = moment(contacted), moment(tried), moment(since)
		out = append(out, s)
	}
	return out, fault(db.dir, rows.Err())
}

// RecordFailure notes that a source could not be read. What was seen of it
// stays as it was.
func (db *DB) RecordFailure(ctx context.Context, id feeds.SourceID, at time.Time, reason string) error {
	_, err := db.exec(ctx, `
		UPDATE sources SET tried = ?2, error = ?3, failures = failures + 1,
			failing_since = iif(failing_since = '', ?2, failing_since)
		WHERE id = ?1`, id, stamp(at), reason)
	if err != nil {
		return fmt.Errorf("record failure of %s: %w", id, err)
	}
	return nil
}

// recordContact notes that a source answered, with the validators to ask it
// with next time.
func recordContact(ctx context.Context, tx *sql.Tx, id feeds.SourceID, at time.Time, v feeds.Validators) error {
	_, err := tx.ExecContext(ctx, `
		UPDATE sources SET contacted = ?2, tried = ?2, failures = 0, failing_since = '', error = '',
			etag = ?3, last_modified = ?4
		WHERE id = ?1`, id, stamp(at), v.ETag, v.LastModified)
	return err
}
