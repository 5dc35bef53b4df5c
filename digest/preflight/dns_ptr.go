package preflight

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// checkPTR holds the mail server's addresses against S6, where the server is
// ours. A relay's names are the relay's matter.
func (q *inquiry) checkPTR() error {
	if q.host == "" {
		return nil
	}
	public, hidden, err := q.addresses()
	if err != nil {
		return err
	}
	switch {
	case len(public) == 0 && len(hidden) == 0:
		q.open("ptr", "%s has no address that could be looked at", q.host)
	case len(public) == 0:
		q.open("ptr", "could not tell: %s is of this machine or network alone, so the letters leave from another address", hidden[0])
	default:
		ours, err := q.ours()
		if err != nil {
			return err
		}
		if !ours {
			q.open("ptr", "%s is a relay of another domain: the names of its addresses are its matter", q.host)
			return nil
		}
	}
	for _, ip := range public {
		if err := q.confirm(ip.String()); err != nil {
			return err
		}
	}
	return nil
}

// ours reports that the mail server is of the From domain's organisation.
func (q *inquiry) ours() (bool, error) {
	if within(q.host, q.domain) {
		return true, nil
	}
	org := [2]string{}
	for i, domain := range []string{q.domain, q.host} {
		found, failed, silent := q.walk(domain)
		if failed != nil || silent != nil {
			return false, silent
		}
		org[i] = organisation(domain, found)
	}
	return org[0] == org[1], nil
}

// confirm wants a name for the address that leads back to it.
func (q *inquiry) confirm(ip string) error {
	names, err := q.zone.LookupAddr(q.ctx, ip)
	if err != nil && unanswered(err) {
		return err
	}
	if err != nil && !missing(err) {
		q.broken(6, "the PTR of "+ip, err)
		return nil
	}
	ask := fmt.Sprintf("ask whoever provides the address to set its PTR to %s (if letters leave from another address, that one needs it)", q.host)
	if names = unique(names); len(names) == 0 {
		q.fault(6, fmt.Sprintf("%s of %s has no PTR record", ip, q.host), ask)
		return nil
	}
	const most = 10 // as RFC 7208 §4.6.4 looks at
	for _, name := range names[:min(len(names), most)] {
		back, err := q.zone.LookupIPAddr(q.ctx, name)
		if err != nil && unanswered(err) {
			return err
		}
		for _, a := range back {
			if a.IP.String() == ip {
				q.good("ptr", "%s is %s, and that leads back to it", ip, name)
				return nil
			}
		}
	}
	q.fault(6, fmt.Sprintf("%s of %s is called %s, which does not lead back to it", ip, q.host, strings.Join(names[:min(len(names), 3)], ", ")), ask)
	return nil
}

// unique returns the names sorted, each once, in the DNS's letters.
func unique(names []string) []string {
	out := make([]string, 0, len(names))
	for _, n := range names {
		out = append(out, cmp.Or(ascii(n), n))
	}
	slices.Sort(out)
	return slices.Compact(out)
}
