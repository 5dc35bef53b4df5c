package preflight_test

import (
	"bytes"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"maps"
	"mime"
	"strings"
	"testing"

	"standpoint/digest/preflight"
)

// defect breaks a good letter in one way.
type defect struct {
	name  string
	rule  string
	stops bool
	put   func(*draft)
}

const (
	leave   = web + "/leave/" + token
	piece   = "https://example.org/pieces/3"
	footing = `<p style="margin:0 0 12px;">You get`
)

// formDefects are those of messages and their header fields.
func formDefects() []defect {
	return []defect{
		{"a line end without CR", "form", true, func(d *draft) {
			d.raw = bytes.Replace(d.bytes(), []byte("\r\nSTANDPOINT\r\n"), []byte("\r\nSTANDPOINT\n"), 1)
		}},
		{"a NUL", "form", true, func(d *draft) { d.inText("THE WEEK", "THE\x00WEEK") }},
		{"an escape character", "form", true, func(d *draft) { d.inText("THE WEEK", "THE \x1b[31mWEEK") }},
		{"text that turns the direction of writing", "form", true, func(d *draft) { d.inHTML("Pieces of earlier", "\u202ePieces of earlier") }},
		{"raw bytes in a field", "form", true, func(d *draft) { d.set("List-Help", "<mailto:digest@example.org> (für Hilfe)") }},
		{"an encoded word of 90 characters", "form", true, func(d *draft) { d.set("To", "=?UTF-8?q?"+strings.Repeat("Re=61der_", 9)+"?= <reader@example.net>") }},
		{"a line in the header that is no field", "form", true, func(d *draft) { d.fields = append(d.fields, "this is no field") }},
		{"a Bcc", "form", true, func(d *draft) { d.set("Bcc", "other@example.net") }},
		{"parts without an end", "form", true, func(d *draft) {
			d.set("Content-Type", `multipart/alternative; boundary="another"`)
		}},
		{"an unfilled action", "form", true, func(d *draft) { d.inHTML("Pieces of earlier", "{{.Intro}} of earlier") }},
		{"a value that is not there", "form", true, func(d *draft) { d.inText("THE WEEK", "THE <no value> WEEK") }},
		{"a format without its value", "form", true, func(d *draft) { d.inText("THE WEEK", "THE WEEK %!d(string=12)") }},
		{"what html/template puts for unsafe text", "form", true, func(d *draft) { d.inHTML(`class="lead ink"`, `class="lead ink" data-n="ZgotmplZ"`) }},

		{"no signature, though a key is configured", "S2", true, func(d *draft) { d.signer = nil }},
		{"changed after signing", "S2", true, func(d *draft) { d.raw = bytes.Replace(d.bytes(), []byte("\r\nTHE WEEK"), []byte("\r\nThe WEEK"), 1) }},
		{"another key in the DNS", "S2", true, func(d *draft) {
			d.expect.Keys = nil
			d.expect.TXT = func(string) ([]string, error) {
				return []string{"v=DKIM1; k=ed25519; p=" + base64.StdEncoding.EncodeToString(make([]byte, 32))}, nil
			}
		}},
		{"an RSA key of 1024 bits", "S2", false, shortKey},
		{"a signature without the fields for leaving", "S3", true, func(d *draft) {
			d.signer.HeaderKeys = []string{"From", "To", "Subject", "Date", "Message-ID", "MIME-Version", "Content-Type", "List-ID"}
		}},
		{"signed for another domain", "S4", false, func(d *draft) {
			d.signer.Domain = "example.net"
			d.expect.Keys["digest._domainkey.example.net"] = d.expect.Keys["digest._domainkey.example.org"]
		}},

		{"From at another's domain", "S8", true, func(d *draft) { d.set("From", "Standpoint <digest@example.com>") }},
		{"nobody reads replies", "S8", false, func(d *draft) { d.set("Reply-To", "<no-reply@example.org>") }},
		{"two subjects", "S9", true, func(d *draft) { d.fields = append(d.fields, "Subject: "+d.get("Subject")) }},
		{"no date", "S9", true, func(d *draft) { d.set("Date", "") }},
		{"two readers in To", "S9", true, func(d *draft) { d.set("To", "reader@example.net, other@example.net") }},
		{"a Message-ID of another domain", "S9", true, func(d *draft) { d.set("Message-ID", "<1.2@mail.example.com>") }},
		{"one click without its field", "S10", true, func(d *draft) { d.set("List-Unsubscribe-Post", "") }},
		{"leaving by http", "S10", true, func(d *draft) {
			d.set("List-Unsubscribe", strings.ReplaceAll(d.get("List-Unsubscribe"), "https:", "http:"))
		}},
		{"leaving with a number for a token", "S10", true, func(d *draft) { d.set("List-Unsubscribe", strings.ReplaceAll(d.get("List-Unsubscribe"), token, "17")) }},
		{"no mailto for leaving", "S10", true, func(d *draft) { d.set("List-Unsubscribe", "<"+leave+">") }},
		{"leaving by mail at another's address", "S10", true, func(d *draft) {
			d.set("List-Unsubscribe", strings.ReplaceAll(d.get("List-Unsubscribe"), "mailto:digest", "mailto:other"))
		}},
		{"no List-ID", "S13", true, func(d *draft) { d.set("List-ID", "") }},
		{"a List-ID on localhost", "S13", true, func(d *draft) { d.set("List-ID", "<standpoint.localhost>") }},
		{"an archive elsewhere", "S13", true, func(d *draft) { d.set("List-Archive", "<https://archive.example.com/>") }},
		{"nothing says that a program wrote", "S15", true, func(d *draft) { d.set("Auto-Submitted", ""); d.set("Precedence", "") }},
		{"a Feedback-ID of six fields", "S15", false, func(d *draft) { d.set("Feedback-ID", "1:2:3:4:5:sender") }},
		{"a subject of 80 characters", "S36", false, func(d *draft) { d.subject("No. 7: " + strings.Repeat("and more ", 8)) }},
		{"an emoji in the subject", "S36", false, func(d *draft) { d.subject("No. 7: seven pieces \U0001F4EC") }},
		{"a subject without number and date", "S36", false, func(d *draft) { d.subject("Pieces on security guarantees") }},
	}
}

