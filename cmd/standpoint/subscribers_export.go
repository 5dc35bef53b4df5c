package main

import (
	"context"
	"encoding/csv"
	"flag"
	"io"
	"strings"
	"time"

	"standpoint/digest"
	"standpoint/digest/store"
)

func subscribersExportCommand() command {
	return command{
		name: "subscribers export", does: "Print the readers as a CSV table, which subscribers import reads.",
		example: "standpoint subscribers export > readers.csv",
		prepare: func(flags *flag.FlagSet) func(context.Context, *environment, []string) error {
			path := configFlag(flags)
			return func(ctx context.Context, env *environment, _ []string) error {
				return withList(ctx, env, *path, func(db *store.DB) error { return exportReaders(ctx, env.stdout, db) })
			}
		},
	}
}

// exported are the columns of an export; import knows them all.
var exported = []string{
	"email", "name", "state", "origin", "added", "language", "letter", "stances", "outlets",
	"consent_asked", "consent_source", "consent_wording", "consent_client", "consent_confirmed",
	"suppressed_since", "suppressed_reason", "suppressed_why",
}

func exportReaders(ctx context.Context, to io.Writer, db *store.DB) error {
	out := csv.NewWriter(to)
	if err := out.Write(exported); err != nil {
		return err
	}
	for s, err := range db.Records(ctx) {
		if err != nil {
			return err
		}
		consent, entry := s.Agreement, s.Suppression
		row := []string{
			s.Address, s.Name, s.State, string(s.Origin), moments(s.Added), s.Wish.Language, letterOf(s.Wish), joined(s.Wish.Stances), joined(s.Wish.Outlets),
			moments(consent.Asked), consent.Source, consent.Wording, consent.Client, moments(consent.Confirmed),
			moments(entry.At), string(entry.Reason), entry.Detail,
		}
		for i, field := range row {
			row[i] = inert(line(field))
		}
		if err := out.Write(row); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

// inert keeps spreadsheets from taking a field for a formula, those too that part
// columns at semicolons: readers give their names themselves. Import takes the
// space off a field's beginning again.
func inert(field string) string {
	for _, sign := range []string{"=", "+", "-", "@"} {
		if strings.HasPrefix(field, sign) {
			field = " " + field
		}
		field = strings.ReplaceAll(field, ";"+sign, "; "+sign)
	}
	return field
}

func letterOf(w digest.Wish) string {
	if w.Short {
		return "short"
	}
	return "full"
}

// moments writes a time as moment reads it, and the zero time as nothing.
func moments(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339Nano)
}
