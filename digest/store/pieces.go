package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"time"

	"standpoint/digest/stance"
	"standpoint/feeds"
)

// Piece is a stored item that waits for its text and verdict.
type Piece struct {
	ID int64
	feeds.Item
	Outlet    string
	Own       bool // its address is its own, not a page of many pieces
	FirstSeen time.Time
	Attempts  int             // failed tries to get its page
	Word      *stance.Verdict // the operator's on it, without quotes; nil: none
}

// selectPending selects waiting pieces, by an index and of a source if they are
// named.
func selectPending(by, of string) string {
	return `
	SELECT i.id, i.source, s.name, i.guid, i.url, i.title, i.authors, i.published, i.language,
		i.teaser, i.feed_text, i.key <> '', i.first_seen, i.attempts,
		coalesce((SELECT stance FROM corrections WHERE item = i.id AND ended = ''), '-')
	FROM items i` + by + ` JOIN sources s ON s.id = i.source
	WHERE i.pending = 1 AND i.held = 0 AND i.first_seen <= ?1 AND i.id > ?2` + of + ` ORDER BY i.id LIMIT ?3`
}

// pendingOfSource is asked after every visit. Without the index named, SQLite
// would walk over all that wait.
func pendingOfSource() string {
	return selectPending(` INDEXED BY items_waiting`, ` AND i.source = ?4`)
}

// Pending returns the pieces first seen up to the given time that wait for
// their text, of one source or for "" of all: at most limit of them, in the order
// of their numbers and beyond the given one. Held ones are not among them.
func (db *DB) Pending(ctx context.Context, source feeds.SourceID, until time.Time, after int64, limit int) ([]Piece, error) {
	var rows *sql.Rows
	var err error
	if source == "" {
		rows, err = db.query(ctx, selectPending("", ""), stamp(until), after, limit)
	} else {
		rows, err = db.pendingOf.QueryContext(ctx, stamp(until), after, limit, source)
		err = fault(db.dir, err)
	}
	if err != nil {
		return nil, fmt.Errorf("read pending pieces: %w", err)
	}
	defer rows.Close()
	var out []Piece
	for rows.Next() {
		var p Piece
		var authors, published, seen string
		var word stance.Correction
		if err := rows.Scan(&p.ID, &p.Source, &p.Outlet, &p.GUID, &p.URL, &p.Title, &authors, &published, &p.Language,
			&p.Teaser, &p.Text, &p.Own, &seen, &p.Attempts, &word.Stance); err != nil {
			return nil, fmt.Errorf("read pending pieces: %w", err)
		}
		if err := json.Unmarshal([]byte(authors), &p.Authors); err != nil {
			return nil, fmt.Errorf("read pending piece %d: %w", p.ID, err)
		}
		p.Published, p.FirstSeen = moment(published), moment(seen)
		if word.Stance != "-" {
			v := stance.Ruling(word.Stance)
			p.Word = &v
		}
		out = append(out, p)
	}
	return out, fault(db.dir, rows.Err())
}

// Waiting counts the pieces first seen up to the given time that wait for their
// text.
func (db *DB) Waiting(ctx context.Context, until time.Time) (int, error) {
	var n int
	err := db.row(ctx, `SELECT count(*) FROM items WHERE pending = 1 AND held = 0 AND first_seen <= ?`, stamp(until)).Scan(&n)
	if err != nil {
		return 0, fmt.Errorf("count pending pieces: %w", err)
	}
	return n, nil
}

// Judgement is a piece's text and what was made of it.
type Judgement struct {
	Item      int64
	At        time.Time
	Text      string
	Basis     stance.Basis
	Verdict   stance.Verdict
	Own       *stance.Verdict // the program's, where Verdict is the operator's; else nil
	PageError string          // why the text is not the page's, where it should be
	Canonical string          // the address that the page names as its own; may be empty
	Authors   []string        // from the page, kept where the feed gave none
	Published time.Time       // from the page, kept where the feed gave none
	Language  string          // from the page, kept where the feed gave none
	TooOld    bool            // the page's date shows that the piece enters no edition
	Heard     *Heard          // the second opinion that was taken account of; may be nil
}

const setJudgement = `
	UPDATE items SET pending = 0, feed_text = '', text = ?2, basis = ?3, relevant = ?4, verdict = ?5,
		canonical = iif(?6 = '', canonical, ?6),
		authors = iif(authors IN ('null', '[]'), ?7, authors),
		published = iif(published = '', ?8, published),
		eligible = iif(?9, '', eligible),
		language = iif(language = '', ?10, language), page_error = ?11, judged = ?12, left_out = ?13
	WHERE id = ?1`

// RecordJudgement stores a piece's text and verdict in one transaction. The
// piece waits no longer. One in another language is left out.
func (db *DB) RecordJudgement(ctx context.Context, j Judgement) error {
	leftOut := leftOutFor(j.Verdict)
	verdict, err := json.Marshal(j.Verdict)
	if err != nil {
		return fmt.Errorf("record judgement of piece %d: %w", j.Item, err)
	}
	authors, err := json.Marshal(j.Authors)
	if err != nil {
		return fmt.Errorf("record judgement of piece %d: %w", j.Item, err)
	}
	canonical := feeds.Key(j.Canonical)
	if isBare(canonical) {
		canonical = ""
	}
	err = db.within(ctx, func(ctx context.Context, tx *sql.Tx) error {
		_, err := db.writer.stmt(ctx, tx, setJudgement).ExecContext(ctx,
			j.Item, j.Text, j.Basis, j.Verdict.Relevant, string(verdict), canonical, string(authors), stamp(j.Published), j.TooOld,
			j.Language, j.PageError, stamp(j.At), leftOut)
		if err == nil {
			err = hear(ctx, tx, j.Item, j.Heard)
		}
		if err == nil && j.Own != nil {
			err = judgeBeneath(ctx, tx, j.Item, *j.Own)
		}
		return err
	})
	if err != nil {
		return fmt.Errorf("record judgement of piece %d: %w", j.Item, err)
	}
	return nil
}

// leftOutFor says why a piece with the program's verdict was left out unjudged;
// empty: it was judged.
func leftOutFor(v stance.Verdict) string {
	if v.Language == "" {
		return ""
	}
	return OtherLanguage(v.Language)
}

// RecordPageFailure notes that a piece's page could not be had for now.
func (db *DB) RecordPageFailure(ctx context.Context, item int64, reason string) error {
	_, err := db.exec(ctx, `UPDATE items SET attempts = attempts + 1, page_error = ? WHERE id = ?`, reason, item)
	if err != nil {
		return fmt.Errorf("record page failure of piece %d: %w", item, err)
	}
	return nil
}

// OffSubject says of a piece that was left out that its title and teaser are
// plainly about something else.
const OffSubject = "subject"
