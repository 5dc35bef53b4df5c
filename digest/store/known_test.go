package store

import (
	"strings"
	"testing"
)

// TestKnownIsLookedUp has every key of a piece found through its own index: a
// walk over the source's pieces, once for each item of a feed, made the thousands
// of items of a hostile feed cost minutes.
func TestKnownIsLookedUp(t *testing.T) {
	db, err := Open(t.Context(), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	rows, err := db.query(t.Context(), "EXPLAIN QUERY PLAN "+selectKnown, "s", "guid", "key", "title", "date")
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var plan []string
	for rows.Next() {
		var id, parent, unused int
		var detail string
		if err := rows.Scan(&id, &parent, &unused, &detail); err != nil {
			t.Fatal(err)
		}
		plan = append(plan, detail)
	}
	all := strings.Join(plan, "\n")
	for _, want := range []string{"(key=?)", "(source=? AND guid=?)", "(source=? AND title_key=?"} {
		if !strings.Contains(all, want) {
			t.Errorf("no look-up by %s:\n%s", want, all)
		}
	}
	if rows.Err() != nil || strings.Contains(all, "(source=?)") {
		t.Errorf("%v:\n%s", rows.Err(), all)
	}
}
