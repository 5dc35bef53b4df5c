package main

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"

	"standpoint/digest/bounce"
	"standpoint/digest/pipeline"
	"standpoint/digest/store"
)

// returned is what came of a message, as scripts get it.
type returned struct {
	File    string `json:"file"` // "-": stdin
	Kind    string `json:"kind"`
	Edition int    `json:"edition"` // 0: not known
	Reader  int64  `json:"reader"`  // 0: not known
	Status  string `json:"status"`
	Follow  string `json:"follow"`
	Row     int    `json:"row"` // soft bounces in a row
	Detail  string `json:"detail"`
}

func bounceCommand() command {
	return command{
		name: "bounce", args: "[FILE|MAILDIR...]", does: "Take in bounces, complaints and mail of readers who leave: from files, maildirs or stdin.",
		example: "standpoint bounce --json < report.eml",
		prepare: func(flags *flag.FlagSet) func(context.Context, *environment, []string) error {
			path, asJSON := configFlag(flags), jsonFlag(flags)
			apply := flags.Int("apply", 0, "believe the hard bounces of `EDITION` that were held back, because they were so many at once")
			return func(ctx context.Context, env *environment, args []string) error {
				s, err := load(env, *path)
				if err != nil {
					return err
				}
				switch {
				case *apply < 0 || given(flags, "apply") && (*apply == 0 || len(args) > 0):
					return usage("--apply takes the number of an edition, and no file: standpoint bounce --apply 12")
				case *apply > 0:
					return s.applyBounces(ctx, env, *apply)
				}
				return s.takeIn(ctx, env, args, s.tellReturned(env, *asJSON))
			}
		},
	}
}

// applyBounces suppresses the readers whose hard bounces were held back.
func (s *settings) applyBounces(ctx context.Context, env *environment, edition int) (err error) {
	db, err := store.Open(ctx, s.StateDir())
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	n, err := db.ApplyBounces(ctx, edition, env.now())
	if errors.Is(err, store.ErrNotHeld) {
		return usage("no hard bounces of edition %d are held back; see: standpoint status", edition)
	}
	if err != nil {
		return err
	}
	fmt.Fprintf(env.stdout, "%s of edition %d suppressed, and not written to any more.\n", plural(n, "reader", "readers"), edition)
	return nil
}

// takeIn works beside a daemon. It does not read the lists of readers: a mail
// server may call it for each message.
func (s *settings) takeIn(ctx context.Context, env *environment, from []string, tell func(string, pipeline.Returned)) (err error) {
	db, err := store.Open(ctx, s.StateDir())
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	keys, err := signingKeys(ctx, env, db)
	if err != nil {
		return err
	}
	w := &pipeline.Worker{Store: db, Now: env.now, Log: runLogger(env.stderr), Keys: keys, Soft: s.Mail.Bounce.Soft}
	if len(from) == 0 {
		return takeMessages(ctx, w, env.stdin, "-", tell)
	}
	var errs []error
	for _, name := range from {
		errs = append(errs, takeNamed(ctx, w, name, tell)) // one bad file harms no other
	}
	return errors.Join(errs...)
}

func takeNamed(ctx context.Context, w *pipeline.Worker, name string, tell func(string, pipeline.Returned)) error {
	info, err := os.Stat(name)
	if err != nil {
		return &statusError{statusUsage, err}
	}
	if info.IsDir() {
		return w.TakeMaildir(ctx, name, tell)
	}
	f, err := os.Open(name)
	if err != nil {
		return &statusError{statusUsage, err}
	}
	defer f.Close()
	return takeMessages(ctx, w, f, name, tell)
}

func takeMessages(ctx context.Context, w *pipeline.Worker, from io.Reader, name string, tell func(string, pipeline.Returned)) error {
	for message, err := range bounce.Messages(from) {
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		r, err := w.TakeIn(ctx, bytes.NewReader(message))
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		tell(name, r)
	}
	return nil
}

// tellReturned prints a line for each message.
func (s *settings) tellReturned(env *environment, asJSON bool) func(string, pipeline.Returned) {
	if asJSON {
		return func(name string, r pipeline.Returned) {
			printJSON(env.stdout, returned{name, string(r.Kind), r.Edition, r.Subscriber, r.Status, string(r.Follow), r.Row, r.Detail})
		}
	}
	out := plain{env.stdout}
	return func(name string, r pipeline.Returned) {
		fmt.Fprintf(out, "%s: %s%s", name, r.Kind, prefixed(" ", r.Status))
		switch {
		case r.Edition != 0:
			fmt.Fprintf(out, " of edition %d, reader %d", r.Edition, r.Subscriber)
		case r.Subscriber != 0:
			fmt.Fprintf(out, " of reader %d", r.Subscriber)
		}
		fmt.Fprintf(out, ": %s%s\n", s.follow(r), prefixed(": ", r.Detail))
	}
}

// follow says what follows, in the words of people.
func (s *settings) follow(r pipeline.Returned) string {
	switch r.Follow {
	case pipeline.FollowSuppressed:
		return "suppressed, and not written to any more"
	case pipeline.FollowAlready:
		return "suppressed before"
	case pipeline.FollowCounted:
		return fmt.Sprintf("counted, %d in a row; at %d the reader is suppressed", r.Row, s.Mail.Bounce.Soft)
	case pipeline.FollowNoted:
		return "noted; the fault is the letter's or the sender's, so the reader stays"
	case pipeline.FollowHeld:
		return fmt.Sprintf("held back: too many readers of the edition are said to be gone at once; if they are: standpoint bounce --apply %d", r.Edition)
	case pipeline.FollowUnasked:
		return "the request to become a reader waits; the address is not asked to confirm again"
	case pipeline.FollowKnown:
		return "known; a report counts once"
	case pipeline.FollowUnmatched:
		return "not matched to a letter of ours, so nothing follows"
	}
	switch r.Kind {
	case bounce.Unclear:
		return "not understood; look at it"
	case bounce.Leave:
		return "from a proof's link, which is nobody's"
	}
	return string(r.Follow)
}
