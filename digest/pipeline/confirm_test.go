package pipeline_test

import (
	"bytes"
	"errors"
	"io"
	"mime/quotedprintable"
	netmail "net/mail"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"standpoint/digest/mail"
	"standpoint/digest/store"
	"standpoint/digest/token"
)

// askers makes a world with a web side where these people asked to be readers.
func askers(t *testing.T, addresses ...string) *world {
	t.Helper()
	w := newWorld(t, 1)
	keys, err := token.NewKeys(token.Key{ID: 1, Secret: token.NewSecret()})
	must(t, err)
	w.Keys, w.Sender.Web, w.Frame.Web, w.Frame.ReplyTo = keys, "https://digest.example.org", "https://digest.example.org", "editor@example.org"
	for _, a := range addresses {
		must(t, w.Store.Ask(t.Context(), store.Request{Address: a, At: w.clock()}))
	}
	return w
}

func (w *world) confirm(t *testing.T, want int) {
	t.Helper()
	if n, err := w.Confirm(t.Context()); n != want || err != nil {
		t.Errorf("%d confirmations, %v; want %d", n, err, want)
	}
}

func textOf(t *testing.T, m *mail.Message) (to, text string) {
	t.Helper()
	got, err := netmail.ReadMessage(bytes.NewReader(m.Bytes()))
	must(t, err)
	body, err := io.ReadAll(quotedprintable.NewReader(got.Body))
	must(t, err)
	return got.Header.Get("To"), string(body)
}

// What nobody confirmed is forgotten, although the web side was taken away.
func TestRequestsAreForgottenWithoutASite(t *testing.T) {
	t.Parallel()
	w := askers(t, "ada@example.org")
	w.Sender.Web, w.Frame.Web = "", ""
	w.wait(9 * 24 * time.Hour)
	w.publish(t)
	counts, err := w.Store.Readers(t.Context())
	if must(t, err); len(counts) != 1 || counts[0].State != "active" {
		t.Errorf("%+v", counts)
	}
}

// Who asked gets the link that makes a reader, who is one already the link that
// changes or leaves.
func TestConfirmations(t *testing.T) {
	t.Parallel()
	w := askers(t, "ada@example.org", "READER0@example.org")
	texts := map[string]string{}
	w.box.onSend = func(_ int, m *mail.Message) error {
		to, text := textOf(t, m)
		texts[to] = text
		return nil
	}
	w.confirm(t, 2)
	w.confirm(t, 0)
	link := regexp.MustCompile(`(?m)^https://digest\.example\.org/(\w+)/([\w-]{32})\r?$`)
	got := link.FindStringSubmatch(texts["<ada@example.org>"])
	if got == nil || got[1] != "confirm" {
		t.Fatalf("%q", texts["<ada@example.org>"])
	}
	n, err := w.Keys.Verify(token.Confirm, got[2])
	must(t, err)
	request, until := token.SplitDated(n)
	if left := until.Sub(w.clock()); left < store.ConfirmWithin || left > store.ConfirmWithin+time.Hour {
		t.Errorf("it is good for %v", left)
	}
	if _, state, err := w.Store.Confirm(t.Context(), request, w.clock()); state != store.RequestDone || err != nil {
		t.Errorf("%s, %v", state, err)
	}
	got = link.FindStringSubmatch(texts["<reader0@example.org>"])
	if got == nil || got[1] != "leave" {
		t.Fatalf("%q", texts["<reader0@example.org>"])
	}
	if n, err := w.Keys.Verify(token.Leave, got[2]); n != 1 || err != nil {
		t.Errorf("subscriber %d, %v", n, err)
	}
	for to, text := range texts {
		if strings.Contains(text, "example.org\n\nexample") || strings.Contains(text, "reader0") || strings.Contains(text, "ada@") {
			t.Errorf("%s: it names the reader: %s", to, text)
		}
	}
}

// What a server says later to, or does not say at all, is tried again under the
// same Message-ID, ever more rarely and for a day; a no is final.
func TestConfirmationsAgain(t *testing.T) {
	t.Parallel()
	w := askers(t, "ada@example.org", "ben@example.org")
	outcomes := map[string]mail.Outcome{"<ada@example.org>": mail.Unknown, "<ben@example.org>": mail.Refused}
	var tries []time.Time
	var ids []string
	w.box.onSend = func(_ int, m *mail.Message) error {
		to, _ := textOf(t, m)
		if to == "<ada@example.org>" {
			tries, ids = append(tries, w.clock()), append(ids, m.ID)
		}
		return &mail.SendError{Outcome: outcomes[to], Stage: "RCPT", Code: 550, Enhanced: "5.1.1"}
	}
	for range 26 * 60 {
		w.confirm(t, 0)
		w.wait(time.Minute)
	}
	if len(slices.Compact(ids)) != 1 {
		t.Errorf("Message-IDs %v", ids)
	}
	if n := len(tries); n < 25 || n > 32 {
		t.Errorf("%d tries", n)
	}
	if first, last := tries[1].Sub(tries[0]), tries[len(tries)-1].Sub(tries[0]); first > 2*time.Minute || last > 25*time.Hour {
		t.Errorf("the second after %v, the last after %v", first, last)
	}
}

// A server that cannot be reached ends the round at once, and nothing is lost.
func TestConfirmationsWithoutAServer(t *testing.T) {
	t.Parallel()
	w := askers(t, "ada@example.org", "ben@example.org")
	w.box.onOpen = func(n int) error {
		if n == 1 {
			return &mail.SetupError{Where: "smtp.example.org:587", Step: "dial", Err: errors.New("refused")}
		}
		return nil
	}
	if n, err := w.Confirm(t.Context()); n != 0 || err == nil || strings.Contains(err.Error(), "@") {
		t.Errorf("%d, %v", n, err)
	}
	w.wait(2 * time.Minute)
	w.confirm(t, 2)
	if w.box.opened != 2 {
		t.Errorf("%d sessions", w.box.opened)
	}
}
