package preflight

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
)

// checkDMARC holds the From domain against S4 and S5. RFC 9989 replaced RFC 7489
// in May 2026.
func (q *inquiry) checkDMARC() error {
	own, failed, silent := q.policies(q.domain)
	if silent != nil {
		return silent
	}
	found, lost, silent := q.walk(q.domain)
	if silent != nil {
		return silent
	}
	if failed != nil || lost != nil {
		if failed == nil {
			failed = lost
		}
		q.broken(4, "_dmarc."+q.domain+" or a name above it", failed)
		return nil
	}
	if len(own) > 1 {
		q.fault(4, fmt.Sprintf("%s has %d DMARC records, and receivers throw all of them away", q.domain, len(own)), "leave one TXT record that begins v=DMARC1 at _dmarc."+q.domain)
	}
	org := organisation(q.domain, found)
	p, ok := applied(q.domain, org, found)
	if !ok {
		if len(own) < 2 {
			return q.noDMARC()
		}
		return nil
	}
	q.syntax(p)
	q.removed(p)
	if q.strength(p, org) {
		return q.aligned(p, org)
	}
	return nil
}

// applied is the record that a receiver goes by: the domain's own, or its
// organisation's (RFC 9989 §4.10.1). A public suffix's record is left out, since
// an organisation is never one: it is not for us to mend.
func applied(domain, org string, found []policy) (policy, bool) {
	for _, at := range []string{domain, org} {
		i := slices.IndexFunc(found, func(p policy) bool { return p.domain == at })
		if i >= 0 {
			return found[i], true
		}
	}
	return policy{}, false
}

func (q *inquiry) noDMARC() error {
	what := q.domain + " has no DMARC record, nor has a domain above it"
	txt, _, silent := q.records("_dmarc." + q.domain)
	if silent != nil {
		return silent
	}
	if len(txt) > 0 {
		what = "at _dmarc." + q.domain + " there is " + cite(txt[0]) + ", which does not begin with v=DMARC1;"
	}
	q.fault(4, what, `publish at _dmarc.`+q.domain+` the TXT record "v=DMARC1; p=none; rua=mailto:…", with an address that reads reports`)
	return nil
}

// The tags of RFC 9989 §4.7 and their values; nil is any text.
func values(tag string) (allowed []string, known bool) {
	switch tag {
	case "p", "sp", "np":
		return []string{"none", "quarantine", "reject"}, true
	case "adkim", "aspf":
		return []string{"r", "s"}, true
	case "t":
		return []string{"y", "n"}, true
	case "psd":
		return []string{"y", "n", "u"}, true
	case "v", "rua", "ruf", "fo":
		return nil, true
	}
	return nil, false
}

// removedTags were in RFC 7489 and are ignored now (RFC 9989, appendix A).
func removedTags() []string { return []string{"pct", "rf", "ri"} }

// syntax names what receivers skip, and what they take instead.
func (q *inquiry) syntax(p policy) {
	at := "the DMARC record of " + p.domain
	for _, junk := range p.tags.junk {
		q.fault(5, at+" holds "+cite(junk)+", which is no tag", "tags are name=value, with ; between them")
	}
	for _, double := range p.tags.double {
		q.fault(5, at+" has the tag "+double+" twice", "leave one of them")
	}
	for _, t := range p.tags.list {
		allowed, known := values(t.name)
		switch {
		case !known && !slices.Contains(removedTags(), t.name):
			q.fault(5, at+" has the tag "+cite(t.name)+", which DMARC does not know", "correct its name or take it out")
		case allowed != nil && !slices.Contains(allowed, strings.ToLower(t.value)) && t.name != "p" && t.name != "sp" && t.name != "np":
			q.fault(5, fmt.Sprintf("%s says %s=%s, which means nothing", at, t.name, cite(t.value)), "the values of "+t.name+" are "+strings.Join(allowed, ", "))
		case t.name == "fo" && !failureOptions(t.value):
			q.fault(5, at+" says fo="+cite(t.value)+", which means nothing", "the values of fo are 0, 1, d and s, with : between them")
		case t.name == "rua" || t.name == "ruf":
			q.reports(at, t)
		}
	}
}

func failureOptions(list string) bool {
	return !slices.ContainsFunc(strings.Split(list, ":"), func(s string) bool {
		return !slices.Contains([]string{"0", "1", "d", "s"}, strings.TrimSpace(s))
	})
}

