package main

import (
	"context"
	"fmt"
	"io"
	"strings"

	"standpoint/digest/store"
)

// shownReturned is of how many editions status tells what came back.
const shownReturned = 4

// tooMany complaints, as a share of the letters that were taken, is where Gmail
// begins to hold them against a sender (S17).
const tooMany = 0.001

// cameBack is what came back from one edition, as scripts get it.
type cameBack struct {
	Edition    int `json:"edition"`
	Accepted   int `json:"accepted"`
	Hard       int `json:"hard"`
	Soft       int `json:"soft"`
	Policy     int `json:"policy"`
	Complaints int `json:"complaints"`
	// Held says that the hard ones have suppressed nobody, since they are so many.
	Held bool `json:"held,omitempty"`
}

func newCameBack(edition, accepted int, n map[store.ReportKind]int) cameBack {
	return cameBack{Edition: edition, Accepted: accepted, Hard: n[store.ReportHard], Soft: n[store.ReportSoft], Policy: n[store.ReportPolicy], Complaints: n[store.ReportComplaint]}
}

func (o *overview) cameBack(ctx context.Context, db *store.DB) error {
	late, err := db.ReportedLately(ctx, shownReturned)
	if err != nil {
		return err
	}
	for _, e := range late {
		c := newCameBack(e.Edition, e.Accepted, e.Reports)
		if c.Held, err = db.BouncesHeld(ctx, e.Edition); err != nil {
			return err
		}
		o.Returned = append(o.Returned, c)
	}
	o.Suppressed, err = db.SuppressedCount(ctx)
	return err
}

func (o overview) printReturned(w io.Writer) {
	for _, e := range o.Returned {
		fmt.Fprintf(w, "Came back     edition %d: %s of %d accepted%s\n", e.Edition, e.counts(), e.Accepted, e.warning())
	}
	var parts []string
	for _, r := range []store.Reason{store.ReasonBounce, store.ReasonRefused, store.ReasonComplaint, store.ReasonOperator, store.ReasonLeft, store.ReasonErased} {
		if n := o.Suppressed[r]; n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, suppressedBy(r)))
		}
	}
	if len(parts) > 0 {
		fmt.Fprintf(w, "Suppressed    %s\n", strings.Join(parts, ", "))
	}
}

func (e cameBack) counts() string {
	var parts []string
	for _, each := range []struct {
		n    int
		name string
	}{{e.Hard, "hard bounce"}, {e.Soft, "soft bounce"}, {e.Policy, "policy bounce"}, {e.Complaints, "complaint"}} {
		if each.n > 0 {
			parts = append(parts, count(each.n, each.name))
		}
	}
	return strings.Join(parts, ", ")
}

// warning speaks of what puts all letters in danger.
func (e cameBack) warning() string {
	share := float64(e.Complaints) / float64(max(e.Accepted, 1))
	switch {
	case e.Held:
		return fmt.Sprintf("; so many hard bounces are held back: see to the mail server, or, if they are right: standpoint bounce --apply %d", e.Edition)
	case e.Complaints > 0 && share >= tooMany:
		return fmt.Sprintf("; complaints are %.2f %% (keep them below 0.10 %%: is leaving easy, and did all ask for the letter?)", 100*share)
	case e.Policy > 0:
		return "; a policy bounce refuses you, not the reader: see standpoint check --online"
	}
	return ""
}

func suppressedBy(r store.Reason) string {
	return map[store.Reason]string{
		store.ReasonBounce: "bounced", store.ReasonRefused: "refused", store.ReasonComplaint: "complained",
		store.ReasonOperator: "by the operator", store.ReasonLeft: "left", store.ReasonErased: "erased",
	}[r]
}
