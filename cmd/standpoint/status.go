package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"slices"
	"text/tabwriter"
	"time"

	"standpoint/digest/schedule"
	"standpoint/digest/store"
)

// overview is what status tells.
type overview struct {
	LastEdition int                         `json:"last_edition"` // 0: none yet
	LastCutoff  *time.Time                  `json:"last_cutoff"`
	NextGather  time.Time                   `json:"next_gather"`
	NextPublish time.Time                   `json:"next_publish"`
	Feeds       []feedHealth                `json:"feeds"`
	Waiting     int                         `json:"waiting"` // pieces that wait for their page
	Ready       int                         `json:"ready"`   // pieces for the next edition, copies counted
	Unfinished  []int                       `json:"unfinished"`
	Deliveries  map[store.DeliveryState]int `json:"deliveries"` // of the last edition
	Readers     []readerCount               `json:"readers"`
}

type feedHealth struct {
	Name         string     `json:"name"`
	URL          string     `json:"url"`
	LastRead     *time.Time `json:"last_read"`
	Failures     int        `json:"failures"` // in a row
	FailingSince *time.Time `json:"failing_since"`
	Error        string     `json:"error"`
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
				return o.print(env.stdout, s.Location())
			}
		},
	}
}

// overview reads the store beside a daemon that may be at work. Where there is
// no store yet it makes none.
func (s *settings) overview(ctx context.Context, now time.Time) (o overview, err error) {
	o = overview{Feeds: []feedHealth{}, Unfinished: []int{}, Readers: []readerCount{}, Deliveries: map[store.DeliveryState]int{}}
	if err := s.nextRuns(now, &o); err != nil {
		return o, err
	}
	if !store.Exists(s.StateDir()) {
		o.Feeds = s.health(nil)
		return o, nil
	}
	db, err := store.Open(ctx, s.StateDir())
	if err != nil {
		return o, err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	last, number, err := db.LastCutoff(ctx)
	if err != nil {
		return o, err
	}
	o.LastCutoff, o.LastEdition = when(last), number
	sources, err := db.Sources(ctx)
	if err != nil {
		return o, err
	}
	o.Feeds = s.health(sources)
	readers, err := db.Readers(ctx)
	if err != nil {
		return o, err
	}
	for _, r := range readers {
		o.Readers = append(o.Readers, readerCount{r.State, string(r.Origin), r.Count})
	}
	return o, o.queue(ctx, db, now)
}

// health lists the sources of the config with what the store knows of them.
func (s *settings) health(known []store.SourceState) []feedHealth {
	out := []feedHealth{}
	for _, source := range s.FeedSources() {
		h := feedHealth{Name: source.Name, URL: source.URL}
		if i := slices.IndexFunc(known, func(k store.SourceState) bool { return k.ID == source.ID }); i >= 0 {
			k := known[i]
			h.LastRead, h.Failures, h.FailingSince, h.Error = when(k.Contacted), k.Failures, when(k.FailingSince), k.Error
		}
		out = append(out, h)
	}
	return out
}

func (s *settings) nextRuns(now time.Time, o *overview) error {
	gather, err1 := schedule.Parse(s.Schedule.Gather, s.Location())
	publish, err2 := schedule.Parse(s.Schedule.Publish, s.Location())
	o.NextGather, o.NextPublish = gather.Next(now), publish.Next(now)
	return errors.Join(err1, err2)
}

// queue counts what is to be judged, published and delivered.
func (o *overview) queue(ctx context.Context, db *store.DB, now time.Time) error {
	waiting, err := db.Pending(ctx, now)
	if err != nil {
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
	o.Waiting = len(waiting)
	unfinished, err := db.Unfinished(ctx)
	if err != nil {
		return err
	}
	o.Unfinished = append(o.Unfinished, unfinished...)
	if o.LastEdition > 0 {
		o.Deliveries, err = db.Deliveries(ctx, o.LastEdition)
	}
	return err
}

func (o overview) print(w io.Writer, zone *time.Location) error {
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
	fmt.Fprintf(w, "Queue         %s ready, %d waiting for their page\n", count(o.Ready, "piece"), o.Waiting)
	for _, n := range o.Unfinished {
		fmt.Fprintf(w, "Unfinished    edition %d: the next run goes on with it\n", n)
	}
	for _, state := range deliveryStates() {
		if n := o.Deliveries[state]; n > 0 {
			fmt.Fprintf(w, "Deliveries    %d %s\n", n, state)
		}
	}
	for _, r := range o.Readers {
		fmt.Fprintf(w, "Readers       %d %s (from %s)\n", r.Count, r.State, r.Origin)
	}
	fmt.Fprintln(w)
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "FEED\tLAST READ\tHEALTH")
	var failed []feedHealth
	for _, f := range o.Feeds {
		health := "well"
		switch {
		case f.Failures == 1:
			health = "failed at the last try, " + day(f.FailingSince)
		case f.Failures > 1:
			health = fmt.Sprintf("failed %d times since %s", f.Failures, day(f.FailingSince))
		case f.LastRead == nil:
			health = "not read yet"
		}
		if f.Failures > 0 {
			failed = append(failed, f)
		}
		fmt.Fprintf(table, "%s\t%s\t%s\n", f.Name, day(f.LastRead), health)
	}
	if err := table.Flush(); err != nil || len(failed) == 0 {
		return err
	}
	fmt.Fprintln(w, "\nThe last errors:")
	for _, f := range failed {
		fmt.Fprintf(w, "  %s\n", f.Error)
	}
	return nil
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
