package pipeline

import (
	"context"
	"fmt"
	"io"

	"standpoint/digest/bounce"
	"standpoint/digest/store"
	"standpoint/digest/token"
)

// Follow says what a message that came back led to.
type Follow string

// What can follow.
const (
	FollowSuppressed Follow = "suppressed"    // the reader is not written to any more
	FollowAlready    Follow = "already so"    // the reader was suppressed before
	FollowCounted    Follow = "counted"       // a soft bounce, and not yet enough of them
	FollowNoted      Follow = "noted"         // it is the fault of letter or sender: counted for its edition
	FollowKnown      Follow = "known"         // the same report was taken in before
	FollowUnmatched  Follow = "not matched"   // nothing proves that it is about a letter of ours: nothing follows
	FollowHeld       Follow = "held back"     // a hard bounce among so many of its edition that a server is at fault, rather than the readers gone
	FollowUnasked    Follow = "not asked"     // who asked to be a reader is not asked to confirm again: the address takes no mail
	FollowNothing    Follow = "nothing to do" // it says nothing against an address
)

// Returned is a message that came back, and what followed.
type Returned struct {
	Kind       bounce.Kind
	Edition    int   // 0: not known
	Subscriber int64 // 0: not known
	Status     string
	Detail     string
	Follow     Follow
	Row        int // FollowCounted, FollowSuppressed: soft bounces in a row
}

// TakeIn takes one message in that came back. Only one that quotes the signed mark of a letter in
// the ledger or of a mail that asked for confirmation, or came to a reader's own address for leaving, has consequences: all
// else in it can be invented. The error is the reader's or the store's, never the
// message's.
func (w *Worker) TakeIn(ctx context.Context, message io.Reader) (Returned, error) {
	report, err := bounce.Read(message)
	if err != nil {
		return Returned{}, fmt.Errorf("read message: %w", err)
	}
	out := Returned{Kind: report.Kind, Detail: report.Detail, Follow: FollowNothing}
	if reader, ok := w.leaver(report.Leavers); ok {
		out.Kind, out.Subscriber, out.Detail = bounce.Leave, reader, ""
		out.Follow, err = w.takeLeave(ctx, reader)
		return out, err
	}
	edition, subscriber, matched := w.match(report.Marks)
	if !matched {
		if request, ok := w.request(report.Marks); ok {
			return w.takeAsked(ctx, report, request)
		}
	}
	about := report.For("")
	if matched {
		address, known, err := w.Store.ReaderAddress(ctx, subscriber)
		if err != nil {
			return out, err
		}
		if matched = known; known {
			out.Edition, out.Subscriber = edition, subscriber
			about = report.For(address)
		}
	}
	out.Kind, out.Status = about.Kind, about.Status
	if about.Detail != "" {
		out.Detail = about.Detail
	}
	kind, counts := reportKinds()[out.Kind]
	switch {
	case !counts:
		return out, nil
	case !matched:
		out.Follow = FollowUnmatched
		return out, nil
	}
	recorded, err := w.Store.RecordReport(ctx, store.Report{
		ID: report.ID, Kind: kind, Edition: edition, Subscriber: subscriber, Status: out.Status, Detail: out.Detail, At: w.Now(),
	}, w.Soft)
	out.Row = recorded.Row
	switch {
	case err != nil:
		return out, err
	case recorded.Known:
		out.Follow = FollowKnown
	case recorded.Unsent:
		out.Follow = FollowUnmatched
	case recorded.Held:
		out.Follow = FollowHeld
		if recorded.Pulled {
			w.Log.Warn("hard bounces held back: so many readers are not gone at once, see to the mail server", "edition", edition,
				"status", out.Status, "detail", out.Detail, "if_right", fmt.Sprintf("standpoint bounce --apply %d", edition))
		}
	case recorded.Suppressed:
		out.Follow = FollowSuppressed
	case recorded.Already:
		out.Follow = FollowAlready
	case kind == store.ReportPolicy:
		out.Follow = FollowNoted
	default:
		out.Follow = FollowCounted
	}
	return out, nil
}

// leaver finds the reader whose token a message carries; the first good one counts.
func (w *Worker) leaver(tokens []string) (subscriber int64, ok bool) {
	for _, t := range tokens {
		if n, err := w.Keys.VerifyFolded(token.Leave, t); err == nil {
			return n, true
		}
	}
	return nobody, false
}

// takeLeave takes a reader off the list at his word. A letter in hand may still
// reach him; none that waits does.
func (w *Worker) takeLeave(ctx context.Context, subscriber int64) (Follow, error) {
	if subscriber == nobody {
		return FollowNothing, nil // a proof's
	}
	news, err := w.Store.Leave(ctx, subscriber, "by mail", w.Now())
	switch {
	case err != nil:
		return FollowNothing, err
	case news:
		return FollowSuppressed, nil
	}
	return FollowAlready, nil
}

// match finds the letter whose mark a report quotes.
func (w *Worker) match(marks []string) (edition int, subscriber int64, ok bool) {
	for _, m := range marks {
		if n, err := w.Keys.VerifyFolded(token.Return, m); err == nil {
			edition, subscriber = token.SplitLetter(n)
			return edition, subscriber, subscriber != nobody
		}
	}
	return 0, 0, false
}

// request finds the request whose mail a report quotes.
func (w *Worker) request(marks []string) (int64, bool) {
	for _, m := range marks {
		if n, err := w.Keys.VerifyFolded(token.Asked, m); err == nil {
			return n, true
		}
	}
	return 0, false
}

// takeAsked takes in what came back of the mail that asked somebody to confirm. Who
// called it spam is written to no more; an address that does not exist is not asked
// again. All else passes, and so does the request.
func (w *Worker) takeAsked(ctx context.Context, report bounce.Report, request int64) (Returned, error) {
	subscriber, _, err := w.Store.Requested(ctx, request, w.Now())
	if err != nil {
		return Returned{}, err
	}
	address, known, err := w.Store.ReaderAddress(ctx, subscriber)
	if err != nil {
		return Returned{}, err
	}
	about := report.For(address)
	out := Returned{Kind: about.Kind, Status: about.Status, Detail: about.Detail, Follow: FollowNothing}
	_, counts := reportKinds()[out.Kind]
	switch {
	case !counts:
		return out, nil
	case !known: // forgotten, or erased
		out.Follow = FollowUnmatched
		return out, nil
	}
	out.Subscriber, out.Follow = subscriber, FollowNoted
	news := false
	switch out.Kind {
	case bounce.Complaint:
		news, err = w.Store.Suppress(ctx, store.Suppression{Address: address, Reason: store.ReasonComplaint, Detail: out.Detail, At: w.Now()})
		out.Follow = FollowSuppressed
	case bounce.Hard:
		news, err = w.Store.ReturnConfirmation(ctx, request, out.Detail)
		out.Follow = FollowUnasked
	default:
		return out, nil
	}
	if !news {
		out.Follow = FollowKnown
	}
	return out, err
}

// reportKinds are the kinds that are counted, as the store names them.
func reportKinds() map[bounce.Kind]store.ReportKind {
	return map[bounce.Kind]store.ReportKind{
		bounce.Hard: store.ReportHard, bounce.Soft: store.ReportSoft, bounce.Policy: store.ReportPolicy, bounce.Complaint: store.ReportComplaint,
	}
}
