package main

import (
	"context"
	"fmt"
	"io"
	"time"

	"standpoint/digest/store"
)

// languagesSince is how far back status counts pieces in other languages.
const languagesSince = 28 * 24 * time.Hour

// foreignCount is how many pieces of a source were not judged for their
// language.
type foreignCount struct {
	Language string `json:"language"` // primary tag of BCP 47
	Source   string `json:"source"`
	Name     string `json:"name"`
	Pieces   int    `json:"pieces"`
}

func foreign(ctx context.Context, db *store.DB, now time.Time) ([]foreignCount, error) {
	out := []foreignCount{}
	all, err := db.Foreign(ctx, now.Add(-languagesSince))
	for _, f := range all {
		out = append(out, foreignCount{f.Language, string(f.Source), f.Outlet, f.Pieces})
	}
	return out, err
}

func printForeign(w io.Writer, all []foreignCount) {
	for _, f := range all {
		fmt.Fprintf(w, "Not judged    %s in %s from %s, in four weeks\n", count(f.Pieces, "piece"), f.Language, line(f.Name))
	}
}
