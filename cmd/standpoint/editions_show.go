package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"time"

	"standpoint/digest/config"
	"standpoint/digest/store"
)

// standing is a reader whose letter is not accepted, as scripts get it.
type standing struct {
	Reader   int64               `json:"reader"`
	State    store.DeliveryState `json:"state"`
	Attempts int                 `json:"attempts"`
	Reply    string              `json:"reply"`
	Changed  time.Time           `json:"changed"`
	Due      *time.Time          `json:"due"` // null: at any time, or never
}

func (s *settings) standing(d store.Standing) standing {
	zone := s.Location()
	out := standing{Reader: d.Subscriber, State: d.State, Attempts: d.Attempts, Reply: line(d.Reply), Changed: d.Changed.In(zone)}
	if s.triedAgain(d) && !d.Due.IsZero() {
		out.Due = when(d.Due.In(zone))
	}
	return out
}

// triedAgain says whether a letter will be handed over once more without the
// operator's doing.
func (s *settings) triedAgain(d store.Standing) bool {
	return d.State == store.Deferred || d.State == store.Unknown && s.Mail.Unknown == config.UnknownResend
}

func editionsShowCommand() command {
	return command{
		name: "editions show", args: "N", does: "Show how an edition's deliveries stand, with the servers' own words.",
		example: "standpoint editions show 12 --json",
		prepare: func(flags *flag.FlagSet) func(context.Context, *environment, []string) error {
			path, asJSON := configFlag(flags), jsonFlag(flags)
			return func(ctx context.Context, env *environment, args []string) error {
				number, err := editionNumber(args, "editions show N")
				if err != nil {
					return err
				}
				s, err := load(env, *path)
				if err != nil {
					return err
				}
				return s.besideEdition(ctx, number, func(db *store.DB, e store.EditionState) error {
					if *asJSON {
						return s.showJSON(ctx, env.stdout, db, e)
					}
					return s.show(ctx, plain{env.stdout}, db, e, env.now())
				})
			}
		},
	}
}

// besideEdition opens the store beside a daemon that may be at work and reads
// how an edition stands.
func (s *settings) besideEdition(ctx context.Context, number int, work func(*store.DB, store.EditionState) error) (err error) {
	if !store.Exists(s.StateDir()) {
		return noEdition(fmt.Errorf("edition %d: %w", number, store.ErrNoEdition))
	}
	db, err := store.Open(ctx, s.StateDir())
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	e, err := db.EditionState(ctx, number)
	if err != nil {
		return noEdition(err)
	}
	return work(db, e)
}

func (s *settings) show(ctx context.Context, w io.Writer, db *store.DB, e store.EditionState, now time.Time) error {
	out, times := &sticky{out: w}, clock{now, s.Location()}
	fmt.Fprintf(out, "Edition %d    %s, %s\n", e.Number, times.week(e), count(e.Pieces, "piece"))
	draft, err := s.draftOf(ctx, db, e.Number)
	if err != nil {
		return err
	}
	if draft != nil && draft.Decided == nil {
		fmt.Fprintf(out, "Drafted      %s\n", times.at(e.Frozen))
		s.printDraft(out, draft, times)
		return out.err
	}
	fmt.Fprintf(out, "Frozen       %s\n", times.at(e.Frozen))
	if e.Finished.IsZero() {
		fmt.Fprintf(out, "Finished     not yet: the next run goes on with it, or: standpoint editions resume %d\n", e.Number)
	} else {
		fmt.Fprintf(out, "Finished     %s\n", times.at(e.Finished))
	}
	for _, state := range deliveryStates() {
		if n := e.Deliveries[state]; n > 0 {
			fmt.Fprintf(out, "Deliveries   %d %s%s\n", n, state, s.meaning(e.Number, state))
		}
	}
	reports, err := db.Reported(ctx, e.Number)
	if err != nil {
		return err
	}
	if len(reports) > 0 {
		fmt.Fprintf(out, "Came back    %s\n", newCameBack(e.Number, e.Deliveries[store.Accepted], reports).counts())
	}
	s.printDraft(out, draft, times)
	head := "\nREADER    STATE         TRIES  TRIED AGAIN   WHAT WAS SAID\n"
	for _, state := range unaccepted() {
		for d, err := range db.Standings(ctx, e.Number, state, 0) {
			if err != nil {
				return err
			}
			if state == store.Planned && d.Attempts == 0 {
				continue // their number says it all, and may be large
			}
			fmt.Fprint(out, head)
			head = ""
			fmt.Fprintf(out, "%-8d  %-12s  %5d  %-12s  %s\n", d.Subscriber, d.State, d.Attempts, s.dueIn(d, times), line(d.Reply))
			if out.err != nil {
				return out.err
			}
		}
	}
	return out.err
}

// dueIn says when a letter is tried again.
func (s *settings) dueIn(d store.Standing, times clock) string {
	switch {
	case d.State == store.Planned:
		return "next"
	case !s.triedAgain(d):
		return "–"
	case !d.Due.After(times.now):
		return "next"
	}
	return times.at(d.Due)
}

// meaning says of a state what follows, where its name does not.
func (s *settings) meaning(edition int, state store.DeliveryState) string {
	switch state {
	case store.Planned:
		return ", not handed over yet"
	case store.HandingOver:
		return ": in hand now, or the program ended meanwhile; the next run finds out"
	case store.Dropped:
		return ": no longer active when their turn came"
	case store.Unknown:
		if s.Mail.Unknown == config.UnknownResend {
			return ": the connection broke before the server answered; they go again under the same Message-ID"
		}
		return fmt.Sprintf(": the connection broke before the server answered; yours to settle: standpoint editions resume %d --unknown resend (or accepted)", edition)
	}
	return ""
}

// showJSON prints one object, and streams its readers into it.
func (s *settings) showJSON(ctx context.Context, w io.Writer, db *store.DB, e store.EditionState) error {
	head, err := json.Marshal(s.editionRow(e))
	if err != nil {
		return err
	}
	draft, err := s.draftOf(ctx, db, e.Number)
	if err != nil {
		return err
	}
	out := &sticky{out: w}
	out.Write(head[:len(head)-1])
	if draft != nil {
		approval, err := json.Marshal(draft)
		if err != nil {
			return err
		}
		fmt.Fprintf(out, `,"draft":%s`, approval)
	}
	fmt.Fprint(out, `,"readers":[`)
	between := ""
	for _, state := range unaccepted() {
		for d, err := range db.Standings(ctx, e.Number, state, 0) {
			if err != nil {
				return err
			}
			fmt.Fprint(out, between)
			if err := printJSON(out, s.standing(d)); err != nil {
				return err
			}
			between = ","
		}
	}
	fmt.Fprintln(out, "]}")
	return out.err
}
