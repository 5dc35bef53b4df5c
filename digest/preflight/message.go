package preflight

import "fmt"

// Expect is what a message alone cannot tell. The zero value expects a letter
// without a web side, of an operator who has set nothing up.
type Expect struct {
	// Domains are ours; the first is From's. Empty: From's domain is believed.
	Domains []string
	// Public is the https address of the web side; empty: there is none.
	Public string
	// Unsubscribe is the bare mail address that takes leavers.
	Unsubscribe string
	// Postal is the sender's address for the footer as configured; may be empty.
	Postal string
	// Signed says that a DKIM key is configured.
	Signed bool
	// TXT looks up DKIM keys; nil: the values in Keys are taken.
	TXT func(name string) ([]string, error)
	// Keys holds DKIM records by name, "selector._domainkey.domain".
	Keys map[string]string
	// Links are the edition's own: their addresses are their outlets' choice.
	Links []string
	// Texts are titles, summaries and quotes as the letter shows them: what
	// stands in one of them is no template's leftover.
	Texts []string
}

// most is how many findings of one kind are told one by one.
const most = 3

// Message holds a finished message, as a reader gets it, against the rules that
// the message itself can tell of. It never fails: what cannot be read is a
// finding. Findings come ordered by rule.
func Message(raw []byte, x Expect) []Finding {
	l := &letter{Expect: x, raw: raw, re: newPatterns(), told: map[Finding]bool{}}
	if l.read() {
		l.headers()
		l.signature()
		l.parts()
		if l.plain != nil {
			l.text()
		}
		if l.html != nil {
			l.page()
		}
		if l.plain != nil && l.doc != nil {
			l.both()
		}
		l.leaving()
		l.leftovers()
	}
	return l.findings()
}

// letter is a message on its way through the rules.
type letter struct {
	Expect
	re        *patterns
	raw       []byte
	fields    []field
	body      []byte
	broken    bool // the header holds what is no field
	leaves    []leaf
	plain     *leaf // the text part
	html      *leaf // the HTML part
	doc       *view // the HTML part as it is seen
	urls      []textURL
	tokens    string   // Texts, for the eye of known
	disguises []string // of the reader's address, for the eye of names
	found     []Finding
	told      map[Finding]bool // found, for the eye of add
}

// fail and warn add a finding; the mend comes first since it names the kind.
func (l *letter) fail(rule int, mend, what string, args ...any) {
	l.add(Finding{Rule: rule, Severity: Error, What: fmt.Sprintf(what, args...), Mend: mend})
}

func (l *letter) warn(rule int, mend, what string, args ...any) {
	l.add(Finding{Rule: rule, Severity: Warning, What: fmt.Sprintf(what, args...), Mend: mend})
}

func (l *letter) add(f Finding) {
	if !l.told[f] {
		l.told[f] = true
		l.found = append(l.found, f)
	}
}

// findings orders what was found and tells the first few of each kind.
func (l *letter) findings() []Finding {
	type kind struct {
		rule     int
		severity Severity
		mend     string
	}
	count := map[kind]int{}
	last := map[kind]int{}
	var out []Finding
	for _, f := range l.found {
		k := kind{f.Rule, f.Severity, f.Mend}
		if count[k]++; count[k] <= most {
			last[k] = len(out)
			out = append(out, f)
		}
	}
	for k, n := range count {
		if n > most {
			out[last[k]].What += fmt.Sprintf(" (and %d more)", n-most)
		}
	}
	Sort(out)
	return out
}

// short cuts a text that a finding quotes.
func short(s string) string {
	const limit = 60
	s = line(s)
	if r := []rune(s); len(r) > limit {
		return string(r[:limit-1]) + "…"
	}
	return s
}
