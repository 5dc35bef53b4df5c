package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"standpoint/digest/pipeline"
	"standpoint/digest/store"
)

// Of several errors all are said, and the gravest gives the status.
func TestExitStatus(t *testing.T) {
	t.Parallel()
	plain := errors.New("disk full")
	partly, unsent := &statusError{statusPartly, errors.New("feeds")}, &statusError{statusUnsent, errors.New("unsent")}
	for _, c := range []struct {
		err  error
		want int
	}{
		{plain, statusFault},
		{partly, statusPartly},
		{errors.Join(partly, plain), statusFault},
		{errors.Join(errors.Join(plain, nil), partly), statusFault},
		{errors.Join(partly, unsent), statusUnsent},
		{errors.Join(plain, unsent, partly), statusUnsent},
		{errors.Join(fmt.Errorf("%w: held", store.ErrHeld), plain), statusUsage},
		{fmt.Errorf("%w and %w", plain, partly), statusPartly}, // one error, and the status it carries
	} {
		var out bytes.Buffer
		env := &environment{stderr: &screen{out: &out}}
		if got := env.report(c.err); got != c.want {
			t.Errorf("%v: status %d, want %d", c.err, got, c.want)
		}
		if n := len(parts(c.err)); n != strings.Count(out.String(), "standpoint: ") || n != strings.Count(c.err.Error(), "\n")+1 {
			t.Errorf("%v: printed %q", c.err, out.String())
		}
	}
}

// The edition that fared worst gives the status, whatever the others reached.
func TestDeliveryStatus(t *testing.T) {
	t.Parallel()
	type count = map[store.DeliveryState]int
	all, some, none := count{store.Accepted: 2}, count{store.Accepted: 1, store.Deferred: 1}, count{store.Planned: 2}
	for _, c := range []struct {
		counts []count
		want   int
		text   string
	}{
		{[]count{all}, statusDone, ""},
		{[]count{some}, statusPartly, "1 letter was not delivered yet"},
		{[]count{some, some}, statusPartly, "2 letters were not delivered yet"},
		{[]count{all, none}, statusUnsent, "nobody was reached yet with edition 2, and 2 letters were not delivered"},
		{[]count{none, some}, statusUnsent, "nobody was reached yet with edition 1, and 3 letters were not delivered"},
		{[]count{{store.Refused: 2}, all}, statusUnsent, "refused every letter"},
		{[]count{{store.Refused: 1, store.Accepted: 1}}, statusDone, ""},
	} {
		var p pipeline.Published
		for i, each := range c.counts {
			p.Outcomes = append(p.Outcomes, pipeline.Outcome{Edition: i + 1, Count: each})
		}
		status, text := statusDone, ""
		if err := new(settings).deliveryStatus(p, nil); err != nil {
			status, text = exitStatusOf(err), err.Error()
		}
		if status != c.want || !strings.Contains(text, c.text) {
			t.Errorf("%v: status %d, %s", c.counts, status, text)
		}
	}
}

// An edition with pieces that cannot be frozen is due and unsent; nothing claims
// that there was nothing new, and no file is named that is not there.
func TestDueUnsent(t *testing.T) {
	t.Parallel()
	dir, _ := workplace(t)
	var out, errs lines
	env := &environment{stdout: &out, stderr: &screen{out: &errs}, now: time.Now}
	s, err := load(env, filepath.Join(dir, "config.yaml"))
	check(t, err)
	o, err := s.open(t.Context(), env)
	check(t, err)
	defer o.Close()
	_, err = o.worker.Gather(t.Context())
	check(t, err)
	o.worker.Sender.From.Address = "" // no message can be made
	if err := o.publish(t.Context(), env, ""); err == nil || exitStatusOf(err) != statusUnsent || out.String() != "" {
		t.Errorf("%v\n%s", err, &out)
	}
	stopped, stop := context.WithCancel(t.Context())
	stop()
	if err := o.publish(stopped, env, ""); exitStatusOf(err) != statusFault || out.String() != "" {
		t.Errorf("stopped: %v\n%s", err, &out)
	}
	o.printOutcome(env, pipeline.Outcome{Edition: 7})
	if out.String() != "" {
		t.Errorf("printed of an edition that could not be read: %s", &out)
	}
}

// A run that was stopped before its feeds says nothing of what they answered.
func TestStoppedGathering(t *testing.T) {
	t.Parallel()
	dir, _ := workplace(t)
	var out, errs lines
	env := &environment{stdin: strings.NewReader(""), stdout: &out, stderr: &screen{out: &errs}, now: time.Now}
	stopped, stop := context.WithCancel(t.Context())
	defer stop()
	env.now = func() time.Time { // the state folder is open by then
		if _, err := os.Stat(filepath.Join(dir, "state", store.FileName)); err == nil {
			stop()
		}
		return time.Now()
	}
	status := run(stopped, env, []string{"gather", "--config", filepath.Join(dir, "config.yaml")})
	if status != statusFault || out.String() != "" || !strings.Contains(errs.String(), "stopped before the end") {
		t.Errorf("status %d: %s%s", status, &out, &errs)
	}
}
