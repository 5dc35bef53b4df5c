package preflight

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strings"
	"time"

	"golang.org/x/net/idna"
)

// dnsTime bounds all questions of one check together: who waits for a check
// waits for no more than this, whatever the name servers do.
const dnsTime = 10 * time.Second

// Resolver asks the DNS; *net.Resolver is one. A name that is not there, or has
// nothing of the kind, is a *net.DNSError with IsNotFound.
type Resolver interface {
	LookupTXT(ctx context.Context, name string) ([]string, error)
	LookupMX(ctx context.Context, name string) ([]*net.MX, error)
	LookupIPAddr(ctx context.Context, host string) ([]net.IPAddr, error)
	LookupAddr(ctx context.Context, addr string) ([]string, error)
}

// Identity is what the letters claim to come from, and who hands them on.
type Identity struct {
	From    string // bare address
	Bounces string // bare address of the envelope's sender; empty: From
	Keys    []Key  // the DKIM keys that sign; none where we do not sign
	Host    string // the mail server, a name or an address; empty where letters go to a folder
}

// Fact is what a check found in order, or could not tell.
type Fact struct {
	Subject string // "spf", "dkim", "dmarc" or "ptr"
	Text    string // one line
	Open    bool   // not in order and not wrong: only a person can tell, or it is a piece of advice
}

// String returns the fact as one line, without control characters.
func (f Fact) String() string { return line(f.Text) }

// Report is what DNS says about an identity.
type Report struct {
	Facts    []Fact
	Findings []Finding // warnings all: what the DNS lacks stops no letter by itself
}

// DNS holds the records behind the letters against S1, S2, S4, S5 and S6. It
// ends after 10 seconds at the latest. A name server that does not answer is one
// finding, and ends the check: what would follow says the same again.
func DNS(ctx context.Context, r Resolver, id Identity) Report {
	ctx, cancel := context.WithTimeout(ctx, dnsTime)
	defer cancel()
	_, domain, _ := strings.Cut(id.From, "@")
	q := &inquiry{ctx: ctx, zone: &zone{r: r}, id: id, domain: ascii(domain), host: ascii(id.Host)}
	steps := []struct {
		name string
		rule int
		do   func() error
	}{
		{"SPF", 1, q.ofEnvelope(q.checkSPF)}, {"the DKIM keys", 2, q.checkKeys}, {"DMARC", 4, q.checkDMARC}, {"PTR", 6, q.checkPTR},
	}
	for i, step := range steps {
		err := step.do()
		if err == nil {
			continue
		}
		var rest []string
		for _, s := range steps[i:] {
			rest = append(rest, s.name)
		}
		q.fault(step.rule, q.silence(err), "see that this machine reaches its name server, or name another one by --resolver; not checked: "+strings.Join(rest, ", "))
		break
	}
	for rule, n := range q.more {
		if n > 0 {
			q.report.Findings = append(q.report.Findings, Finding{Rule: rule, Severity: Warning, What: fmt.Sprintf("and %d more of the kind", n), Mend: "mend the first ones and check again"})
		}
	}
	Sort(q.report.Findings)
	return q.report
}

// envelope is the domain of the envelope's sender, which SPF is about.
func (q *inquiry) envelope() string {
	if _, domain, ok := strings.Cut(q.id.Bounces, "@"); ok {
		return ascii(domain)
	}
	return q.domain
}

// ofEnvelope makes a check of the envelope's domain in From's stead.
func (q *inquiry) ofEnvelope(check func() error) func() error {
	return func() error {
		from := q.domain
		defer func() { q.domain = from }()
		q.domain = q.envelope()
		return check()
	}
}

// inquiry is one run of the checks. Their methods return an error only where
// the name server keeps silent; all else becomes a finding or a fact.
type inquiry struct {
	ctx          context.Context
	zone         *zone
	id           Identity
	domain, host string // in the DNS's letters
	report       Report
	more         [7]int // findings left out, by rule
}

// mostOfRule is how many findings of one rule are said: a record of junk is one
// fault, not a thousand.
const mostOfRule = 5

func (q *inquiry) fault(rule int, what, mend string) {
	of := 0
	for _, f := range q.report.Findings {
		if f.Rule == rule {
			of++
		}
	}
	if of == mostOfRule {
		q.more[rule]++
		return
	}
	q.report.Findings = append(q.report.Findings, Finding{Rule: rule, Severity: Warning, What: what, Mend: mend})
}

func (q *inquiry) good(subject, format string, args ...any) {
	q.report.Facts = append(q.report.Facts, Fact{Subject: subject, Text: fmt.Sprintf(format, args...)})
}

func (q *inquiry) open(subject, format string, args ...any) {
	q.report.Facts = append(q.report.Facts, Fact{Subject: subject, Text: fmt.Sprintf(format, args...), Open: true})
}

// silence says that nobody answered.
func (q *inquiry) silence(err error) string {
	if !q.zone.answered {
		return "the name server cannot be reached: " + reason(err)
	}
	name := "a question"
	if e, ok := errors.AsType[*net.DNSError](err); ok {
		name = strings.TrimSuffix(e.Name, ".")
	}
	return "the name server did not answer about " + name + ": " + reason(err)
}

// broken makes a finding of an answer that is a failure, like SERVFAIL.
func (q *inquiry) broken(rule int, name string, err error) {
	q.fault(rule, "the name server has no answer about "+name+": "+reason(err), "ask again later; if it stays so, the zone or its DNSSEC signatures are broken: ask whoever runs the DNS")
}

// records asks for TXT records; none is no error. The second error is the name
// server's silence, which ends the check.
func (q *inquiry) records(name string) (txt []string, failed, silent error) {
	txt, err := q.zone.LookupTXT(q.ctx, name)
	switch {
	case err == nil || missing(err):
		return txt, nil, nil
	case unanswered(err):
		return nil, nil, err
	}
	return nil, err, nil
}

// addresses are the public addresses of the mail server; hidden are those from
// which no letter reaches the world as they are.
func (q *inquiry) addresses() (public, hidden []net.IP, silent error) {
	var all []net.IP
	if ip := net.ParseIP(q.host); ip != nil {
		all = append(all, ip)
	} else if q.host != "" {
		found, err := q.zone.LookupIPAddr(q.ctx, q.host)
		if err != nil && unanswered(err) {
			return nil, nil, err
		}
		for _, a := range found {
			all = append(all, a.IP)
		}
	}
	for _, ip := range all {
		if ip.IsPrivate() || !ip.IsGlobalUnicast() {
			hidden = append(hidden, ip)
		} else {
			public = append(public, ip)
		}
	}
	return public, hidden, nil
}

// ascii writes a name as the DNS has it (RFC 5890), without the root's dot.
func ascii(name string) string {
	name = strings.ToLower(strings.TrimSuffix(name, "."))
	if a, err := idna.Lookup.ToASCII(name); err == nil {
		return a
	}
	return name
}

// within reports that the name is the domain or lies below it.
func within(name, domain string) bool {
	return name == domain || strings.HasSuffix(name, "."+domain)
}

// cite quotes what a record says: short, and harmless on a terminal.
func cite(s string) string {
	const most = 60
	if r := []rune(s); len(r) > most {
		s = string(r[:most]) + "…"
	}
	return fmt.Sprintf("%q", s)
}
