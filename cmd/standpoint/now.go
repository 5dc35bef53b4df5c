package main

import (
	"context"
	"errors"
	"flag"
	"fmt"

	digestmail "standpoint/digest/mail"
	"standpoint/digest/pipeline"
	"standpoint/digest/store"
)

// rootCommand is standpoint without a command: the daemon, or one run.
func rootCommand() command {
	return command{
		does:    "Standpoint mails a weekly digest of think tanks' pieces, grouped by where their authors stand.",
		example: "standpoint --now --config config.yaml",
		prepare: func(flags *flag.FlagSet) func(context.Context, *environment, []string) error {
			path := configFlag(flags)
			now := flags.Bool("now", false, "gather, publish and exit; without it, do both by the schedule until SIGTERM")
			var r singleRun
			flags.BoolVar(&r.dry, "dry-run", false, "with --now: read the feeds, but change nothing and mail nobody")
			flags.StringVar(&r.out, "out", "", "with --now: also write the edition into `DIR` as .eml, .html, .txt and .json")
			flags.StringVar(&r.onlyTo, "only-to", "", "with --now: send a proof to `ADDR` alone and record nothing")
			version := flags.Bool("version", false, "print the version and exit")
			return func(ctx context.Context, env *environment, _ []string) error {
				switch {
				case *version:
					return printVersion(env)
				case !*now && (r.dry || r.out != "" || r.onlyTo != ""):
					return usage("--dry-run, --out and --only-to go with --now")
				case r.dry && r.onlyTo != "":
					return usage("--dry-run mails nobody and --only-to mails one: choose")
				}
				s, err := load(env, *path)
				if err != nil {
					return err
				}
				if !*now {
					return daemon(ctx, env, s, *path)
				}
				return r.run(ctx, env, s)
			}
		},
	}
}

// singleRun is --now with its flags.
type singleRun struct {
	dry    bool
	out    string
	onlyTo string
}

func (r singleRun) run(ctx context.Context, env *environment, s *settings) (err error) {
	open := s.open
	if r.dry || r.onlyTo != "" {
		open = s.openCopy
	}
	o, err := open(ctx, env)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, o.Close()) }()
	if r.onlyTo == "" {
		if err := o.requireReaders(ctx); err != nil {
			return err
		}
	}
	g, err := o.worker.Gather(ctx)
	printGathered(env, g)
	if err != nil {
		return err
	}
	if r.dry || r.onlyTo != "" {
		return r.proof(ctx, env, o)
	}
	return errors.Join(o.publish(ctx, env, r.out), feedStatus(g))
}

// proof shows the edition that would be published, and sends it to one address
// if one is named.
func (r singleRun) proof(ctx context.Context, env *environment, o *office) error {
	d, err := o.worker.Draft(ctx)
	if err != nil {
		return err
	}
	if d.Edition.Entries() == 0 {
		fmt.Fprintln(env.stdout, "Nothing new: nothing would be sent.")
		return nil
	}
	printEdition(env, d.Edition)
	if r.out != "" {
		if err := o.writeOut(ctx, env, d, r.out); err != nil {
			return err
		}
	}
	if r.onlyTo == "" {
		fmt.Fprintln(env.stdout, "Dry run: nothing was recorded and nobody was mailed.")
		return nil
	}
	to, err := parseReader(r.onlyTo)
	if err != nil {
		return usage("--only-to: %w", err)
	}
	composer, err := o.worker.Composer(d)
	if err != nil {
		return err
	}
	message, err := composer.Message(digestmail.Recipient{Address: to.Address, Name: to.Name})
	if err != nil {
		return err
	}
	session, err := o.carrier.Open(ctx)
	if err != nil {
		return &statusError{statusUnsent, err}
	}
	defer session.Close()
	if err := session.Send(ctx, message); err != nil {
		return &statusError{statusUnsent, err}
	}
	fmt.Fprintf(env.stdout, "A proof went to %s. Nothing was recorded.\n", to.Address)
	return nil
}

// publish makes and delivers the edition and says what happened.
func (o *office) publish(ctx context.Context, env *environment, out string) error {
	p, err := o.worker.Publish(ctx)
	if p.Edition != nil {
		printEdition(env, *p.Edition)
	}
	for _, each := range p.Outcomes {
		o.printOutcome(env, each)
	}
	if err == nil && p.Edition == nil {
		fmt.Fprintln(env.stdout, "Nothing new: nothing was sent.")
	}
	if out != "" && p.Edition != nil {
		d, err := o.worker.Reprint(ctx, p.Edition.Number)
		if err == nil {
			err = o.writeOut(ctx, env, d, out)
		}
		if err != nil {
			return err
		}
	}
	return deliveryStatus(p, err)
}

// writeOut writes the edition's four files as the first subscriber gets them.
func (o *office) writeOut(ctx context.Context, env *environment, d pipeline.Draft, dir string) error {
	files, err := d.Files()
	if err != nil {
		return err
	}
	composer, err := o.worker.Composer(d)
	if err != nil {
		return err
	}
	first, ok, err := o.worker.Store.FirstActive(ctx)
	if err != nil {
		return err
	}
	if !ok {
		first = store.Subscriber{Address: o.frame.ReplyTo}
	}
	message, err := composer.Message(digestmail.Recipient{ID: first.ID, Address: first.Address, Name: first.Name})
	if err != nil {
		return err
	}
	if err := digestmail.WriteFolder(dir, message, files); err != nil {
		return err
	}
	fmt.Fprintf(env.stdout, "Written to %s: edition.eml, edition.html, edition.txt, edition.json\n", dir)
	return nil
}

func gatherCommand() command {
	return command{
		name: "gather", does: "Read the feeds once and judge what is new: the first half of --now.",
		example: "standpoint gather --config config.yaml",
		prepare: func(flags *flag.FlagSet) func(context.Context, *environment, []string) error {
			path := configFlag(flags)
			return func(ctx context.Context, env *environment, _ []string) error {
				return withOffice(ctx, env, *path, func(o *office) error {
					g, err := o.worker.Gather(ctx)
					printGathered(env, g)
					return errors.Join(err, feedStatus(g))
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
				return withOffice(ctx, env, *path, func(o *office) error {
					if err := o.requireReaders(ctx); err != nil {
						return err
					}
					return o.publish(ctx, env, "")
				})
			}
		},
	}
}

// withOffice opens the store of the configuration for one piece of work.
func withOffice(ctx context.Context, env *environment, path string, work func(*office) error) (err error) {
	s, err := load(env, path)
	if err != nil {
		return err
	}
	o, err := s.open(ctx, env)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, o.Close()) }()
	return work(o)
}
