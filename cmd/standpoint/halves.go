package main

import (
	"context"
	"errors"
	"flag"
)

func gatherCommand() command {
	return command{
		name: "gather", does: "Read the feeds once and judge what is new: the first half of --now.",
		example: "standpoint gather --config config.yaml",
		prepare: func(flags *flag.FlagSet) func(context.Context, *environment, []string) error {
			path := configFlag(flags)
			return func(ctx context.Context, env *environment, _ []string) error {
				return withOffice(ctx, env, *path, func(o *office) error {
					g, err := o.worker.Gather(ctx)
					if err != nil {
						return err
					}
					printGathered(env, g)
					o.heedGathered(ctx)
					return feedStatus(g)
				})
			}
		},
	}
}

func publishCommand() command {
	return command{
		name: "publish", does: "Make the edition of what was gathered and deliver it: the second half of --now.",
		example: "standpoint publish --config config.yaml",
		prepare: func(flags *flag.FlagSet) func(context.Context, *environment, []string) error {
			path := configFlag(flags)
			return func(ctx context.Context, env *environment, _ []string) error {
				return withReaders(ctx, env, *path, func(o *office) error { return o.publish(ctx, env, "") })
			}
		},
	}
}

// withOffice opens the store of the configuration for one piece of work.
func withOffice(ctx context.Context, env *environment, path string, work func(*office) error) error {
	s, err := load(env, path)
	if err != nil {
		return err
	}
	return s.within(ctx, env, work)
}

// withReaders does, too, and refuses where there is nobody to write to.
func withReaders(ctx context.Context, env *environment, path string, work func(*office) error) error {
	s, err := load(env, path)
	if err == nil {
		err = s.requireListed()
	}
	if err == nil {
		err = s.requireFolders()
	}
	if err != nil {
		return err
	}
	return s.within(ctx, env, func(o *office) error {
		if err := o.requireReaders(ctx); err != nil {
			return err
		}
		return work(o)
	})
}

func (s *settings) within(ctx context.Context, env *environment, work func(*office) error) (err error) {
	o, err := s.open(ctx, env)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, o.Close()) }()
	return work(o)
}
