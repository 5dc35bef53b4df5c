package store

import (
	"database/sql"
	"flag"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/pressly/goose/v3"
)

var update = flag.Bool("update", false, "write schema.sql anew")

// A database that is made at once is the one that all migrations make.
func TestSchemaIsWhatMigrationsMake(t *testing.T) {
	t.Parallel()
	migrated, at := empty(t), empty(t)
	up(t, migrated, schemaVersion)
	if *update {
		var b strings.Builder
		b.WriteString("-- What the migrations make of an empty database. Written by go test ./digest/store -run Schema -update.\n")
		for _, part := range parts(t, migrated) {
			b.WriteString("\n" + part + ";\n")
		}
		if err := os.WriteFile("schema.sql", []byte(b.String()), 0o600); err != nil {
			t.Fatal(err)
		}
		t.Skip("written; run the test again")
	}
	up(t, at, 0)
	if err := found(t.Context(), at); err != nil {
		t.Fatal(err)
	}
	if err := found(t.Context(), at); err != nil { // as another process that came second
		t.Fatal(err)
	}
	want, got := parts(t, migrated), parts(t, at)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("after a change of a migration up to %d: go test ./digest/store -run Schema -update\n-migrations +schema.sql:\n%s", schemaVersion, diff)
	}
	up(t, migrated, 1<<30)
	up(t, at, 1<<30)
	if diff := cmp.Diff(parts(t, migrated), parts(t, at)); diff != "" {
		t.Errorf("with the later migrations:\n%s", diff)
	}
}

func empty(t *testing.T) *sql.DB {
	t.Helper()
	db, err := sql.Open("sqlite", dsn(filepath.Join(t.TempDir(), FileName)))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

// up migrates up to a version; 0 makes no more than the table of versions.
func up(t *testing.T, db *sql.DB, version int64) {
	t.Helper()
	dir, err := fs.Sub(migrations, "migrations")
	if err != nil {
		t.Fatal(err)
	}
	provider, err := goose.NewProvider(goose.DialectSQLite3, db, dir)
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := provider.GetVersions(t.Context()); err != nil {
		t.Fatal(err)
	}
	if version == 0 {
		return
	}
	if _, err := provider.UpTo(t.Context(), version); err != nil {
		t.Fatal(err)
	}
}

// parts are the statements that make a database, its rows with it.
func parts(t *testing.T, db *sql.DB) []string {
	t.Helper()
	const own = `sql <> '' AND name NOT LIKE 'sqlite_%' AND tbl_name <> 'goose_db_version'`
	out := list(t, db, `SELECT sql FROM sqlite_master WHERE `+own+` ORDER BY rowid`)
	for _, table := range list(t, db, `SELECT name FROM sqlite_master WHERE type = 'table' AND `+own+` ORDER BY rowid`) {
		row := list(t, db, `SELECT group_concat('quote("' || name || '")', ' || '', '' || ') FROM pragma_table_info('`+table+`')`)
		for _, values := range list(t, db, `SELECT `+row[0]+` FROM `+table) {
			out = append(out, "INSERT INTO "+table+" VALUES ("+values+")")
		}
	}
	return out
}

// list returns the one column of a query.
func list(t *testing.T, db *sql.DB, query string) []string {
	t.Helper()
	rows, err := db.QueryContext(t.Context(), query)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var out []string
	for rows.Next() {
		var s string
		if err := rows.Scan(&s); err != nil {
			t.Fatal(err)
		}
		out = append(out, s)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return out
}

func TestSchemaHasAllVersions(t *testing.T) {
	t.Parallel()
	db := empty(t)
	up(t, db, 0)
	if err := found(t.Context(), db); err != nil {
		t.Fatal(err)
	}
	got, want := list(t, db, `SELECT version_id FROM goose_db_version ORDER BY version_id`), []string(nil)
	for n := range schemaVersion + 1 {
		want = append(want, strconv.Itoa(n))
	}
	if !slices.Equal(got, want) {
		t.Errorf("versions %v", got)
	}
}
