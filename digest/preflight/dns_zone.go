package preflight

import (
	"context"
	"errors"
	"net"
	"strings"
)

// zone remembers answers, and whether there was one at all. It asks for full
// names: the search list of this machine is not the world's.
type zone struct {
	r        Resolver
	answered bool
	txt      map[string]kept[[]string]
	mx       map[string]kept[[]*net.MX]
	addrs    map[string]kept[[]net.IPAddr]
	names    map[string]kept[[]string]
}

type kept[T any] struct {
	value T
	err   error
}

// LookupTXT asks once for each name.
func (z *zone) LookupTXT(ctx context.Context, name string) ([]string, error) {
	return ask(z, &z.txt, ctx, rooted(name), z.r.LookupTXT)
}

// LookupMX asks once for each name.
func (z *zone) LookupMX(ctx context.Context, name string) ([]*net.MX, error) {
	return ask(z, &z.mx, ctx, rooted(name), z.r.LookupMX)
}

// LookupIPAddr asks once for each host.
func (z *zone) LookupIPAddr(ctx context.Context, host string) ([]net.IPAddr, error) {
	return ask(z, &z.addrs, ctx, rooted(host), z.r.LookupIPAddr)
}

// LookupAddr asks once for each address.
func (z *zone) LookupAddr(ctx context.Context, addr string) ([]string, error) {
	return ask(z, &z.names, ctx, addr, z.r.LookupAddr)
}

func ask[T any](z *zone, known *map[string]kept[T], ctx context.Context, name string, lookup func(context.Context, string) (T, error)) (T, error) {
	if ctx.Err() != nil { // even where the answer is known: a bomb of known names must end, too
		var none T
		return none, ctx.Err()
	}
	if k, ok := (*known)[name]; ok {
		return k.value, k.err
	}
	value, err := lookup(ctx, name)
	z.answered = z.answered || err == nil || !unanswered(err)
	if *known == nil {
		*known = map[string]kept[T]{}
	}
	(*known)[name] = kept[T]{value, err}
	return value, err
}

func rooted(name string) string { return strings.ToLower(strings.TrimSuffix(name, ".")) + "." }

// missing reports that the name, or such a record of it, is not there.
func missing(err error) bool {
	e, ok := errors.AsType[*net.DNSError](err)
	return ok && e.IsNotFound
}

// unanswered reports that no name server answered, in contrast to one that
// answered with a failure. The package net marks both as temporary and tells
// them apart in words only.
func unanswered(err error) bool {
	e, ok := errors.AsType[*net.DNSError](err)
	if !ok {
		return true
	}
	return !e.IsNotFound && (e.IsTimeout || e.IsTemporary && !strings.Contains(e.Err, "misbehaving") || errors.Is(err, context.Canceled))
}

// reason is the cause in a resolver's error, without the name and the server.
func reason(err error) string {
	e, ok := errors.AsType[*net.DNSError](err)
	switch {
	case ok && e.IsTimeout, errors.Is(err, context.DeadlineExceeded):
		return "no answer in time"
	case ok:
		return e.Err
	}
	return err.Error()
}
