package mail_test

import (
	"bytes"
	"fmt"
	"runtime"
	"strings"
	"testing"

	"standpoint/digest/mail"
)

// S40: a reader's letter differs from another's by address, Message-ID and
// token, and by nothing else.
func TestTokensAloneDiffer(t *testing.T) {
	c, err := mail.NewComposer(onWeb(t), personalLetter(), 12, date)
	if err != nil {
		t.Fatal(err)
	}
	var all [2]string
	for i, to := range []mail.Recipient{{ID: 1, Address: "a@example.com", Token: aToken}, {ID: 2, Address: "b@example.com", Token: bToken}} {
		m, err := c.Message(to)
		if err != nil {
			t.Fatal(err)
		}
		if n := bytes.Count(m.Bytes(), []byte(mark)); n != 0 {
			t.Errorf("%d marks are left", n)
		}
		all[i] = strings.NewReplacer(m.ID, "ID", to.Address, "ADDRESS").Replace(string(m.Bytes()))
		// A token may be parted by a soft line break; blank the places by length.
		p := parse(t, m.Bytes())
		for _, content := range p.contents {
			if !strings.Contains(content, webSide+"/leave/"+to.Token) {
				t.Errorf("S14: a part without the reader's link:\n%s", content)
			}
		}
	}
	if len(all[0]) != len(all[1]) {
		t.Fatalf("%d and %d bytes", len(all[0]), len(all[1]))
	}
	differ := 0
	for i := range all[0] {
		if all[0][i] != all[1][i] {
			differ++
			if !strings.Contains(aToken, all[0][i:i+1]) || !strings.Contains(bToken, all[1][i:i+1]) {
				t.Fatalf("differs: %q and %q", all[0][max(0, i-40):i+40], all[1][max(0, i-40):i+40])
			}
		}
	}
	if differ != 4*mail.TokenLength { // the header, the text, and twice the HTML
		t.Errorf("%d bytes differ, want %d", differ, 4*mail.TokenLength)
	}
}

// A letter that is the same for all has one body in memory, however many read
// it; one with tokens costs each reader little more than its own bytes. What the
// signer reads it through is gone with it.
func TestWhatAMessageAllocates(t *testing.T) {
	const many = 50
	for name, c := range map[string]struct {
		mark   string
		copies float64 // of the message, at most
	}{"shared": {"", 0.2}, "personal": {mark, 1.3}} {
		composer, err := mail.NewComposer(onWeb(t), with(longLetter(), func(l *mail.Letter) { l.Mark = c.mark }), 12, date)
		if err != nil {
			t.Fatal(err)
		}
		size := 0
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		for i := range many {
			m, err := composer.Message(mail.Recipient{ID: int64(i), Address: "a@example.com", Token: aToken})
			if err != nil {
				t.Fatal(err)
			}
			size = m.Size()
		}
		runtime.ReadMemStats(&after)
		if copies := float64(after.TotalAlloc-before.TotalAlloc) / many / float64(size); copies > c.copies {
			t.Errorf("%s: a message of %d bytes allocates %.2f times as much", name, size, copies)
		}
	}
}

func TestTokensAreRequired(t *testing.T) {
	marked := personalLetter()
	plain := marked
	plain.Mark = ""
	for name, c := range map[string]struct {
		s     mail.Sender
		l     mail.Letter
		token string
		want  string // empty: accepted
	}{
		"no web side, no mark":  {sender, plain, "", ""},
		"no web side, a token":  {sender, plain, aToken, ""},
		"web side":              {onWeb(t), plain, "", "subscriber 9: token: none"},
		"mark of the web":       {sender, marked, aToken, "mark of the reader's token: 32 characters, want 39"},
		"short":                 {onWeb(t), marked, aToken[1:], "31 characters, want 32"},
		"long":                  {onWeb(t), marked, aToken + "A", "33 characters, want 32"},
		"not URL-safe":          {onWeb(t), marked, aToken[:31] + ">", "not URL-safe"},
		"injects":               {onWeb(t), marked, aToken[:30] + "\r\n", "not URL-safe"},
		"mark that is too long": {onWeb(t), with(plain, func(l *mail.Letter) { l.Mark = mark + "x" }), aToken, "mark of the reader's token: 33"},
		"mark with an equals":   {onWeb(t), with(plain, func(l *mail.Letter) { l.Mark = mark[:31] + "=" }), aToken, "not URL-safe"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := mail.Compose(c.s, c.l, mail.Recipient{ID: 9, Address: "a@example.com", Token: c.token}, 1, date)
			if (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
				t.Errorf("error %v, want %q", err, c.want)
			}
			if err != nil && c.token != "" && strings.Contains(err.Error(), c.token) {
				t.Errorf("the error tells the token: %v", err)
			}
		})
	}
}

