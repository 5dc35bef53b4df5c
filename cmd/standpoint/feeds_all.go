package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"standpoint/digest/config"
	"standpoint/feeds"
)

// all tries every source of the config, several at once, and says a line about
// each in the config's order.
func (c feedCheck) all(ctx context.Context) error {
	c.named = true // without a config there are no sources
	cfg, err := c.config()
	if err != nil {
		return err
	}
	reports := tryAll(ctx, c.env, cfg)
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return c.printAll(reports)
}

// tryAll asks every source of the config once, several at the same time.
func tryAll(ctx context.Context, env *environment, cfg config.Config) []feedReport {
	client := (&settings{Config: cfg}).client()
	defer client.Close()
	sources := cfg.FeedSources()
	reports := make([]feedReport, len(sources))
	places := make(chan struct{}, max(1, cfg.Fetch.Parallel))
	watch := newWatch(env.stderr, sources)
	var wait sync.WaitGroup
	for i, s := range sources {
		wait.Go(func() {
			places <- struct{}{}
			defer func() { <-places }()
			r := tryFeed(ctx, client, s)
			r.Name, r.URL = s.Name, feeds.Redact(s.URL)
			reports[i] = r
			watch.done(i)
		})
	}
	wait.Wait()
	return reports
}

// watch shows on a terminal how many feeds have answered, and one that has not:
// so that who waits sees for whom.
type watch struct {
	screen  *screen
	mu      sync.Mutex
	waiting []string // names; empty for those that have answered
	count   int      // that have
}

func newWatch(screen *screen, sources []feeds.Source) *watch {
	w := &watch{screen: screen}
	for _, s := range sources {
		w.waiting = append(w.waiting, s.Name)
	}
	screen.Progress("feeds", 0, len(sources))
	return w
}

func (w *watch) done(i int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.waiting[i] = ""
	w.count++
	for _, name := range w.waiting {
		if name != "" {
			w.screen.Status(bar("feeds", w.count, len(w.waiting)) + ", waiting for " + short(name, 25))
			return
		}
	}
	w.screen.Status("")
}

// tryFeed asks one feed. One on which the program panics harms no other.
func tryFeed(ctx context.Context, client *feeds.Client, s feeds.Source) (r feedReport) {
	defer func() {
		if p := recover(); p != nil {
			r = feedReport{Error: fmt.Sprintf("a fault of the program: %v", p)}
		}
	}()
	got, err := client.Fetch(ctx, s, feeds.Validators{})
	return reportOf(got, err)
}

func (c feedCheck) printAll(reports []feedReport) error {
	out := plain{c.env.stdout}
	times := clock{c.env.now(), c.env.now().Location()}
	failed := 0
	for _, r := range reports {
		if !r.Usable {
			failed++
		}
		var err error
		if c.json {
			err = printJSON(out, r)
		} else {
			_, err = fmt.Fprintf(out, "%s %s\n", padded(short(r.Name, 30), 30), r.brief(times))
		}
		if err != nil {
			return err
		}
	}
	if !c.json {
		fmt.Fprintf(out, "\n%d of %s can be used.\n", len(reports)-failed, count(len(reports), "feed"))
	}
	switch {
	case failed == len(reports) && failed > 1:
		return &statusError{statusPartly, errors.New("no feed could be read: is this machine connected to the network?")}
	case 3*failed > len(reports):
		return &statusError{statusPartly, fmt.Errorf("%d of %s failed: see the lines above", failed, count(len(reports), "feed"))}
	}
	return nil
}

// padded fills a text up to so many characters.
func padded(text string, width int) string {
	return text + strings.Repeat(" ", max(0, width-len([]rune(text))))
}

// brief is the report in one line.
func (r feedReport) brief(times clock) string {
	if !r.Usable {
		text := "failed: " + r.Error
		if r.Class != "" {
			text = fmt.Sprintf("failed, %s: %s", r.Class, r.Error)
		}
		if len(r.Advertised) == 0 && r.Mend != "" {
			text += "; " + r.Mend
		}
		if len(r.Advertised) > 0 {
			text += "; the page offers " + line(feeds.Redact(r.Advertised[0]))
		}
		return text
	}
	parts := []string{"ok: " + count(r.Items, "item")}
	if r.Newest != nil {
		parts = append(parts, "newest "+times.day(minTime(*r.Newest, times.now)))
	}
	switch {
	case r.Items == 0:
	case r.Whole == r.Items:
		parts = append(parts, "whole pieces")
	case r.Whole > 0:
		parts = append(parts, fmt.Sprintf("%d whole pieces", r.Whole))
	default:
		parts = append(parts, "teasers")
	}
	if r.NoDate > 0 {
		parts = append(parts, fmt.Sprintf("%d without date", r.NoDate))
	}
	if f := r.faults(); f != "" {
		parts = append(parts, strings.Split(f, ";")[0])
	}
	if r.MovedTo != "" {
		parts = append(parts, "has moved: use "+r.MovedTo)
	}
	return strings.Join(parts, ", ")
}

func minTime(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}
