package main

import (
	"context"
	"errors"
	"flag"
	"fmt"

	"standpoint/digest/store"
)

func editionsReplayCommand() command {
	return command{
		name: "editions replay", args: "N", does: "Render a frozen edition again into a folder; mails nobody.",
		example: "standpoint editions replay 12 --out folder",
		prepare: func(flags *flag.FlagSet) func(context.Context, *environment, []string) error {
			path := configFlag(flags)
			out := flags.String("out", "", "write the edition into `DIR` as .eml, .html, .txt and .json; required")
			return func(ctx context.Context, env *environment, args []string) error {
				number, err := editionNumber(args, "editions replay N --out DIR")
				if err != nil {
					return err
				}
				if *out == "" {
					return usage("say where to: standpoint editions replay %d --out DIR", number)
				}
				s, err := load(env, *path)
				if err != nil {
					return err
				}
				return s.replay(ctx, env, number, *out)
			}
		},
	}
}

// replay works beside a daemon that may be at work: a frozen edition does not
// change. Templates, sender and keys are today's.
func (s *settings) replay(ctx context.Context, env *environment, number int, out string) (err error) {
	if !store.Exists(s.StateDir()) {
		return noEdition(fmt.Errorf("edition %d: %w", number, store.ErrNoEdition))
	}
	if err := writable(out); err != nil {
		return usage("--out %s: %w; choose a folder that you may write to", out, err)
	}
	db, err := store.Open(ctx, s.StateDir())
	if err != nil {
		return err
	}
	o := &office{settings: s}
	o.worker = o.newWorker(ctx, env, db)
	defer func() { err = errors.Join(err, o.Close()) }()
	if err := o.setKeys(ctx, env); err != nil {
		return err
	}
	d, err := o.worker.Reprint(ctx, number)
	if err != nil {
		return noEdition(err)
	}
	printEdition(env, d.Edition, d.Letter.Shown)
	return o.writeOut(ctx, env, d, out)
}
