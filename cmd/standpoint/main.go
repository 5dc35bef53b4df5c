// Command standpoint reads think tanks' feeds, keeps the pieces on one debate,
// groups them by where their authors stand, and mails a weekly digest.
package main

import (
	"context"
	"fmt"
	"io"
	"log"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"
	"time"
	_ "time/tzdata" // a bare image has no zone files
)

func main() { os.Exit(realMain(time.Now)) }

func realMain(now func() time.Time) int {
	// The first signal ends the run after the reader in hand; a second one kills.
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, os.Interrupt)
	defer stop()
	context.AfterFunc(ctx, stop)
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(200) // a gathering makes much garbage and keeps little: a twentieth less work for some 20 MB
	}
	log.SetOutput(io.Discard) // net/http prints there what servers send unasked; our own log is slog's
	return run(ctx, &environment{
		stdin: os.Stdin, stdout: os.Stdout, stderr: newScreen(os.Stderr), now: now,
	}, os.Args[1:])
}

// environment is the outside world of a run.
type environment struct {
	stdin  io.Reader
	stdout io.Writer
	stderr *screen
	now    func() time.Time
}

// run does what the arguments say and returns the exit status. A panic is a
// fault of ours: 1, never the 2 of a usage error, which is what Go would give.
func run(ctx context.Context, env *environment, args []string) (status int) {
	defer func() {
		if r := recover(); r != nil {
			fmt.Fprintf(env.stderr, "standpoint: a fault of the program: %v\n%s\nThe store is as the last finished step left it; the same command goes on from there.\n", r, debug.Stack())
			status = statusFault
		}
	}()
	return env.report(dispatch(ctx, env, args))
}