// reports looks at where reports shall go.
func (q *inquiry) reports(at string, t tag) {
	for uri := range strings.SplitSeq(t.value, ",") {
		uri = strings.TrimSpace(uri)
		switch {
		case !reportable(uri):
			q.fault(5, at+" sends reports to "+cite(uri)+", which is no address of the kind", "write "+t.name+"=mailto:reports@"+q.domain)
		case strings.Contains(uri, "!"):
			q.fault(5, at+" limits reports by "+cite(uri)+": the size behind ! was removed", "take ! and the size out")
		}
	}
}

func reportable(uri string) bool {
	u, err := url.Parse(uri)
	if err != nil || u.Scheme == "" {
		return false
	}
	return !strings.EqualFold(u.Scheme, "mailto") || strings.Contains(u.Opaque, "@")
}

// removed names the tags that have lost their meaning.
func (q *inquiry) removed(p policy) {
	at := "the DMARC record of " + p.domain
	for _, name := range removedTags() {
		value, ok := p.tags.get(name)
		switch {
		case !ok:
		case name == "pct" && value != "100":
			q.fault(5, at+" says pct="+cite(value)+", which was removed: the policy counts for all letters", "take pct out; to try a policy out, add t=y")
		default:
			q.fault(5, at+" has the tag "+name+", which was removed", "take it out")
		}
	}
}

// strength reads the policy, and reports whether there is one.
func (q *inquiry) strength(p policy, org string) bool {
	at := "the DMARC record of " + p.domain
	wish, has := "none", p.tags.has("p")
	for _, name := range []string{"p", "sp", "np"} {
		value, ok := p.tags.get(name)
		if !ok {
			continue
		}
		value = strings.ToLower(value)
		if allowed, _ := values(name); !slices.Contains(allowed, value) {
			// RFC 9989 §4.10.1
			means := "receivers take it for p=none"
			reports := strings.Split(p.tags.or("rua", ""), ",")
			counts := slices.ContainsFunc(reports, func(s string) bool { return reportable(strings.TrimSpace(s)) })
			if !counts {
				means = "receivers ignore the record"
			}
			q.fault(4, fmt.Sprintf("%s says %s=%s, which is no policy: %s", at, name, cite(value), means), "the policies are none, quarantine and reject")
			return counts
		}
		if name == "p" || name == "sp" && p.domain != q.domain {
			wish = value
		}
	}
	if !has {
		q.fault(5, at+" has no p=, which receivers of the old standard need", "begin it with v=DMARC1; p=none")
	}
	testing := strings.EqualFold(p.tags.or("t", "n"), "y") && wish != "none"
	q.good("dmarc", "%s asks for %s%s%s", p.domain, wish, onlyIf(p.domain != q.domain, " for what is below it"), onlyIf(testing, ", one step milder while t=y"))
	if wish == "none" {
		q.open("dmarc", "p=none asks receivers for reports only; when these show that all letters pass, quarantine and then reject keep others from writing in your name")
	} else if p.domain == org && !p.tags.has("np") && p.tags.or("sp", wish) != "reject" {
		q.open("dmarc", "np=reject in the record of %s keeps others from writing in the name of subdomains that do not exist", p.domain)
	}
	if !p.tags.has("rua") {
		q.open("dmarc", "the record of %s has no rua=, so nobody tells you which letters fail", p.domain)
	}
	return true
}

// aligned compares the names that sign, and the envelope's, with the From domain
// (RFC 9989 §4.10.2). The config keeps the envelope's near enough for all but the
// strictest.
func (q *inquiry) aligned(p policy, org string) error {
	if e := q.envelope(); e != q.domain && strings.EqualFold(p.tags.or("aspf", "r"), "s") {
		q.fault(4, fmt.Sprintf("letters bounce to %s, and the DMARC record of %s wants %s and nothing else for SPF (aspf=s)", e, p.domain, q.domain),
			"set mail.bounce.address at "+q.domain+", or take aspf=s out")
	}
	for _, k := range q.id.Keys {
		domain := ascii(k.Domain)
		if domain == q.domain {
			continue
		}
		if strings.EqualFold(p.tags.or("adkim", "r"), "s") {
			q.fault(4, fmt.Sprintf("DKIM signs as %s, and the DMARC record of %s wants %s and nothing else (adkim=s)", domain, p.domain, q.domain), "sign as "+q.domain)
			continue
		}
		found, failed, silent := q.walk(domain)
		if silent != nil {
			return silent
		}
		if failed != nil {
			q.broken(4, "_dmarc."+domain+" or a name above it", failed)
			continue
		}
		if other := organisation(domain, found); other != org {
			q.fault(4, fmt.Sprintf("DKIM signs as %s, which is not aligned with %s: one belongs to %s, the other to %s", domain, q.domain, other, org), "sign as "+q.domain)
		}
	}
	return nil
}
