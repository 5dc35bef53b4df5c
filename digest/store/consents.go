package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"

	"standpoint/digest"
)

// Request is somebody's wish to become a reader.
type Request struct {
	Address string // checked by the caller
	Name    string
	Wish    digest.Wish
	Wording string // version of the text that was agreed to
	Client  string // network address; empty where it is not kept
	At      time.Time
}

// The mails that one mailbox gets for requests, however many there are. Addresses
// that differ in what follows a plus sign are one: else a form that is filled in
// with ada+1, ada+2 and so on would bury Ada.
const (
	mailsAnHour = 1
	mailsADay   = 3
	mailsAWeek  = 5
)

// Ask stores a request and plans the mail that asks for confirmation (S38); to an
// active reader it says that nothing needs to be done. No mail is planned for
// somebody who complained, whom the operator suppressed, or who got one lately, nor to an address whose last
// one came back.
//
// Every case reads and writes the same, and none is told: neither answer nor time
// says who is on the list.
func (db *DB) Ask(ctx context.Context, r Request) error {
	wish, err := wishText(r.Wish)
	if err == nil {
		err = db.within(ctx, func(ctx context.Context, tx *sql.Tx) error { return ask(ctx, tx, r, wish) })
	}
	if err != nil {
		return fmt.Errorf("store request: %w", err) // without the address: this text goes to logs
	}
	return nil
}

func ask(ctx context.Context, tx *sql.Tx, r Request, wish string) error {
	key, at := addressKey(r.Address), stamp(r.At)
	var reason Reason
	err := tx.QueryRowContext(ctx, `SELECT coalesce((SELECT reason FROM suppressions WHERE key = ?), '')`, key).Scan(&reason)
	if err != nil {
		return err
	}
	var id int64
	err = tx.QueryRowContext(ctx, `
		INSERT INTO subscribers (address, key, name, state, origin, language, wish, added) VALUES (?, ?, ?, 'pending', 'form', ?, ?, ?)
		ON CONFLICT (key) DO UPDATE SET key = excluded.key
		RETURNING id`, r.Address, key, r.Name, r.Wish.Language, wish, at).Scan(&id)
	if err != nil {
		return err
	}
	enough, err := mailedEnough(ctx, tx, key, r.At)
	if err != nil {
		return err
	}
	mail := string(Planned)
	if enough || reason == ReasonComplaint || reason == ReasonOperator {
		mail = ""
	}
	_, err = tx.ExecContext(ctx, `
		INSERT INTO consents (subscriber, asked, source, wording, client, mail, due, name, language, wish) VALUES (?, ?2, 'form', ?, ?, ?, ?2, ?, ?, ?)`,
		id, at, r.Wording, r.Client, mail, r.Name, r.Wish.Language, wish)
	return err
}

// mailedEnough says whether a mailbox has got as many mails as requests may bring,
// or does not exist.
func mailedEnough(ctx context.Context, tx *sql.Tx, key string, at time.Time) (bool, error) {
	box, domain := mailbox(key)
	var hour, day, week, returned int
	// The comma follows the plus sign in the alphabet.
	err := tx.QueryRowContext(ctx, `
		SELECT count(iif(c.asked > ?1, 1, NULL)), count(iif(c.asked > ?2, 1, NULL)), count(*),
			count(iif(c.mail = 'returned' AND s.key = ?6, 1, NULL))
		FROM subscribers s JOIN consents c ON c.subscriber = s.id
		WHERE (s.key = ?4 || ?5 OR s.key > ?4 || '+' AND s.key < ?4 || ',' AND substr(s.key, -length(?5)) = ?5)
			AND c.asked > ?3 AND c.mail <> ''`,
		stamp(at.Add(-time.Hour)), stamp(at.Add(-24*time.Hour)), stamp(at.Add(-ConfirmWithin)), box, domain, key).
		Scan(&hour, &day, &week, &returned)
	return returned > 0 || hour >= mailsAnHour || day >= mailsADay || week >= mailsAWeek, err
}

// mailbox takes an address's key apart: what stands before the @, without a detail
// after a plus sign, and the domain with the @.
func mailbox(key string) (local, domain string) {
	at := strings.LastIndexByte(key, '@')
	if at < 0 {
		return key, ""
	}
	local, domain = key[:at], key[at:]
	if plus := strings.IndexByte(local, '+'); plus > 0 {
		local = local[:plus]
	}
	return local, domain
}

// ConfirmWithin is how long a request waits for its confirmation.
const ConfirmWithin = 7 * 24 * time.Hour

// RequestState is how a request stands.
type RequestState string

// The states of a request. Only an open one can be confirmed.
const (
	RequestOpen    RequestState = "open"
	RequestDone    RequestState = "done"    // its subscriber is an active reader
	RequestExpired RequestState = "expired" // too old, or forgotten
	RequestVoid    RequestState = "void"    // the reader left after asking, complained, or was suppressed by the operator
)

