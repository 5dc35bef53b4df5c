package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"time"

	"standpoint/cmd/standpoint/demo"
	"standpoint/digest/config"
	"standpoint/digest/store"
	"standpoint/digest/web"
	"standpoint/feeds"
)

func demoCommand() command {
	return command{
		name: "demo", does: "Run once on invented outlets that are served on this machine.",
		example: "standpoint demo --dir demo-run",
		prepare: func(flags *flag.FlagSet) func(context.Context, *environment, []string) error {
			dir := flags.String("dir", "", "work in `DIR`; default: a new folder for temporary files")
			serve := flags.Bool("serve", false, "then keep the archive open in the browser, on this machine alone, until interrupted")
			return func(ctx context.Context, env *environment, _ []string) error {
				return runDemo(ctx, env, *dir, *serve)
			}
		},
	}
}

// runDemo runs the real worker on outlets of ours over loopback. One of them is
// dead, which is part of the show.
func runDemo(ctx context.Context, env *environment, dir string, serve bool) (err error) {
	if dir == "" {
		if dir, err = os.MkdirTemp("", "standpoint-demo-"); err != nil {
			return err
		}
	}
	if dir, err = filepath.Abs(dir); err != nil {
		return err
	}
	site, err := demo.New(env.now())
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return fmt.Errorf("serve the demo's outlets: %w", err)
	}
	server := &http.Server{Handler: site.Handler(), ReadHeaderTimeout: 10 * time.Second}
	go server.Serve(listener)
	defer server.Close()

	if err := demoFolder(ctx, dir, site.Sources("")); err != nil {
		return err
	}
	s, err := demoSettings(dir)
	if err != nil {
		return err
	}
	o, err := s.open(ctx, env)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, o.Close()) }()
	o.worker.Sources = site.Sources("http://" + listener.Addr().String())
	g, err := o.worker.Gather(ctx)
	if err != nil {
		return err
	}
	printGathered(env, g)
	_, before, err := o.worker.Store.LastCutoff(ctx)
	if err != nil {
		return err
	}
	if err := o.publish(ctx, env, ""); err != nil {
		return err
	}
	// In the folder of an earlier demo nothing is new, and still something to see.
	_, after, err := o.worker.Store.LastCutoff(ctx)
	if err == nil && after == before && after > 0 {
		fmt.Fprintf(env.stdout, "Read the last edition: %s\n", o.shelf(after))
	}
	if err != nil || !serve {
		return err
	}
	at, err := web.Loopback("127.0.0.1:0")
	if err != nil {
		return err
	}
	return o.serve(ctx, env, at)
}

func demoSettings(dir string) (*settings, error) {
	cfg := config.Defaults()
	cfg.State = dir
	cfg.Fetch.AllowPrivate = true
	cfg.Mail.From = "Standpoint demo <digest@standpoint.example>"
	cfg.Subscribers = []string{"reader@standpoint.example"}
	cfg.PublicURL = "https://standpoint.example" // so that the letters show what they have with a web side
	return prepare(cfg)
}

// demoFolder refuses the state folder of a real installation, in which a demo
// would spend the pieces and pause the readers. It looks at a copy, so that what
// is refused stays as it is.
func demoFolder(ctx context.Context, dir string, want []feeds.Source) (err error) {
	if !store.Exists(dir) {
		return nil
	}
	temp, err := os.MkdirTemp("", "standpoint-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(temp)) }()
	if err := store.Copy(ctx, dir, temp); err != nil {
		return err
	}
	db, err := store.Open(ctx, temp)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	have, err := db.Sources(ctx)
	if err != nil {
		return err
	}
	same := func(h store.SourceState, w feeds.Source) bool { return h.ID == w.ID }
	if !slices.EqualFunc(have, want, same) {
		return usage("--dir %s: holds a store that no demo made; choose another folder, or leave --dir out", dir)
	}
	return nil
}
