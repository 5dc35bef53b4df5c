package preflight

import (
	"errors"
	"fmt"
	"net"
	"sort"
	"strings"

	"blitiri.com.ar/go/spf"
)

// Receivers stop with an error beyond these (RFC 7208 §4.6.4). To say how far a
// record is beyond them, we go on to spfMost.
const (
	spfLookups = 10
	spfVoid    = 2
	spfMost    = 40
	spfLongest = 4096 // octets; a record should have 450 (RFC 7208 §3.4)
)

// nobody are addresses for documentation (RFC 5737, RFC 3849): no record lets
// them send, unless it lets everybody, and so they walk through all of it.
var nobody = [...]string{"192.0.2.1", "2001:db8::1"}

// checkSPF holds the envelope's domain against S1.
func (q *inquiry) checkSPF() error {
	txt, failed, silent := q.records(q.domain)
	switch {
	case silent != nil:
		return silent
	case failed != nil:
		q.broken(1, q.domain, failed)
		return nil
	}
	var found []string
	for _, t := range txt {
		if isSPF(t) {
			found = append(found, t)
		}
	}
	switch len(found) {
	case 0:
		q.noSPF(txt)
		return nil
	case 1:
		return q.weighSPF(found[0])
	}
	// RFC 7208 §4.5
	q.fault(1, fmt.Sprintf("%s has %d SPF records, which receivers take for an error", q.domain, len(found)), "make one record of them, with the mechanisms of each")
	return nil
}

// isSPF reports a record by its version (RFC 7208 §4.5).
func isSPF(txt string) bool {
	version, _, _ := strings.Cut(txt, " ")
	return strings.EqualFold(version, "v=spf1")
}

func (q *inquiry) noSPF(txt []string) {
	what := q.domain + " has no SPF record"
	for _, t := range txt {
		if strings.Contains(strings.ToLower(t), "spf1") {
			what += ": " + cite(t) + " does not begin with v=spf1 and a space"
			break
		}
	}
	q.fault(1, what, `publish one TXT record at `+q.domain+` such as "v=spf1 include:… ~all"; whoever runs the mail server says what to include`)
}

// weighSPF evaluates the one record. The library stops at what decides, as a
// receiver does, so a fault that the first address does not meet is looked for
// term by term.
func (q *inquiry) weighSPF(record string) error {
	if len(record) > spfLongest {
		q.fault(1, fmt.Sprintf("the SPF record of %s has %d characters: receivers cut it off or ignore it", q.domain, len(record)), "keep it below 450, with the rest in records that it includes")
		return nil
	}
	needed, void := 0, 0
	for _, ip := range nobody {
		n, err := q.need(ip, func(n uint) []spf.Option {
			return []spf.Option{spf.OverrideLookupLimit(n), spf.OverrideVoidLookupLimit(spfMost)}
		}, spf.ErrLookupLimitReached)
		if err != nil {
			return err
		}
		v, err := q.need(ip, func(n uint) []spf.Option {
			return []spf.Option{spf.OverrideLookupLimit(spfMost), spf.OverrideVoidLookupLimit(n)}
		}, spf.ErrVoidLookupLimitReached)
		if err != nil {
			return err
		}
		needed, void = max(needed, n), max(void, v)
	}
	before := len(q.report.Findings)
	if needed > spfLookups {
		q.fault(1, fmt.Sprintf("the SPF record of %s needs %s DNS look-ups; receivers stop at %d with an error", q.domain, upTo(needed), spfLookups),
			"take out what no longer sends for you, or put addresses (ip4:, ip6:) in the place of include:, a and mx; a record that includes itself has no end")
	}
	if void > spfVoid {
		q.fault(1, fmt.Sprintf("the SPF record of %s asks for %s names that are not there; receivers stop at %d with an error", q.domain, upTo(void), spfVoid),
			"take out the a:, mx:, include: and exists: whose names are gone")
	}
	if err := q.terms(record); err != nil {
		return err
	}
	if err := q.openToAll(); err != nil {
		return err
	}
	if len(q.report.Findings) == before {
		return q.letsUs(needed)
	}
	return nil
}

// need is the smallest limit that the record keeps, for an address that it does
// not know; spfMost where that is not enough.
func (q *inquiry) need(ip string, limit func(uint) []spf.Option, reached error) (int, error) {
	var silent error
	n := sort.Search(spfMost, func(n int) bool {
		if silent != nil {
			return true
		}
		_, err := q.evaluate(q.zone, net.ParseIP(ip), limit(uint(n))...)
		silent = q.quiet(err)
		return !errors.Is(err, reached)
	})
	return n, silent
}

func upTo(n int) string {
	if n >= spfMost {
		return fmt.Sprintf("%d or more", n)
	}
	return fmt.Sprint(n)
}

// evaluate asks whether the record lets the address send for us (RFC 7208 §4).
func (q *inquiry) evaluate(r spf.DNSResolver, ip net.IP, limits ...spf.Option) (spf.Result, error) {
	local, _, _ := strings.Cut(q.id.From, "@")
	options := append([]spf.Option{spf.WithContext(q.ctx), spf.WithResolver(r)}, limits...)
	return spf.CheckHostWithSender(ip, q.domain, local+"@"+q.domain, options...)
}

// quiet returns the error if it is a name server's silence.
func (q *inquiry) quiet(err error) error {
	e, ok := errors.AsType[*net.DNSError](err)
	if ok && unanswered(e) {
		return err
	}
	return q.ctx.Err()
}

// openToAll refuses +all and its like.
func (q *inquiry) openToAll() error {
	for _, ip := range nobody {
		result, err := q.evaluate(q.zone, net.ParseIP(ip), spf.OverrideLookupLimit(spfMost), spf.OverrideVoidLookupLimit(spfMost))
		if silent := q.quiet(err); silent != nil {
			return silent
		}
		if result == spf.Pass {
			q.fault(1, "the SPF record of "+q.domain+" lets every machine in the world send in its name", "end it in ~all or -all, and take out ranges as wide as /0")
			return nil
		}
	}
	return nil
}

// letsUs says whether an address of the mail server may send. Which address a
// relay really sends from cannot be known from here, so a no is no finding.
func (q *inquiry) letsUs(needed int) error {
	cost := fmt.Sprintf("%d of %d DNS look-ups", needed, spfLookups)
	public, hidden, err := q.addresses()
	if err != nil {
		return err
	}
	for _, ip := range public {
		result, err := q.evaluate(q.zone, ip)
		if silent := q.quiet(err); silent != nil {
			return silent
		}
		if result == spf.Pass {
			q.good("spf", "%s lets %s of %s send, in %s", q.domain, ip, q.host, cost)
			return nil
		}
	}
	q.good("spf", "%s has a sound record, %s", q.domain, cost)
	look := "; to see what receivers see, look for spf= in the Authentication-Results of a proof that you got"
	switch {
	case q.host == "":
		q.open("spf", "which address sends is not known: letters go to a folder")
	case len(public) > 0:
		q.open("spf", "could not tell which address sends: the record does not let %s of %s, but a relay may send from another%s", public[0], q.host, look)
	case len(hidden) > 0:
		q.open("spf", "could not tell which address sends: %s is of this machine or network alone%s", hidden[0], look)
	default:
		q.open("spf", "could not tell which address sends: %s has no address%s", q.host, look)
	}
	return nil
}