// partDefects are those of parts, text and links.
func partDefects() []defect {
	return []defect{
		{"the HTML part first", "S20", true, func(d *draft) {
			d.parts = []part{qp("text/html; charset=UTF-8", d.html), qp("text/plain; charset=UTF-8", d.text)}
		}},
		{"no text part", "S20", true, func(d *draft) { d.parts = []part{qp("text/html; charset=UTF-8", d.html)} }},
		{"an HTML part in Latin-1", "S20", true, func(d *draft) {
			d.parts = []part{qp("text/plain; charset=UTF-8", d.text), qp("text/html; charset=ISO-8859-1", d.html)}
		}},
		{"broken UTF-8", "S20", true, func(d *draft) { d.inText("THE WEEK", "THE W\xc3EEK") }},
		{"a piece's link only in the HTML part", "S20", true, func(d *draft) { d.text = strings.ReplaceAll(d.text, piece+"\n", "\n") }},
		{"a piece's title only in the HTML part", "S20", true, func(d *draft) {
			d.text = strings.ReplaceAll(d.text, "invented piece, number 3", "other piece, number 3")
		}},
		{"a section only in the HTML part", "S25", false, func(d *draft) { d.inText("CORRECTIONS\n", "\n") }},
		{"an HTML part of 93 KB", "S21", true, func(d *draft) { d.html += "<!--" + strings.Repeat(strings.Repeat("x", 70)+"\n", 1000) + "-->" }},
		{"an HTML part that grows on the way", "S21", true, func(d *draft) { d.html += "<!--" + strings.Repeat(strings.Repeat("é", 30)+"\n", 500) + "-->" }},
		{"8-bit text", "S22", true, func(d *draft) {
			d.parts = []part{{"Content-Type: text/plain; charset=UTF-8\r\nContent-Transfer-Encoding: 8bit", strings.ReplaceAll(d.text, "\n", "\r\n")}, qp("text/html; charset=UTF-8", d.html)}
		}},
		{"a line of 1200 octets", "S22", true, func(d *draft) {
			p := qp("text/html; charset=UTF-8", d.html)
			p.body += "<!--" + strings.Repeat("x", 1200) + "-->\r\n"
			d.parts = []part{qp("text/plain; charset=UTF-8", d.text), p}
		}},
		{"an attachment", "S23", true, func(d *draft) {
			d.parts = []part{
				qp("text/plain; charset=UTF-8", d.text), qp("text/html; charset=UTF-8", d.html),
				{"Content-Type: application/pdf; name=a.pdf\r\nContent-Transfer-Encoding: base64\r\nContent-Disposition: attachment; filename=a.pdf", "JVBERi0="},
			}
		}},
		{"a script", "S23", true, func(d *draft) { d.inHTML("</body>", "<script>1</script></body>") }},
		{"an event handler", "S23", true, func(d *draft) { d.inHTML("<body ", `<body onload="x()" `) }},
		{"a form", "S23", true, func(d *draft) { d.inHTML("</body>", `<form action="https://example.org/"></form></body>`) }},
		{"a font from elsewhere", "S23", true, func(d *draft) {
			d.inHTML("<style>\n:root", "<style>\n@import url(https://fonts.example.org/f.css);\n:root")
		}},
		{"a picture inside the letter", "S23", true, func(d *draft) { d.picture(`src="data:image/gif;base64,R0lGOD" alt="" width="20" height="20"`) }},

		{"a line of 90 columns", "S25", false, func(d *draft) { d.inText("THE WEEK\n", "THE WEEK\n"+strings.Repeat("nine char ", 9)+"\n") }},
		{"an entity in the text part", "S25", false, func(d *draft) { d.inText("THE WEEK", "THE &amp; WEEK") }},
		{"two addresses on a line", "S25", false, func(d *draft) { d.inText("THE WEEK\n", "THE WEEK\nhttps://example.org/ https://example.net/\n") }},
		{"pieces without numbers", "S25", false, func(d *draft) {
			for n := 1; n < 10; n++ {
				d.text = strings.ReplaceAll(d.text, "\n"+string(rune('0'+n))+".  The", "\n    The")
			}
		}},

		{"no way out in the HTML footer", "S14", true, func(d *draft) { d.html = cutLast(d.html, `<a class="ink" href="`+leave, "</a>") }},
		{"no way out in the text footer", "S14", true, func(d *draft) { d.text = cutLast(d.text, leave, "\n") }},
		{"no way out in the top line", "S14", false, func(d *draft) { d.inText(`To leave this list, open:\n\S+\n`, "\n") }},
		{"a way out that is not seen", "S14", true, func(d *draft) {
			at := strings.LastIndex(d.html, `href="`+leave)
			d.html = d.html[:at] + strings.Replace(d.html[at:], `style="`, `style="display:none;`, 1)
		}},

		{"a pixel", "S40", true, func(d *draft) { d.picture(`src="https://digest.example.org/p.gif" alt="" width="1" height="1"`) }},
		{"a picture in another house", "S40", true, func(d *draft) {
			d.picture(`src="https://count.example.com/logo.png" alt="" width="40" height="40"`)
		}},
		{"links through a counter", "S40", true, func(d *draft) { d.link("https://count.example.com/?to=https%3A%2F%2Fexample.org%2Fpieces%2F3") }},
		{"the reader's address in a link", "S40", true, func(d *draft) { d.link("https://example.org/pieces/3?for=reader%40example.net") }},
		{"the reader's address as a digest", "S40", true, func(d *draft) { d.link("https://example.org/pieces/3?r=9adda4ca04d9043eb55a999dd307eae0") }},
		{"a token in a link to ourselves", "S40", true, func(d *draft) { d.link(web + "/go/" + token[1:]) }},

		{"nobody says who sends", "S41", false, func(d *draft) {
			d.html, d.text = strings.ReplaceAll(d.html, "Sent by Standpoint", "Sent"), strings.ReplaceAll(d.text, "Sent by Standpoint", "Sent")
			d.html, d.text = strings.ReplaceAll(d.html, "digest@example.org", "it"), strings.ReplaceAll(d.text, "digest@example.org", "it")
		}},
		{"no postal address in the footer", "S41", false, func(d *draft) {
			d.html, d.text = strings.ReplaceAll(d.html, ", "+postal, ""), strings.ReplaceAll(d.text, ", "+postal, "")
		}},
		{"nothing says why it came", "S41", false, func(d *draft) {
			d.html, d.text = strings.ReplaceAll(d.html, "because", "as"), strings.ReplaceAll(d.text, "because", "as")
		}},

		{"a relative link", "S46", true, func(d *draft) { d.link("/pieces/3") }},
		{"a javascript link", "S46", true, func(d *draft) { d.link("javascript:alert(3)") }},
		{"a tracking parameter", "S46", false, func(d *draft) { d.link(piece + "?utm_source=digest") }},
		{"a host in another script", "S46", true, func(d *draft) { d.link("https://ехаmple.org/pieces/3") }},
		{"a user name in a link", "S46", true, func(d *draft) { d.link("https://example.org@example.net/pieces/3") }},
		{"ourselves without https", "S46", true, func(d *draft) { d.link("http://digest.example.org/about") }},
		{"a web copy elsewhere", "S45", true, func(d *draft) {
			d.html, d.text = strings.ReplaceAll(d.html, web+"/editions/7", "https://web.example.com/7"), strings.ReplaceAll(d.text, web+"/editions/7", "https://web.example.com/7")
		}},
	}
}

