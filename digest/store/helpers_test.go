package store_test

import (
	"context"
	"database/sql"
	"fmt"
	"iter"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"standpoint/digest"
	"standpoint/digest/stance"
	"standpoint/digest/store"
	"standpoint/feeds"
)

var start = time.Date(2026, 3, 2, 6, 0, 0, 0, time.UTC)

func hours(n int) time.Time { return start.Add(time.Duration(n) * time.Hour) }

// emptyStore is the file of a new store: hundreds of tests need one, and copying
// it takes a tenth of the time that making it takes.
var emptyStore = sync.OnceValues(func() ([]byte, error) {
	dir, err := os.MkdirTemp("", "standpoint-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	db, err := store.Open(context.Background(), dir)
	if err == nil {
		err = db.Close() // the last one to close empties the write-ahead log
	}
	if err != nil {
		return nil, err
	}
	return os.ReadFile(filepath.Join(dir, store.FileName))
})

// open opens the store in a folder. In an empty one it is a copy of the new store;
// where there is no folder, the store makes all of it.
func open(t testing.TB, dir string) *store.DB {
	t.Helper()
	if files, err := os.ReadDir(dir); err == nil && len(files) == 0 {
		empty, err := emptyStore()
		must(t, err)
		must(t, os.WriteFile(filepath.Join(dir, store.FileName), empty, 0o600))
	}
	db, err := store.Open(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

// raw opens the database behind the store's back.
func raw(t testing.TB, dir string) *sql.DB {
	t.Helper()
	path := (&url.URL{Path: filepath.Join(dir, store.FileName)}).EscapedPath()
	db, err := sql.Open("sqlite", "file:"+path+"?_pragma=busy_timeout(10000)")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

func number(t testing.TB, db *sql.DB, query string, args ...any) int {
	t.Helper()
	var n int
	if err := db.QueryRowContext(t.Context(), query, args...).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func source(name string) feeds.Source {
	id := feeds.NewSourceID(name)
	return feeds.Source{ID: id, Name: name, Country: "BE", URL: "https://" + string(id) + ".example/feed"}
}

// withSources opens a store with sources One and Two.
func withSources(t testing.TB) *store.DB {
	t.Helper()
	db := open(t, t.TempDir())
	must(t, db.SetSources(t.Context(), []feeds.Source{source("One"), source("Two")}))
	return db
}

func arrival(guid, url, title string, published time.Time) feeds.Item {
	return feeds.Item{GUID: guid, URL: url, Title: title, Published: published, Teaser: "Teaser of " + title}
}

// visit records what a source brought and returns how many pieces were new.
// Pieces on gardening are off the subject.
func visit(t testing.TB, db *store.DB, id feeds.SourceID, at time.Time, items ...feeds.Item) int {
	t.Helper()
	return visited(t, db, id, at, items...).New
}

func visited(t testing.TB, db *store.DB, id feeds.SourceID, at time.Time, items ...feeds.Item) store.Visited {
	t.Helper()
	v, err := db.RecordVisit(t.Context(), store.Visit{
		Contact: store.Contact{Source: id, At: at}, Oldest: at.AddDate(0, 0, -8), Items: items,
		Screen: func(item feeds.Item) string {
			if strings.HasPrefix(item.Title, "Gardening") {
				return store.OffSubject
			}
			return ""
		},
	})
	must(t, err)
	return v
}

func fail(t testing.TB, db *store.DB, id feeds.SourceID, at time.Time, reason string) {
	t.Helper()
	must(t, db.RecordFailure(t.Context(), store.Failure{Source: id, At: at, Reason: reason, Class: feeds.ClassServerError}))
}

// pending returns all pieces that wait.
func pending(t testing.TB, db *store.DB, until time.Time) []store.Piece {
	t.Helper()
	p, err := db.Pending(t.Context(), "", until, 0, 1000)
	must(t, err)
	return p
}

// judgeAll gives every pending piece a verdict.
func judgeAll(t testing.TB, db *store.DB, until time.Time, canonical string) {
	t.Helper()
	for _, p := range pending(t, db, until) {
		must(t, db.RecordJudgement(t.Context(), store.Judgement{
			Item: p.ID, Text: "Text.", Basis: stance.BasisPage, Canonical: canonical,
			Verdict: stance.Verdict{Relevant: true, Stance: "arm", Doubt: stance.Sure},
		}))
	}
}

func candidates(t testing.TB, db *store.DB, until time.Time) []digest.Candidate {
	t.Helper()
	c, err := db.Candidates(t.Context(), until)
	must(t, err)
	return c
}

// filed files candidates under an edition, or with the piece they repeat.
func filed(edition int, candidates []digest.Candidate) []digest.Filing {
	var out []digest.Filing
	for _, c := range candidates {
		f := digest.Filing{Item: c.Item, Edition: edition}
		if c.Repeat != 0 {
			f = digest.Filing{Item: c.Item, Edition: c.Repeat, CopyOf: c.Original, Why: "carried before"}
		}
		out = append(out, f)
	}
	return out
}

func edition(n int, from, to time.Time) digest.Edition {
	return digest.Edition{Number: n, Topic: "Topic", Window: digest.Window{From: from, To: to}}
}

func listed(origin store.Origin, addresses ...string) iter.Seq2[store.Subscriber, error] {
	return func(yield func(store.Subscriber, error) bool) {
		for _, a := range addresses {
			if !yield(store.Subscriber{Address: a, Origin: origin}, nil) {
				return
			}
		}
	}
}

// readers puts n addresses on the list.
func readers(t testing.TB, db *store.DB, n int) {
	t.Helper()
	var all []string
	for i := range n {
		all = append(all, fmt.Sprintf("reader%d@example.org", i))
	}
	must(t, db.SyncSubscribers(t.Context(), listed(store.FromConfig, all...), start))
}

// frozen makes a store with edition 1 frozen for n readers.
func frozen(t testing.TB, n int) *store.DB {
	t.Helper()
	db := open(t, t.TempDir())
	readers(t, db, n)
	planned, err := db.Freeze(t.Context(), edition(1, start, hours(1)), nil, hours(1))
	must(t, err)
	if planned != n {
		t.Fatalf("planned %d deliveries for %d readers", planned, n)
	}
	return db
}
