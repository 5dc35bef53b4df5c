package main

import (
	"errors"
	"fmt"
	"path/filepath"
	"strings"

	"standpoint/digest"
	"standpoint/digest/pipeline"
	"standpoint/digest/store"
)

// printGathered says what a gathering brought, and each source that failed.
func printGathered(env *environment, g pipeline.Gathered) {
	fmt.Fprintf(env.stdout, "Feeds: %d of %d read, %s", g.Read(), g.Sources, count(g.New, "new piece"))
	fmt.Fprintf(env.stdout, ", %d on the subject", g.Relevant)
	if g.Waiting > 0 {
		fmt.Fprintf(env.stdout, ", %d waiting for their page", g.Waiting)
	}
	fmt.Fprintln(env.stdout, ".")
	for _, f := range g.Failed {
		fmt.Fprintf(env.stdout, "  %s did not answer well: %v\n", f.Source.Name, f.Err)
	}
}

// printEdition says what is in an edition.
func printEdition(env *environment, e digest.Edition) {
	var parts []string
	for _, s := range e.Sections {
		if n := len(s.Entries); n > 0 {
			parts = append(parts, fmt.Sprintf("%s %d", s.Short, n))
		}
	}
	fmt.Fprintf(env.stdout, "Edition %d: %s (%s).\n", e.Number, count(e.Entries(), "piece"), strings.Join(parts, ", "))
}

// printOutcome says how the delivery of an edition stands, state by state.
func (o *office) printOutcome(env *environment, out pipeline.Outcome) {
	var parts []string
	for _, state := range deliveryStates() {
		if n := out.Count[state]; n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, state))
		}
	}
	if len(parts) == 0 {
		parts = []string{"nobody was on the list"}
	}
	fmt.Fprintf(env.stdout, "Edition %d: deliveries: %s.\n", out.Edition, strings.Join(parts, ", "))
	if o.smtp == nil {
		fmt.Fprintf(env.stdout, "  %s\n", filepath.Join(o.outbox(), fmt.Sprintf("edition-%04d", out.Edition), "edition.html"))
	}
}

// feedStatus is the exit status that the sources ask for: a few dead ones are
// daily life, more than a third is not.
func feedStatus(g pipeline.Gathered) error {
	if 3*len(g.Failed) > g.Sources {
		return &statusError{statusPartly, fmt.Errorf("%d of %d feeds failed: see the lines above", len(g.Failed), g.Sources)}
	}
	return nil
}

// deliveryStatus is the exit status that the deliveries ask for.
func deliveryStatus(p pipeline.Published, err error) error {
	reached, open := 0, 0
	for _, o := range p.Outcomes {
		reached += o.Count[store.Accepted]
		open += o.Count[store.Planned] + o.Count[store.Deferred] + o.Count[store.HandingOver] + o.Count[store.Unknown]
	}
	switch {
	case err == nil && open == 0:
		return nil
	case open > 0 && reached == 0:
		return &statusError{statusUnsent, errors.Join(errors.New("nobody was reached; the next run goes on"), err)}
	case open > 0:
		return &statusError{statusPartly, errors.Join(fmt.Errorf("%s not reached yet; the next run goes on", count(open, "reader")), err)}
	default:
		return err
	}
}

// count writes a number with its noun.
func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
