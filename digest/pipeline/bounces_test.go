package pipeline_test

import (
	"bytes"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"standpoint/digest/bounce"
	"standpoint/digest/pipeline"
	"standpoint/digest/store"
	"standpoint/digest/token"
)

// sentTo is a world that has published one edition to so many readers, and the
// Message-IDs of its letters.
func sentTo(t *testing.T, readers int) (*world, []string) {
	t.Helper()
	w := newWorld(t, readers, "one")
	keys, err := token.NewKeys(token.Key{ID: 1, Secret: bytes.Repeat([]byte{7}, token.SecretSize)})
	must(t, err)
	w.Keys = keys
	w.web.add("one", piece("a", 1))
	w.gather(t)
	w.publish(t)
	var ids []string
	for _, l := range w.box.letters() {
		ids = append(ids, l.id)
	}
	if len(ids) != readers {
		t.Fatalf("%d letters", len(ids))
	}
	w.Soft = 3
	return w, ids
}

var reportNumber int

// failure is a report about the letter with the Message-ID.
func failure(status, id string) string {
	reportNumber++
	return fmt.Sprintf("From: MAILER-DAEMON\nTo: bounces@example.org\nMessage-ID: <r%d@mx.example>\nContent-Type: multipart/report; boundary=b\n\n"+
		"--b\nContent-Type: message/delivery-status\n\nFinal-Recipient: rfc822; x@example.net\nAction: failed\nStatus: %s\nDiagnostic-Code: smtp; words\n\n"+
		"--b\nContent-Type: text/rfc822-headers\n\nMessage-ID: %s\n\n--b--\n", reportNumber, status, id)
}

func complaint(id string) string {
	reportNumber++
	return fmt.Sprintf("From: loop@isp.example\nMessage-ID: <r%d@isp.example>\nContent-Type: multipart/report; boundary=b\n\n"+
		"--b\nContent-Type: message/feedback-report\n\nFeedback-Type: abuse\n\n--b\nContent-Type: message/rfc822\n\nMessage-ID: %s\n\n--b--\n", reportNumber, id)
}

func take(t *testing.T, b *world, message string) pipeline.Returned {
	t.Helper()
	r, err := b.TakeIn(t.Context(), strings.NewReader(message))
	must(t, err)
	return r
}

func state(t *testing.T, b *world) []string {
	t.Helper()
	var out []string
	for s, err := range b.Store.Subscribers(t.Context()) {
		must(t, err)
		out = append(out, s.State)
	}
	return out
}

func TestBouncesSuppress(t *testing.T) {
	t.Parallel()
	b, ids := sentTo(t, 5)
	hard := failure("5.1.1", ids[1])
	for _, each := range []struct {
		message string
		want    pipeline.Returned
	}{
		{hard, pipeline.Returned{Kind: bounce.Hard, Edition: 1, Subscriber: 2, Status: "5.1.1", Detail: "words", Follow: pipeline.FollowSuppressed}},
		{hard, pipeline.Returned{Kind: bounce.Hard, Edition: 1, Subscriber: 2, Status: "5.1.1", Detail: "words", Follow: pipeline.FollowKnown}},
		{failure("5.1.1", ids[1]), pipeline.Returned{Kind: bounce.Hard, Edition: 1, Subscriber: 2, Status: "5.1.1", Detail: "words", Follow: pipeline.FollowAlready}},
		{complaint(strings.ToUpper(ids[2])), pipeline.Returned{Kind: bounce.Complaint, Edition: 1, Subscriber: 3, Detail: "abuse", Follow: pipeline.FollowSuppressed}},
		{failure("4.2.2", ids[3]), pipeline.Returned{Kind: bounce.Soft, Edition: 1, Subscriber: 4, Status: "4.2.2", Detail: "words", Follow: pipeline.FollowCounted, Row: 1}},
		{failure("5.7.1", ids[4]), pipeline.Returned{Kind: bounce.Policy, Edition: 1, Subscriber: 5, Status: "5.7.1", Detail: "words", Follow: pipeline.FollowNoted}},
		{"From: a@example.net\nSubject: Re: Week 9\nIn-Reply-To: " + ids[0] + "\n\nThanks.\n", pipeline.Returned{Kind: bounce.Ordinary, Edition: 1, Subscriber: 1, Follow: pipeline.FollowNothing}},
	} {
		if got := take(t, b, each.message); got != each.want {
			t.Errorf("%+v\nwant %+v", got, each.want)
		}
	}
	if got := state(t, b); !slices.Equal(got, []string{"active", "bounced", "complained", "active", "active"}) {
		t.Errorf("states: %v", got)
	}
}

