package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"slices"
	"strings"

	"standpoint/digest/config"
	"standpoint/digest/store"
	"standpoint/feeds"
)

func feedsPauseCommand() command {
	return command{
		name: "feeds pause", args: "NAME", does: "Let a source rest: its feed is not read until it is resumed.",
		example: "standpoint feeds pause chatham-house",
		prepare: changing(func(ctx context.Context, c change) error {
			err := c.db.Pause(ctx, c.source.ID, c.env.now())
			return c.say(err, "%s is paused. To have it read again: standpoint feeds resume %s", c.source.Name, c.source.ID)
		}),
	}
}

func feedsResumeCommand() command {
	return command{
		name: "feeds resume", args: "NAME", does: "Have a source read again that was paused, gone, or asked to be left alone.",
		example: "standpoint feeds resume chatham-house",
		prepare: changing(func(ctx context.Context, c change) error {
			err := c.db.Resume(ctx, c.source.ID)
			return c.say(err, "%s is read again from the next gathering on.", c.source.Name)
		}),
	}
}

func feedsReleaseCommand() command {
	return command{
		name: "feeds release", args: "NAME", does: "Let the held pieces of a source through, or discard them.",
		example: "standpoint feeds release chatham-house",
		prepare: func(flags *flag.FlagSet) func(context.Context, *environment, []string) error {
			discard := flags.Bool("discard", false, "keep the held pieces out of every edition instead")
			return changing(func(ctx context.Context, c change) error {
				if *discard {
					n, err := c.db.Discard(ctx, c.source.ID)
					return c.sayHeld(n, err, "will enter no edition")
				}
				n, err := c.db.Release(ctx, c.source.ID, c.env.now())
				return c.sayHeld(n, err, "let through: the next gathering judges what is not judged yet")
			})(flags)
		},
	}
}

// change is a change of what the store knows of one source.
type change struct {
	env    *environment
	db     *store.DB
	source feeds.Source
}

// changing makes the command of a change: it finds the source that the words
// name and opens the store beside a daemon that may be at work.
func changing(work func(context.Context, change) error) func(*flag.FlagSet) func(context.Context, *environment, []string) error {
	return func(flags *flag.FlagSet) func(context.Context, *environment, []string) error {
		path := configFlag(flags)
		return func(ctx context.Context, env *environment, words []string) (err error) {
			if len(words) == 0 {
				return usage("say which source: its name or its id, as in: standpoint feeds list")
			}
			s, err := load(env, *path)
			if err != nil {
				return err
			}
			// A name of several words needs no quotes.
			source, err := s.findSource(strings.Join(words, " "))
			if err != nil {
				return err
			}
			db, err := store.Open(ctx, s.StateDir())
			if err != nil {
				return err
			}
			defer func() { err = errors.Join(err, db.Close()) }()
			// The config may have sources that no gathering has seen yet.
			if err := db.SetSources(ctx, s.FeedSources()); err != nil {
				return err
			}
			return work(ctx, change{env, db, source})
		}
	}
}

// findSource finds the source by its name or id. Case and punctuation do not
// count.
func (s *settings) findSource(name string) (feeds.Source, error) {
	all := s.FeedSources()
	id := feeds.NewSourceID(name)
	if i := slices.IndexFunc(all, func(f feeds.Source) bool { return f.ID == id }); i >= 0 {
		return all[i], nil
	}
	var known []string
	for _, f := range all {
		known = append(known, string(f.ID))
	}
	if near := config.Nearest(string(id), known); near != "" {
		return feeds.Source{}, usage("the config has no source %q; did you mean %s?", line(name), near)
	}
	return feeds.Source{}, usage("the config has no source %q; see: standpoint feeds list", line(name))
}

func (c change) say(err error, format string, args ...any) error {
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(c.env.stdout, format+"\n", args...)
	return err
}

func (c change) sayHeld(n int, err error, what string) error {
	if n == 0 {
		return c.say(err, "%s has no pieces on hold.", c.source.Name)
	}
	return c.say(err, "%s of %s: %s.", count(n, "held piece"), c.source.Name, what)
}