// Each defect is found by the rule that it breaks, and by no other.
func TestDefects(t *testing.T) {
	s := complete(t)
	raw := s.message(t)
	all := append(append(formDefects(), partDefects()...), htmlDefects()...)
	rules := map[string]bool{}
	for _, x := range all {
		rules[x.rule] = true
		t.Run(x.rule+" "+x.name, func(t *testing.T) {
			e := s.expect
			e.Keys = maps.Clone(s.expect.Keys)
			d := take(t, raw, e)
			x.put(d)
			found := preflight.Message(d.bytes(), d.expect)
			if len(found) == 0 {
				t.Fatal("not found")
			}
			for _, f := range found {
				if f.Name() != x.rule {
					t.Errorf("also: %s", f)
				}
			}
			if preflight.Stops(found) != x.stops {
				t.Errorf("stops: %t, want %t: %s", !x.stops, x.stops, found[0])
			}
		})
	}
	if len(all) < 40 || len(rules) < 25 {
		t.Errorf("%d defects of %d rules", len(all), len(rules))
	}
	t.Logf("%d defects of %d rules", len(all), len(rules))
}

// Without a web side nothing of the letter may count on one (S10's note, S45).
func TestWithoutWeb(t *testing.T) {
	s := smallest()
	raw := s.message(t)
	for _, x := range []defect{
		{"one click that nothing answers", "S10", true, func(d *draft) { d.set("List-Unsubscribe-Post", "List-Unsubscribe=One-Click") }},
		{"a web address that nothing answers", "S10", true, func(d *draft) { d.set("List-Unsubscribe", "<"+leave+">, "+d.get("List-Unsubscribe")) }},
		{"an archive that nothing answers", "S13", true, func(d *draft) { d.set("List-Archive", "<"+web+"/>") }},
		{"another reader's token", "S14", true, func(d *draft) {
			d.text = strings.ReplaceAll(d.text, folded, folded[1:]+"a")
			d.html = strings.ReplaceAll(d.html, folded, folded[1:]+"a")
		}},
		{"a web copy that nothing answers", "S45", true, func(d *draft) {
			d.inHTML(">The title of an invented piece, number 3</a>", ">View in browser</a>")
		}},
	} {
		t.Run(x.name, func(t *testing.T) {
			d := take(t, raw, s.expect)
			x.put(d)
			hit := false
			for _, f := range preflight.Message(d.bytes(), d.expect) {
				switch f.Name() {
				case x.rule:
					hit = hit || f.Severity == preflight.Error
				case "S2", "S41", "S32": // what the smallest configuration lacks
				default:
					t.Errorf("also: %s", f)
				}
			}
			if !hit {
				t.Errorf("%s does not stop it", x.rule)
			}
		})
	}
}

