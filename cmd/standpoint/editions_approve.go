package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os/user"
	"time"

	"standpoint/digest/config"
	digestmail "standpoint/digest/mail"
	"standpoint/digest/pipeline"
	"standpoint/digest/store"
)

// approval is who sees editions first, by the configuration.
func (s *settings) approval() pipeline.Approval {
	a := pipeline.Approval{
		Window: s.Approval.Window.Std(), Late: s.Schedule.MaxLateness.Std(),
		Editor: s.EditorAddress(), Post: s.postEditor,
	}
	switch s.Approval.Mode {
	case config.ApprovalWindow:
		a.Mode = pipeline.ByWindow
	case config.ApprovalRequired:
		a.Mode = pipeline.ByEditor
	}
	return a
}

// approvalWords says in a sentence what becomes of an edition that was made.
func (s *settings) approvalWords() string {
	where := " by commands alone, since web.listen is empty"
	if s.Web.Listen != "" {
		where = " on a page"
	}
	switch s.Approval.Mode {
	case config.ApprovalWindow:
		return fmt.Sprintf("%s sees each edition first, and decides%s; it goes out %s after their mail, unless it is held", s.EditorAddress(), where, s.Approval.Window)
	case config.ApprovalRequired:
		return fmt.Sprintf("%s sees each edition first, and decides%s; it goes out when it is approved", s.EditorAddress(), where)
	}
	return "none: each edition goes out as soon as it is made"
}

// postEditor hands a mail for the editor over.
func (s *settings) postEditor(ctx context.Context, m *digestmail.Message, at time.Time) error {
	if s.smtp == nil {
		return digestmail.Outbox{Dir: s.outbox()}.Draft(m, at)
	}
	return s.mailOne(ctx, m)
}

func editionsApproveCommand() command {
	return command{
		name: "editions approve", args: "[N]", does: "Let the edition that waits for its editor go out.",
		example: "standpoint editions approve 12",
		prepare: func(flags *flag.FlagSet) func(context.Context, *environment, []string) error {
			path := configFlag(flags)
			return func(ctx context.Context, env *environment, args []string) error {
				number, err := optionalEdition(args, "editions approve N")
				if err != nil {
					return err
				}
				return deskAt(ctx, env, *path, number, func(d *editorsDesk) error { return d.approve(ctx, env) })
			}
		},
	}
}

// optionalEdition reads the number of an edition, or 0 for the one that waits.
func optionalEdition(args []string, call string) (int, error) {
	if len(args) == 0 {
		return 0, nil
	}
	return editionNumber(args, call)
}

// editorsDesk is an office for what an editor does. Where another process has the state
// folder it works beside it: what it changes is one transaction each, and
// whoever has the folder goes on from there.
type editorsDesk struct {
	*office
	number int // of the edition that it is about
	beside bool
}

// deskAt opens the editor's desk for an edition, or for the one that waits. Where
// none waits it says so.
func deskAt(ctx context.Context, env *environment, path string, number int, work func(*editorsDesk) error) (err error) {
	s, err := load(env, path)
	if err != nil {
		return err
	}
	if err := s.requireFolders(); err != nil {
		return err
	}
	if !store.Exists(s.StateDir()) {
		return usage("no edition waits for approval: there is none yet")
	}
	d := &editorsDesk{number: number}
	if d.office, err = s.open(ctx, env); errors.Is(err, store.ErrHeld) {
		d.beside = true
		d.office, err = s.openBeside(ctx, env)
	}
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, d.Close()) }()
	if d.number == 0 {
		a, ok, err := d.worker.Store.OpenDraft(ctx)
		if err != nil {
			return err
		}
		if !ok {
			fmt.Fprintln(env.stdout, "No edition waits for approval.")
			return nil
		}
		d.number = a.Edition
	}
	return d.inWords(work(d))
}

// openBeside opens the store while another process has the state folder.
func (s *settings) openBeside(ctx context.Context, env *environment) (*office, error) {
	db, err := store.Open(ctx, s.StateDir())
	if err != nil {
		return nil, err
	}
	o := &office{settings: s}
	o.worker = o.newWorker(ctx, env, db)
	if err := o.setKeys(ctx, env); err != nil {
		return nil, errors.Join(err, o.Close())
	}
	return o, nil
}

// inWords makes a usage error of what an edition's state refuses.
func (d *editorsDesk) inWords(err error) error {
	switch {
	case errors.Is(err, store.ErrNoDraft):
		return usage("edition %d does not wait for approval; see: standpoint editions list", d.number)
	case errors.Is(err, store.ErrNoReaders):
		return usage("edition %d is not approved: %w; add one: standpoint subscribers add ADDRESS", d.number, store.ErrNoReaders)
	}
	return noEdition(err)
}

func (d *editorsDesk) approve(ctx context.Context, env *environment) error {
	if !d.beside { // the daemon does what was asked for on the draft's page
		if err := d.worker.Obey(ctx); err != nil {
			return err
		}
	}
	done, err := d.worker.Approve(ctx, d.number, 0, operatorName())
	if err != nil {
		return err
	}
	switch {
	case done.Withdrawn:
		fmt.Fprintf(env.stdout, "Edition %d has no piece left and is withdrawn: nobody gets it.\n", d.number)
		return nil
	case done.Already:
		a, _, err := d.worker.Store.Approval(ctx, d.number)
		if err != nil {
			return err
		}
		fmt.Fprintf(env.stdout, "Edition %d was approved before: %s, by %s.\n", d.number, d.clock(a.Decided), line(a.Who))
	default:
		fmt.Fprintf(env.stdout, "Edition %d is approved, for %s.\n", d.number, count(done.Planned, "reader"))
	}
	if d.beside {
		if !done.Already {
			fmt.Fprintln(env.stdout, "The process that has the state folder hands it over; a daemon does within a minute.")
		}
		return nil
	}
	e, err := d.worker.Store.EditionState(ctx, d.number)
	if err != nil || !e.Finished.IsZero() {
		return err
	}
	out, err := d.worker.ResumeEdition(ctx, d.number)
	return d.tellResumed(env, []pipeline.Outcome{out}, err)
}

// operatorName is who acts on the command line, for the log.
func operatorName() string {
	u, err := user.Current()
	if err != nil || u.Username == "" {
		return pipeline.Operator
	}
	return pipeline.Operator + " " + line(u.Username)
}
