package preflight_test

import (
	"strings"
	"testing"
	"time"

	"standpoint/digest/preflight"
)

// junk are messages that are none, and such as cost most for their size.
func junk() map[string]string {
	const size = 100_000
	head := "From: a@example.org\r\nTo: b@example.net\r\nSubject: 1\r\nMIME-Version: 1.0\r\nContent-Type: text/html; charset=utf-8\r\n\r\n"
	fill := func(s string) string { return strings.Repeat(s, size/len(s)) }
	return map[string]string{
		"nothing":      "",
		"zeros":        fill("\x00"),
		"line ends":    fill("\r\n"),
		"fields":       fill("A: b\r\n") + "\r\n",
		"words":        "Subject: " + fill("=?utf-8?q?a?= ") + "\r\n\r\n",
		"boundaries":   "Content-Type: multipart/alternative; boundary=b\r\n\r\n" + fill("--b\r\n\r\n") + "--b--",
		"nests":        head + fill("<div>"),
		"tables":       head + fill("<table><tr><td>"),
		"headings":     head + fill("<h3>x</h3>"),
		"links":        head + fill(`<a href="x">y</a>`),
		"rules":        head + "<style>" + strings.Repeat(".a .b{color:red}", 3000) + "</style>" + strings.Repeat(`<b class=b>x</b>`, 3000),
		"selectors":    head + "<style>" + strings.Repeat("b,", 25_000) + "b{color:#111111}</style>" + strings.Repeat("<b>x", 12_000),
		"declarations": head + "<style>b{" + strings.Repeat("color:#111;", 5000) + "}</style>" + strings.Repeat("<b>x", 12_000),
		"braces":       head + "<style>" + fill("@media{") + "</style>",
		"vivid":        head + fill(`<b style="color:#a00">x`),
		"comments":     head + fill("<!--[if mso]>"),
		"leftovers":    head + fill("{{"),
		"quoted":       strings.Replace(head, "\r\n\r\n", "\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n", 1) + fill("=\r\n"),
	}
}

// 100 KB of junk end fast: nothing grows with the square of what is sent.
func TestJunk(t *testing.T) {
	for name, raw := range junk() {
		t.Run(name, func(t *testing.T) {
			start := time.Now()
			found := preflight.Message([]byte(raw), preflight.Expect{Unsubscribe: leaver})
			if !preflight.Stops(found) {
				t.Error("junk may be sent")
			}
			if d := time.Since(start); d > 10*time.Second {
				t.Errorf("took %v", d)
			} else {
				t.Log(d)
			}
		})
	}
}

func FuzzMessage(f *testing.F) {
	for _, s := range []setup{smallest(), complete(f)} {
		f.Add(s.message(f), true)
	}
	for _, raw := range junk() {
		f.Add([]byte(raw[:min(len(raw), 2000)]), false)
	}
	x := complete(f).expect
	f.Fuzz(func(t *testing.T, raw []byte, set bool) {
		e := preflight.Expect{}
		if set {
			e = x
		}
		found := preflight.Message(raw, e)
		last := -1
		for _, each := range found {
			if each.Rule < last || each.What == "" || each.Mend == "" || strings.ContainsAny(each.String(), "\r\n\x00") {
				t.Errorf("finding %q", each)
			}
			last = each.Rule
		}
	})
}
