package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"standpoint/digest"
)

// published selects the numbers of the editions that everybody may see. It is
// the one place that says which those are; whatever else may make an edition
// public also adds one to archive_mark.generation.
const published = `SELECT number FROM editions WHERE number NOT IN (` + withheld + `)`

// ArchiveGeneration says how the archive stands: another number means that
// something it shows may have changed. It costs little enough to be asked before
// each answer. When that was is not told, since it may be when a draft was made.
func (db *DB) ArchiveGeneration(ctx context.Context) (generation int64, err error) {
	if err := db.row(ctx, `SELECT generation FROM archive_mark`).Scan(&generation); err != nil {
		return 0, fmt.Errorf("read how the archive stands: %w", err)
	}
	return generation, nil
}

// Listed is a public edition as the index lists it.
type Listed struct {
	digest.Past
	Window digest.Window // in the zone of the edition's dates
}

// Archive returns the public editions, the newest first, without reading the
// editions themselves.
func (db *DB) Archive(ctx context.Context) ([]Listed, error) {
	rows, err := db.query(ctx, `SELECT edition, "from", "to", counts FROM archive WHERE edition IN (`+published+`) ORDER BY edition DESC`)
	if err != nil {
		return nil, fmt.Errorf("read archive: %w", err)
	}
	defer rows.Close()
	var out []Listed
	for rows.Next() {
		var l Listed
		var from, to, counts string
		if err := rows.Scan(&l.Number, &from, &to, &counts); err != nil {
			return nil, fmt.Errorf("read archive: %w", err)
		}
		if err := json.Unmarshal([]byte(counts), &l.Counts); err != nil {
			return nil, fmt.Errorf("read archive: edition %d: %w", l.Number, err)
		}
		l.Window = digest.Window{From: dated(from), To: dated(to)}
		out = append(out, l)
	}
	return out, fault(db.dir, rows.Err())
}

// dated reads a time as JSON has it; zero where it is none.
func dated(s string) time.Time {
	t, err := time.Parse(time.RFC3339Nano, s)
	if err != nil {
		return time.Time{}
	}
	return t
}

// Public is an edition that everybody may see.
type Public struct {
	digest.Edition
	Frozen         time.Time
	Previous, Next int // numbers of the public editions beside it; 0: none
}

// PublicEdition returns a public edition, or ErrNoEdition. Number 0 means the
// newest.
func (db *DB) PublicEdition(ctx context.Context, number int) (p Public, err error) {
	var model, frozen string
	err = db.row(ctx, `
		WITH public AS (`+published+`)
		SELECT number, frozen, model,
			coalesce((SELECT max(number) FROM public WHERE number < e.number), 0),
			coalesce((SELECT min(number) FROM public WHERE number > e.number), 0)
		FROM editions e WHERE number = iif(?1 = 0, (SELECT max(number) FROM public), ?1) AND number IN public`, number).
		Scan(&number, &frozen, &model, &p.Previous, &p.Next)
	if errors.Is(err, sql.ErrNoRows) {
		return p, fmt.Errorf("edition %d: %w", number, ErrNoEdition)
	}
	if err != nil {
		return p, fmt.Errorf("read edition %d: %w", number, err)
	}
	p.Frozen = moment(frozen)
	p.Edition, err = db.decode(number, model)
	return p, err
}

// LastPublic returns the number of the newest public edition; 0: none yet.
func (db *DB) LastPublic(ctx context.Context) (number int, err error) {
	if err := db.row(ctx, `SELECT coalesce(max(number), 0) FROM (`+published+`)`).Scan(&number); err != nil {
		return 0, fmt.Errorf("read last edition: %w", err)
	}
	return number, nil
}

// LatestPublic returns the last n public editions, the newest first. Their
// neighbours are not looked for.
func (db *DB) LatestPublic(ctx context.Context, n int) ([]Public, error) {
	rows, err := db.query(ctx, `SELECT number, frozen, model FROM editions WHERE number IN (`+published+`) ORDER BY number DESC LIMIT ?`, n)
	if err != nil {
		return nil, fmt.Errorf("read latest editions: %w", err)
	}
	defer rows.Close()
	var out []Public
	for rows.Next() {
		var p Public
		var number int
		var model, frozen string
		if err := rows.Scan(&number, &frozen, &model); err != nil {
			return nil, fmt.Errorf("read latest editions: %w", err)
		}
		if p.Edition, err = db.decode(number, model); err != nil {
			return nil, err
		}
		p.Frozen = moment(frozen)
		out = append(out, p)
	}
	return out, fault(db.dir, rows.Err())
}
