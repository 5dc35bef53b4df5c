package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"
)

// The brake. A relay that is set up wrongly can answer every letter with "no such
// user": then nobody is gone. Up to brakeMost hard bounces of an edition in a day are
// believed, and more as long as they are not of more than one reader in brakeShare.
const (
	brakeMost   = 5
	brakeShare  = 4
	brakeWithin = 24 * time.Hour
)

// ErrNotHeld says that no hard bounces of an edition are held back.
var ErrNotHeld = errors.New("no hard bounces are held back")

// brakeKey names the alert of an edition's brake. While it is not over, the brake is
// on; after it, reports on the edition are believed.
func brakeKey(edition int) string { return fmt.Sprintf("bounces/%d", edition) }

// brake says whether a hard bounce that was just recorded is held back, and whether
// it is the one that pulled the brake: then those who were suppressed by the ones
// before are readers again.
func brake(ctx context.Context, tx *sql.Tx, r Report) (on, news bool, err error) {
	var over string
	err = tx.QueryRowContext(ctx, `SELECT over FROM alerts WHERE key = ?`, brakeKey(r.Edition)).Scan(&over)
	if err == nil {
		return over == "", false, nil
	}
	if !errors.Is(err, sql.ErrNoRows) {
		return false, false, err
	}
	since := stamp(r.At.Add(-brakeWithin))
	var hard, readers int
	if err := tx.QueryRowContext(ctx, `
		SELECT count(DISTINCT subscriber) FROM reports WHERE edition = ? AND kind = 'hard' AND at > ?`, r.Edition, since).Scan(&hard); err != nil || hard <= brakeMost {
		return false, false, err
	}
	if err := tx.QueryRowContext(ctx, `
		SELECT count(*) FROM (SELECT 1 FROM deliveries WHERE edition = ? AND state NOT IN ('refused', 'dropped') LIMIT ?)`,
		r.Edition, brakeShare*hard).Scan(&readers); err != nil || readers >= brakeShare*hard {
		return false, false, err
	}
	const bounced = `SELECT subscriber FROM reports WHERE edition = ?1 AND kind = 'hard' AND at > ?2`
	for _, query := range []string{
		`DELETE FROM suppressions WHERE reason = 'bounce' AND edition = ?1 AND key IN (SELECT key FROM subscribers WHERE id IN (` + bounced + `))`,
		`UPDATE subscribers SET state = ` + listedState + ` WHERE state = 'bounced' AND id IN (` + bounced + `)
			AND key NOT IN (SELECT key FROM suppressions)`,
	} {
		if _, err := tx.ExecContext(ctx, query, r.Edition, since); err != nil {
			return false, false, err
		}
	}
	_, err = raise(ctx, tx, Alert{
		Key: brakeKey(r.Edition), About: brakeKey(r.Edition), Raised: r.At,
		Subject: fmt.Sprintf("hard bounces of edition %d are held back", r.Edition),
		Text: fmt.Sprintf("Within a day more than one in %d of the readers of edition %d were reported to have no address any more, the last with these words:\n\n%s\n\n"+
			"So many do not vanish at once: a mail server on the way, or its settings, may be at fault. Nobody was taken off the list for it.\n\n"+
			"If the reports are right: standpoint bounce --apply %[2]d", brakeShare, r.Edition, r.Detail),
	})
	return err == nil, err == nil, err
}

// BouncesHeld says whether hard bounces of an edition are held back.
func (db *DB) BouncesHeld(ctx context.Context, edition int) (held bool, err error) {
	err = db.row(ctx, `SELECT EXISTS (SELECT 1 FROM alerts WHERE key = ? AND over = '')`, brakeKey(edition)).Scan(&held)
	if err != nil {
		return false, fmt.Errorf("read brake of edition %d: %w", edition, err)
	}
	return held, nil
}

// ApplyBounces believes the hard bounces of an edition that were held back, and those
// that are still to come, and returns how many readers are suppressed by it. It fails
// with ErrNotHeld.
func (db *DB) ApplyBounces(ctx context.Context, edition int, at time.Time) (suppressed int, err error) {
	err = db.within(ctx, func(ctx context.Context, tx *sql.Tx) error {
		suppressed = 0
		r, err := tx.ExecContext(ctx, `
			UPDATE alerts SET over = ?2, told = iif(told = '', ?2, told) WHERE key = ?1 AND over = ''`, brakeKey(edition), stamp(at))
		if err != nil {
			return err
		}
		if n, err := r.RowsAffected(); err != nil || n == 0 {
			return errors.Join(err, ErrNotHeld)
		}
		all, err := heldOf(ctx, tx, edition)
		for _, s := range all {
			news, err := suppress(ctx, tx, s)
			if err != nil {
				return err
			}
			if news {
				suppressed++
			}
		}
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("apply bounces of edition %d: %w", edition, err)
	}
	return suppressed, nil
}

// heldOf are the readers whose hard bounces are believed now. Who confirmed after
// theirs takes mail.
func heldOf(ctx context.Context, tx *sql.Tx, edition int) (all []Suppression, err error) {
	rows, err := tx.QueryContext(ctx, `
		SELECT s.key, r.detail, r.at FROM reports r JOIN subscribers s ON s.id = r.subscriber
		WHERE r.edition = ? AND r.kind = 'hard' AND s.state <> 'erased'
			AND NOT EXISTS (SELECT 1 FROM consents c WHERE c.subscriber = s.id AND c.confirmed > r.at) ORDER BY r.at`, edition)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		s := Suppression{Reason: ReasonBounce, Edition: edition}
		var at string
		if err := rows.Scan(&s.Address, &s.Detail, &at); err != nil {
			return nil, err
		}
		s.At = moment(at)
		all = append(all, s)
	}
	return all, rows.Err()
}
