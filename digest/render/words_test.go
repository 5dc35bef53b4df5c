package render

import (
	"strings"
	"testing"
	"time"

	"standpoint/digest"
)

func TestAddress(t *testing.T) {
	for _, c := range []struct{ raw, want string }{
		{"https://a.example/x?b=1&c=2#d", "https://a.example/x?b=1&c=2#d"},
		{" http://a.example ", "http://a.example"},
		{"https://a.example/wiki/Pact_(treaty)'s", "https://a.example/wiki/Pact_(treaty)'s"},
		{`https://a.example/?q="x"<y>`, "https://a.example/?q=%22x%22%3Cy%3E"},
		{"https://bücher.example:8080/ü", "https://xn--bcher-kva.example:8080/%C3%BC"},
		{"javascript:alert(1)", ""},
		{"JavaScript:alert(1)", ""},
		{"data:text/html,x", ""},
		{"mailto:a@b.example", ""},
		{"//a.example/x", ""},
		{"/x", ""},
		{"https://", ""},
		{"https://bank.example@evil.example/", ""},
		{"https://a.example/x\r\ny", ""},
		{"", ""},
	} {
		if got := address(c.raw); got != c.want {
			t.Errorf("address(%q) = %q, want %q", c.raw, got, c.want)
		}
		if once := address(c.raw); address(once) != once {
			t.Errorf("address(%q) changes when done twice", c.raw)
		}
	}
}

func TestLeave(t *testing.T) {
	for addr, want := range map[string]string{
		"digest+unsubscribe@example.org": "mailto:digest+unsubscribe@example.org?subject=unsubscribe",
		"a?b&c@example.org":              "mailto:a%3Fb%26c@example.org?subject=unsubscribe",
		"Name <a@example.org>":           "",
		"a@example.org\r\nBcc: b@c.d":    "",
		"":                               "",
	} {
		if got := leave(addr); got != want {
			t.Errorf("leave(%q) = %q, want %q", addr, got, want)
		}
	}
	r := renderer(t)
	if _, err := r.Email(full(t), Frame{}); err == nil || !strings.Contains(err.Error(), "render edition 12: the frame has no mail address for unsubscribing") {
		t.Errorf("a letter without a way to leave: %v", err)
	}
	if l, err := r.Email(full(t), Frame{Unsubscribe: "a@example.org"}); err != nil || !strings.Contains(l.Text, "Sent by Standpoint.\n") {
		t.Errorf("the smallest frame: %v", err)
	}
}

func TestClean(t *testing.T) {
	for _, c := range []struct {
		raw   string
		limit int
		want  string
	}{
		{" a\r\n\tb\u00a0 c ", 10, "a b c"},
		{"\u202eevil\u2066", 10, "evil"},
		{"\xffa\x00b", 10, "ab"},
		{"one two three", 13, "one two three"},
		{"one two three", 12, "one two…"},
		{"one two, three", 9, "one two…"},
		{"aaaaaaaaaaaa", 5, "aaaa…"},
		{"ab👍🏽", 3, "ab…"},
		{"xyze\u0301e\u0301", 5, "xyz…"},
	} {
		if got := clean(c.raw, c.limit); got != c.want {
			t.Errorf("clean(%q, %d) = %q, want %q", c.raw, c.limit, got, c.want)
		}
	}
}

func TestWrap(t *testing.T) {
	word := strings.Repeat("w", 100)
	for _, c := range []struct{ in, want string }{
		{"", ""},
		{"a b", "1. a b"},
		{strings.Repeat("1234567 ", 10), "1. 1234567 1234567 1234567 1234567 1234567 1234567 1234567 1234567\n   1234567 1234567"},
		{word, "1. " + word[:69] + "\n   " + word[69:]},
		{"a " + word, "1. a\n   " + word[:69] + "\n   " + word[69:]},
		{strings.Repeat("漢", 40), "1. " + strings.Repeat("漢", 34) + "\n   " + strings.Repeat("漢", 6)},
		{strings.Repeat("x", 60) + " 16" + nbsp + "November", "1. " + strings.Repeat("x", 60) + "\n   16 November"},
	} {
		first := ""
		if c.in != "" {
			first = "1. "
		}
		if got := wrap(strings.TrimSpace(c.in), first, "   "); got != c.want {
			t.Errorf("wrap(%q):\n%s\nwant:\n%s", c.in, got, c.want)
		}
	}
}

