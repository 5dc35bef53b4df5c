package main

import (
	"context"
	"errors"
	"flag"
	"time"

	"standpoint/digest/store"
)

func feedsListCommand() command {
	return command{
		name: "feeds list", does: "List the sources and how each of their feeds is.",
		example: "standpoint feeds list --json",
		prepare: func(flags *flag.FlagSet) func(context.Context, *environment, []string) error {
			path, asJSON := configFlag(flags), jsonFlag(flags)
			return func(ctx context.Context, env *environment, _ []string) error {
				s, err := load(env, *path)
				if err != nil {
					return err
				}
				all, err := s.readHealth(ctx, env.now())
				if err != nil {
					return err
				}
				out := plain{env.stdout}
				if !*asJSON {
					return printFeeds(out, all, clock{env.now(), s.Location()}, func(feedHealth) bool { return true })
				}
				for _, f := range all {
					if err := printJSON(out, f); err != nil {
						return err
					}
				}
				return nil
			}
		},
	}
}

// readHealth reads the sources' health beside a daemon that may be at work.
// Where there is no store yet it makes none.
func (s *settings) readHealth(ctx context.Context, now time.Time) (all []feedHealth, err error) {
	if !store.Exists(s.StateDir()) {
		return s.health(nil, now), nil
	}
	db, err := store.Open(ctx, s.StateDir())
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	known, err := db.Health(ctx, now)
	if err != nil {
		return nil, err
	}
	return s.health(known, now), nil
}
