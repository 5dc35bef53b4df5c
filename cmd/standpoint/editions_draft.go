package main

import (
	"context"
	"fmt"
	"io"
	"time"

	"standpoint/digest/pipeline"
	"standpoint/digest/store"
)

// draftRow is a draft as scripts get it.
type draftRow struct {
	Edition  int                 `json:"edition"`
	Mode     string              `json:"mode"`
	State    store.ApprovalState `json:"state"`
	Drafted  time.Time           `json:"drafted"`
	Told     *time.Time          `json:"told"`     // null: the editor has no mail yet
	Deadline *time.Time          `json:"deadline"` // null: it does not go out by itself
	Revision int                 `json:"revision"`
	Decided  *time.Time          `json:"decided"` // null: it waits
	Who      string              `json:"who"`
	Why      string              `json:"why"`
	Dropped  []droppedRow        `json:"dropped,omitempty"`
	Log      []actRow            `json:"log,omitempty"`
}

type droppedRow struct {
	Title string    `json:"title"`
	URL   string    `json:"url"`
	At    time.Time `json:"at"`
	Who   string    `json:"who"`
	Why   string    `json:"why"`
}

// actRow is a line of a draft's log.
type actRow struct {
	At       time.Time     `json:"at"`
	Who      string        `json:"who"`
	What     store.ActKind `json:"what"`
	Title    string        `json:"title,omitempty"`
	Stance   string        `json:"stance,omitempty"` // corrected: irrelevant, or a stance
	Why      string        `json:"why,omitempty"`
	Revision int           `json:"revision"`
}

func (s *settings) draftRow(a store.Approval) *draftRow {
	in := func(t time.Time) *time.Time {
		if t.IsZero() {
			return nil
		}
		return when(t.In(s.Location()))
	}
	return &draftRow{
		Edition: a.Edition, Mode: a.Mode, State: a.State, Drafted: a.Drafted.In(s.Location()), Told: in(a.Told), Deadline: in(a.Deadline),
		Revision: a.Revision, Decided: in(a.Decided), Who: a.Who, Why: a.Why,
	}
}

// draftOf reads how an edition stands with its editor, with its log; nil: it needed
// no approval.
func (s *settings) draftOf(ctx context.Context, db *store.DB, edition int) (*draftRow, error) {
	a, ok, err := db.Approval(ctx, edition)
	if err != nil || !ok {
		return nil, err
	}
	row := s.draftRow(a)
	gone, err := db.DroppedFrom(ctx, edition)
	if err != nil {
		return nil, err
	}
	for _, p := range gone {
		row.Dropped = append(row.Dropped, droppedRow{p.Title, p.URL, p.At.In(s.Location()), p.Who, p.Why})
	}
	log, err := db.ApprovalLog(ctx, edition)
	for _, l := range log {
		r := actRow{At: l.At.In(s.Location()), Who: orElse(l.Who, "standpoint"), What: l.What, Title: l.Title, Why: l.Why, Revision: l.Revision}
		if l.What == store.ActCorrected {
			r.Stance = orElse(string(l.Stance), irrelevant)
		}
		row.Log = append(row.Log, r)
	}
	return row, err
}

// printDraft tells in a few lines how an edition stands with its editor, and what
// was done with it.
func (s *settings) printDraft(out io.Writer, row *draftRow, times clock) {
	if row == nil {
		return
	}
	fmt.Fprintf(out, "Approval     %s\n", row.words(times))
	for _, p := range row.Dropped {
		fmt.Fprintf(out, "Dropped      “%s”, %s, by %s: %s\n", line(p.Title), times.at(p.At), line(p.Who), line(p.Why))
	}
	fmt.Fprintln(out, "\nWHEN          WHO               WHAT")
	for _, l := range row.Log {
		fmt.Fprintf(out, "%-12s  %-16s  %s\n", times.at(l.At), line(l.Who), l.words())
	}
}

func (l actRow) words() string {
	text := string(l.What)
	if l.What == store.ActTold || l.What == store.ActReminded {
		text += ": the mail was taken over"
	}
	if l.Title != "" {
		text += " “" + short(l.Title, 60) + "”"
	}
	return text + prefixed(" to ", l.Stance) + prefixed(": ", line(l.Why))
}

// words says how a draft stands.
func (r *draftRow) words(times clock) string {
	switch r.State {
	case store.DraftApproved:
		return fmt.Sprintf("%s, by %s", times.at(*r.Decided), line(r.Who))
	case store.DraftWithdrawn:
		return fmt.Sprintf("withdrawn %s, by %s: every piece was dropped", times.at(*r.Decided), line(r.Who))
	case store.DraftHeld:
		return fmt.Sprintf("held by %s: %s; to send it: standpoint editions approve %d", line(r.Who), line(r.Why), r.Edition)
	}
	switch {
	case r.Deadline != nil:
		return fmt.Sprintf("waits; it goes out %s unless it is held: standpoint editions hold %d --why TEXT", times.at(*r.Deadline), r.Edition)
	case r.Told == nil && r.Mode == string(pipeline.ByWindow):
		return fmt.Sprintf("waits until the editor can be mailed; or: standpoint editions approve %d", r.Edition)
	}
	return fmt.Sprintf("waits for it: standpoint editions approve %d", r.Edition)
}

// tellDraft says on standard output what a publication left with the editor.
func (o *office) tellDraft(env *environment, p pipeline.Published) {
	times := clock{env.now(), o.Location()}
	if p.Edition != nil {
		printEdition(env, *p.Edition, p.Shown)
	} else {
		fmt.Fprintf(env.stdout, "What is new waits until edition %d is approved.\n", p.Draft.Edition)
	}
	a := *p.Draft
	switch {
	case a.State == store.DraftHeld:
		fmt.Fprintf(env.stdout, "Edition %d is held by %s: %s. It goes out when it is approved.\n", a.Edition, line(a.Who), line(a.Why))
	case a.Deadline.IsZero():
		fmt.Fprintf(env.stdout, "Edition %d waits for approval by %s.\n", a.Edition, o.EditorAddress())
	default:
		fmt.Fprintf(env.stdout, "Edition %d waits for approval by %s. The first run after %s sends it, unless it is held.\n",
			a.Edition, o.EditorAddress(), times.at(a.Deadline))
	}
	fmt.Fprintf(env.stdout, "Approve it: standpoint editions approve %d\n", a.Edition)
}

// draft notes the draft that waits.
func (o *overview) draft(ctx context.Context, s *settings, db *store.DB) error {
	a, ok, err := db.OpenDraft(ctx)
	if err == nil && ok {
		o.Draft = s.draftRow(a)
	}
	return err
}

// printWaiting names it.
func (o overview) printWaiting(w io.Writer, times clock) {
	if o.Draft != nil {
		fmt.Fprintf(w, "Draft         edition %d %s\n", o.Draft.Edition, o.Draft.words(times))
	}
}
