package main

import (
	"context"
	"encoding/csv"
	"flag"
	"strings"
	"time"

	"standpoint/digest/store"
)

func subscribersExportCommand() command {
	return command{
		name: "subscribers export", does: "Print the readers as a CSV table, which subscribers import reads.",
		example: "standpoint subscribers export > readers.csv",
		prepare: func(flags *flag.FlagSet) func(context.Context, *environment, []string) error {
			path := configFlag(flags)
			return func(ctx context.Context, env *environment, _ []string) error {
				return withList(ctx, env, *path, func(db *store.DB) error { return exportReaders(ctx, env, db) })
			}
		},
	}
}

func exportReaders(ctx context.Context, env *environment, db *store.DB) error {
	out := csv.NewWriter(env.stdout)
	if err := out.Write([]string{"email", "name", "state", "origin", "added"}); err != nil {
		return err
	}
	for s, err := range db.Subscribers(ctx) {
		if err != nil {
			return err
		}
		if err := out.Write([]string{inert(s.Address), inert(line(s.Name)), s.State, string(s.Origin), s.Added.UTC().Format(time.RFC3339)}); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

// inert keeps spreadsheets from taking a field for a formula. Import takes the
// space off again.
func inert(field string) string {
	if field != "" && strings.ContainsRune("=+-@\t", rune(field[0])) {
		return " " + field
	}
	return field
}
