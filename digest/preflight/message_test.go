package preflight_test

import (
	"slices"
	"strings"
	"testing"

	"standpoint/digest"
	"standpoint/digest/mail"
	"standpoint/digest/preflight"
	"standpoint/digest/render"
)

// A letter in which all is set gives no finding, whatever language it speaks.
func TestComplete(t *testing.T) {
	for _, l := range render.Languages() {
		s := complete(t)
		s.frame.Wish.Language = l.Tag
		for _, f := range preflight.Message(s.message(t), s.expect) {
			t.Errorf("%s: %v", l.Tag, f)
		}
	}
}

// The smallest configuration sends, with warnings of what is not set up.
func TestSmallest(t *testing.T) {
	s := smallest()
	found := preflight.Message(s.message(t), s.expect)
	want := map[string]bool{"S2": false, "S41": false}
	for _, f := range found {
		if _, ok := want[f.Name()]; !ok || f.Severity != preflight.Warning {
			t.Error(f)
		}
		want[f.Name()] = true
	}
	for rule, said := range want {
		if !said {
			t.Errorf("%s is not said", rule)
		}
	}
	if preflight.Stops(found) || !preflight.Stops(preflight.Strict(found)) {
		t.Error("warnings stop, or do not when strict")
	}
}

// Letters of all kinds of weeks come out clean.
func TestWeeks(t *testing.T) {
	for name, change := range map[string]func(*digest.Edition){
		"a note":         func(e *digest.Edition) { e.Note, e.Start, e.Quote = true, nil, nil },
		"a first letter": func(e *digest.Edition) { e.Past, e.Moves, e.Fresh, e.Corrections = nil, nil, digest.Fresh{}, nil },
		"without pieces": func(e *digest.Edition) {
			for i := range e.Sections {
				e.Sections[i].Entries = nil
			}
			e.Start, e.Quote, e.Corrections = nil, nil, nil
		},
		"one camp with 60 pieces": func(e *digest.Edition) {
			for i := range e.Sections[1:] {
				e.Sections[1+i].Entries = nil
			}
			first := e.Sections[0].Entries[0]
			e.Start, e.Quote, e.Sections[0].Entries = nil, nil, nil
			for n := range 60 {
				piece := first
				piece.Item = int64(n + 1)
				piece.Title = strings.Repeat("Piece ", n%9+1) + string(rune('a'+n%26)) + string(rune('a'+n/26))
				piece.URL = "https://example.org/long/" + strings.Repeat("x", n) + piece.Title[len(piece.Title)-2:]
				e.Sections[0].Entries = append(e.Sections[0].Entries, piece)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := complete(t)
			raw, x := s.edition(t, change)
			for _, f := range preflight.Message(raw, x) {
				t.Error(f)
			}
			s = smallest()
			raw, x = s.edition(t, change)
			for _, f := range preflight.Message(raw, x) {
				if !slices.Contains([]string{"S2", "S41"}, f.Name()) || f.Severity != preflight.Warning {
					t.Error(f)
				}
			}
		})
	}
}

// Whatever feeds send, they cannot stop an edition.
func TestHostileWeek(t *testing.T) {
	words := []string{
		"{{.Subject}} and <no value>", "}} %!d(string=1) ZgotmplZ", "Line\r\nBcc: x@example.net\r\n\r\nbody", "\u202eevil \u2066turned\u2069", "<script>alert(1)</script> &amp; <!--",
		"=?utf-8?q?=0d=0aBcc:?=", strings.Repeat("x", 10_000), "ضمانات الأمن لأوكرانيا", "\x00\x1b[31m", "Unsubscribe", "Read in your browser", "Read more", "1. 2. 3.",
		"see https://a@b.example/?utm_source=x&r=reader@example.net\nhttps://xn--e1a.example/", "7. Not an item", "\U0001F4EC\U0001F3FB emoji", "<b>bold", strings.Repeat("word ", 5000), "\xff\xfe", "",
	}
	urls := []string{
		"https://example.org/a?utm_source=x&fbclid=1", "javascript:alert(1)", "https://user@example.org/", "https://ехаmple.org/x", "http://[fe80::1%25en0]/", "/relative", "",
		"https://example.org/(2026).", "https://example.org/?to=https://example.com/", "https://example.org/" + strings.Repeat("y", 3000), "mailto:a@example.org", web + "/leave/" + token + "x",
		"https://example.org/?r=reader%40example.net", "http://digest.example.org/a", "data:text/html,x", "https://example.org/%zz", "https://EXAMPLE.org:443/a'b\"c<d>", "//example.org/",
	}
	for _, s := range []setup{smallest(), complete(t)} {
		raw, x := s.edition(t, func(e *digest.Edition) {
			n := 0
			take := func(list []string) string { n++; return list[n%len(list)] }
			for i := range e.Sections {
				for range 7 {
					en := e.Sections[i].Entries[0]
					en.Item = int64(1000 + n)
					en.Title, en.Outlet, en.Summary, en.Quote, en.Contrary = take(words), take(words), take(words), take(words), take(words)
					en.Authors, en.Country, en.URL = []string{take(words), take(words)}, "<x", take(urls)
					en.AlsoAt = []digest.Copy{{Outlet: take(words), URL: take(urls)}}
					en.Voices = []digest.Voice{{Name: take(words), Says: take(words)}}
					e.Sections[i].Entries = append(e.Sections[i].Entries, en)
				}
			}
			for i := range e.Corrections {
				e.Corrections[i].Title, e.Corrections[i].Why, e.Corrections[i].URL = take(words), take(words), take(urls)
			}
		})
		for _, f := range preflight.Message(raw, x) {
			if f.Severity == preflight.Error {
				t.Error(f)
			}
		}
	}
}

// A sender at an international domain has it as punycode in the header and as
// letters in the footer.
func TestInternational(t *testing.T) {
	s := smallest()
	s.sender.From.Address = "digest@bücher.example"
	s.frame.Unsubscribe, s.frame.ReplyTo = mail.DefaultUnsubscribe(s.sender.From), s.sender.From.Address
	s.frame.Leave = mail.LeaveMail(s.frame.Unsubscribe, folded)
	s.expect.Domains, s.expect.Unsubscribe = []string{"bücher.example"}, s.frame.Unsubscribe
	for _, f := range preflight.Message(s.message(t), s.expect) {
		if f.Severity == preflight.Error {
			t.Error(f)
		}
	}
}
