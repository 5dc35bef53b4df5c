package main

import (
	"context"
	"flag"
	"fmt"

	"standpoint/digest/store"
)

func subscribersSuppressCommand() command {
	return command{
		name: "subscribers suppress", args: "ADDRESS", does: "See to it that an address is never written to, whoever lists it.",
		example: `standpoint subscribers suppress ada@example.org --why "asked by telephone"`,
		prepare: func(flags *flag.FlagSet) func(context.Context, *environment, []string) error {
			path := configFlag(flags)
			why := flags.String("why", "", "the reason, one `TEXT`, for the record")
			undo := flags.Bool("undo", false, "take the address off the suppression list")
			return func(ctx context.Context, env *environment, args []string) error {
				switch {
				case len(args) != 1:
					return usage("say whom: standpoint subscribers suppress ADDRESS --why TEXT")
				case *undo && *why != "":
					return usage("--undo takes the address alone: standpoint subscribers suppress ADDRESS --undo")
				case !*undo && line(*why) == "":
					return usage("say why, for the record: --why TEXT")
				}
				reader, err := parseReader(args[0])
				if err != nil {
					return &statusError{statusUsage, err}
				}
				return withStore(ctx, env, *path, func(db *store.DB) error {
					if *undo {
						return unsuppress(ctx, env, db, reader.Address)
					}
					return suppress(ctx, env, db, reader.Address, line(*why))
				})
			}
		},
	}
}

func suppress(ctx context.Context, env *environment, db *store.DB, address, why string) error {
	if entry, _, err := db.Suppression(ctx, address); err != nil || entry.Reason == store.ReasonErased {
		if err == nil { // who wanted to be forgotten is not written down again
			fmt.Fprintf(env.stdout, "%s %v, and gets no letter anyway; nothing was changed.\n", address, &store.SuppressedError{Suppression: entry})
		}
		return err
	}
	news, err := db.Suppress(ctx, store.Suppression{Address: address, Reason: store.ReasonOperator, Detail: why, At: env.now()})
	if err != nil {
		return err
	}
	if !news {
		entry, _, err := db.Suppression(ctx, address)
		if err == nil {
			fmt.Fprintf(env.stdout, "%s %v already; nothing was changed.\n", address, &store.SuppressedError{Suppression: entry})
		}
		return err
	}
	fmt.Fprintf(env.stdout, "%s is suppressed, and gets no letter from now on, whoever lists it.\n", address)
	return nil
}

func unsuppress(ctx context.Context, env *environment, db *store.DB, address string) error {
	entry, _, err := db.Suppression(ctx, address)
	if err != nil {
		return err
	}
	was, err := db.Unsuppress(ctx, address)
	if err != nil {
		return err
	}
	if !was {
		return usage("%s is not suppressed; there is nothing to undo", address)
	}
	fmt.Fprintf(env.stdout, "%s is no longer suppressed (it was: %s%s).\n", address, entry.Reason, prefixed(", ", line(entry.Detail)))
	return nil
}
