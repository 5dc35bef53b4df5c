package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"mime/quotedprintable"
	"net"
	"net/http"
	"net/http/httptest"
	"net/mail"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/emersion/go-smtp"

	"standpoint/digest"
	"standpoint/digest/pipeline"
	"standpoint/digest/store"
)

// desk is an office whose operator is told into a folder.
type desk struct {
	*office
	dir string
	now time.Time
	log *lines
}

func newDesk(t *testing.T, more string) *desk {
	t.Helper()
	dir, config := workplace(t)
	write(t, dir, "config.yaml", config+"operator: {mail: ops@example.org"+more+"}\n")
	d := &desk{dir: dir, now: time.Now(), log: &lines{more: make(chan struct{}, 1)}}
	d.reopen(t)
	t.Cleanup(func() { d.Close() })
	return d
}

// reopen is a restart.
func (d *desk) reopen(t *testing.T) {
	t.Helper()
	if d.office != nil {
		check(t, d.Close())
	}
	env := &environment{stdout: d.log, stderr: &screen{out: d.log}, now: func() time.Time { return d.now }}
	s, err := load(env, filepath.Join(d.dir, "config.yaml"))
	check(t, err)
	d.office, err = s.open(t.Context(), env)
	check(t, err)
	d.worker.Feeds = s.client()
}

// mails returns what the operator was told since the last time: subjects and texts.
func (d *desk) mails(t *testing.T) string {
	t.Helper()
	found, err := filepath.Glob(filepath.Join(d.dir, "state", "outbox", "operator", "*.eml"))
	check(t, err)
	var all strings.Builder
	for _, path := range found {
		file, err := os.Open(path)
		check(t, err)
		m, err := mail.ReadMessage(file)
		check(t, err)
		body, err := io.ReadAll(quotedprintable.NewReader(m.Body))
		check(t, err)
		if m.Header.Get("To") != "<ops@example.org>" || strings.Contains(string(body), "@") {
			t.Errorf("to %s: %s", m.Header.Get("To"), body)
		}
		fmt.Fprintf(&all, "%s\n%s\n", m.Header.Get("Subject"), body)
		check(t, errors.Join(file.Close(), os.Remove(path)))
	}
	return all.String()
}

func (d *desk) expect(t *testing.T, parts ...string) {
	t.Helper()
	got := d.mails(t)
	if len(parts) == 0 && got != "" {
		t.Errorf("told: %s", got)
	}
	for _, want := range parts {
		if !strings.Contains(got, want) {
			t.Errorf("%q is not told: %s", want, got)
		}
	}
}

// A feed that stays dead is told once, over restarts; and once when it is back.
func TestOperatorHearsOfFeeds(t *testing.T) {
	t.Parallel()
	d := newDesk(t, "")
	gather := func() {
		d.now = d.now.Add(25 * time.Hour)
		d.gather(t.Context())
	}
	gather()
	gather()
	d.expect(t) // not at the first blip
	gather()
	d.expect(t, "Standpoint: Broken Lamp Society cannot be read", "has failed 3 times in a row, since ", "404", `standpoint feeds check "Broken Lamp Society"`)
	gather()
	d.reopen(t)
	gather()
	d.expect(t)

	feed, err := os.ReadFile(filepath.Join(d.dir, "web", "north", "feed"))
	check(t, err)
	check(t, os.MkdirAll(filepath.Join(d.dir, "web", "lamp"), 0o755))
	write(t, d.dir, "web/lamp/feed", string(feed))
	gather()
	d.expect(t, "Standpoint: Broken Lamp Society is back", "can be read again since ")
	gather()
	d.expect(t)
}

