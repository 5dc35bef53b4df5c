package main

import (
	"bytes"
	"io"
	"testing"
	"time"

	"standpoint/digest/store"
)

// Who called the mail that asks for confirmation spam, before becoming a reader, is
// asked no more after a move either, and has not confirmed there.
func TestMoveOfASuppressedRequest(t *testing.T) {
	t.Parallel()
	const address = "pia@example.org"
	from, to := storeIn(t, t.TempDir()), storeIn(t, t.TempDir())
	check(t, from.Ask(t.Context(), store.Request{Address: address, At: roundStart}))
	_, err := from.Suppress(t.Context(), store.Suppression{Address: address, Reason: store.ReasonComplaint, Detail: "abuse", At: roundStart.Add(time.Hour)})
	check(t, err)
	var table bytes.Buffer
	check(t, exportReaders(t.Context(), &table, from))
	env := &environment{stdout: io.Discard, stderr: &screen{out: io.Discard}, now: time.Now}
	job := importing{name: "-", ask: true}
	for _, db := range []*store.DB{to, from} {
		_, err := db.ImportSubscribers(t.Context(), job.readers(bytes.NewReader(table.Bytes()), env), false)
		check(t, err)
		if s, on, err := db.Suppression(t.Context(), address); err != nil || !on || s.Reason != store.ReasonComplaint || s.Detail != "abuse" {
			t.Errorf("entry %+v, %v, %v", s, on, err)
		}
		if s, _, err := db.SubscriberAt(t.Context(), address); err != nil || s.State != "pending" {
			t.Errorf("reader %+v, %v", s, err)
		}
		if waiting, _, err := db.ConfirmationQueue(t.Context()); err != nil || db == to && waiting > 0 {
			t.Errorf("%d mails are planned, %v", waiting, err)
		}
	}
}
