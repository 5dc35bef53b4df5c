package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"path/filepath"
	"slices"

	"standpoint/digest"
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
	proof := r.dry || r.onlyTo != ""
	open := s.open
	if proof {
		open = s.openCopy
	}
	if err := r.preflight(s); err != nil {
		return err
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
	if err != nil {
		return err
	}
	printGathered(env, g)
	if proof {
		return errors.Join(r.proof(ctx, env, o), feedStatus(g))
	}
	o.heedGathered(ctx)
	return errors.Join(o.publish(ctx, env, r.out), feedStatus(g))
}

// preflight finds what would only show when feeds were read and letters sent.
func (r singleRun) preflight(s *settings) error {
	if r.onlyTo != "" {
		if _, err := parseReader(r.onlyTo); err != nil {
			return usage("--only-to: %w", err)
		}
	} else if err := s.requireListed(); err != nil {
		return err
	}
	if !r.dry {
		if err := s.requireFolders(); err != nil {
			return err
		}
	}
	if r.out == "" {
		return nil
	}
	if err := writable(r.out); err != nil {
		return usage("--out %s: %w; choose a folder that you may write to", r.out, err)
	}
	return nil
}

// proof shows the edition that would be published, and sends it to one address
// if one is named.
func (r singleRun) proof(ctx context.Context, env *environment, o *office) error {
	d, err := o.worker.Draft(ctx)
	if err != nil {
		return err
	}
	if !d.Edition.Due() && r.onlyTo != "" {
		if d, err = o.unfinished(ctx, env, d); err != nil {
			return err
		}
	}
	if !d.Edition.Due() {
		fmt.Fprintln(env.stdout, o.quietWeek(d.Edition.Held, "nothing would be sent, and nothing was written."))
		return nil
	}
	printEdition(env, d.Edition, d.Letter.Shown)
	if r.out != "" {
		if err := o.writeOut(ctx, env, d, r.out); err != nil {
			return err
		}
	}
	// After writing: what may not be sent may be looked at.
	refusal := o.tellLetter(ctx, env, d)
	if r.onlyTo == "" {
		fmt.Fprintln(env.stdout, "Dry run: nothing was recorded and nobody was mailed.")
		return refusal
	}
	if refusal != nil {
		return refusal
	}
	return r.send(ctx, env, o, d)
}

// unfinished is the edition that is still on its way, where nothing new is there
// for a proof.
func (o *office) unfinished(ctx context.Context, env *environment, d pipeline.Draft) (pipeline.Draft, error) {
	numbers, err := o.worker.Store.Unfinished(ctx)
	if err != nil {
		return d, err
	}
	if a, waits, err := o.worker.Store.OpenDraft(ctx); err != nil {
		return d, err
	} else if waits {
		numbers = append(numbers, a.Edition)
	}
	if len(numbers) == 0 {
		return d, nil
	}
	last := numbers[len(numbers)-1]
	fmt.Fprintln(env.stdout, o.quietWeek(d.Edition.Held, fmt.Sprintf("the proof is of edition %d, which is not out to everybody yet.", last)))
	return o.worker.Reprint(ctx, last)
}

// send hands one letter over without the ledger. An outbox keeps proofs apart
// from what readers get.
func (r singleRun) send(ctx context.Context, env *environment, o *office, d pipeline.Draft) error {
	to, err := parseReader(r.onlyTo)
	if err != nil {
		return err
	}
	composer, err := o.worker.Composer(d)
	if err != nil {
		return err
	}
	message, err := composer.Message(o.worker.Personal(digestmail.Recipient{Address: to.Address, Name: to.Name}))
	if err != nil {
		return err
	}
	place, open := to.Address, o.carrier.Open
	if o.smtp == nil {
		place = filepath.Join(o.outbox(), "proof")
		open = func(ctx context.Context) (pipeline.Session, error) { return digestmail.Outbox{Dir: place}.Dial(ctx) }
	}
	session, err := open(ctx)
	if err != nil {
		return &statusError{statusUnsent, err}
	}
	defer session.Close()
	if err := session.Send(ctx, message); err != nil {
		return &statusError{statusUnsent, err}
	}
	fmt.Fprintf(env.stdout, "A proof went to %s. Nothing was recorded.\n", place)
	return nil
}

