package store

import (
	"context"
	"slices"
)

// setOutcomes decides what becomes of the arrivals that are known here; that of the
// others is decided already (outcome).
const (
	isSuppressed = `EXISTS (SELECT 1 FROM suppressions p WHERE p.key IN (arrivals.key, arrivals.hash))`
	// Who left, or bounced, and confirmed anew since is there by a later word of their own:
	// by the form, or by the mail that an import had sent.
	isBack = `reason IN ('left', 'bounce', 'refused') AND EXISTS (
		SELECT 1 FROM subscribers s JOIN consents c ON c.subscriber = s.id
		WHERE s.key = arrivals.key AND s.state <> 'pending' AND (c.source = 'form' OR c.mail <> '') AND c.confirmed > arrivals.since)`
	setOutcomes = `
		UPDATE arrivals SET outcome = CASE
			WHEN ` + isSuppressed + ` THEN 'suppressed'
			WHEN ` + isBack + ` THEN 'present'
			WHEN reason <> '' THEN 'ended'
			WHEN ask OR state <> 'active' OR (
				SELECT s.own_pause OR s.state = 'active' AND s.origin IN ('command', 'form') FROM subscribers s WHERE s.key = arrivals.key) THEN 'present'
			ELSE 'revived' END
		WHERE EXISTS (SELECT 1 FROM subscribers s WHERE s.key = arrivals.key) OR ` + isSuppressed + `
`
)

// The suppression list comes first: the database's own rule turns an active reader
// into the state that the reason there gives. A word of leaving takes the place of a
// bounce that may be taken back one day (brake).
const (
	barArrivals = `
		INSERT INTO suppressions (key, reason, detail, at, edition)
		SELECT key, reason, why, since, 0 FROM arrivals
		WHERE outcome IN ('barred', 'ended')
			OR outcome = 'suppressed' AND reason <> '' AND EXISTS (SELECT 1 FROM suppressions p WHERE p.key = arrivals.key) AND NOT (` + isBack + `)
		ORDER BY key ` + weightier
	restateArrivals = `
		UPDATE subscribers AS s SET state = 'active' FROM arrivals a CROSS JOIN suppressions p ON p.key = a.key
		WHERE a.outcome = 'suppressed' AND s.key = a.key
			AND (s.state = 'bounced' AND p.reason NOT IN ('bounce', 'refused') OR s.state = 'left' AND p.reason <> 'left')`
)

// Who is pending stays so, as by Suppress; the mail to confirm is not sent any more.
const (
	endArrivals = `
		UPDATE subscribers SET own_pause = 0, state = iif(state = 'pending', state, 'active')
		WHERE key IN (SELECT key FROM arrivals WHERE outcome = 'ended')`
	stopAsking = `
		UPDATE consents SET mail = '' WHERE mail = 'planned' AND subscriber IN (
			SELECT s.id FROM arrivals a JOIN subscribers s ON s.key = a.key WHERE a.outcome = 'ended')`
)

const (
	addArrivals = `
		INSERT INTO subscribers (address, key, name, state, origin, language, wish, own_pause, added)
		SELECT address, key, name, CASE WHEN outcome = 'pending' OR outcome = 'barred' AND state = 'pending' THEN 'pending' WHEN outcome = 'paused' THEN 'paused' ELSE 'active' END,
			origin, language, wish, outcome = 'paused', added
		FROM arrivals WHERE outcome IN ('added', 'pending', 'paused', 'barred') ORDER BY n`
	reviveArrivals = `
		UPDATE subscribers AS s SET state = 'active', origin = 'command', name = iif(a.name = '', s.name, a.name),
			language = iif(s.language = '', a.language, s.language), wish = iif(s.wish = '', a.wish, s.wish)
		FROM arrivals a WHERE a.outcome = 'revived' AND s.key = a.key`
	// Who is to be asked gets the mail that asks.
	agreeArrivals = `
		INSERT INTO consents (subscriber, asked, source, wording, client, confirmed, mail, due)
		SELECT s.id, a.asked, a.source, a.wording, a.client, a.confirmed,
			iif(a.ask AND a.outcome = 'pending', 'planned', ''), iif(a.ask AND a.outcome = 'pending', a.asked, '')
		FROM arrivals a CROSS JOIN subscribers s ON s.key = a.key
		WHERE a.outcome IN ('added', 'pending', 'paused', 'barred', 'revived') ORDER BY a.n`
)

// imported says what became of the arrivals, in the order of the sequence.
func (a *arrivals) imported(ctx context.Context) (Imported, error) {
	outcomes, entries, err := a.outcomes(ctx)
	if err != nil {
		return Imported{}, err
	}
	out := Imported{Each: make([]Outcome, 0, len(a.each)), Count: map[Outcome]int{}}
	last := int64(0)
	for _, n := range a.each {
		o := outcomes[n]
		switch {
		case o == ImportSuppressed:
			out.Suppressed = append(out.Suppressed, entries[n])
		case n <= last: // came before
			o = ImportPresent
		}
		last = max(last, n)
		out.Each = append(out.Each, o)
		out.Count[o]++
	}
	return out, nil
}

// outcomes reads what became of the arrivals by their places in the table, which
// begin at 1, and of those that stay suppressed the entry. Most of a long list are
// added, and need not be read.
func (a *arrivals) outcomes(ctx context.Context) ([]Outcome, map[int64]Suppression, error) {
	rows, err := a.conn.QueryContext(ctx, `
		SELECT a.n, a.outcome, a.key, coalesce(p.reason, ''), coalesce(p.detail, ''), coalesce(p.at, ''), coalesce(p.edition, 0)
		FROM arrivals a LEFT JOIN suppressions p ON a.outcome = 'suppressed' AND p.key IN (a.key, a.hash)
		WHERE a.outcome <> 'added' ORDER BY a.n`)
	if err != nil {
		return nil, nil, err
	}
	defer rows.Close()
	outcomes, entries := slices.Repeat([]Outcome{ImportAdded}, len(a.each)+1), map[int64]Suppression{}
	for rows.Next() {
		var n int64
		var o Outcome
		var s Suppression
		var at string
		if err := rows.Scan(&n, &o, &s.Address, &s.Reason, &s.Detail, &at, &s.Edition); err != nil {
			return nil, nil, err
		}
		outcomes[n] = o
		if s.At = moment(at); s.Reason != "" {
			entries[n] = s
		}
	}
	return outcomes, entries, rows.Err()
}
