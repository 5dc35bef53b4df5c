package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

// TestMain makes the test binary the program itself, wherever a test or a
// script runs "standpoint".
func TestMain(m *testing.M) {
	_ = flag.Set("test.parallel", "6") // many wait for a daemon
	testscript.Main(m, map[string]func(){"standpoint": func() {
		later, _ := time.ParseDuration(os.Getenv(clockVariable)) // unset: none
		os.Exit(realMain(func() time.Time { return time.Now().Add(later) }))
	}})
}

// clockVariable puts the program's clock forward, so that no test waits for what
// comes later.
const clockVariable = "STANDPOINT_TEST_LATER"

// TestScripts runs the command as its users do: "exec standpoint" in a process of
// its own, "run standpoint" in this one, which costs less than half of it. Each
// script finds the files of testdata/base in its folder: a config and a small web of
// feeds; example.yaml, the example that users begin with; and pack, the
// built-in topic pack with a tenth of its examples, and its model.
func TestScripts(t *testing.T) {
	dir, err := filepath.Abs("testdata")
	check(t, err)
	r := newRunner(t)
	testscript.Run(t, testscript.Params{
		Dir: dir,
		Setup: func(env *testscript.Env) error {
			return r.within("", func() {
				copyBase(t, env.WorkDir)
				example, err := os.ReadFile(filepath.Join("..", "..", "config.example.yaml"))
				check(t, err)
				write(t, env.WorkDir, "example.yaml", string(example))
				smallPack(t, filepath.Join(env.WorkDir, "pack"))
				env.Values[sinkKey{}] = newSink()
			})
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"run": r.run, "exits": r.exits, "feeds": feedsCommand, "mailserver": mailserver, "letters": letters,
			"nameserver": nameserver, "quote": quoteCommand, "snapshot": snapshotCommand, "subst": subst,
		},
		// What trains again and again runs with `make eval`.
		Condition: func(name string) (bool, error) {
			if name != "eval" {
				return false, fmt.Errorf("no condition %q", name)
			}
			return os.Getenv("EVAL") != "", nil
		},
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
	})
}

type sinkKey struct{}

// feeds serves the folder web and puts its address into config.yaml, in the
// place of FEEDS.
func feedsCommand(ts *testscript.TestScript, _ bool, _ []string) {
	s := serveFolder(ts.MkAbs("web"))
	ts.Defer(s.Close)
	ts.Setenv("FEEDS", s.URL)
	subst(ts, false, []string{"FEEDS=" + s.URL, "config.yaml"})
}

// subst OLD=NEW FILE replaces a text in a file.
func subst(ts *testscript.TestScript, _ bool, args []string) {
	old, text, _ := strings.Cut(args[0], "=")
	data := strings.ReplaceAll(ts.ReadFile(args[1]), old, text)
	ts.Check(os.WriteFile(ts.MkAbs(args[1]), []byte(data), 0o600))
}

// mailserver down reserves a port on which nothing answers, up starts a server
// there; config.yaml gets the port in the place of PORT. "later TEXT" and "never
// TEXT" say how it answers from now on to those whose address has the text.
func mailserver(ts *testscript.TestScript, _ bool, args []string) {
	s := ts.Value(sinkKey{}).(*sink)
	switch args[0] {
	case "up":
		ts.Check(s.start())
		ts.Defer(s.stop)
	case "down":
		ts.Check(s.reserve())
	case "later":
		s.answer(args[1], 451)
	case "never":
		s.answer(args[1], 550)
	default:
		ts.Fatalf("mailserver %s?", args[0])
	}
	subst(ts, false, []string{"PORT=" + strconv.Itoa(s.port), "config.yaml"})
}

// letters N [ADDRESS] wants so many letters, to the address or to all, since
// the last call.
func letters(ts *testscript.TestScript, _ bool, args []string) {
	s := ts.Value(sinkKey{}).(*sink)
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	got := s.take()
	if len(args) > 1 {
		n := 0
		for _, m := range got {
			if m.to == args[1] {
				n++
			}
		}
		if n != len(got) {
			ts.Fatalf("letters to others than %s: %v", args[1], got)
		}
	}
	if len(got) != want {
		ts.Fatalf("%d letters, want %d: %v", len(got), want, got)
	}
}

// snapshot FILE writes what the state folder holds, or that there is none.
func snapshotCommand(ts *testscript.TestScript, _ bool, args []string) {
	text, err := snapshot(ts.MkAbs("state"))
	ts.Check(err)
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(text), 0o600))
}
