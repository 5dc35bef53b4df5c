package preflight_test

import (
	"context"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"standpoint/digest/preflight"
)

// asked is a zone that writes down whose DMARC records are asked for.
type asked struct {
	zones
	names *[]string
}

// LookupTXT writes the question down.
func (a asked) LookupTXT(ctx context.Context, name string) ([]string, error) {
	if d, ok := strings.CutPrefix(name, "_dmarc."); ok {
		*a.names = append(*a.names, strings.TrimSuffix(d, "."))
	}
	return a.zones.LookupTXT(ctx, name)
}

// TestWalkAsksEight: a walk asks eight names at most, whatever the sender's
// domain looks like (RFC 9989 §4.10), and each name once.
func TestWalkAsksEight(t *testing.T) {
	for _, row := range []struct {
		from string
		zone zones
		want []string
	}{
		{from: "org", want: []string{"org"}},
		{from: "example.org", want: []string{"example.org", "org"}},
		{
			from: "a.b.c.d.e.f.example.org",
			want: []string{"a.b.c.d.e.f.example.org", "b.c.d.e.f.example.org", "c.d.e.f.example.org", "d.e.f.example.org", "e.f.example.org", "f.example.org", "example.org", "org"},
		},
		{
			from: "a.b.c.d.e.f.g.h.i.j.mail.example.org",
			want: []string{"a.b.c.d.e.f.g.h.i.j.mail.example.org", "g.h.i.j.mail.example.org", "h.i.j.mail.example.org", "i.j.mail.example.org", "j.mail.example.org", "mail.example.org", "example.org", "org"},
		},
		{from: "a.mail.example.org", zone: zones{"_dmarc.mail.example.org TXT": {"v=DMARC1; psd=n"}}, want: []string{"a.mail.example.org", "mail.example.org"}},
		{from: "a.city.example", zone: zones{"_dmarc.city.example TXT": {"v=DMARC1; psd=y"}}, want: []string{"a.city.example", "city.example"}},
		{from: "a.city.example", zone: zones{"_dmarc.a.city.example TXT": {"v=DMARC1; p=none"}}, want: []string{"a.city.example", "city.example", "example"}},
	} {
		t.Run(row.from, func(t *testing.T) {
			var names []string
			preflight.DNS(t.Context(), asked{row.zone, &names}, preflight.Identity{From: "digest@" + row.from})
			if diff := cmp.Diff(row.want, names); diff != "" {
				t.Error(diff)
			}
		})
	}
}
