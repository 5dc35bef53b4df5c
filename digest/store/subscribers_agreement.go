package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"
)

// Agreement is what is known of how a reader agreed to get letters (S39).
type Agreement struct {
	Asked     time.Time // when somebody asked for it
	Source    string    // form, command, import, or what another list's table says
	Wording   string    // version of the text that was agreed to; may be empty
	Client    string    // network address; empty where it is not kept
	Confirmed time.Time // zero: never, it is the operator's word
}

// None says that nothing is known.
func (a Agreement) None() bool { return a == Agreement{} }

const insertAgreement = `
	INSERT INTO consents (subscriber, asked, source, wording, client, confirmed, mail, due) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`

// values are what insertAgreement takes. With ask, the mail that asks for
// confirmation is planned.
func (a Agreement) values(subscriber int64, ask bool) []any {
	mail, due := "", ""
	if ask {
		mail, due = "planned", stamp(a.Asked)
	}
	return []any{subscriber, stamp(a.Asked), a.Source, a.Wording, a.Client, stamp(a.Confirmed), mail, due}
}

// Agreement returns how a reader agreed: the confirmed request that is the newest,
// or else the operator's word: anybody may have asked in a reader's name. The zero Agreement: nothing is known, as of readers whom
// config or file name.
func (db *DB) Agreement(ctx context.Context, subscriber int64) (Agreement, error) {
	var a Agreement
	var asked, confirmed string
	err := db.row(ctx, `
		SELECT asked, source, wording, client, confirmed FROM consents WHERE subscriber = ?
		ORDER BY confirmed <> '' DESC, source = 'form', asked DESC, id DESC LIMIT 1`, subscriber).
		Scan(&asked, &a.Source, &a.Wording, &a.Client, &confirmed)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return Agreement{}, fmt.Errorf("read consent of subscriber %d: %w", subscriber, err)
	}
	a.Asked, a.Confirmed = moment(asked), moment(confirmed)
	return a, nil
}
