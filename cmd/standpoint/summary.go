package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"standpoint/digest"
	"standpoint/digest/config"
	"standpoint/digest/pipeline"
	"standpoint/digest/render"
	"standpoint/digest/store"
	"standpoint/feeds"
)

// printGathered says what a gathering brought, and what stands in the way of
// more. Sources that have failed for long were told of before.
func printGathered(env *environment, g pipeline.Gathered) {
	fmt.Fprintf(env.stdout, "Feeds: %d of %d read, %s", g.Read(), g.Sources, count(g.New, "new piece"))
	fmt.Fprintf(env.stdout, ", %d on the subject", g.Relevant)
	if g.Waiting > 0 {
		fmt.Fprintf(env.stdout, ", %d waiting for their page", g.Waiting)
	}
	fmt.Fprintln(env.stdout, ".")
	if g.Resting > 0 {
		fmt.Fprintf(env.stdout, "  Not asked: %s that asked to be left alone for now.\n", count(g.Resting, "feed"))
	}
	if g.Stopped > 0 {
		fmt.Fprintf(env.stdout, "  Not asked: %s, paused or gone; see: standpoint feeds list\n", count(g.Stopped, "feed"))
	}
	var long []string
	for _, f := range g.Failed {
		if f.Told {
			long = append(long, f.Source.Name)
			continue
		}
		fmt.Fprintf(env.stdout, "  Failed: %s: %s\n", f.Source.Name, reason(f))
	}
	if len(long) > 0 {
		fmt.Fprintf(env.stdout, "  Still failing: %s; see: standpoint feeds list\n", strings.Join(long, ", "))
	}
	for _, h := range g.Held {
		fmt.Fprintf(env.stdout, "  Held: %s brought %s at once, far more than an outlet does; look at them, then: standpoint feeds release %q\n",
			h.Source.Name, count(h.New, "new piece"), h.Source.Name)
	}
	for _, m := range g.Moved {
		fmt.Fprintf(env.stdout, "  Moved: %s is at %s now; write that into the config.\n", m.Source.Name, feeds.Redact(m.To))
	}
}

// reason is what went wrong and how to mend it, without the source's identifier
// where its name stands before it, and with its address.
func reason(f pipeline.Failure) string {
	e, ok := errors.AsType[*feeds.Error](f.Err)
	if !ok {
		return f.Err.Error()
	}
	text := e.Detail
	if e.Mend != "" {
		text += "; " + e.Mend
	}
	if address := feeds.Redact(f.Source.URL); !strings.Contains(text, address) {
		text = address + ": " + text
	}
	return text
}

// printEdition says what is in an edition, and what its letter shows of it.
func printEdition(env *environment, e digest.Edition, s render.Shown) {
	var parts []string
	for _, s := range e.Sections {
		if n := len(s.Entries); n > 0 {
			parts = append(parts, fmt.Sprintf("%s %d", s.Short, n))
		}
	}
	what := count(e.Entries(), "piece")
	if len(parts) > 0 {
		what += " (" + strings.Join(parts, ", ") + ")"
	}
	fmt.Fprintf(env.stdout, "Edition %d%s: %s.\n", e.Number, onlyIf(e.Note, ", a note for a quiet week"), what)
	printShown(env, s)
}

// printShown says how long the letter is, and what it had no room for.
func printShown(env *environment, s render.Shown) {
	fmt.Fprintf(env.stdout, "Letter: %s in full", count(s.Full, "piece"))
	if s.Brief > 0 {
		fmt.Fprintf(env.stdout, ", %d in one line", s.Brief)
	}
	if s.Left > 0 {
		fmt.Fprintf(env.stdout, ", %d only counted, for want of room", s.Left)
	}
	fmt.Fprintf(env.stdout, "; %d words, %d KB%s.\n", s.Words, (s.Bytes+999)/1000, onlyIf(s.Shortened, ", with shorter summaries"))
}

