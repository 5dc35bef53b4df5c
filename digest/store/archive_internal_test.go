package store

import (
	"testing"
)

// Editions that were there before the archive come into it; damaged ones do not
// stand in the way.
func TestArchiveOfAnOlderStore(t *testing.T) {
	t.Parallel()
	db := empty(t)
	up(t, db, 12)
	for _, q := range []string{
		`INSERT INTO editions (number, frozen, model) VALUES (1, '2026-03-02T06:00:00.000000Z', '{"Window":{"From":"a","To":"b"},
			"Sections":[{"Stance":"arm","Entries":[{},{}]},{"Stance":"unsure","Entries":null}]}')`,
		`INSERT INTO editions (number, frozen, model) VALUES (2, '2026-03-09T06:00:00.000000Z', '{"Sections":null}')`,
		`INSERT INTO editions (number, frozen, model) VALUES (3, '2026-03-09T06:00:00.000000Z', '{"Sections')`,
	} {
		if _, err := db.ExecContext(t.Context(), q); err != nil {
			t.Fatal(err)
		}
	}
	up(t, db, 1<<30)
	var list, changed string
	err := db.QueryRowContext(t.Context(), `SELECT group_concat(edition || "from" || "to" || counts, ' ' ORDER BY edition), (SELECT changed FROM archive_mark) FROM archive`).
		Scan(&list, &changed)
	if want := `1ab{"arm":2,"unsure":0} 2{}`; err != nil || list != want || changed != "2026-03-09T06:00:00.000000Z" {
		t.Errorf("%s, want %s; changed %s, %v", list, want, changed, err)
	}
}