// subject gives the letter another subject in field and title.
func (d *draft) subject(s string) {
	old := d.get("Subject")
	d.set("Subject", mime.QEncoding.Encode("UTF-8", s))
	d.html = strings.Replace(d.html, "<title>"+old, "<title>"+s, 1)
}

// link gives one piece another address in both parts.
func (d *draft) link(to string) {
	if !strings.Contains(d.text, piece+"\n") {
		d.tb.Fatal("the letter lacks the piece")
	}
	d.text = strings.ReplaceAll(d.text, piece+"\n", to+"\n")
	d.html = strings.ReplaceAll(d.html, `"`+piece+`"`, `"`+to+`"`)
}

// picture puts an img before a text in the footer.
func (d *draft) picture(attributes string) {
	d.inHTML(`You get this`, "<img "+attributes+">You get this")
}

// cutLast takes out the last place that begins and ends so.
func cutLast(s, from, to string) string {
	at := strings.LastIndex(s, from)
	return s[:at] + s[at+strings.Index(s[at:], to)+len(to):]
}

func shortKey(d *draft) {
	key, err := rsa.GenerateKey(rand.Reader, 1024)
	if err != nil {
		d.tb.Fatal(err)
	}
	der, err := x509.MarshalPKIXPublicKey(key.Public())
	if err != nil {
		d.tb.Fatal(err)
	}
	d.signer.Signer = key
	d.expect.Keys["digest._domainkey.example.org"] = "v=DKIM1; k=rsa; p=" + base64.StdEncoding.EncodeToString(der)
}
