package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"
)

// ReportKind says what a report means for its reader.
type ReportKind string

// Hard bounces and complaints suppress at once, soft bounces when there are too
// many; the others are counted only. So are hard bounces of very many readers of one
// edition at once.
const (
	ReportHard      ReportKind = "hard"
	ReportSoft      ReportKind = "soft"
	ReportPolicy    ReportKind = "policy"
	ReportComplaint ReportKind = "complaint"
)

// Report is a bounce or a complaint about a letter of ours: whoever records it
// knows that it is one.
type Report struct {
	ID         string // the same for the same report
	Kind       ReportKind
	Edition    int
	Subscriber int64
	Status     string // RFC 3463; may be empty
	Detail     string // the server's own words
	At         time.Time
}

// Recorded says what a report led to.
type Recorded struct {
	Known      bool // it was recorded before, and counts no more
	Unsent     bool // the ledger has no such hand-over, or its reader was erased: nothing was recorded
	Suppressed bool // the reader is suppressed by it now
	Already    bool // the reader was suppressed before
	Row        int  // soft bounces: of how many editions in a row
	Held       bool // hard bounces: so many of the edition's readers at once are not believed
	Pulled     bool // this one was the one too many: the others are held from now on, too
}

// RecordReport records a report and draws the consequence, once. After so many
// soft bounces in a row a reader is suppressed.
func (db *DB) RecordReport(ctx context.Context, r Report, soft int) (Recorded, error) {
	var out Recorded
	err := db.within(ctx, func(ctx context.Context, tx *sql.Tx) (err error) {
		out = Recorded{}
		var key string
		err = tx.QueryRowContext(ctx, `
			SELECT s.key FROM deliveries d JOIN subscribers s ON s.id = d.subscriber
			WHERE d.edition = ? AND d.subscriber = ? AND d.attempts > 0 AND s.state <> 'erased'`, r.Edition, r.Subscriber).Scan(&key)
		if errors.Is(err, sql.ErrNoRows) {
			out.Unsent = true
			return nil
		}
		if err != nil {
			return err
		}
		if out.Known, err = insertReport(ctx, tx, r); err != nil || out.Known {
			return err
		}
		reason := ReasonBounce
		switch r.Kind {
		case ReportComplaint:
			reason = ReasonComplaint
		case ReportSoft:
			if out.Row, err = softInRow(ctx, tx, r.Subscriber, soft); err != nil || out.Row < soft {
				return err
			}
		case ReportPolicy:
			return nil
		case ReportHard:
			if out.Held, out.Pulled, err = brake(ctx, tx, r); err != nil || out.Held {
				return err
			}
		}
		out.Suppressed, err = suppress(ctx, tx, Suppression{Address: key, Reason: reason, Detail: r.Detail, At: r.At, Edition: r.Edition})
		out.Already = !out.Suppressed
		return err
	})
	if err != nil {
		return Recorded{}, fmt.Errorf("record report on subscriber %d: %w", r.Subscriber, err)
	}
	return out, nil
}

func insertReport(ctx context.Context, tx *sql.Tx, r Report) (known bool, err error) {
	result, err := tx.ExecContext(ctx, `
		INSERT INTO reports (id, at, kind, subscriber, edition, status, detail) VALUES (?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (id) DO NOTHING`, r.ID, stamp(r.At), r.Kind, r.Subscriber, r.Edition, r.Status, r.Detail)
	if err != nil {
		return false, err
	}
	n, err := result.RowsAffected()
	return n == 0, err
}

// softInRow counts the last editions that bounced softly for a reader, up to the
// first that the server took and that did not come back. Servers try for days, so
// editions later than the last report say nothing yet. It goes by the editions:
// the ledger's own order would make it read all of it.
func softInRow(ctx context.Context, tx *sql.Tx, subscriber int64, most int) (int, error) {
	rows, err := tx.QueryContext(ctx, `
		SELECT EXISTS (SELECT 1 FROM reports r WHERE r.subscriber = ?1 AND r.edition = e.number AND r.kind = 'soft')
		FROM editions e CROSS JOIN deliveries d ON d.edition = e.number AND d.subscriber = ?1
		WHERE d.state IN ('accepted', 'unknown')
			AND e.number <= (SELECT max(edition) FROM reports WHERE subscriber = ?1 AND kind = 'soft')
		ORDER BY e.number DESC LIMIT ?2`, subscriber, most)
	if err != nil {
		return 0, err
	}
	defer rows.Close()
	n := 0
	for bounced := true; rows.Next(); n++ {
		if err := rows.Scan(&bounced); err != nil {
			return 0, err
		}
		if !bounced {
			break
		}
	}
	return n, rows.Err()
}

// Reported counts the reports on the letters of one edition by kind.
func (db *DB) Reported(ctx context.Context, edition int) (map[ReportKind]int, error) {
	rows, err := db.query(ctx, `SELECT kind, count(*) FROM reports WHERE edition = ? GROUP BY kind`, edition)
	if err != nil {
		return nil, fmt.Errorf("count reports on edition %d: %w", edition, err)
	}
	defer rows.Close()
	out := map[ReportKind]int{}
	for rows.Next() {
		var k ReportKind
		var n int
		if err := rows.Scan(&k, &n); err != nil {
			return nil, fmt.Errorf("count reports on edition %d: %w", edition, err)
		}
		out[k] = n
	}
	return out, fault(db.dir, rows.Err())
}

// ReportedEdition counts what came back from one edition.
type ReportedEdition struct {
	Edition  int
	Accepted int // letters that servers took
	Reports  map[ReportKind]int
}

// ReportedLately counts the reports on the last n editions, the newest first;
// those without any are left out.
func (db *DB) ReportedLately(ctx context.Context, n int) ([]ReportedEdition, error) {
	rows, err := db.query(ctx, `
		SELECT edition, kind, count(*) FROM reports
		WHERE edition IN (SELECT number FROM editions ORDER BY number DESC LIMIT ?)
		GROUP BY edition, kind ORDER BY edition DESC`, n)
	if err != nil {
		return nil, fmt.Errorf("count reports: %w", err)
	}
	defer rows.Close()
	var out []ReportedEdition
	for rows.Next() {
		var edition, n int
		var k ReportKind
		if err := rows.Scan(&edition, &k, &n); err != nil {
			return nil, fmt.Errorf("count reports: %w", err)
		}
		if len(out) == 0 || out[len(out)-1].Edition != edition {
			out = append(out, ReportedEdition{Edition: edition, Reports: map[ReportKind]int{}})
		}
		out[len(out)-1].Reports[k] = n
	}
	if err := fault(db.dir, rows.Err()); err != nil {
		return nil, err
	}
	for i := range out {
		sent, err := db.Deliveries(ctx, out[i].Edition)
		if err != nil {
			return nil, err
		}
		out[i].Accepted = sent[Accepted]
	}
	return out, nil
}

// ReaderAddress is the address of a subscriber, and whether there is one.
func (db *DB) ReaderAddress(ctx context.Context, subscriber int64) (string, bool, error) {
	var address string
	err := db.row(ctx, `SELECT address FROM subscribers WHERE id = ? AND state <> 'erased'`, subscriber).Scan(&address)
	if errors.Is(err, sql.ErrNoRows) {
		return "", false, nil
	}
	if err != nil {
		return "", false, fmt.Errorf("read subscriber %d: %w", subscriber, err)
	}
	return address, true, nil
}
