package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"strconv"
	"text/tabwriter"

	"standpoint/digest/store"
	"standpoint/digest/token"
)

func keysListCommand() command {
	return command{
		name: "keys list", does: "List the keys that sign the links in readers' letters.",
		example: "standpoint keys list --json",
		prepare: func(flags *flag.FlagSet) func(context.Context, *environment, []string) error {
			path, asJSON := configFlag(flags), jsonFlag(flags)
			return func(ctx context.Context, env *environment, _ []string) error {
				s, err := load(env, *path)
				if err != nil {
					return err
				}
				if !store.Exists(s.StateDir()) {
					return printKeys(env, nil, *asJSON)
				}
				return s.beside(ctx, env, func(db *store.DB) error {
					keys, err := db.StoredKeys(ctx)
					if err != nil {
						return err
					}
					return printKeys(env, keys, *asJSON)
				})
			}
		},
	}
}

// printKeys never prints a secret: who has one can take any reader off the list.
func printKeys(env *environment, keys []store.Key, asJSON bool) (err error) {
	if len(keys) == 0 && !asJSON {
		fmt.Fprintln(env.stdout, "There is no key yet; the first run makes one.")
		return nil
	}
	table := tabwriter.NewWriter(env.stdout, 0, 0, 2, ' ', 0)
	if !asJSON {
		fmt.Fprintln(table, "NO.\tMADE\tUSE")
	}
	for i, k := range keys {
		use := "signs new links"
		if i > 0 {
			use = "for links of older letters"
		}
		if asJSON {
			err = printJSON(env.stdout, map[string]any{"number": k.ID, "made": k.Made, "signs": i == 0})
		} else {
			_, err = fmt.Fprintf(table, "%d\t%s\t%s\n", k.ID, k.Made.UTC().Format("2006-01-02"), use)
		}
		if err != nil {
			return err
		}
	}
	return table.Flush()
}

func keysRotateCommand() command {
	return command{
		name: "keys rotate", does: "Make a new key for readers' links; the older ones go on working.",
		example: "standpoint keys rotate",
		prepare: func(flags *flag.FlagSet) func(context.Context, *environment, []string) error {
			path := configFlag(flags)
			return func(ctx context.Context, env *environment, _ []string) error {
				return withStore(ctx, env, *path, func(db *store.DB) error { return rotateKey(ctx, env, db) })
			}
		},
	}
}

func rotateKey(ctx context.Context, env *environment, db *store.DB) error {
	key, err := db.RotateKey(ctx, token.NewSecret(), env.now())
	if errors.Is(err, store.ErrLastKey) {
		return &statusError{statusUsage, err}
	}
	if err != nil {
		return err
	}
	fmt.Fprintf(env.stdout, "Key %d signs new links from now on. Links that older keys signed work until those are retired.\n", key.ID)
	fmt.Fprintln(env.stdout, "A daemon that is running takes it over within seconds.")
	return nil
}

func keysRetireCommand() command {
	return command{
		name: "keys retire", args: "NUMBER", does: "Delete a key; links that it signed stop working.",
		example: "standpoint keys retire 1 --yes",
		prepare: func(flags *flag.FlagSet) func(context.Context, *environment, []string) error {
			path := configFlag(flags)
			yes := flags.Bool("yes", false, "do it; without it nothing is changed")
			return func(ctx context.Context, env *environment, args []string) error {
				if len(args) != 1 {
					return usage("say which: standpoint keys retire NUMBER; see: standpoint keys list")
				}
				number, err := strconv.ParseUint(args[0], 10, 8)
				if err != nil {
					return usage("%q is no number of a key; see: standpoint keys list", args[0])
				}
				return withStore(ctx, env, *path, func(db *store.DB) error { return retireKey(ctx, env, db, uint8(number), *yes) })
			}
		},
	}
}

func retireKey(ctx context.Context, env *environment, db *store.DB, number uint8, yes bool) error {
	until, err := db.RetireKey(ctx, number, !yes)
	switch {
	case errors.Is(err, store.ErrNewestKey):
		return usage("key %d signs new links; make another one first: standpoint keys rotate", number)
	case errors.Is(err, store.ErrNoKey):
		return usage("there is no key %d; see: standpoint keys list", number)
	case err != nil:
		return err
	}
	day := until.UTC().Format("2 January 2006")
	if !yes {
		return usage("readers could no longer leave by the links of letters that key %d signed, up to %s: add --yes to retire it", number, day)
	}
	fmt.Fprintf(env.stdout, "Key %d is gone: links in letters that it signed, up to %s, work no more.\n", number, day)
	fmt.Fprintln(env.stdout, "A daemon that is running honours them for some seconds more.")
	return nil
}
