package store

import (
	"context"
	"database/sql"
	_ "embed"
	"errors"

	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/database"
)

// schema is what the migrations up to schemaVersion make of an empty database. A
// new one gets it at once, in half the time; the later migrations follow. A test
// holds it against the migrations, and writes it with -update.
//
//go:embed schema.sql
var schema string

const schemaVersion = 17

// found gives a new database its schema, in one transaction. Where another
// process was first, nothing is left to do.
func found(ctx context.Context, db *sql.DB) (err error) {
	versions, err := database.NewStore(goose.DialectSQLite3, goose.DefaultTablename)
	if err != nil {
		return err
	}
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer func() {
		if rolled := tx.Rollback(); err == nil && !errors.Is(rolled, sql.ErrTxDone) {
			err = rolled
		}
	}()
	if have, err := versions.GetLatestVersion(ctx, tx); err != nil || have > 0 {
		return err
	}
	if _, err := tx.ExecContext(ctx, schema); err != nil {
		return err
	}
	for v := range int64(schemaVersion) {
		if err := versions.Insert(ctx, tx, database.InsertRequest{Version: v + 1}); err != nil {
			return err
		}
	}
	return tx.Commit()
}
