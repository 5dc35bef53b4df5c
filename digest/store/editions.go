package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"standpoint/digest"
	"standpoint/feeds"
)

// ErrNoEdition says that there is no such edition. ErrNoReaders says that
// nobody would get it.
var (
	ErrNoEdition = errors.New("no such edition")
	ErrNoReaders = errors.New("there is no active subscriber")
)

// Candidates returns the relevant pieces that are eligible up to the given time
// and in no edition and no draft yet. Those whose texts are gone enter none. There is no lower bound: whatever a window missed, say
// because the clock was set back, comes with the next one.
func (db *DB) Candidates(ctx context.Context, until time.Time) ([]digest.Candidate, error) {
	return db.candidates(ctx, selectCandidates, stamp(until))
}

func (db *DB) candidates(ctx context.Context, query string, args ...any) ([]digest.Candidate, error) {
	rows, err := db.query(ctx, query, args...)
	if err != nil {
		return nil, fmt.Errorf("read candidates: %w", err)
	}
	defer rows.Close()
	var out []digest.Candidate
	for rows.Next() {
		var c digest.Candidate
		var authors, published, seen, verdict string
		if err := rows.Scan(&c.Item, &c.Title, &c.TitleKey, &c.URL, &c.Key, &c.Canonical, &c.Outlet, &c.Country, &c.Position,
			&authors, &published, &seen, &c.Text, &c.Basis, &verdict, &c.Repeat, &c.Original, &c.SameAddress); err != nil {
			return nil, fmt.Errorf("read candidates: %w", err)
		}
		if err := errors.Join(json.Unmarshal([]byte(authors), &c.Authors), json.Unmarshal([]byte(verdict), &c.Verdict)); err != nil {
			return nil, fmt.Errorf("read candidate %d: %w", c.Item, err)
		}
		c.Published, c.FirstSeen = moment(published), moment(seen)
		out = append(out, c)
	}
	return out, fault(db.dir, rows.Err())
}

// selectCandidates goes by the index of the relevant pieces. The plus sign keeps
// SQLite from walking over all pieces with their texts, which are in the order
// asked for.
const selectCandidates = selectPieces + `
	WHERE i.relevant = 1 AND i.pending = 0 AND i.held = 0 AND i.text_gone = '' AND i.eligible <> '' AND i.eligible <= ?
		AND NOT EXISTS (SELECT 1 FROM edition_items WHERE item = i.id)
		AND NOT EXISTS (SELECT 1 FROM draft_items WHERE item = i.id)
	ORDER BY +i.id`

const selectPieces = `
	SELECT i.id, i.title, i.title_key, i.url, i.key, i.canonical, s.name, s.country, s.position,
		i.authors, i.published, i.first_seen, i.text, i.basis, i.verdict,
		coalesce(ei.edition, 0), coalesce(iif(ei.copy_of = 0, ei.item, ei.copy_of), 0), coalesce(o.key = i.key AND i.key <> '', 0)
	FROM items i JOIN sources s ON s.id = i.source
		LEFT JOIN edition_items ei ON ei.item = (` + selectRepeat + `)
		LEFT JOIN items o ON o.id = ei.item`

// selectRepeat finds the first published piece that the addresses show to be
// the piece i, one at the same address before one that its page names.
const selectRepeat = `
	SELECT r.id FROM items r JOIN edition_items x ON x.item = r.id
	WHERE (r.key = i.key AND i.key <> '')
		OR (r.canonical = i.canonical AND i.canonical <> '' AND r.title_key = i.title_key AND i.title_key <> '')
	ORDER BY x.edition, r.key <> i.key, r.id LIMIT 1`

// Earlier returns the pieces that editions showed which were frozen at the given
// time or later, for copies that come after them. Texts are read one at a time:
// only what is compared stays in memory.
func (db *DB) Earlier(ctx context.Context, since time.Time) ([]digest.Carried, error) {
	rows, err := db.query(ctx, `
		SELECT i.id, e.number, s.name, i.title, i.text, iif(i.published = '', i.first_seen, i.published)
		FROM editions e JOIN edition_items x ON x.edition = e.number AND x.copy_of = 0
			JOIN items i ON i.id = x.item JOIN sources s ON s.id = i.source
		WHERE e.frozen >= ? ORDER BY e.number, i.id`, stamp(since))
	if err != nil {
		return nil, fmt.Errorf("read earlier pieces: %w", err)
	}
	defer rows.Close()
	var out []digest.Carried
	for rows.Next() {
		var c digest.Carried
		var outlet, title, text, appeared string
		if err := rows.Scan(&c.Item, &c.Edition, &outlet, &title, &text, &appeared); err != nil {
			return nil, fmt.Errorf("read earlier pieces: %w", err)
		}
		c.Print = feeds.NewFingerprint(outlet, title, text, moment(appeared))
		out = append(out, c)
	}
	return out, fault(db.dir, rows.Err())
}

