package store_test

import (
	"testing"
	"time"

	"standpoint/digest"
	"standpoint/digest/stance"
	"standpoint/digest/store"
)

// A page may show what a title did not: that the piece is in another language.
func TestForeignByItsPage(t *testing.T) {
	t.Parallel()
	const a, b = "https://one.example/a", "https://one.example/b"
	db := withSources(t)
	visit(t, db, "one", start, arrival("1", a, "Kyiv", start), arrival("2", b, "Lviv", start))
	for _, p := range pending(t, db, start) {
		j := store.Judgement{Item: p.ID, At: start, Text: "Text.", Basis: stance.BasisPage}
		if p.URL == a {
			j.Verdict.Language = "fr"
		}
		must(t, db.RecordJudgement(t.Context(), j))
	}
	if k := found(t, db, a); k.LeftOut != store.OtherLanguage("fr") || k.Pending || k.Verdict.Language != "fr" {
		t.Errorf("%+v", k)
	}
	if k := found(t, db, b); k.LeftOut != "" {
		t.Errorf("one that was judged is left out: %+v", k)
	}
	for _, row := range []struct {
		from, to time.Time
		want     int
	}{{start.Add(-time.Hour), start, 1}, {start, hours(1), 0}, {hours(-2), hours(-1), 0}} {
		n, err := db.OtherLanguages(t.Context(), digest.Window{From: row.from, To: row.to})
		if err != nil || n != row.want {
			t.Errorf("from %v to %v: %d, %v; want %d", row.from, row.to, n, err, row.want)
		}
	}
	all, err := db.Foreign(t.Context(), time.Time{})
	if err != nil || len(all) != 1 || all[0].Language != "fr" || all[0].Pieces != 1 || all[0].Outlet == "" {
		t.Errorf("%+v, %v", all, err)
	}
	// A revision is heard anew.
	visit(t, db, "one", hours(1), arrival("1", a, "Kyiv must be kept safe", start))
	if k := found(t, db, a); k.LeftOut != "" || !k.Pending {
		t.Errorf("after a revision: %+v", k)
	}
}
