package main

import (
	"context"
	"errors"

	"standpoint/digest/pipeline"
	"standpoint/digest/preflight"
)

// sampleLetter holds the letter of an invented edition, as the config and the
// templates make it, against the rules of mail.
func (o *office) sampleLetter(ctx context.Context) ([]preflight.Finding, error) {
	d, err := o.worker.Sample()
	if err != nil {
		return nil, err
	}
	return o.worker.Preflight(ctx, d)
}

// tellLetter says on stderr what is wrong with a draft that is only looked at;
// what would stop it is a pre-flight error.
func (o *office) tellLetter(ctx context.Context, env *environment, d pipeline.Draft) error {
	found, err := o.worker.Preflight(ctx, d)
	if err != nil {
		return err
	}
	return printFindings(env.stderr, found)
}

// refused reports whether the pre-flight stopped an edition.
func refused(err error) bool {
	_, is := errors.AsType[*pipeline.PreflightError](err)
	return is
}
