package pipeline_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"standpoint/digest/bounce"
	"standpoint/digest/mail"
	"standpoint/digest/pipeline"
	"standpoint/digest/store"
	"standpoint/digest/token"
)

// leaving is a mail to a reader's own address for leaving.
func leaving(w *world, from string, reader int64) string {
	return fmt.Sprintf("From: %s\nTo: digest+unsubscribe+%s@example.org\nSubject: unsubscribe\n\n", from, w.Keys.SignFolded(token.Leave, reader))
}

// S10: who writes to his own address is off the list, once, whoever the mail says
// it is from.
func TestLeavingByMail(t *testing.T) {
	t.Parallel()
	b, _ := sentTo(t, 3)
	for _, c := range []struct {
		mail string
		want pipeline.Returned
	}{
		{leaving(b, "reader1@example.org", 2), pipeline.Returned{Kind: bounce.Leave, Subscriber: 2, Follow: pipeline.FollowSuppressed}},
		{leaving(b, "reader1@example.org", 2), pipeline.Returned{Kind: bounce.Leave, Subscriber: 2, Follow: pipeline.FollowAlready}},
		{
			"From: a@b.example\nTo: digest@example.org\nSubject: leave " + strings.ToUpper(b.Keys.SignFolded(token.Leave, 3)) + "\n\n",
			pipeline.Returned{Kind: bounce.Leave, Subscriber: 3, Follow: pipeline.FollowSuppressed},
		},
		{leaving(b, "editor@example.org", 0), pipeline.Returned{Kind: bounce.Leave, Follow: pipeline.FollowNothing}},
		{leaving(b, "a@b.example", 99), pipeline.Returned{Kind: bounce.Leave, Subscriber: 99, Follow: pipeline.FollowAlready}},
	} {
		if got := take(t, b, c.mail); got != c.want {
			t.Errorf("%+v\nwant %+v", got, c.want)
		}
	}
	if got := state(t, b); !slices.Equal(got, []string{"active", "left", "left"}) {
		t.Errorf("states: %v", got)
	}
	s, ok, err := b.Store.Suppression(t.Context(), "reader1@example.org")
	if must(t, err); !ok || s.Reason != store.ReasonLeft || s.Detail != "by mail" {
		t.Errorf("suppression %+v, %v", s, ok)
	}
}

// A forged mail takes nobody off, and is left to a person.
func TestForgedLeaving(t *testing.T) {
	t.Parallel()
	b, _ := sentTo(t, 1)
	others, err := token.NewKeys(token.Key{ID: 1, Secret: bytes.Repeat([]byte{8}, token.SecretSize)})
	must(t, err)
	good := b.Keys.SignFolded(token.Leave, 1)
	for name, tok := range map[string]string{
		"another key": others.SignFolded(token.Leave, 1), "another purpose": b.Keys.SignFolded(token.Return, token.Letter(1, 1)),
		"a place": b.Keys.SignFolded(token.Place, 1), "changed": "b" + good[1:], "short": good[1:], "the web's": b.Keys.Sign(token.Leave, 1), "none": "",
	} {
		m := "From: reader0@example.org\nTo: digest+unsubscribe+" + tok + "@example.org\nSubject: unsubscribe\n\nPlease take reader0@example.org off.\n"
		if got := take(t, b, m); got.Kind != bounce.Ordinary || got.Follow != pipeline.FollowNothing {
			t.Errorf("%s: %+v", name, got)
		}
	}
	if got := state(t, b); got[0] != "active" {
		t.Errorf("state %s", got[0])
	}
}

// Who leaves while an edition goes out is not written to any more.
func TestLeavingDuringARun(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 3, "one")
	withKeys(t, w)
	sent := 0
	w.box.after = func(*mail.Message) error {
		if sent++; sent == 1 {
			for id := range int64(3) {
				take(t, w, leaving(w, "r@example.org", id+1))
			}
		}
		return nil
	}
	w.web.add("one", piece("a", 1))
	w.gather(t)
	w.publish(t)
	if sent != 1 {
		t.Errorf("%d letters went out, want the one before they left", sent)
	}
}

// So is not who wrote to leave meanwhile, be it in a long round or before a later
// try; nor after a restart.
func TestLeavingByMailDuringARun(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 3, "one")
	withKeys(t, w)
	dir := t.TempDir()
	for _, f := range []string{"new", "cur", "tmp"} {
		must(t, os.Mkdir(filepath.Join(dir, f), 0o700))
	}
	w.Maildirs = []string{dir}
	leave := func(id int64) {
		must(t, os.WriteFile(filepath.Join(dir, "new", fmt.Sprintf("100%d.a", id)), []byte(leaving(w, "r@example.org", id)), 0o600))
	}
	var to []int64
	w.box.onSend = func(_ int, m *mail.Message) error {
		if to = append(to, m.Recipient); len(to) == 1 {
			leave(2)
			w.wait(2 * time.Minute)
			return nil
		}
		return &mail.SendError{Outcome: mail.Deferred, Stage: "RCPT", Code: 451}
	}
	w.web.add("one", piece("a", 1))
	w.gather(t)
	w.publish(t)
	leave(3)
	w.wait(time.Hour)
	if _, err := w.Resume(t.Context()); err != nil {
		t.Fatal(err)
	}
	if want := []int64{1, 3}; !slices.Equal(to, want) {
		t.Errorf("letters to %v, want %v", to, want)
	}
}

// A mailbox with more mail for people than one reading takes does not keep
// who leaves waiting, nor is that mail opened twice.
func TestMaildirDoesNotStarve(t *testing.T) {
	t.Parallel()
	b, _ := sentTo(t, 3)
	dir := t.TempDir()
	for _, f := range []string{"new", "cur", "tmp"} {
		must(t, os.Mkdir(filepath.Join(dir, f), 0o700))
	}
	put := func(name, text string) { must(t, os.WriteFile(filepath.Join(dir, "new", name), []byte(text), 0o600)) }
	const person = "From: a@b.example\nTo: digest@example.org\nSubject: thanks\n\n"
	put("1000.a", leaving(b, "r", 1)) // older than all
	const most = 50
	take := func() { must(t, b.TakeSome(t.Context(), dir, most)) }
	for i := range most {
		put(fmt.Sprintf("2%09d.a", i), person)
	}
	put("3000000000.a", leaving(b, "r", 2)) // newer than all
	for _, want := range [][]string{{"active", "left", "active"}, {"left", "left", "active"}} {
		take()
		if got := state(t, b); !slices.Equal(got, want) {
			t.Errorf("states: %v, want %v", got, want)
		}
	}
	// What is for people stays unread, and is not opened again.
	path := filepath.Join(dir, "new", "2000000000.a")
	must(t, os.WriteFile(path, []byte(leaving(b, "r", 3)), 0o600))
	take()
	if got := state(t, b); got[2] != "active" {
		t.Error("mail for people was opened twice")
	}
	if left, err := os.ReadDir(filepath.Join(dir, "new")); err != nil || len(left) != most {
		t.Errorf("%d files are new, %v", len(left), err)
	}
}