func with(l mail.Letter, change func(*mail.Letter)) mail.Letter {
	change(&l)
	return l
}

func TestWebSideIsChecked(t *testing.T) {
	for web, want := range map[string]string{
		"https://digest.example.org":                             "",
		"https://example.org:8443/~news/a%20b":                   "",
		"https://xn--bcher-kva.example":                          "",
		"http://digest.example.org":                              "not an https address",
		"https://user@digest.example.org":                        "not an https address",
		"digest.example.org":                                     "not an https address",
		"https:///editions":                                      "not an https address",
		"https://digest.example.org/":                            "a slash at its end",
		"https://digest.example.org/?a=b":                        "characters other than",
		"https://digest.example.org/#a":                          "characters other than",
		"https://digest.example.org/>,<mailto":                   "characters other than",
		"https://bücher.example":                                 "characters other than",
		"https://-a-.example":                                    "not a usable host",
		"https://digest.example.org/" + strings.Repeat("a", 200): "longer than 200",
	} {
		s := sender
		s.Web = web
		_, err := mail.NewComposer(s, personalLetter(), 1, date)
		if (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), "web side: "+want) {
			t.Errorf("%s: error %v, want %q", web, err, want)
		}
	}
	for id, good := range map[string]bool{"": true, "abcde": true, "a-b_C9": true, "abcd": false, "abcdefghijklmnop": false, "a:b:c": false, "abc\r\nX": false} {
		s := sender
		s.FeedbackID = id
		if _, err := mail.NewComposer(s, byMail(), 1, date); (err == nil) != good {
			t.Errorf("S15: feedback id %q: %v", id, err)
		}
	}
}

// longLetter is about as long as a letter may be (S21).
func longLetter() mail.Letter {
	l := personalLetter()
	l.HTML += strings.Repeat("<p>Garantien für alle, und für “immer”</p>\n", 1800)
	l.Text += strings.Repeat("Garantien für alle\n", 400)
	return l
}

// BenchmarkPersonal is one reader's message of a letter of 90 kB.
func BenchmarkPersonal(b *testing.B) {
	for name, keys := range map[string][]string{"no DKIM": nil, "Ed25519": {"ed25519"}, "RSA-2048": {"rsa"}, "both": {"ed25519", "rsa"}} {
		b.Run(name, func(b *testing.B) {
			c, err := mail.NewComposer(onWeb(b, keys...), longLetter(), 12, date)
			if err != nil {
				b.Fatal(err)
			}
			b.ReportAllocs()
			size := 0
			for i := 0; b.Loop(); i++ {
				m, err := c.Message(mail.Recipient{ID: int64(i), Address: fmt.Sprintf("reader%d@example.com", i), Token: aToken})
				if err != nil {
					b.Fatal(err)
				}
				size = m.Size()
			}
			b.ReportMetric(float64(size), "message-B")
		})
	}
}

func BenchmarkNewComposer(b *testing.B) {
	s, l := onWeb(b, "ed25519", "rsa"), longLetter()
	for b.Loop() {
		if _, err := mail.NewComposer(s, l, 12, date); err != nil {
			b.Fatal(err)
		}
	}
}
