package store_test

import (
	"bytes"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"standpoint/digest"
	"standpoint/digest/store"
)

// cells visits every cell of every table as text.
func cells(t *testing.T, db *sql.DB, visit func(table, column, cell string)) {
	t.Helper()
	names, err := db.QueryContext(t.Context(), `SELECT name FROM sqlite_schema WHERE type = 'table'`)
	must(t, err)
	var tables []string
	for names.Next() {
		var name string
		must(t, names.Scan(&name))
		tables = append(tables, name)
	}
	must(t, errors.Join(names.Err(), names.Close()))
	for _, table := range tables {
		rows, err := db.QueryContext(t.Context(), `SELECT * FROM "`+table+`"`)
		must(t, err)
		columns, err := rows.Columns()
		must(t, err)
		for rows.Next() {
			row := make([]any, len(columns))
			for i := range row {
				row[i] = new(sql.NullString)
			}
			must(t, rows.Scan(row...))
			for i, cell := range row {
				visit(table, columns[i], cell.(*sql.NullString).String)
			}
		}
		must(t, errors.Join(rows.Err(), rows.Close()))
	}
}

// wellKnown makes a reader of whom the store knows all it can: a name, a wish,
// consent, hand-overs with replies, bounces, and an entry of the suppression list.
func wellKnown(t *testing.T, db *store.DB, dir, address, name string) int64 {
	t.Helper()
	id, err := db.AddSubscriber(t.Context(), store.Subscriber{Address: address, Name: name, Added: start})
	must(t, err)
	must(t, db.Choose(t.Context(), id, name, digest.Wish{Short: true, Language: "de"}))
	_, err = raw(t, dir).ExecContext(t.Context(), `UPDATE consents SET client = '192.0.2.77', reply = ? WHERE subscriber = ?`, "250 for "+address, id)
	must(t, err)
	for n := 1; n <= 2; n++ {
		_, err := db.Freeze(t.Context(), edition(n, hours(n-1), hours(n)), nil, hours(n))
		must(t, err)
	}
	d, err := db.Claim(t.Context(), store.Claim{Edition: 1}, hours(3))
	must(t, err)
	must(t, db.Settle(t.Context(), store.Settlement{Delivery: d, State: store.Accepted, Reply: "250 <" + address + "> fine"}, hours(3)))
	_, err = db.RecordReport(t.Context(), store.Report{ID: "r", Kind: store.ReportHard, Edition: 1, Subscriber: id, Detail: "550 " + address, At: hours(4)}, 3)
	must(t, err)
	return id
}

// Nothing of the person is in any table, nor anywhere in the files, but the hash;
// and no list brings the address back.
func TestErase(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	db := open(t, dir)
	const address, name = "Erna.Private@Family-Erna.example", "Erna Privatissima"
	id := wellKnown(t, db, dir, address, name)
	was, err := db.EraseSubscriber(t.Context(), strings.ToUpper(address), hours(5))
	if err != nil || !was {
		t.Fatalf("erased %v, %v", was, err)
	}
	rows := 0
	cells(t, raw(t, dir), func(table, column, cell string) {
		rows++
		for _, trace := range []string{"erna", "privat", "192.0.2.77"} {
			if strings.Contains(strings.ToLower(cell), trace) {
				t.Errorf("%s.%s holds %q", table, column, cell)
			}
		}
	})
	if rows < 50 {
		t.Errorf("%d cells were looked at", rows)
	}
	must(t, db.Scrub(t.Context()))
	for _, file := range []string{"", "-wal"} {
		data, err := os.ReadFile(filepath.Join(dir, store.FileName+file))
		must(t, err)
		for _, trace := range []string{"erna", "privat", "192.0.2.77"} {
			if bytes.Contains(bytes.ToLower(data), []byte(trace)) {
				t.Errorf("the file %s holds %q", store.FileName+file, trace)
			}
		}
	}
	if n := number(t, raw(t, dir), `SELECT count(*) FROM deliveries WHERE subscriber = ?`, id); n != 2 {
		t.Errorf("%d rows of the ledger, want 2", n)
	}
	if _, ok, err := db.Subscriber(t.Context(), id); ok || err != nil {
		t.Errorf("the erased reader is found: %v, %v", ok, err)
	}
	wantList(t, db)
	if counts, err := db.Readers(t.Context()); len(counts) != 0 || err != nil {
		t.Errorf("counted: %v, %v", counts, err)
	}
}

