package main

import (
	"context"
	"fmt"
	"sync/atomic"
	"time"

	"standpoint/digest/config"
	"standpoint/digest/schedule"
	"standpoint/digest/store"
)

// attendAgain is how long the daemon waits when something failed for a draft.
const attendAgain = 10 * time.Minute

// attendance is what the daemon knows of the draft that waits.
type attendance struct {
	call  chan struct{} // somebody has acted
	hurry atomic.Bool   // so what failed is tried again at once
	after time.Time     // when a fault may be tried again
	tried map[int]bool  // approved editions that were handed over once; later runs go on with them
}

// attendJob looks after the draft that waits: each minute, and as soon as
// somebody has acted. Nothing is to be looked after where nobody approves.
func (o *office) attendJob(ctx context.Context) (schedule.Job, bool, error) {
	_, waits, err := o.worker.Store.OpenDraft(ctx)
	if err != nil || o.Approval.Mode == config.ApprovalNone && !waits {
		return schedule.Job{}, false, err
	}
	when, err := schedule.Parse("* * * * *", o.Location())
	if err != nil {
		return schedule.Job{}, false, err
	}
	o.attendance = &attendance{call: make(chan struct{}, 1), tried: map[int]bool{}}
	return schedule.Job{Name: "approve", When: when, Call: o.attendance.call, Work: func(ctx context.Context) { o.attend(ctx) }}, true, nil
}

// callAttend has the draft looked after at once.
func (o *office) callAttend() {
	if o.attendance == nil {
		return
	}
	o.attendance.hurry.Store(true)
	select {
	case o.attendance.call <- struct{}{}:
	default: // it was called, and has not begun
	}
}

// attend does what the editor asked for and what is due, and delivers what was
// approved.
func (o *office) attend(ctx context.Context) {
	if !o.attendance.hurry.Swap(false) && o.worker.Now().Before(o.attendance.after) {
		return
	}
	if err := o.worker.Attend(ctx); err != nil && ctx.Err() == nil {
		o.attendance.after = o.worker.Now().Add(attendAgain)
		o.worker.Log.Error("the draft was not looked after", "err", err)
		o.heedPublished(ctx, nil, err)
	}
	o.heedDraft(ctx)
	o.deliverApproved(ctx)
}

// deliverApproved goes on with editions that were approved since the last look.
func (o *office) deliverApproved(ctx context.Context) {
	fresh := false
	numbers, err := o.worker.Store.Awaited(ctx)
	if err != nil {
		o.worker.Log.Error("approved editions unknown", "err", err)
	}
	for _, n := range numbers {
		fresh = fresh || !o.attendance.tried[n]
		o.attendance.tried[n] = true
	}
	if fresh {
		o.serveSlot(ctx)
	}
}

// heedDraft tells the operator once of a draft that has waited for long.
func (o *office) heedDraft(ctx context.Context) {
	if o.Operator.Mail == "" || ctx.Err() != nil {
		return
	}
	a, waits, err := o.worker.Store.OpenDraft(ctx)
	if err == nil && waits && o.worker.Now().Sub(a.Drafted) > o.Schedule.MaxLateness.Std() {
		var raised bool
		raised, err = o.worker.Store.Raise(ctx, o.lateDraft(a))
		if raised && err == nil {
			o.tellOperator(ctx)
		}
	}
	if err != nil {
		o.worker.Log.Error("alerts not stored", "err", err)
	}
}

func (o *office) lateDraft(a store.Approval) store.Alert {
	told := "The editor was reminded."
	switch {
	case a.Told.IsZero():
		told = "No mail about it has reached the editor; the log says why."
	case a.Reminded.IsZero():
		told = "The editor could not be reminded; the log says why."
	}
	if a.State == store.DraftHeld {
		told += fmt.Sprintf(" It is held: %s.", a.Why)
	} else if !a.Deadline.IsZero() {
		told += fmt.Sprintf(" It goes out on %s, unless it is held.", o.clock(a.Deadline))
	}
	return o.alert("approval", fmt.Sprint(a.Edition), fmt.Sprintf("edition %d still waits for approval", a.Edition),
		fmt.Sprintf("It has waited since %s, and new pieces wait behind it. %s\n\nApprove it: standpoint editions approve %d", o.clock(a.Drafted), told, a.Edition))
}