// publish makes and delivers the edition and says what happened.
func (o *office) publish(ctx context.Context, env *environment, out string) error {
	p, err := o.worker.Publish(ctx)
	o.heedPublished(ctx, &p, err)
	o.heedDraft(ctx)
	for _, each := range p.Outcomes {
		if p.Edition != nil && each.Edition == p.Edition.Number {
			printEdition(env, *p.Edition, p.Shown)
		}
		o.printOutcome(env, each)
	}
	if p.Draft != nil {
		o.tellDraft(env, p)
	}
	due, dueErr := o.due(ctx, p, err)
	switch n := len(p.Outcomes); {
	case p.Draft != nil:
	case p.Edition != nil || due || dueErr != nil:
	case n > 0 && p.Window.To.IsZero():
		fmt.Fprintf(env.stdout, "What is new waits until edition %d is out.\n", p.Outcomes[n-1].Edition)
	case n > 0 && p.Held == 0:
		fmt.Fprintln(env.stdout, "Nothing new beside it: no further edition.")
	case err == nil || p.Held > 0:
		fmt.Fprintln(env.stdout, o.quietWeek(p.Held, "nothing was sent"+onlyIf(out != "" && n == 0, ", and nothing was written")+"."))
	}
	status := errors.Join(o.deliveryStatus(p, err), dueErr)
	if due && !refused(err) {
		status = &statusError{statusUnsent, because(err, "an edition was due and could not be made; its pieces wait for the next run")}
	}
	number := 0
	if n := len(p.Outcomes); n > 0 {
		number = p.Outcomes[n-1].Edition
	}
	if p.Draft != nil && p.Edition != nil {
		number = p.Edition.Number
	}
	if number > 0 && out != "" {
		// Also when nobody was reached: the edition is made, and this is it.
		d, err := o.worker.Reprint(context.WithoutCancel(ctx), number)
		if err == nil {
			err = o.writeOut(context.WithoutCancel(ctx), env, d, out)
		}
		return errors.Join(status, err)
	}
	return status
}

// due says whether a fault kept an edition from being made for which there were
// pieces, or a note. A run that was stopped left them to the next one.
func (o *office) due(ctx context.Context, p pipeline.Published, err error) (bool, error) {
	if err == nil || p.Edition != nil || p.Held > 0 || p.Window.To.IsZero() || ctx.Err() != nil {
		return false, nil
	}
	pieces, err := o.worker.Store.Candidates(ctx, p.Window.To)
	fresh := slices.ContainsFunc(pieces, func(c digest.Candidate) bool { return c.Repeat == 0 })
	return fresh || err == nil && o.worker.Quiet.Send == digest.QuietNote, err
}

func onlyIf(yes bool, text string) string {
	if yes {
		return text
	}
	return ""
}

// writeOut writes the edition's four files as the first subscriber gets them.
func (o *office) writeOut(ctx context.Context, env *environment, d pipeline.Draft, dir string) error {
	files, err := o.worker.Files(d)
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
	message, err := composer.Message(o.worker.Personal(digestmail.Recipient{
		ID: first.ID, Address: first.Address, Name: first.Name, Return: o.worker.Return(d.Edition.Number, first.ID),
	}))
	if err != nil {
		return err
	}
	if err := digestmail.WriteFolder(dir, message, files); err != nil {
		return err
	}
	fmt.Fprintf(env.stdout, "Written to %s: edition.eml, edition.html, edition.txt, edition.json, page.html (the web copy)\n", dir)
	return nil
}
