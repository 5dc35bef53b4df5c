package main

import (
	"context"
	"os"
	"path/filepath"
	"runtime/debug"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

// runner runs the program for scripts within this process. Starting one, with all
// that it reads anew, took most of the scripts' time; but the folder that a process
// is in belongs to all of it, so one run takes its turn after the other. What is
// read from stdin or the environment needs a process of its own: "exec".
type runner struct {
	turn chan struct{}
	home string // where the tests themselves are at work
}

func newRunner(t testing.TB) runner {
	home, err := filepath.Abs(".")
	check(t, err)
	was := debug.SetGCPercent(400) // a tenth of the time went into collecting what ended runs leave behind
	t.Cleanup(func() { debug.SetGCPercent(was) })
	return runner{turn: make(chan struct{}, 1), home: home}
}

// within does something in a folder, or at home, while no run is in another.
func (r runner) within(dir string, do func()) error {
	r.turn <- struct{}{}
	defer func() { <-r.turn }()
	if dir != "" {
		if err := os.Chdir(dir); err != nil {
			return err
		}
		defer func() { _ = os.Chdir(r.home) }()
	}
	do()
	return nil
}

// run standpoint ARGS wants that the program succeeds, or with "!" that it fails.
func (r runner) run(ts *testscript.TestScript, neg bool, args []string) {
	if got := r.status(ts, args); (got != 0) != neg {
		ts.Fatalf("exit status %d", got)
	}
}

// exits N standpoint ARGS runs the program and wants the exit status N. Before
// "standpoint" an exec gives it a process of its own, which gets what stdin says.
func (r runner) exits(ts *testscript.TestScript, _ bool, args []string) {
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	if got := r.status(ts, args[1:]); got != want {
		ts.Fatalf("exit status %d, want %d", got, want)
	}
}

func (r runner) status(ts *testscript.TestScript, args []string) (status int) {
	if args[0] == "exec" {
		return exitStatus(ts.Exec(args[1], args[2:]...))
	}
	if args[0] != "standpoint" {
		ts.Fatalf("%s? only standpoint is at hand here; write exec", args[0])
	}
	env := &environment{
		stdin: strings.NewReader(""), stdout: ts.Stdout(), stderr: &screen{out: ts.Stderr()}, now: time.Now,
	}
	ts.Check(r.within(ts.MkAbs("."), func() { status = run(context.Background(), env, args[1:]) }))
	return status
}
