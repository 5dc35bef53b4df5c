package pipeline_test

import (
	"strings"
	"testing"
	"time"

	"standpoint/digest/bounce"
	"standpoint/digest/mail"
	"standpoint/digest/pipeline"
	"standpoint/digest/store"
	"standpoint/digest/token"
)

// What comes back of a mail that asks for confirmation is matched to its request by
// its signed mark: nobody can ask for another mail to an address that takes none, a
// complaint ends all mail, and everything else changes nothing.
func TestConfirmationsThatComeBack(t *testing.T) {
	t.Parallel()
	const dead, full, angry, fine = "dead@example.org", "full@example.org", "angry@example.org", "fine@example.org"
	w := askers(t, dead, full, angry, fine)
	ids, n := map[string]string{}, 0
	w.box.onSend = func(_ int, m *mail.Message) error {
		to, _ := textOf(t, m)
		ids[strings.Trim(to, "<>")] = m.ID
		n++
		return nil
	}
	w.confirm(t, 4)
	other, err := token.NewKeys(token.Key{ID: 1, Secret: token.NewSecret()})
	must(t, err)
	forged := "<standpoint.confirm." + other.SignFolded(token.Asked, 4) + "@example.org>"
	letters := "<standpoint.confirm." + w.Keys.SignFolded(token.Leave, 4) + "@example.org>"
	hard := failure("5.1.1", ids[dead])
	for i, each := range []struct {
		message string
		kind    bounce.Kind
		follow  pipeline.Follow
		reader  int64
	}{
		{hard, bounce.Hard, pipeline.FollowUnasked, 2},
		{hard, bounce.Hard, pipeline.FollowKnown, 2},
		{failure("4.2.2", ids[full]), bounce.Soft, pipeline.FollowNoted, 3},
		{complaint(ids[angry]), bounce.Complaint, pipeline.FollowSuppressed, 4},
		{failure("5.1.1", forged), bounce.Hard, pipeline.FollowUnmatched, 0},
		{failure("5.1.1", letters), bounce.Hard, pipeline.FollowUnmatched, 0},
	} {
		if got := take(t, w, each.message); got.Kind != each.kind || got.Follow != each.follow || got.Subscriber != each.reader {
			t.Errorf("message %d: %+v", i, got)
		}
	}
	asked := func(want ...string) {
		t.Helper()
		clear(ids)
		for _, a := range []string{dead, full, angry, fine} {
			must(t, w.Store.Ask(t.Context(), store.Request{Address: a, At: w.clock()}))
		}
		w.confirm(t, len(want))
		for _, a := range want {
			if ids[a] == "" {
				t.Errorf("%s got no mail: %v", a, ids)
			}
		}
	}
	w.wait(25 * time.Hour)
	asked(full, fine)
	w.wait(9 * 24 * time.Hour) // the request is forgotten
	must(t, w.ForgetRequests(t.Context()))
	asked(dead, full, fine)
}

// A server that says at the hand-over that there is no such address is believed; one
// that is only out of order for a day, or refuses for another reason, is asked again
// when somebody asks again.
func TestConfirmationsRefusedAtOnce(t *testing.T) {
	t.Parallel()
	w := askers(t, "dead@example.org", "late@example.org", "full@example.org", "strict@example.org")
	refuse := true
	w.box.onSend = func(_ int, m *mail.Message) error {
		to, _ := textOf(t, m)
		switch {
		case to == "<dead@example.org>":
			return &mail.SendError{Outcome: mail.Refused, Stage: "RCPT", Code: 550, Enhanced: "5.1.1"}
		case refuse && to == "<full@example.org>":
			return &mail.SendError{Outcome: mail.Refused, Stage: "RCPT", Code: 552, Enhanced: "5.2.2"}
		case refuse && to == "<strict@example.org>":
			return &mail.SendError{Outcome: mail.Refused, Stage: "DATA", Code: 554}
		case refuse:
			return &mail.SendError{Outcome: mail.Deferred, Stage: "RCPT", Code: 451}
		}
		return nil
	}
	for range 26 {
		w.confirm(t, 0)
		w.wait(time.Hour)
	}
	refuse = false
	for _, a := range []string{"dead@example.org", "late@example.org", "full@example.org", "strict@example.org"} {
		must(t, w.Store.Ask(t.Context(), store.Request{Address: a, At: w.clock()}))
	}
	w.confirm(t, 3)
}
