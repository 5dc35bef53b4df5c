package main

import (
	"context"
	"flag"
	"fmt"

	"standpoint/digest/pipeline"
	"standpoint/digest/store"
)

// resuming is editions resume with its arguments.
type resuming struct {
	number  int    // 0: all that are not finished
	unknown string // what the operator makes of unknown outcomes; empty: nothing
}

func editionsResumeCommand() command {
	return command{
		name: "editions resume", args: "[N]", does: "Go on with the editions that are not out to everybody yet, or with one.",
		example: "standpoint editions resume 12 --unknown accepted",
		prepare: func(flags *flag.FlagSet) func(context.Context, *environment, []string) error {
			path := configFlag(flags)
			var r resuming
			flags.StringVar(&r.unknown, "unknown", "", "with N: settle deliveries whose outcome is unknown, as `WHAT`: resend (a reader may get the letter twice, under the same Message-ID) or accepted (a reader may never get it)")
			return func(ctx context.Context, env *environment, args []string) error {
				if err := r.parse(args); err != nil {
					return err
				}
				s, err := load(env, *path)
				if err != nil {
					return err
				}
				if !store.Exists(s.StateDir()) {
					return r.nothing(env)
				}
				if err := s.requireFolders(); err != nil {
					return err
				}
				return s.within(ctx, env, func(o *office) error { return r.run(ctx, env, o) })
			}
		},
	}
}

func (r *resuming) parse(args []string) (err error) {
	switch r.unknown {
	case "", "resend", "accepted":
	default:
		return usage("--unknown %s: write resend or accepted", line(r.unknown))
	}
	if len(args) == 0 && r.unknown == "" {
		return nil
	}
	r.number, err = editionNumber(args, "editions resume N")
	return err
}

// nothing answers where there is no store yet.
func (r *resuming) nothing(env *environment) error {
	if r.number > 0 {
		return noEdition(fmt.Errorf("edition %d: %w", r.number, store.ErrNoEdition))
	}
	fmt.Fprintln(env.stdout, "Nothing to resume: there is no edition yet.")
	return nil
}

func (r *resuming) run(ctx context.Context, env *environment, o *office) error {
	if r.number > 0 {
		return r.one(ctx, env, o)
	}
	outcomes, err := o.worker.Resume(ctx)
	if len(outcomes) == 0 && err == nil {
		if a, waits, err := o.worker.Store.OpenDraft(ctx); err == nil && waits {
			fmt.Fprintf(env.stdout, "Nothing to resume: %v\n", &pipeline.WaitsError{Edition: a.Edition})
			return nil
		}
		fmt.Fprintln(env.stdout, "Nothing to resume: every edition is finished.")
	}
	return o.tellResumed(env, outcomes, err)
}

func (r *resuming) one(ctx context.Context, env *environment, o *office) error {
	before, err := o.worker.Store.EditionState(ctx, r.number)
	if err != nil {
		return noEdition(err)
	}
	switch before.Approval {
	case store.DraftWaiting, store.DraftHeld:
		return usage("%w", &pipeline.WaitsError{Edition: r.number})
	case store.DraftWithdrawn:
		return usage("edition %d was withdrawn: nobody gets it", r.number)
	case store.DraftApproved:
	}
	if r.unknown != "" {
		n, err := o.worker.SettleUnknown(ctx, r.number, r.unknown == "accepted")
		if err != nil {
			return err
		}
		if n == 0 {
			fmt.Fprintf(env.stdout, "Edition %d has no delivery whose outcome is unknown.\n", r.number)
		} else if r.unknown == "accepted" {
			fmt.Fprintf(env.stdout, "Edition %d: %s taken for accepted.\n", r.number, plural(n, "delivery whose outcome was unknown is", "deliveries whose outcome was unknown are"))
		}
		if before, err = o.worker.Store.EditionState(ctx, r.number); err != nil {
			return err
		}
	}
	if !before.Finished.IsZero() {
		fmt.Fprintf(env.stdout, "Edition %d is finished: %s.\n", r.number, deliveriesIn(before.Deliveries))
		return nil
	}
	out, err := o.worker.ResumeEdition(ctx, r.number)
	return o.tellResumed(env, []pipeline.Outcome{out}, err)
}

// tellResumed says how the deliveries stand, and makes the exit status of it.
func (o *office) tellResumed(env *environment, outcomes []pipeline.Outcome, err error) error {
	for _, each := range outcomes {
		o.printOutcome(env, each)
	}
	return o.deliveryStatus(pipeline.Published{Outcomes: outcomes}, err)
}
