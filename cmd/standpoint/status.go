package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"time"

	"standpoint/digest/schedule"
	"standpoint/digest/store"
)

// overview is what status tells.
type overview struct {
	LastEdition int                         `json:"last_edition"` // that is no draft; 0: none yet
	LastCutoff  *time.Time                  `json:"last_cutoff"`
	NextGather  time.Time                   `json:"next_gather"`
	NextPublish time.Time                   `json:"next_publish"`
	Slots       []slotOutcome               `json:"slots"` // the last ones for publishing, the newest first
	Feeds       []feedHealth                `json:"feeds"`
	Waiting     int                         `json:"waiting"` // pieces that wait for their page
	Ready       int                         `json:"ready"`   // pieces for the next edition, copies counted
	Unfinished  []int                       `json:"unfinished"`
	Draft       *draftRow                   `json:"draft"`      // the edition that waits for its editor; null: none
	Deliveries  map[store.DeliveryState]int `json:"deliveries"` // of the last edition
	Unaccepted  []standing                  `json:"unaccepted"` // a few readers of each state who have not got it
	Readers     []readerCount               `json:"readers"`
	Asked       askedQueue                  `json:"confirmations"`
	Returned    []cameBack                  `json:"returned"`        // of the last editions
	Suppressed  map[store.Reason]int        `json:"suppressed"`      // addresses, by reason
	Foreign     []foreignCount              `json:"other_languages"` // pieces that were not judged
	Opinions    secondOpinions              `json:"second_opinions"`
	Corrections correctionCounts            `json:"corrections"`
}

type readerCount struct {
	State  string `json:"state"`
	Origin string `json:"origin"`
	Count  int    `json:"count"`
}

func statusCommand() command {
	return command{
		name: "status", does: "Show the last and next edition, the feeds' health, the queue and the deliveries.",
		example: "standpoint status --json",
		prepare: func(flags *flag.FlagSet) func(context.Context, *environment, []string) error {
			path, asJSON := configFlag(flags), jsonFlag(flags)
			return func(ctx context.Context, env *environment, _ []string) error {
				s, err := load(env, *path)
				if err != nil {
					return err
				}
				o, err := s.overview(ctx, env.now())
				if err != nil {
					return err
				}
				if *asJSON {
					return printJSON(env.stdout, o)
				}
				return o.print(plain{env.stdout}, env.now(), s.Location())
			}
		},
	}
}

// overview reads the store beside a daemon that may be at work. Where there is
// no store yet it makes none.
func (s *settings) overview(ctx context.Context, now time.Time) (o overview, err error) {
	o = overview{Corrections: correctionCounts{KeptOut: []keptOut{}}, Opinions: secondOpinions{Contradictions: []contradiction{}}, Feeds: []feedHealth{}, Slots: []slotOutcome{}, Unfinished: []int{}, Readers: []readerCount{}, Returned: []cameBack{}, Suppressed: map[store.Reason]int{}, Foreign: []foreignCount{}, Deliveries: map[store.DeliveryState]int{}, Unaccepted: []standing{}}
	if err := s.nextRuns(now, &o); err != nil {
		return o, err
	}
	if !store.Exists(s.StateDir()) {
		o.Feeds = s.health(nil, now)
		return o, nil
	}
	db, err := store.Open(ctx, s.StateDir())
	if err != nil {
		return o, err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	last, _, err := db.LastCutoff(ctx)
	if err != nil {
		return o, err
	}
	o.LastCutoff = when(last)
	if o.LastEdition, err = db.LastPublic(ctx); err != nil {
		return o, err
	}
	known, err := db.Health(ctx, now)
	if err != nil {
		return o, err
	}
	o.Feeds = s.health(known, now)
	readers, err := db.Readers(ctx)
	if err != nil {
		return o, err
	}
	for _, r := range readers {
		o.Readers = append(o.Readers, readerCount{r.State, string(r.Origin), r.Count})
	}
	if o.Asked, err = askedIn(ctx, db); err != nil {
		return o, err
	}
	if o.Corrections, err = correctionsIn(ctx, db); err != nil {
		return o, err
	}
	if err := o.secondOpinions(ctx, db, now); err != nil {
		return o, err
	}
	if o.Foreign, err = foreign(ctx, db, now); err != nil {
		return o, err
	}
	if err := o.cameBack(ctx, db); err != nil {
		return o, err
	}
	if err := o.deliveries(ctx, s, db); err != nil {
		return o, err
	}
	if err := o.slots(ctx, db); err != nil {
		return o, err
	}
	if err := o.draft(ctx, s, db); err != nil {
		return o, err
	}
	return o, o.queue(ctx, db, now)
}

func (s *settings) nextRuns(now time.Time, o *overview) error {
	gather, err1 := schedule.Parse(s.Schedule.Gather, s.Location())
	publish, err2 := schedule.Parse(s.Schedule.Publish, s.Location())
	o.NextGather, o.NextPublish = gather.Next(now), publish.Next(now)
	return errors.Join(err1, err2)
}

// queue counts what is to be judged and published, and names what is to be
// delivered.
func (o *overview) queue(ctx context.Context, db *store.DB, now time.Time) error {
	var err error
	if o.Waiting, err = db.Waiting(ctx, now); err != nil {
		return err
	}
	ready, err := db.Candidates(ctx, now)
	if err != nil {
		return err
	}
	for _, c := range ready {
		if c.Repeat == 0 {
			o.Ready++
		}
	}
	unfinished, err := db.Unfinished(ctx)
	if err != nil {
		return err
	}
	o.Unfinished = append(o.Unfinished, unfinished...)
	return nil
}

func (o overview) print(w io.Writer, now time.Time, zone *time.Location) error {
	day := func(t *time.Time) string {
		if t == nil {
			return "never"
		}
		return t.In(zone).Format("Mon 2 Jan 2006 15:04")
	}
	if o.LastEdition > 0 {
		fmt.Fprintf(w, "Last edition  %d; last cut-off %s\n", o.LastEdition, day(o.LastCutoff))
	} else {
		fmt.Fprintf(w, "Last edition  none yet; last cut-off %s\n", day(o.LastCutoff))
	}
	fmt.Fprintf(w, "Next          gathering %s, edition %s\n", day(&o.NextGather), day(&o.NextPublish))
	o.printSlots(w, zone)
	fmt.Fprintf(w, "Queue         %s ready, %d waiting for their page\n", count(o.Ready, "piece"), o.Waiting)
	o.printWaiting(w, clock{now, zone})
	for _, n := range o.Unfinished {
		fmt.Fprintf(w, "Unfinished    edition %d: the next run goes on with it\n", n)
	}
	o.printDeliveries(w, clock{now, zone})
	for _, r := range o.Readers {
		fmt.Fprintf(w, "Readers       %d %s (from %s)\n", r.Count, r.State, r.Origin)
	}
	o.Asked.print(w, clock{now, zone})
	o.printReturned(w)
	o.Corrections.print(w)
	o.Opinions.print(w)
	printForeign(w, o.Foreign)
	fmt.Fprintln(w)
	return printFeeds(w, o.Feeds, clock{now, zone}, feedHealth.needsCare)
}

func deliveryStates() []store.DeliveryState {
	return []store.DeliveryState{
		store.Accepted, store.Refused, store.Deferred, store.Unknown, store.Planned, store.HandingOver, store.Dropped,
	}
}

func when(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

func printJSON(w io.Writer, v any) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	return e.Encode(v)
}
