package main

import (
	"context"
	"errors"
	"flag"
	"fmt"

	"standpoint/digest/store"
)

func subscribersAddCommand() command {
	return command{
		name: "subscribers add", args: "ADDRESS...", does: "Put readers on the list.",
		example: `standpoint subscribers add "Ada Reader <ada@example.org>"`,
		prepare: func(flags *flag.FlagSet) func(context.Context, *environment, []string) error {
			path := configFlag(flags)
			return func(ctx context.Context, env *environment, args []string) error {
				if len(args) == 0 {
					return usage("say whom: standpoint subscribers add ADDRESS")
				}
				return withStore(ctx, env, *path, func(db *store.DB) error { return addReaders(ctx, env, db, args) })
			}
		},
	}
}

// addReaders adds all or says what is wrong before it adds any.
func addReaders(ctx context.Context, env *environment, db *store.DB, args []string) error {
	var readers []store.Subscriber
	var errs []error
	for _, arg := range args {
		r, err := parseReader(arg)
		r.Added = env.now()
		readers, errs = append(readers, r), append(errs, err)
		if entry, on, err := db.Suppression(ctx, r.Address); err != nil {
			return err
		} else if on {
			errs = append(errs, fmt.Errorf("%s %w, and stays so; to write to it again, first: standpoint subscribers suppress %s --undo",
				r.Address, &store.SuppressedError{Suppression: entry}, r.Address))
		}
	}
	if err := errors.Join(errs...); err != nil {
		return &statusError{statusUsage, err}
	}
	for _, r := range readers {
		_, err := db.AddSubscriber(ctx, r)
		switch {
		case errors.Is(err, store.ErrSubscribed):
			fmt.Fprintf(env.stdout, "%s was already on the list.\n", r.Address)
		case err != nil:
			return err
		default:
			fmt.Fprintf(env.stdout, "%s is on the list.\n", r.Address)
		}
	}
	return nil
}

// withList is withStore for a look: where there is no store yet it makes none.
func withList(ctx context.Context, env *environment, path string, work func(*store.DB) error) (err error) {
	s, err := load(env, path)
	if err != nil {
		return err
	}
	if store.Exists(s.StateDir()) {
		return s.beside(ctx, env, work)
	}
	o, err := s.openCopy(ctx, env)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, o.Close()) }()
	return work(o.worker.Store)
}

// withStore opens the store beside a daemon that may be at work. The readers of
// the config are brought in first, so that the list shows what a run would use.
func withStore(ctx context.Context, env *environment, path string, work func(*store.DB) error) error {
	s, err := load(env, path)
	if err != nil {
		return err
	}
	return s.beside(ctx, env, work)
}

func (s *settings) beside(ctx context.Context, env *environment, work func(*store.DB) error) (err error) {
	db, err := store.Open(ctx, s.StateDir())
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	if err := s.syncList(ctx, env, db); err != nil {
		return err
	}
	return work(db)
}