func TestAuthors(t *testing.T) {
	for want, names := range map[string][]string{
		"":                         {"", " "},
		"A":                        {"A"},
		"A and B":                  {"A", "B"},
		"A, B, C and D":            {"A", "B", "C", "D"},
		"A, B, C and 2 others":     {"A", "B", "C", "D", "E"},
		`Smith, J. "X", Jr.; A. B`: {`Smith, J. "X", Jr.`, "A. B"},
	} {
		if got := english(t).authors(names); got != want {
			t.Errorf("authors(%q) = %q, want %q", names, got, want)
		}
	}
}

// No day is named by two editions or by none, whatever the hour of the cut-off.
func TestDays(t *testing.T) {
	zone := brussels(t)
	at := func(month time.Month, day, hour int) time.Time {
		return time.Date(2026, month, day, hour, 7, 0, 0, zone)
	}
	for _, c := range []struct {
		from, to   time.Time
		days, week string
	}{
		{at(11, 16, 7), at(11, 23, 7), "16–22 November 2026", "Week 47"},
		{at(11, 15, 18), at(11, 22, 18), "16–22 November 2026", "Week 47"},
		{at(11, 16, 0), at(11, 23, 0), "16–22 November 2026", "Week 47"},
		{at(11, 26, 7), at(12, 3, 7), "26 November – 2 December 2026", "Week 49"},
		{at(12, 28, 7), at(12, 35, 7), "28 December 2026 – 3 January 2027", "Week 53"},
		{at(11, 20, 9), at(11, 20, 10), "20 November 2026", "Week 47"},
		{at(10, 22, 7), at(10, 29, 7), "22–28 October 2026", "Week 44"}, // the clocks go back
	} {
		w := digest.Window{From: c.from, To: c.to}
		if english(t).days(w) != c.days || english(t).week(w) != c.week {
			t.Errorf("%v to %v: %s, %s; want %s, %s", c.from, c.to, english(t).week(w), english(t).days(w), c.week, c.days)
		}
	}
}

func TestCounts(t *testing.T) {
	one := blank(t)
	put(&one, "arm", digest.Entry{Title: "T"})
	for want, e := range map[string]digest.Edition{
		"Eleven new pieces from nine outlets: three under Binding commitments, two under Troops on the ground, two under Arm Ukraine, two under No side taken and two not sorted; none under Settlement first.": full(t),
		"One new piece: one under Arm Ukraine; none under Binding commitments, Troops on the ground, Settlement first or No side taken.":                                                                        one,
		"No new pieces. Read: 31 feeds; 2 could not be read.": blank(t),
	} {
		if got := english(t).counts(e); got != want {
			t.Errorf("got  %s\nwant %s", got, want)
		}
	}
	if got := english(t).counts(many(t, 60)); !strings.HasPrefix(got, "60 new pieces from 9 outlets: 18 under Binding") {
		t.Errorf("sixty: %s", got)
	}
}

// A quotation that stops before its sentence does says so.
func TestQuoteCut(t *testing.T) {
	e := blank(t)
	put(&e, "arm", digest.Entry{Title: "T", URL: "https://a.example/", Quote: "We need them to sign,", QuoteCut: true})
	if l := render(t, e); !strings.Contains(l.Text, "“We need them to sign …”") {
		t.Error(l.Text)
	}
}

// Below eight pieces a share in per cent would claim more than it knows.
func TestShares(t *testing.T) {
	if l := render(t, many(t, 7)); strings.Contains(l.Text, "%") || strings.Contains(l.HTML, nbsp+"%)") {
		t.Error("per cent of seven pieces")
	}
	if l := render(t, many(t, 8)); !strings.Contains(l.Text, " 38 %") || !strings.Contains(l.HTML, "(38"+nbsp+"%)") {
		t.Error("no per cent of eight pieces")
	}
}

// A name that ends in a full stop ends the sentence, too.
func TestFreshEndsOnce(t *testing.T) {
	for _, l := range Languages() {
		w, err := renderer(t).in(l.Tag)
		if err != nil {
			t.Fatal(err)
		}
		if s := w.fresh(digest.Fresh{Outlets: []string{"Policy & Peace Institute, Inc."}}, 3); !strings.HasSuffix(s, "Institute, Inc.") {
			t.Errorf("%s: %q", l.Tag, s)
		}
	}
}
