package config

import (
	"fmt"
	"strings"
	"time"
)

// How often is too often. A day is counted as 23 hours, so that an expression
// of "@every 24h" or one that drifts does not fail on rounding.
const (
	gatherGap  = 5 * time.Minute
	publishGap = 23 * time.Hour
)

// How late an edition may be sent. A job in hand can make it wait for an hour.
const (
	leastLateness = time.Hour
	mostLateness  = 4 * week
)

// firings bounds how many times of a schedule are looked at.
const firings = 400

func (v *validator) schedule(cron Cron) {
	v.cron(cron, "schedule.gather", v.c.Schedule.Gather, gatherGap,
		"more often than every five minutes", `leave the feeds' servers in peace: every three hours is "23 */3 * * *"`)
	v.cron(cron, "schedule.publish", v.c.Schedule.Publish, publishGap,
		"more than once a day", `an edition is weekly or daily: Mondays at 07:07 is "7 7 * * 1"`)
	if d := v.c.Schedule.MaxLateness; d.Std() < leastLateness || d.Std() > mostLateness {
		v.fail("schedule.max_lateness", fmt.Sprintf("schedule.max_lateness is %s, but must be %s to %s", d, Duration(leastLateness), Duration(mostLateness)),
			"write how late an edition may still be sent, e.g. 2d")
	}
}

func (v *validator) cron(cron Cron, path, expr string, gap time.Duration, tooOften, mend string) {
	if strings.Contains(expr, "TZ=") {
		v.fail(path, path+" names a time zone of its own", "take the prefix away and set the key zone")
		return
	}
	if strings.TrimSpace(expr) == "" {
		v.fail(path, path+" is empty", `write five fields, minute hour day month weekday, e.g. "7 7 * * 1"`)
		return
	}
	if cron == nil {
		return
	}
	next, err := cron(expr, time.UTC)
	if err != nil {
		v.fail(path, path+": "+err.Error(), "")
		return
	}
	// Any date serves as a start; from a leap year's on, 29 February is near.
	start := time.Date(2028, time.January, 1, 0, 0, 0, 0, time.UTC)
	last := next(start)
	if last.IsZero() {
		v.fail(path, fmt.Sprintf("%s: %q never fires", path, expr), "name a date that exists")
		return
	}
	for range firings {
		t := next(last)
		if t.IsZero() || t.Sub(start) > 400*24*time.Hour { // it has been every date since
			return
		}
		if t.Sub(last) < gap {
			v.fail(path, fmt.Sprintf("%s: %q fires %s", path, expr, tooOften), mend)
			return
		}
		last = t
	}
}
