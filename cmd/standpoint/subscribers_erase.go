package main

import (
	"context"
	"flag"
	"fmt"

	"standpoint/digest/store"
)

func subscribersEraseCommand() command {
	return command{
		name: "subscribers erase", args: "ADDRESS...", does: "Delete all that is known of readers, for good.",
		example: "standpoint subscribers erase ada@example.org --yes",
		prepare: func(flags *flag.FlagSet) func(context.Context, *environment, []string) error {
			path := configFlag(flags)
			yes := flags.Bool("yes", false, "do it; without it nothing is changed")
			return func(ctx context.Context, env *environment, args []string) error {
				if len(args) == 0 {
					return usage("say whom: standpoint subscribers erase ADDRESS --yes")
				}
				return withStore(ctx, env, *path, func(db *store.DB) error { return eraseReaders(ctx, env, db, args, *yes) })
			}
		},
	}
}

// eraseReaders erases all who are named, or says who cannot be before it erases any.
func eraseReaders(ctx context.Context, env *environment, db *store.DB, args []string, yes bool) error {
	var addresses []string
	for _, arg := range args {
		reader, err := parseReader(arg)
		if err != nil {
			return &statusError{statusUsage, err}
		}
		addresses = append(addresses, reader.Address)
	}
	if !yes {
		return usage("this deletes all that is known of %s, and nothing brings it back: add --yes to do it", plural(len(addresses), "address", "addresses"))
	}
	erased := false
	for _, address := range addresses {
		was, err := db.EraseSubscriber(ctx, address, env.now())
		if err != nil {
			return err
		}
		entry, on, err := db.Suppression(ctx, address)
		if err != nil {
			return err
		}
		switch {
		case was:
			erased = true
			fmt.Fprintf(env.stdout, "%s is erased. A salted hash stays, so that no list brings the address back.\n", address)
		case on && entry.Reason == store.ReasonErased:
			erased = true // the file may still have to forget it
			fmt.Fprintf(env.stdout, "%s %v already.\n", address, &store.SuppressedError{Suppression: entry})
		default:
			fmt.Fprintf(env.stdout, "%s is not known here: there was nothing to erase.\n", address)
		}
	}
	if !erased {
		return nil
	}
	if err := db.Scrub(ctx); err != nil {
		return fmt.Errorf("erased, but traces may be left in unused parts of the store's file, which the same command removes later: %w", err)
	}
	fmt.Fprintln(env.stdout, "Letters in the outbox, backups, and the lists from which addresses came may still name whom you erased: delete them there, too.")
	return nil
}
