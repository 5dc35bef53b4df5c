package preflight

import (
	"context"
	"errors"
	"fmt"
	"net"
	"slices"
	"strings"

	"blitiri.com.ar/go/spf"
)

// terms tries each term of the record alone, and names those that cannot be
// evaluated (RFC 7208 §4.6), or that do not do what their writer meant.
func (q *inquiry) terms(record string) error {
	all := strings.Fields(record)[1:]
	if !slices.ContainsFunc(all, func(t string) bool { return !isAll(t) }) && !slices.ContainsFunc(all, letsAll) {
		q.fault(1, "the SPF record of "+q.domain+" lets nobody send in its name: "+cite(record), "name in it the server that sends the letters: include:, ip4: or ip6:")
	}
	ended := false
	for i, term := range all {
		if slices.Contains(all[:i], term) {
			continue
		}
		name, _, _ := strings.Cut(strings.ToLower(strings.TrimLeft(term, "+-~?")), ":")
		if ended && !strings.Contains(term, "=") {
			q.fault(1, "in the SPF record of "+q.domain+", "+cite(term)+" stands behind all, where nothing counts", "put it in front of all")
		}
		ended = ended || isAll(term)
		if name == "ptr" {
			// RFC 7208 §5.5
			q.fault(1, "the SPF record of "+q.domain+" uses ptr, which is slow and which receivers may leave out", "name the addresses instead: ip4: or ip6:")
		}
		result, err := q.evaluate(single{q.zone, rooted(q.domain), "v=spf1 " + term}, net.ParseIP(nobody[0]), spf.OverrideLookupLimit(spfMost), spf.OverrideVoidLookupLimit(spfMost))
		if silent := q.quiet(err); silent != nil {
			return silent
		}
		switch {
		case errors.Is(err, spf.ErrLookupLimitReached), errors.Is(err, spf.ErrVoidLookupLimitReached):
			// said of the whole record
		case result == spf.PermError:
			q.fault(1, fmt.Sprintf("in the SPF record of %s, %s cannot be evaluated: %s", q.domain, cite(term), plainly(err)), "correct it or take it out: one bad term makes the whole record an error")
		case result == spf.TempError:
			q.broken(1, "what "+cite(term)+" in the SPF record of "+q.domain+" names", err)
		}
	}
	return nil
}

func isAll(term string) bool {
	return strings.EqualFold(strings.TrimLeft(term, "+-~?"), "all")
}

func letsAll(term string) bool {
	return isAll(term) && (term[0] == '+' || term[0] == 'a' || term[0] == 'A')
}

// plainly says what the library means.
func plainly(err error) string {
	switch {
	case errors.Is(err, spf.ErrNoResult):
		return "what it names has no SPF record"
	case errors.Is(err, spf.ErrMultipleRecords):
		return "what it names has more than one SPF record"
	case errors.Is(err, spf.ErrUnknownField):
		return "there is no such mechanism"
	case err == nil:
		return "it is malformed"
	}
	return err.Error()
}

// single is the DNS with another SPF record at one name, to try a term alone.
type single struct {
	*zone
	name, record string
}

// LookupTXT answers for the name by the record.
func (s single) LookupTXT(ctx context.Context, name string) ([]string, error) {
	if rooted(name) == s.name {
		return []string{s.record}, nil
	}
	return s.zone.LookupTXT(ctx, name)
}
