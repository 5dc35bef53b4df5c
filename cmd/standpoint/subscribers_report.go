package main

import (
	"fmt"
	"io"

	"standpoint/digest/store"
)

// tellLines says of each line what became of it, or only of those whose readers
// stay suppressed, or are taken off the list.
func (im importing) tellLines(env *environment, file io.ReadSeeker, out store.Imported) error {
	nth, suppressed := 0, out.Suppressed
	for e, err := range im.taken(file) {
		if err != nil {
			return err
		}
		outcome := out.Each[nth]
		nth++
		switch {
		case outcome == store.ImportSuppressed:
			fmt.Fprintf(env.stderr, "standpoint: %s:%d: %s %v; it stays so\n", im.file(), e.line, line(e.reader.Address), &store.SuppressedError{Suppression: suppressed[0]})
			suppressed = suppressed[1:]
		case im.lines || im.dry || outcome == store.ImportEnded:
			fmt.Fprintf(env.stdout, "%s:%d: %s: %s\n", im.file(), e.line, line(e.reader.Address), outcomeWords(outcome, e.reader.Reason))
		}
	}
	return nil
}

func outcomeWords(o store.Outcome, reason store.Reason) string {
	return map[store.Outcome]string{
		store.ImportAdded: "added", store.ImportPending: "added, to confirm", store.ImportPaused: "added, paused",
		store.ImportRevived: "active again", store.ImportPresent: "already on the list", store.ImportBarred: "suppressed from now on",
		store.ImportEnded: "was on the list, and is " + reasonState(reason) + " from now on",
	}[o]
}

// reasonState is the state of a reader who is suppressed for the reason.
func reasonState(reason store.Reason) string {
	switch reason {
	case store.ReasonLeft:
		return "left"
	case store.ReasonComplaint:
		return "complained"
	case store.ReasonOperator:
		return "suppressed"
	}
	return "bounced"
}

// print adds up all lines: whoever was on one is in one of the numbers.
func (im importing) print(env *environment, out store.Imported, refused int) {
	pending, paused := out.Count[store.ImportPending], out.Count[store.ImportPaused]
	text := plural(out.Count[store.ImportAdded]+pending+paused, "reader", "readers") + " added"
	if pending > 0 {
		text += fmt.Sprintf(" (%d of them to confirm)", pending)
	}
	if paused > 0 {
		text += fmt.Sprintf(" (%d of them paused)", paused)
	}
	text += fmt.Sprintf(", %d active again, %d already on the list, %d suppressed",
		out.Count[store.ImportRevived], out.Count[store.ImportPresent], out.Count[store.ImportSuppressed]+out.Count[store.ImportBarred])
	if n := out.Count[store.ImportEnded]; n > 0 {
		text += fmt.Sprintf(", %d taken off the list", n)
	}
	if n := len(im.twice); n > 0 {
		text += fmt.Sprintf(", %d named again", n)
	}
	text += ", " + plural(refused, "line", "lines") + " refused."
	if im.dry {
		text += " Dry run: nothing was changed."
	}
	fmt.Fprintln(env.stdout, text)
}