// Seen counts the pieces on any subject that were first seen in the window.
func (db *DB) Seen(ctx context.Context, w digest.Window) (int, error) {
	var n int
	err := db.row(ctx, `SELECT count(*) FROM items WHERE first_seen > ? AND first_seen <= ?`,
		stamp(w.From), stamp(w.To)).Scan(&n)
	if err != nil {
		return 0, fmt.Errorf("count pieces: %w", err)
	}
	return n, nil
}

// LastCutoff returns the end of the last window, quiet ones too, and the number
// of the last edition, drafts too; both are zero before the first.
func (db *DB) LastCutoff(ctx context.Context) (time.Time, int, error) {
	var to string
	var number int
	err := db.row(ctx, `
		SELECT coalesce((SELECT max("to") FROM windows), ''), coalesce((SELECT max(number) FROM editions), 0)`).Scan(&to, &number)
	if err != nil {
		return time.Time{}, 0, fmt.Errorf("read last cut-off: %w", err)
	}
	return moment(to), number, nil
}

// LastEdition returns the end of the last edition's window, or the beginning of
// the first window where there is no edition; zero before the first window.
func (db *DB) LastEdition(ctx context.Context) (time.Time, error) {
	var to string
	err := db.row(ctx, `
		SELECT coalesce((SELECT max("to") FROM windows WHERE edition IS NOT NULL), (SELECT min("from") FROM windows), '')`).Scan(&to)
	if err != nil {
		return time.Time{}, fmt.Errorf("read last edition: %w", err)
	}
	return moment(to), nil
}

// RecordQuiet notes a window that gave no edition, so that the next one begins
// where it ended, and files the copies of what earlier editions showed.
func (db *DB) RecordQuiet(ctx context.Context, w digest.Window, filings []digest.Filing) error {
	err := db.within(ctx, func(ctx context.Context, tx *sql.Tx) error {
		if err := endWindow(ctx, tx, w, nil); err != nil {
			return err
		}
		return file(ctx, tx, filings)
	})
	if err != nil {
		return fmt.Errorf("record quiet week: %w", err)
	}
	return nil
}

// endWindow notes a window that has ended, with the edition that it gave, or nil. The
// windows of weeks that were held over are parts of it now.
func endWindow(ctx context.Context, tx *sql.Tx, w digest.Window, edition any) error {
	if _, err := tx.ExecContext(ctx, `DELETE FROM windows WHERE edition IS NULL AND "to" > ?`, stamp(w.From)); err != nil {
		return err
	}
	_, err := tx.ExecContext(ctx, `INSERT INTO windows ("from", "to", edition) VALUES (?, ?, ?)`, stamp(w.From), stamp(w.To), edition)
	return err
}

// file notes for each piece which edition it belongs to. A piece that belongs to
// one already is refused.
func file(ctx context.Context, tx *sql.Tx, filings []digest.Filing) error {
	for _, f := range filings {
		if f.Edition == 0 { // a copy of what the operator took out: it belongs nowhere, and would come if that were taken back
			continue
		}
		if _, err := tx.ExecContext(ctx, `INSERT INTO edition_items (item, edition, copy_of, why) VALUES (?, ?, ?, ?)`,
			f.Item, f.Edition, f.CopyOf, f.Why); err != nil {
			return fmt.Errorf("piece %d: %w", f.Item, err)
		}
	}
	return nil
}

