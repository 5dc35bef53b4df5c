package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"slices"

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
	err    error
}

func (e *statusError) Error() string { return fmt.Sprint(e.err) }
func (e *statusError) Unwrap() error { return e.err }

// usage makes an error of the command line or the configuration.
func usage(format string, args ...any) error {
	return &statusError{statusUsage, fmt.Errorf(format, args...)}
}

// report prints the error, each of several on a line of its own, and returns the
// exit status that it means.
func (env *environment) report(err error) int {
	env.stderr.Status("") // a run that was stopped leaves its progress behind
	if err == nil || errors.Is(err, flag.ErrHelp) {
		return statusDone
	}
	if errors.Is(err, context.Canceled) {
		fmt.Fprintln(env.stderr, "standpoint: stopped before the end; what was finished is stored, and the same command goes on from there")
		return exitStatusOf(err)
	}
	for _, each := range parts(err) {
		fmt.Fprintf(env.stderr, "standpoint: %v\n", each)
	}
	return exitStatusOf(err)
}

// parts takes apart what errors.Join joined; a text that wraps several errors
// stays whole.
func parts(err error) []error {
	joined, ok := err.(interface{ Unwrap() []error })
	if !ok || err.Error() != errors.Join(joined.Unwrap()...).Error() {
		return []error{err}
	}
	var all []error
	for _, each := range joined.Unwrap() {
		all = append(all, parts(each)...)
	}
	return all
}

// exitStatusOf is the gravest status of those that were joined. A plain fault
// weighs more than what was only partly done, and less than an edition unsent.
func exitStatusOf(err error) int {
	gravity := []int{statusPartly, statusFault, statusUnsent, statusUsage}
	worst := -1
	for _, each := range parts(err) {
		status := statusFault
		if e, ok := errors.AsType[*statusError](each); ok {
			status = e.status
		} else if _, ok := errors.AsType[*config.Error](each); ok || errors.Is(each, store.ErrHeld) || refused(each) {
			status = statusUsage
		}
		worst = max(worst, slices.Index(gravity, status))
	}
	return gravity[worst]
}