// Nobody can put a reader off the list with an invented report.
func TestForgedReports(t *testing.T) {
	t.Parallel()
	b, ids := sentTo(t, 2)
	other, err := token.NewKeys(token.Key{ID: 1, Secret: bytes.Repeat([]byte{8}, token.SecretSize)})
	must(t, err)
	id := func(mark string) string { return "<standpoint.1." + mark + "@example.org>" }
	changed := []byte(ids[0])
	changed[len("<standpoint.1.")+20] ^= 1
	for name, message := range map[string]string{
		"no mark":          failure("5.1.1", "<standpoint.1.abc@example.org>"),
		"invented":         failure("5.1.1", id(strings.Repeat("a", 39))),
		"changed":          failure("5.1.1", string(changed)),
		"foreign key":      failure("5.1.1", id(other.SignFolded(token.Return, token.Letter(1, 1)))),
		"other purpose":    failure("5.1.1", id(b.Keys.SignFolded(token.Leave, 1))),
		"no such letter":   failure("5.1.1", id(b.Return(9, 1))),
		"no such reader":   failure("5.1.1", id(b.Return(1, 9))),
		"nobody's":         failure("5.1.1", id(b.Return(1, 0))),
		"the address only": strings.ReplaceAll(failure("5.1.1", "<x@y>"), "x@example.net", "reader0@example.org"),
		"complaint":        complaint(id(other.SignFolded(token.Return, token.Letter(1, 1)))),
	} {
		if got := take(t, b, message); got.Follow != pipeline.FollowUnmatched {
			t.Errorf("%s: %+v", name, got)
		}
	}
	if got := state(t, b); !slices.Equal(got, []string{"active", "active"}) {
		t.Errorf("states: %v", got)
	}
	if n, err := b.Store.Reported(t.Context(), 1); err != nil || len(n) != 0 {
		t.Errorf("counted: %v, %v", n, err)
	}
}

// A relay that answers every letter with "no such user" takes nobody off the list,
// and the log says so once, with the mend.
func TestARelayThatKnowsNobody(t *testing.T) {
	t.Parallel()
	b, ids := sentTo(t, 12)
	dir, said := t.TempDir(), 0
	for _, d := range []string{"new", "cur", "tmp"} {
		must(t, os.Mkdir(filepath.Join(dir, d), 0o700))
	}
	for i, id := range ids {
		must(t, os.WriteFile(filepath.Join(dir, "new", fmt.Sprint(i)), []byte(failure("5.1.1", id)), 0o600))
	}
	b.Log = slog.New(atMessage{"hard bounces held back: so many readers are not gone at once, see to the mail server", func() { said++ }})
	held := 0
	must(t, b.TakeMaildir(t.Context(), dir, func(_ string, r pipeline.Returned) {
		if r.Follow == pipeline.FollowHeld {
			held++
		}
	}))
	if got := state(t, b); slices.Contains(got, "bounced") || held != 7 || said != 1 {
		t.Errorf("%d held, said %d times: %v", held, said, got)
	}
	if n, err := b.Store.ApplyBounces(t.Context(), 1, b.clock()); n != 12 || err != nil {
		t.Errorf("%d applied, %v", n, err)
	}
}

func TestMaildir(t *testing.T) {
	t.Parallel()
	b, ids := sentTo(t, 4)
	dir := t.TempDir()
	for _, d := range []string{"new", "cur", "tmp"} {
		must(t, os.Mkdir(filepath.Join(dir, d), 0o700))
	}
	for name, text := range map[string]string{
		"new/1.hard": failure("5.1.1", ids[0]), "new/2.human": "From: a@example.net\n\nHello.\n", "cur/3.complaint:2,F": complaint(ids[1]),
		"cur/4.seen:2,S": failure("5.1.1", ids[2]), "new/.hidden": failure("5.1.1", ids[2]), "tmp/5.half": failure("5.1.1", ids[2]),
		"cur/6.forged:2,": failure("5.1.1", "<x@y>"),
	} {
		must(t, os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600))
	}
	outside := filepath.Join(t.TempDir(), "outside")
	must(t, os.WriteFile(outside, []byte(failure("5.1.1", ids[3])), 0o600))
	must(t, os.Symlink(outside, filepath.Join(dir, "new", "7.link")))
	for reading, want := range []map[string]pipeline.Follow{
		{"new/1.hard": pipeline.FollowSuppressed, "new/2.human": pipeline.FollowNothing, "cur/3.complaint:2,F": pipeline.FollowSuppressed, "cur/6.forged:2,": pipeline.FollowUnmatched},
		{}, // what is for people is not read twice
	} {
		got := map[string]pipeline.Follow{}
		must(t, b.TakeMaildir(t.Context(), dir, func(name string, r pipeline.Returned) { got[name] = r.Follow }))
		if fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("reading %d: %v, want %v", reading, got, want)
		}
	}
	for _, name := range []string{"cur/1.hard:2,S", "new/2.human", "cur/3.complaint:2,FS", "cur/4.seen:2,S", "cur/6.forged:2,S", "new/7.link"} {
		if _, err := os.Lstat(filepath.Join(dir, name)); err != nil {
			t.Error(err)
		}
	}
	if got := state(t, b); !slices.Equal(got, []string{"bounced", "complained", "active", "active"}) {
		t.Errorf("states: %v", got)
	}
	if n, err := b.Store.Reported(t.Context(), 1); err != nil || n[store.ReportHard] != 1 || n[store.ReportComplaint] != 1 {
		t.Errorf("counted: %v, %v", n, err)
	}
	if err := b.TakeMaildir(t.Context(), filepath.Join(dir, "new"), nil); err == nil {
		t.Error("a folder that is no maildir was read")
	}
}
