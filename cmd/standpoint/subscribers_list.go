package main

import (
	"context"
	"flag"
	"fmt"
	"slices"
	"strings"
	"text/tabwriter"

	"standpoint/digest/store"
)

// readerStates are those that a reader on the list can have.
var readerStates = []string{"active", "pending", "paused", "left", "bounced", "complained", "suppressed"}

func subscribersListCommand() command {
	return command{
		name: "subscribers list", does: "List the readers and where each address came from.",
		example: "standpoint subscribers list --state pending --json",
		prepare: func(flags *flag.FlagSet) func(context.Context, *environment, []string) error {
			path, asJSON := configFlag(flags), jsonFlag(flags)
			state := flags.String("state", "", "only those in the `STATE`: "+strings.Join(readerStates, ", "))
			return func(ctx context.Context, env *environment, _ []string) error {
				if *state != "" && !slices.Contains(readerStates, *state) {
					return usage("no state is called %q; there is %s", *state, strings.Join(readerStates, ", "))
				}
				list := listReaders
				if *asJSON {
					list = listReadersJSON
				}
				return withList(ctx, env, *path, func(db *store.DB) error { return list(ctx, env, db, *state) })
			}
		},
	}
}

func listReaders(ctx context.Context, env *environment, db *store.DB, state string) error {
	table := tabwriter.NewWriter(env.stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "NO.\tADDRESS\tNAME\tSTATE\tFROM")
	for s, err := range db.Subscribers(ctx) {
		if err != nil {
			return err
		}
		if state == "" || s.State == state {
			fmt.Fprintf(table, "%d\t%s\t%s\t%s\t%s\n", s.ID, s.Address, s.Name, s.State, s.Origin)
		}
	}
	return table.Flush()
}

// listReadersJSON prints one object a line, so that a long list costs no memory.
func listReadersJSON(ctx context.Context, env *environment, db *store.DB, state string) error {
	for s, err := range db.Subscribers(ctx) {
		if err != nil {
			return err
		}
		if state != "" && s.State != state {
			continue
		}
		line := map[string]any{
			"id": s.ID, "address": s.Address, "name": s.Name, "state": s.State, "origin": s.Origin, "added": s.Added,
			"language": s.Wish.Language, "letter": letterOf(s.Wish), "stances": orEmpty(s.Wish.Stances), "outlets": orEmpty(s.Wish.Outlets),
		}
		if err := printJSON(env.stdout, line); err != nil {
			return err
		}
	}
	return nil
}

// orEmpty makes an empty list, and no null, of none.
func orEmpty[S any](all []S) []S {
	if all == nil {
		return []S{}
	}
	return all
}
