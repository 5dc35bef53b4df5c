package main

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	systemd "github.com/coreos/go-systemd/v22/daemon"
)

// notifier tells systemd how the daemon stands (sd_notify). Without systemd it
// does nothing.
type notifier struct{ log *slog.Logger }

func (n notifier) say(state string) {
	if _, err := systemd.SdNotify(false, state); err != nil {
		n.log.Warn("systemd not notified", "err", err)
	}
}

func (n notifier) ready(status string) { n.say(systemd.SdNotifyReady + "\nSTATUS=" + status) }
func (n notifier) status(text string)  { n.say("STATUS=" + text) }
func (n notifier) stopping()           { n.say(systemd.SdNotifyStopping + "\nSTATUS=finishing what is in hand") }

// reloading begins what ready ends. systemd wants to know when it began.
func (n notifier) reloading() {
	n.say(systemd.SdNotifyReloading + "\n" + systemd.SdNotifyMonotonicUsec() + "\nSTATUS=reading the configuration again")
}

// watch pings systemd's watchdog for as long as the daemon is alive, and says once
// in the log why it does not. systemd kills the process then, and starts it anew.
func (l *life) watch(ctx context.Context) {
	limit, err := systemd.SdWatchdogEnabled(false)
	if err != nil {
		l.log.Warn("systemd's watchdog is not served", "err", err)
	}
	if err != nil || limit <= 0 {
		return
	}
	tick := time.NewTicker(limit / 3)
	defer tick.Stop()
	for dead := false; ; {
		if err := l.alive(); err == nil {
			l.notify.say(systemd.SdNotifyWatchdog)
			dead = false
		} else if !dead {
			l.log.Error("watchdog no longer served, so that systemd starts this anew", "err", err)
			dead = true
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		}
	}
}

// standing is the daemon's state in a line, for systemctl status.
func (o *office) standing(ctx context.Context) string {
	last := "no edition yet"
	cutoff, _, err1 := o.worker.Store.LastCutoff(ctx)
	if number, err2 := o.worker.Store.LastPublic(ctx); err1 == nil && err2 == nil && number > 0 {
		last = fmt.Sprintf("last edition %d, last cut-off %s", number, o.clock(cutoff))
	}
	gather, publish, err := o.next()
	if err != nil {
		return last
	}
	return fmt.Sprintf("%s; next edition %s, next gathering %s", last, o.clock(publish), o.clock(gather))
}