func TestTheErasedStayAway(t *testing.T) {
	t.Parallel()
	db := open(t, t.TempDir())
	const address = "erna@example.org"
	_, err := db.AddSubscriber(t.Context(), store.Subscriber{Address: address, Added: start})
	must(t, err)
	if was, err := db.EraseSubscriber(t.Context(), "nobody@example.org", hours(1)); was || err != nil {
		t.Errorf("nobody was erased: %v, %v", was, err)
	}
	_, err = db.EraseSubscriber(t.Context(), address, hours(1))
	must(t, err)
	if was, err := db.EraseSubscriber(t.Context(), address, hours(2)); was || err != nil {
		t.Errorf("erased twice: %v, %v", was, err)
	}
	follow(t, db, store.FromConfig, "a@example.org", "ERNA@example.org")
	wantList(t, db, "a@example.org active config")
	nth, err := db.ErasedAmong(t.Context(), listed(store.FromConfig, "a@example.org", "ERNA@example.org"))
	if err != nil || fmt.Sprint(nth) != "[2]" {
		t.Errorf("told: %v, %v", nth, err)
	}
	_, err = db.AddSubscriber(t.Context(), store.Subscriber{Address: address, Added: start})
	if e, ok := errors.AsType[*store.SuppressedError](err); !ok || e.Error() != "was erased on 2 March 2026" {
		t.Errorf("added: %v", err)
	}
	im, err := db.ImportSubscribers(t.Context(), incoming(store.Incoming{Subscriber: store.Subscriber{Address: address}}), false)
	if err != nil || len(im.Suppressed) != 1 || im.Suppressed[0].Reason != store.ReasonErased {
		t.Errorf("imported: %+v, %v", im, err)
	}
	if was, err := db.Unsuppress(t.Context(), address); err != nil || !was {
		t.Errorf("taken off: %v, %v", was, err)
	}
	_, err = db.AddSubscriber(t.Context(), store.Subscriber{Address: address, Added: start})
	must(t, err)
	wantList(t, db, "a@example.org active config", "erna@example.org active command")
}

// What is under way when a reader is erased ends without a trace.
func TestEraseDuringAHandOver(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	db := open(t, dir)
	follow(t, db, store.FromConfig, "erna@example.org", "a@zzz.example")
	_, err := db.Freeze(t.Context(), edition(1, start, hours(1)), nil, hours(1))
	must(t, err)
	d, err := db.Claim(t.Context(), store.Claim{Edition: 1}, hours(1))
	must(t, err)
	if d.Address != "erna@example.org" {
		t.Fatalf("claimed %+v", d)
	}
	_, err = db.EraseSubscriber(t.Context(), d.Address, hours(1))
	must(t, err)
	must(t, db.Settle(t.Context(), store.Settlement{Delivery: d, State: store.Refused, Reply: "550 no erna@example.org", BadAddress: true}, hours(1)))
	r, err := db.RecordReport(t.Context(), store.Report{ID: "x", Kind: store.ReportHard, Edition: 1, Subscriber: d.Subscriber, Detail: "erna@example.org", At: hours(2)}, 1)
	if err != nil || !r.Unsent {
		t.Errorf("a bounce that came later: %+v, %v", r, err)
	}
	cells(t, raw(t, dir), func(table, column, cell string) {
		if strings.Contains(cell, "erna") {
			t.Errorf("%s.%s holds %q", table, column, cell)
		}
	})
	if _, on, err := db.Suppression(t.Context(), "erased:1"); on || err != nil {
		t.Errorf("a number is suppressed: %v, %v", on, err)
	}
	d, err = db.Claim(t.Context(), store.Claim{Edition: 1}, hours(1))
	must(t, err)
	must(t, db.Settle(t.Context(), store.Settlement{Delivery: d, State: store.Accepted, Reply: "250 ok"}, hours(1)))
	if done, err := db.Finish(t.Context(), 1, true, hours(1)); err != nil || !done {
		t.Errorf("the edition is not finished: %v, %v", done, err)
	}
	if n := number(t, raw(t, dir), `SELECT count(*) FROM deliveries WHERE reply = '250 ok'`); n != 1 {
		t.Error("another reader's reply was not kept")
	}
}

// Planned and deferred letters of an erased reader do not keep an edition open.
func TestEraseDropsWhatIsPlanned(t *testing.T) {
	t.Parallel()
	db := frozen(t, 2)
	d, err := db.Claim(t.Context(), store.Claim{Edition: 1}, hours(1))
	must(t, err)
	must(t, db.Settle(t.Context(), store.Settlement{Delivery: d, State: store.Unknown, Due: hours(2)}, hours(1)))
	for i := range 2 {
		_, err := db.EraseSubscriber(t.Context(), fmt.Sprintf("reader%d@example.org", i), hours(1))
		must(t, err)
	}
	_, err = db.Recover(t.Context(), 1, true, hours(3))
	must(t, err)
	if _, err := db.Claim(t.Context(), store.Claim{Edition: 1}, hours(3)); !errors.Is(err, store.ErrNoDelivery) {
		t.Errorf("claimed: %v", err)
	}
	if done, err := db.Finish(t.Context(), 1, true, hours(3)); err != nil || !done {
		t.Errorf("finished: %v, %v", done, err)
	}
}