const selectRequest = `
	SELECT c.id, c.subscriber, c.asked, c.source, c.confirmed, c.name, c.language, c.wish, s.key, s.state
	FROM consents c JOIN subscribers s ON s.id = c.subscriber WHERE c.id = ?`

// request is a row of selectRequest.
type request struct {
	id, subscriber               int64
	asked, confirmed             time.Time
	source, name, language, wish string
	key, state                   string
}

func scanRequest(row interface{ Scan(...any) error }) (r request, err error) {
	var asked, confirmed string
	err = row.Scan(&r.id, &r.subscriber, &asked, &r.source, &confirmed, &r.name, &r.language, &r.wish, &r.key, &r.state)
	r.asked, r.confirmed = moment(asked), moment(confirmed)
	return r, err
}

// stand says how the request stands at a time, given what keeps its address from
// the list. Who left, bounced or was erased before asking may come back: it is the
// reader's own word. A request that was confirmed once does nothing again.
func (r request) stand(entry Suppression, on bool, at time.Time) RequestState {
	switch {
	case r.state == "erased":
		return RequestExpired
	case on && (entry.Reason == ReasonComplaint || entry.Reason == ReasonOperator):
		return RequestVoid
	case on && entry.Reason == ReasonLeft && entry.At.After(r.asked):
		return RequestVoid
	case r.state == "active":
		return RequestDone
	case !r.confirmed.IsZero():
		return RequestVoid
	case at.Sub(r.asked) > ConfirmWithin:
		return RequestExpired
	}
	return RequestOpen
}

// Confirm makes the subscriber of a request an active reader, with what the
// request asked for, and says how the request stands: done, or why it cannot be
// done any more. It may be called again, and does nothing then. It takes the
// address off the suppression list, where leaving or a bounce had put it.
func (db *DB) Confirm(ctx context.Context, consent int64, at time.Time) (subscriber int64, s RequestState, err error) {
	// Links are followed twice; only the first time costs a write.
	if subscriber, s, err = db.Requested(ctx, consent, at); err != nil || s != RequestOpen {
		return subscriber, s, err
	}
	err = db.within(ctx, func(ctx context.Context, tx *sql.Tx) (err error) {
		subscriber, s, err = confirm(ctx, tx, consent, at)
		return err
	})
	if err != nil {
		return 0, "", fmt.Errorf("confirm request %d: %w", consent, err)
	}
	return subscriber, s, nil
}

func confirm(ctx context.Context, tx *sql.Tx, consent int64, at time.Time) (int64, RequestState, error) {
	r, err := scanRequest(tx.QueryRowContext(ctx, selectRequest, consent))
	if errors.Is(err, sql.ErrNoRows) {
		return 0, RequestExpired, nil
	}
	if err != nil {
		return 0, "", err
	}
	entry, on, err := barred(ctx, tx, r.key)
	if err != nil {
		return 0, "", err
	}
	if s := r.stand(entry, on, at); s != RequestOpen {
		return r.subscriber, s, nil
	}
	if on {
		if _, err := unbar(ctx, tx, r.key); err != nil {
			return 0, "", err
		}
	}
	if _, err := tx.ExecContext(ctx, `UPDATE consents SET confirmed = ? WHERE id = ?`, stamp(at), consent); err != nil {
		return 0, "", err
	}
	// Whom config or file brought stays without them from now on. Other requests'
	// mails need not go out any more.
	if _, err := tx.ExecContext(ctx, `UPDATE consents SET mail = '' WHERE subscriber = ? AND mail = 'planned'`, r.subscriber); err != nil {
		return 0, "", err
	}
	_, err = tx.ExecContext(ctx, `
		UPDATE subscribers SET state = 'active', own_pause = 0, origin = iif(origin IN ('config', 'file'), 'form', origin),
			name = iif(?1 = 'form' AND ?2 <> '', ?2, name), language = iif(?1 = 'form', ?3, language), wish = iif(?1 = 'form', ?4, wish)
		WHERE id = ?5`, r.source, r.name, r.language, r.wish, r.subscriber)
	return r.subscriber, RequestDone, err
}

// Requested says how a request stands, and whose it is. It changes nothing.
func (db *DB) Requested(ctx context.Context, consent int64, at time.Time) (subscriber int64, s RequestState, err error) {
	r, err := scanRequest(db.row(ctx, selectRequest, consent))
	if errors.Is(err, sql.ErrNoRows) {
		return 0, RequestExpired, nil
	}
	var entry Suppression
	on := false
	if err == nil {
		// Erased addresses do not matter here: they may come back.
		entry, on, err = db.Suppression(ctx, r.key)
	}
	if err != nil {
		return 0, "", fmt.Errorf("read request %d: %w", consent, err)
	}
	return r.subscriber, r.stand(entry, on, at), nil
}
