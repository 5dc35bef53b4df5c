package main

import (
	"context"
	"errors"
	"flag"
	"fmt"

	"standpoint/digest/config"
	"standpoint/digest/store"
)

// The exit statuses that scripts rely on.
const (
	statusDone   = 0 // also: a quiet week with nothing to send
	statusFault  = 1 // internal or I/O
	statusUsage  = 2 // usage, config or pre-flight: no mail was attempted
	statusPartly = 3 // some recipients were not reached yet, or more than a third of the feeds failed
	statusUnsent = 4 // an edition was due and could not be sent
)

// statusError is an error with the exit status it asks for.
type statusError struct {
	status int
	err    error // nil: what there is to say was said
}

func (e *statusError) Error() string { return fmt.Sprint(e.err) }
func (e *statusError) Unwrap() error { return e.err }

// usage makes an error of the command line or the configuration.
func usage(format string, args ...any) error {
	return &statusError{statusUsage, fmt.Errorf(format, args...)}
}

// report prints the error and returns the exit status that it means.
func (env *environment) report(err error) int {
	env.stderr.Status("") // a run that was stopped leaves its progress behind
	if err == nil || errors.Is(err, flag.ErrHelp) {
		return statusDone
	}
	status := statusFault
	if e, ok := errors.AsType[*statusError](err); ok {
		if status = e.status; e.err == nil {
			return status
		}
	} else if _, ok := errors.AsType[*config.Error](err); ok || errors.Is(err, store.ErrHeld) {
		status = statusUsage
	}
	if errors.Is(err, context.Canceled) {
		fmt.Fprintln(env.stderr, "standpoint: stopped before the end; what was finished is stored, and the same command goes on from there")
		return status
	}
	fmt.Fprintf(env.stderr, "standpoint: %v\n", err)
	return status
}
