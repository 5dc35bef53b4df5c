package preflight_test

import (
	"math/rand/v2"
	"strings"
	"testing"

	"standpoint/digest/preflight"
)

// What changes nothing for a reader gives no finding.
func TestHarmless(t *testing.T) {
	s := complete(t)
	raw := s.message(t)
	for name, change := range map[string]func(*draft){
		"another order of fields": func(d *draft) {
			rand.New(rand.NewPCG(1, 2)).Shuffle(len(d.fields), func(i, j int) { d.fields[i], d.fields[j] = d.fields[j], d.fields[i] })
		},
		"another subject":    func(d *draft) { d.subject("No. 8: three pieces, and a debate that turns") },
		"a subject encoded":  func(d *draft) { d.subject("No. 8: drei Stücke über Frieden") },
		"fields in capitals": func(d *draft) { d.fields[0] = strings.ToUpper(d.fields[0][:4]) + d.fields[0][4:] },
		"a field folded elsewhere": func(d *draft) {
			d.set("List-Unsubscribe", strings.Replace(strings.ReplaceAll(d.get("List-Unsubscribe"), "\r\n", ""), ", ", ",\r\n\t", 1))
		},
		"a field of somebody else": func(d *draft) { d.set("X-Mailer", "a relay") },
		"a name in To":             func(d *draft) { d.set("To", `"Reader, A." <reader@example.net>`) },
		"two more blank lines":     func(d *draft) { d.inText("\nTHE WEEK", "\n\n\nTHE WEEK") },
		"a comment":                func(d *draft) { d.inHTML("<body", "<!-- edition --><body") },
		"capitals in tags":         func(d *draft) { d.html = strings.ReplaceAll(d.html, "<p ", "<P ") },
		"gaps in the style":        func(d *draft) { d.html = strings.ReplaceAll(d.html, ";line-height:", "; line-height: ") },
		"short colours":            func(d *draft) { d.inHTML("color:#1e1d1a", "color:#222") },
		"colours as rgb()":         func(d *draft) { d.inHTML("color:#1e1d1a", "color:rgb(30, 29, 26)") },
		"CSS comments":             func(d *draft) { d.inHTML("<style>\n:root", "<style>/* dark */\n:root") },
		"signed twice": func(d *draft) {
			d.raw = d.sign(d.bytes())
		},
		"another piece's words": func(d *draft) {
			d.html, d.text = strings.ReplaceAll(d.html, "was invented", "wurde erfunden"), strings.ReplaceAll(d.text, "was invented", "wurde erfunden")
		},
		"a piece that tells of templates": func(d *draft) {
			d.expect.Texts = []string{"How {{.Name}} &amp; %!d(string=x) came into letters"}
			d.inHTML("An invented institute", "How {{.Name}} &amp;amp; %!d(string=x) came into letters")
			d.inText("An invented institute", "How {{.Name}} &amp; %!d(string=x)\n    came into letters")
		},
		"pieces with half a template each": func(d *draft) {
			d.expect.Texts = []string{"An {{ institute", "the }} end", "<no value>"}
			d.inHTML("An invented institute", "An {{ institute · the }} end &lt;no value&gt;")
			d.inText("An invented institute", "An {{ institute · the }} end <no value>\n   ")
		},
		"a piece that quotes an address on a line of its own": func(d *draft) {
			d.inHTML("An invented institute", "An https://a@b.example/?utm_x=1&amp;to=https://c.example institute")
			d.inText("An invented institute", "An\n    https://a@b.example/?utm_x=1&to=https://c.example\n    institute")
		},
		"an address that ends in a bracket": func(d *draft) { d.link("https://example.net/wiki/Peace_(2026)") },
		"a piece whose own address passes others": func(d *draft) {
			d.expect.Links = []string{"https://archive.example.net/2026/https://example.com/a"}
			d.link("https://archive.example.net/2026/https://example.com/a")
		},
	} {
		t.Run(name, func(t *testing.T) {
			d := take(t, raw, s.expect)
			change(d)
			for _, f := range preflight.Message(d.bytes(), d.expect) {
				t.Error(f)
			}
		})
	}
}

// Of many faults of one kind the first are told, and how many more there are.
func TestMany(t *testing.T) {
	s := complete(t)
	d := take(t, s.message(t), s.expect)
	d.html = strings.ReplaceAll(d.html, "https://example.org/pieces/", "/pieces/")
	d.text = strings.ReplaceAll(d.text, "https://example.org/pieces/", "/pieces/")
	found := preflight.Message(d.bytes(), d.expect)
	if len(found) != 3 || !strings.Contains(found[2].What, "(and 4 more)") {
		t.Errorf("%d findings: %v", len(found), found)
	}
}

// A finding is one line, whatever the message holds.
func TestLine(t *testing.T) {
	f := preflight.Finding{Rule: 46, Severity: preflight.Error, What: "a link\r\nFrom: x\x1b[31m\u202e", Mend: "mend  it"}
	if got, want := f.String(), "error  S46  a link From: x [31m: mend it"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	found := []preflight.Finding{{Rule: 3}, {Rule: 0}, {Rule: 2}}
	preflight.Sort(found)
	if found[0].Name() != "form" || found[2].Name() != "S3" {
		t.Errorf("order %v", found)
	}
}