// Freeze stores an edition for ever, in one transaction: the edition, what became
// of each candidate, the corrections that its readers are told, its window, and a planned delivery for each active
// subscriber. It returns how many were planned; with
// none it fails with ErrNoReaders unless Unread is set, since the pieces would be
// spent on nobody.
// Later than this nothing about the edition changes but its deliveries.
func (db *DB) Freeze(ctx context.Context, e digest.Edition, filings []digest.Filing, at time.Time) (planned int, err error) {
	model, err := json.Marshal(e)
	if err != nil {
		return 0, fmt.Errorf("freeze edition %d: %w", e.Number, err)
	}
	err = db.within(ctx, func(ctx context.Context, tx *sql.Tx) error {
		if err := freeze(ctx, tx, e, string(model), filings, at); err != nil {
			return err
		}
		planned, err = db.planDeliveries(ctx, tx, e.Number, at)
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("freeze edition %d: %w", e.Number, err)
	}
	return planned, nil
}

// freeze stores an edition but for its deliveries.
func freeze(ctx context.Context, tx *sql.Tx, e digest.Edition, model string, filings []digest.Filing, at time.Time) error {
	if _, err := tx.ExecContext(ctx, `INSERT INTO editions (number, frozen, model) VALUES (?, ?, ?)`, e.Number, stamp(at), model); err != nil {
		return err
	}
	if err := fileEdition(ctx, tx, e, filings); err != nil {
		return err
	}
	return endWindow(ctx, tx, e.Window, e.Number)
}

// fileEdition notes what became of each candidate, and the corrections that the
// edition tells.
func fileEdition(ctx context.Context, tx *sql.Tx, e digest.Edition, filings []digest.Filing) error {
	if err := file(ctx, tx, filings); err != nil {
		return err
	}
	for _, c := range e.Corrections {
		if _, err := tx.ExecContext(ctx, `INSERT INTO notices (item, edition, stance) VALUES (?, ?, ?)`, c.Item, e.Number, c.To); err != nil {
			return fmt.Errorf("correction of piece %d: %w", c.Item, err)
		}
	}
	return nil
}

// Edition returns a frozen edition, or ErrNoEdition.
func (db *DB) Edition(ctx context.Context, number int) (digest.Edition, error) {
	var model string
	err := db.row(ctx, `SELECT model FROM editions WHERE number = ?`, number).Scan(&model)
	if errors.Is(err, sql.ErrNoRows) {
		return digest.Edition{}, fmt.Errorf("edition %d: %w", number, ErrNoEdition)
	}
	if err != nil {
		return digest.Edition{}, fmt.Errorf("read edition %d: %w", number, err)
	}
	return db.decode(number, model)
}

func (db *DB) decode(number int, model string) (e digest.Edition, err error) {
	if err := json.Unmarshal([]byte(model), &e); err != nil {
		return digest.Edition{}, fmt.Errorf("read edition %d: %w: %s in %s is damaged: restore a backup", number, err, FileName, db.dir)
	}
	return e, nil
}

// Recent returns the last n editions, the newest first, without a draft.
func (db *DB) Recent(ctx context.Context, n int) ([]digest.Edition, error) {
	rows, err := db.query(ctx, `SELECT number, model FROM editions WHERE number NOT IN (`+withheld+`) ORDER BY number DESC LIMIT ?`, n)
	if err != nil {
		return nil, fmt.Errorf("read recent editions: %w", err)
	}
	defer rows.Close()
	var out []digest.Edition
	for rows.Next() {
		var number int
		var model string
		if err := rows.Scan(&number, &model); err != nil {
			return nil, fmt.Errorf("read recent editions: %w", err)
		}
		e, err := db.decode(number, model)
		if err != nil {
			return nil, err
		}
		out = append(out, e)
	}
	return out, fault(db.dir, rows.Err())
}

// Unfinished returns the numbers of the editions with deliveries that have not
// ended, oldest first; a draft is none of them.
func (db *DB) Unfinished(ctx context.Context) ([]int, error) {
	rows, err := db.query(ctx, `SELECT number FROM editions WHERE finished = '' AND number NOT IN (`+withheld+`) ORDER BY number`)
	if err != nil {
		return nil, fmt.Errorf("read unfinished editions: %w", err)
	}
	defer rows.Close()
	var out []int
	for rows.Next() {
		var n int
		if err := rows.Scan(&n); err != nil {
			return nil, fmt.Errorf("read unfinished editions: %w", err)
		}
		out = append(out, n)
	}
	return out, fault(db.dir, rows.Err())
}
