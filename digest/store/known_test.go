package store

import (
	"strings"
	"testing"
)

// plan returns how SQLite goes about a query.
func plan(t *testing.T, query string, args ...any) string {
	t.Helper()
	db, err := Open(t.Context(), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	rows, err := db.query(t.Context(), "EXPLAIN QUERY PLAN "+query, args...)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var steps []string
	for rows.Next() {
		var id, parent, unused int
		var detail string
		if err := rows.Scan(&id, &parent, &unused, &detail); err != nil {
			t.Fatal(err)
		}
		steps = append(steps, detail)
	}
	if rows.Err() != nil {
		t.Fatal(rows.Err())
	}
	return strings.Join(steps, "\n")
}

// TestKnownIsLookedUp has every key of a piece found through its own index: a
// walk over the source's pieces, or over those with one GUID or title, once for
// each item of a feed, made the thousands of items of a hostile feed cost minutes.
func TestKnownIsLookedUp(t *testing.T) {
	t.Parallel()
	all := plan(t, selectKnown, "s", "guid", "key", "title", "date")
	for _, want := range []string{
		"(key=?)", "(source=? AND guid=? AND title_key=?)", "items_loose (source=? AND guid=?)",
		"(source=? AND title_key=? AND published=?)",
	} {
		if !strings.Contains(all, want) {
			t.Errorf("no look-up by %s:\n%s", want, all)
		}
	}
	if strings.Contains(all, "(source=?)") {
		t.Errorf("a walk over a source:\n%s", all)
	}
}

// What is asked at each edition must not read the texts of all pieces ever seen.
func TestCandidatesAreLookedUp(t *testing.T) {
	t.Parallel()
	if all := plan(t, selectCandidates, "until"); !strings.Contains(all, "items_relevant") || strings.Contains(all, "SCAN") {
		t.Errorf("a walk over all pieces:\n%s", all)
	}
}

// Pieces in other languages are counted without reading any text.
func TestForeignAreLookedUp(t *testing.T) {
	t.Parallel()
	for _, query := range []string{countForeign, selectForeign} {
		if all := plan(t, query, "1", "since"); !strings.Contains(all, "COVERING INDEX items_language") {
			t.Errorf("a walk over all pieces:\n%s", all)
		}
	}
}
