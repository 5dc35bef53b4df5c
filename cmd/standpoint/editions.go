package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"

	"standpoint/digest/store"
)

// editionRow is an edition as scripts get it.
type editionRow struct {
	Number     int                         `json:"number"`
	From       time.Time                   `json:"from"`
	To         time.Time                   `json:"to"`
	Pieces     int                         `json:"pieces"`
	Frozen     time.Time                   `json:"frozen"`             // of one that is not approved: when it was drafted
	Finished   *time.Time                  `json:"finished"`           // null: some deliveries are open
	Approval   store.ApprovalState         `json:"approval,omitempty"` // waiting, held, approved or withdrawn; empty: it needed none
	Deliveries map[store.DeliveryState]int `json:"deliveries"`
}

func (s *settings) editionRow(e store.EditionState) editionRow {
	zone := s.Location()
	row := editionRow{
		Number: e.Number, From: e.Window.From.In(zone), To: e.Window.To.In(zone),
		Pieces: e.Pieces, Frozen: e.Frozen.In(zone), Approval: e.Approval, Deliveries: e.Deliveries,
	}
	if !e.Finished.IsZero() {
		row.Finished = when(e.Finished.In(zone))
	}
	return row
}

func editionsListCommand() command {
	return command{
		name: "editions list", does: "List the editions and how their deliveries stand.",
		example: "standpoint editions list --json",
		prepare: func(flags *flag.FlagSet) func(context.Context, *environment, []string) error {
			path, asJSON := configFlag(flags), jsonFlag(flags)
			return func(ctx context.Context, env *environment, _ []string) error {
				s, err := load(env, *path)
				if err != nil {
					return err
				}
				all, err := s.editions(ctx)
				if err != nil {
					return err
				}
				if !*asJSON {
					return s.printEditions(plain{env.stdout}, all, env.now())
				}
				for _, e := range all {
					if err := printJSON(env.stdout, s.editionRow(e)); err != nil {
						return err
					}
				}
				return nil
			}
		},
	}
}

// editions reads how all editions stand, beside a daemon that may be at work.
// Where there is no store yet it makes none.
func (s *settings) editions(ctx context.Context) (all []store.EditionState, err error) {
	if !store.Exists(s.StateDir()) {
		return nil, nil
	}
	db, err := store.Open(ctx, s.StateDir())
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	return db.Editions(ctx)
}

func (s *settings) printEditions(w io.Writer, all []store.EditionState, now time.Time) error {
	if len(all) == 0 {
		_, err := fmt.Fprintln(w, "No edition yet.")
		return err
	}
	times := clock{now, s.Location()}
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "NO.\tWEEK\tPIECES\tFROZEN\tFINISHED\tDELIVERIES")
	for _, e := range all {
		frozen, finished := times.at(e.Frozen), "not yet"
		switch {
		case e.Approval != "" && e.Approval != store.DraftApproved:
			frozen, finished = "draft of "+frozen, string(e.Approval) // waiting, held, withdrawn
		case !e.Finished.IsZero():
			finished = times.at(e.Finished)
		}
		fmt.Fprintf(table, "%d\t%s\t%d\t%s\t%s\t%s\n", e.Number, times.week(e), e.Pieces, frozen, finished, deliveriesIn(e.Deliveries))
	}
	return table.Flush()
}

// week is the span of days that an edition is of.
func (c clock) week(e store.EditionState) string {
	return c.day(e.Window.From) + " – " + c.day(e.Window.To)
}

// deliveriesIn counts deliveries in words, state by state.
func deliveriesIn(counts map[store.DeliveryState]int) string {
	var parts []string
	for _, state := range deliveryStates() {
		if n := counts[state]; n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, state))
		}
	}
	return strings.Join(parts, ", ")
}

// unaccepted are the states of letters that their readers do not have, as far as
// is known: first those that ask for a look.
func unaccepted() []store.DeliveryState {
	return slices.DeleteFunc(deliveryStates(), func(s store.DeliveryState) bool { return s == store.Accepted })
}

// editionNumber reads the number of an edition off the command line.
func editionNumber(args []string, call string) (int, error) {
	if len(args) != 1 {
		return 0, usage("say which edition by its number: standpoint %s", call)
	}
	n, err := strconv.Atoi(args[0])
	if err != nil || n < 1 {
		return 0, usage("%q is no number of an edition; see: standpoint editions list", line(args[0]))
	}
	return n, nil
}

// noEdition makes a usage error of a number that no edition has.
func noEdition(err error) error {
	if errors.Is(err, store.ErrNoEdition) {
		return usage("%w; see: standpoint editions list", err)
	}
	return err
}
