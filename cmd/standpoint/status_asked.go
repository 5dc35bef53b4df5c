package main

import (
	"context"
	"fmt"
	"io"
	"time"

	"standpoint/digest/store"
)

// askedQueue are the mails to people who asked to be readers that have not gone
// out yet.
type askedQueue struct {
	Waiting int        `json:"waiting"`
	Oldest  *time.Time `json:"oldest"` // when the first of them asked; null: there is none
}

func askedIn(ctx context.Context, db *store.DB) (askedQueue, error) {
	n, oldest, err := db.ConfirmationQueue(ctx)
	return askedQueue{n, when(oldest)}, err
}

func (q askedQueue) print(w io.Writer, times clock) {
	if q.Waiting > 0 {
		fmt.Fprintf(w, "Confirmations %s not sent yet, the first asked for %s\n", count(q.Waiting, "mail"), times.at(*q.Oldest))
	}
}