// What an edition can meet with, and what of it is told: each once a day.
func TestOperatorHearsOfEditions(t *testing.T) {
	t.Parallel()
	d := newDesk(t, "")
	refused := errors.New("AUTH: 535 no such user ada@example.org")
	edition := &digest.Edition{Number: 12}
	reached := func(state store.DeliveryState) pipeline.Published {
		return pipeline.Published{Edition: edition, Outcomes: []pipeline.Outcome{{Edition: 12, Count: map[store.DeliveryState]int{state: 5}}}}
	}
	good, none, late, note := reached(store.Accepted), reached(store.Refused), reached(store.Deferred), reached(store.Accepted)
	note.Edition = &digest.Edition{Number: 12, Note: true}
	for _, row := range []struct {
		name string
		p    *pipeline.Published
		err  error
		want []string
	}{
		{"all well", &good, nil, nil},
		{"no slot was due", nil, nil, nil},
		{"log-in refused", &pipeline.Published{Waits: 12}, refused, []string{"Standpoint: an edition has stopped", "535 no such user [address]"}},
		{"resume failed", nil, refused, []string{"an edition has stopped"}},
		{"all refused", &none, nil, []string{"an edition has stopped", "the server refused every letter"}},
		{"nobody reached", &late, nil, []string{"an edition has stopped", "nobody was reached yet"}},
		{"pre-flight", &pipeline.Published{}, &pipeline.PreflightError{Edition: 12}, []string{"edition 12 was refused before it was sent"}},
		{"nothing new", &pipeline.Published{}, nil, []string{"a quiet week, no edition", "Nothing new"}},
		{"held over", &pipeline.Published{Held: 2}, nil, []string{"a quiet week, no edition", "2 new pieces, fewer than edition.least"}},
		{"note", &note, nil, []string{"a quiet week, a note", "Edition 12 is a short note"}},
	} {
		t.Log(row.name)
		d.now = d.now.Add(24 * time.Hour).UTC().Truncate(24 * time.Hour).Add(7 * time.Hour)
		d.heedPublished(t.Context(), row.p, row.err)
		d.expect(t, row.want...)
		d.now = d.now.Add(time.Hour)
		d.reopen(t)
		d.heedPublished(t.Context(), row.p, row.err)
		d.expect(t) // the same day
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	d.now = d.now.Add(48 * time.Hour)
	d.heedPublished(ctx, nil, ctx.Err())
	d.expect(t) // we were told to stop

	at := d.now.Add(-60 * time.Hour)
	d.heedSlots(t.Context(), []store.Slot{{Wall: at.Format("2006-01-02T15:04"), Zone: "UTC", At: at, State: store.SlotMissed, Why: "too late to be made up"}})
	d.expect(t) // with the next mail
	d.heedPublished(t.Context(), nil, nil)
	d.expect(t, "Standpoint: no edition for ", "(UTC): missed, too late to be made up")
}

// While the mail server is down the alerts wait, and are one mail then.
func TestOperatorMailIsTriedAgain(t *testing.T) {
	t.Parallel()
	d := newDesk(t, "")
	box := filepath.Join(d.dir, "state", "outbox")
	write(t, d.dir, "state/outbox", "in the way")
	d.heedPublished(t.Context(), nil, errors.New("the server is away"))
	if !strings.Contains(d.log.String(), "operator not told, which is tried again at the next run") {
		t.Errorf("not said:\n%s", d.log)
	}
	check(t, os.Remove(box))
	d.now = d.now.Add(time.Minute)
	d.heedPublished(t.Context(), &pipeline.Published{}, nil)
	d.expect(t, "Standpoint: an edition has stopped (and 1 more)", "the server is away", "a quiet week")
}

func TestNobodyIsTold(t *testing.T) {
	t.Parallel()
	d := newDesk(t, "")
	d.Operator.Mail = ""
	d.heedPublished(t.Context(), nil, errors.New("the server is away"))
	d.heedSlots(t.Context(), []store.Slot{{State: store.SlotMissed}})
	d.heedGathered(t.Context())
	if left, err := d.worker.Store.Untold(t.Context()); err != nil || len(left) > 0 {
		t.Errorf("%v, %v", left, err)
	}
}

// The ping follows what readers got, or did not need to get.
func TestOperatorPing(t *testing.T) {
	t.Parallel()
	var pings atomic.Int32
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/token" && strings.HasPrefix(r.UserAgent(), "Standpoint/") {
			pings.Add(1)
		}
	}))
	defer server.Close()
	d := newDesk(t, ", ping: \""+server.URL+"/token\"")
	for i, row := range []struct {
		p    *pipeline.Published
		err  error
		want int32
	}{
		{&pipeline.Published{}, nil, 1}, // a quiet week
		{nil, nil, 0},
		{&pipeline.Published{}, errors.New("stopped"), 0},
		{&pipeline.Published{Outcomes: []pipeline.Outcome{{Edition: 3, Count: map[store.DeliveryState]int{store.Deferred: 3}}}}, nil, 0},
		{&pipeline.Published{Outcomes: []pipeline.Outcome{{Edition: 3, Count: map[store.DeliveryState]int{store.Deferred: 3, store.Accepted: 1}}}}, nil, 1},
	} {
		pings.Store(0)
		d.heedPublished(t.Context(), row.p, row.err)
		if got := pings.Load(); got != row.want {
			t.Errorf("row %d: %d pings, want %d", i, got, row.want)
		}
	}
}

// blunt is a mail server that refuses readers and says their addresses, as real
// ones do, in other letters too.
type blunt struct{ session }

func (blunt) Rcpt(to string, _ *smtp.RcptOptions) error {
	return &smtp.SMTPError{
		Code: 550, EnhancedCode: smtp.EnhancedCode{5, 1, 1},
		Message: "<" + strings.ToUpper(to) + ">: " + to + " unknown; see mailto:" + to,
	}
}

// Logs and mails to the operator know readers by number, whatever the server says.
func TestNoAddressInTheLog(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	check(t, err)
	server := smtp.NewServer(smtp.BackendFunc(func(*smtp.Conn) (smtp.Session, error) { return &blunt{}, nil }))
	server.Domain, server.ErrorLog = "127.0.0.1", silent{}
	go server.Serve(l)
	t.Cleanup(func() { server.Close() })
	dir, config := workplace(t)
	config = strings.Replace(config, "mail:\n", fmt.Sprintf("mail:\n  delivery: smtp\n  smtp: {host: 127.0.0.1, port: %d, tls: none}\n", l.Addr().(*net.TCPAddr).Port), 1)
	write(t, dir, "config.yaml", config+"operator: {mail: ops@example.org}\nschedule: {publish: \"7 7 * * *\"}\n")
	daemon, log := under(t, dir, nil)
	log.wait(t, `"msg":"scheduled"`, 2)
	stop(t, daemon, log)
	daemon, log = under(t, dir, []string{clockVariable + "=25h"}) // a slot has passed
	log.wait(t, "operator not told", 1)
	stop(t, daemon, log)
	if !strings.Contains(log.String(), `"subscriber":1`) || !strings.Contains(log.String(), "unknown") {
		t.Errorf("the refusals are not in the log:\n%s", log)
	}
	if strings.Contains(log.String(), "@") {
		t.Errorf("an address is in the log:\n%s", log)
	}
}
