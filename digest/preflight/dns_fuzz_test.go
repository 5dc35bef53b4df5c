package preflight_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"standpoint/digest/preflight"
)

// FuzzRecords: whatever stands in the DNS, the check ends, and what it says is
// a bounded number of clean lines, each with a mend.
func FuzzRecords(f *testing.F) {
	key := "v=DKIM1; k=rsa; p=" + wrapped(rsa2048())
	f.Add("v=spf1 ip4:203.0.113.5 -all", "v=DMARC1; p=reject; rua=mailto:r@example.org", key, "v=spf1 ~all")
	f.Add("v=spf1 include:other.example redirect=other.example", "v=DMARC1; p=none; pct=10; rf=afrf; ri=1; psd=y", "v=DKIM1; p=", "v=spf1 include:example.org")
	f.Add("v=spf1 exists:%{ir}.%{l1r+-}._spf.%{d} mx/24//64 ptr:x a:%{h} ?all", "v=DMARC1;;; p", "k=ed25519; h=sha1 : sha256; t=y:s; p=AAAA", "V=SPF1 a mx ptr")
	f.Add("v=spf1\x00", "v=DMARC1; p=\xff\u202e", "=;=;=", strings.Repeat("v=spf1 ", 900))
	f.Fuzz(func(t *testing.T, spf, dmarc, dkim, other string) {
		got := preflight.DNS(t.Context(), sound(zones{
			"example.org TXT": {spf, other}, "other.example TXT": {other}, "_dmarc.example.org TXT": {dmarc, other},
			"_dmarc.org TXT": {other}, "s1._domainkey.example.org TXT": {dkim},
		}), identity())
		if n := len(got.Findings); n > 24 {
			t.Errorf("%d findings", n)
		}
		for _, f := range got.Findings {
			clean(t, f.String())
			if f.What == "" || f.Mend == "" || f.Rule < 1 || f.Rule > 6 {
				t.Errorf("%#v", f)
			}
		}
		for _, f := range got.Facts {
			clean(t, f.String())
		}
	})
}

// clean wants one line that is harmless on a terminal.
func clean(t *testing.T, s string) {
	t.Helper()
	if !utf8.ValidString(s) || strings.ContainsAny(s, "\x00\x07\x1b\r\n\u202e") || len(s) > 4000 {
		t.Errorf("%.200q", s)
	}
}