// quietWeek says why there is no edition, and what follows. Pieces may be held
// over.
func (s *settings) quietWeek(held int, follows string) string {
	if held == 0 {
		return "Nothing new: " + follows
	}
	return fmt.Sprintf("%s, fewer than edition.least (%d): held over for the next edition; %s", count(held, "new piece"), s.Edition.Least, follows)
}

// printOutcome says how the delivery of an edition stands, state by state.
func (o *office) printOutcome(env *environment, out pipeline.Outcome) {
	var parts []string
	for _, state := range deliveryStates() {
		if n := out.Count[state]; n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, state))
		}
	}
	switch {
	case len(parts) > 0:
		fmt.Fprintf(env.stdout, "Delivery of edition %d: %s.\n", out.Edition, strings.Join(parts, ", "))
	case out.Count != nil:
		fmt.Fprintf(env.stdout, "Delivery of edition %d: nobody was on the list.\n", out.Edition)
	}
	if _, err := os.Stat(o.shelf(out.Edition)); err == nil && o.smtp == nil {
		fmt.Fprintf(env.stdout, "Read it: %s\n", o.shelf(out.Edition))
	}
}

// shelf is where an outbox keeps an edition for the eye.
func (s *settings) shelf(edition int) string {
	return filepath.Join(s.outbox(), fmt.Sprintf("edition-%04d", edition), "edition.html")
}

// feedStatus is the exit status that the sources ask for: a few dead ones are
// daily life, more than a third is not.
func feedStatus(g pipeline.Gathered) error {
	switch {
	case g.Read() == 0 && g.Resting == 0 && len(g.Failed) > 1:
		return &statusError{statusPartly, errors.New("no feed could be read: is this machine connected to the network?")}
	case 3*len(g.Failed) > g.Sources:
		return &statusError{statusPartly, fmt.Errorf("%d of %s failed: see the lines above", len(g.Failed), count(g.Sources, "feed"))}
	}
	return nil
}

// deliveryStatus is the exit status that the deliveries ask for: that of the
// edition which fared worst.
func (s *settings) deliveryStatus(p pipeline.Published, err error) error {
	late, open, silent := 0, 0, 0 // the last edition that reached nobody; letters that wait, or were never answered
	refused := false              // an edition was, by all
	for _, o := range p.Outcomes {
		waiting := o.Count[store.Planned] + o.Count[store.Deferred] + o.Count[store.HandingOver]
		open, silent = open+waiting, silent+o.Count[store.Unknown]
		switch waiting += o.Count[store.Unknown]; {
		case o.Count[store.Accepted] > 0:
		case waiting > 0:
			late = o.Edition
		case o.Count[store.Refused] > 0:
			refused = true
		}
	}
	again := "the next run goes on with the edition"
	if s.Mail.Unknown == config.UnknownReport && open == 0 {
		again = "the connection broke before the server answered, and mail.unknown leaves these to you; see: standpoint editions show"
	}
	switch letters := plural(open+silent, "letter was", "letters were"); {
	case late > 0 && len(p.Outcomes) > 1:
		return &statusError{statusUnsent, because(err, "nobody was reached yet with edition %d, and %s not delivered; %s", late, letters, again)}
	case late > 0:
		return &statusError{statusUnsent, because(err, "nobody was reached yet; %s", again)}
	case refused:
		return &statusError{statusUnsent, because(err, "the server refused every letter of an edition; its words are in the log above")}
	case open+silent > 0:
		return &statusError{statusPartly, because(err, "%s not delivered yet; %s", letters, again)}
	}
	return err
}

// because says the cause, if there is one, and on a line of its own what follows
// from it.
func because(cause error, format string, args ...any) error {
	if cause == nil {
		return fmt.Errorf(format, args...)
	}
	return fmt.Errorf("%w\nstandpoint: %s", cause, fmt.Sprintf(format, args...))
}

// count writes a number with its noun.
func count(n int, noun string) string { return plural(n, noun, noun+"s") }

// plural writes a number with words for one or for many.
func plural(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}
