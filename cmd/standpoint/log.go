package main

import (
	"context"
	"io"
	"log/slog"
)

func newLogger(w io.Writer, level slog.Level) *slog.Logger {
	return slog.New(slog.NewTextHandler(w, &slog.HandlerOptions{Level: level}))
}

// daemonLogger is the log of the daemon: lines for people on a terminal, JSON for
// whatever reads them elsewhere.
func daemonLogger(s *screen) *slog.Logger {
	if s.terminal {
		return newLogger(s, slog.LevelInfo)
	}
	return slog.New(slog.NewJSONHandler(s, nil))
}

// runLogger is the log of a single run. On a terminal the progress line and the
// summary say how it goes, so only what neither of them has breaks in.
func runLogger(s *screen) *slog.Logger {
	if !s.terminal {
		return newLogger(s, slog.LevelInfo)
	}
	return slog.New(unsaid{newLogger(s, slog.LevelWarn).Handler()})
}

// unsaid leaves out the warnings about a source: the summary names each.
type unsaid struct{ slog.Handler }

func (u unsaid) Handle(ctx context.Context, r slog.Record) error {
	known := false
	r.Attrs(func(a slog.Attr) bool {
		known = a.Key == "source"
		return !known
	})
	if known && r.Level < slog.LevelError {
		return nil
	}
	return u.Handler.Handle(ctx, r)
}
