package feeds

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func TestLine(t *testing.T) {
	for in, want := range map[string]string{
		"Plain title":                              "Plain title",
		"A &amp; B":                                "A & B",
		"Zelensky&amp;rsquo;s plan":                "Zelensky’s plan",
		"<b>Bold</b> claim":                        "Bold claim",
		"&lt;b&gt;Bold&lt;/b&gt; claim":            "Bold claim",
		"&amp;lt;i&amp;gt;Twice&amp;lt;/i&amp;gt;": "Twice",
		"a < b and b > c":                          "a < b and b > c",
		"I <3 Kyiv":                                "I <3 Kyiv",
		"AT&T":                                     "AT&T",
		"two\r\nlines\tand  blanks":                "two lines and blanks",
		"Hello\r\nBcc: victim@example.org":         "Hello Bcc: victim@example.org",
		"a<script>alert(1)</script>b":              "ab",
		"safe\u202Egnp.exe":                        "safegnp.exe",
		"zero\u200Bwidth\uFEFF":                    "zerowidth",
		"N\u200dA\u200cTO":                         "NATO",
		"می\u200cخواهم":                            "می\u200cخواهم",
		"don\u0092t":                               "don’t",
		"\u00e2\u0080\u00a6":                       "…",
		"null\x00byte \x1b[31m":                    "nullbyte [31m",
		"tag\U000E0041chars":                       "tagchars",
		"line\u2028separator":                      "line separator",
		"bad\xff\xfebytes":                         "badbytes",
		"<p>One</p><p>Two</p>":                     "One Two",
		"Breaking: <b>Big News</b> today":          "Breaking: Big News today",
		"<img src=x onerror=alert(1)>":             "",
		"<style>p{}</style><!-- c -->Kept":         "Kept",
		"soft\u00adhyphen":                         "softhyphen",
	} {
		if got := Line(in, 500); got != want {
			t.Errorf("Line(%q) = %q, want %q", in, got, want)
		}
	}
	long := Line(strings.Repeat("word ", 3000), 500)
	if n := utf8.RuneCountInString(long); n > 500 || !strings.HasSuffix(long, "word…") {
		t.Errorf("a title of 15,000 characters became %d: …%q", n, long[len(long)-20:])
	}
	if n := utf8.RuneCountInString(Line(strings.Repeat("ї", 10_000), 500)); n != 500 {
		t.Errorf("a word of 10,000 letters became %d", n)
	}
}

func TestParagraphs(t *testing.T) {
	for in, want := range map[string]string{
		"<p>One</p><p>Two <a href=x>linked</a>.</p>":                      "One|Two linked.",
		"<div>One<br><br>Two<br>still two</div>":                          "One|Two still two",
		"<ul><li>A</li><li>B</li></ul>after":                              "A|B|after",
		"<h2>Head</h2>text":                                               "Head|text",
		"<p>One</p><figure><img><figcaption>Cap</figcaption></figure>":    "One",
		"<p>Kept</p><figure>never closed<p>Still kept</p>":                "Kept|never closed|Still kept",
		"<p>One</p><script>var a='<p>x</p>'</script><p>Two</p>":           "One|Two",
		"<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>": "a b|c",
		"plain one\n\nplain two\nsame":                                    "plain one|plain two same",
		"<iframe>x</iframe><form>y</form><p>z</p>":                        "z",
		"<p>a<p>b":                               "a|b",
		"<blockquote><p>quoted</p></blockquote>": "quoted",
		"":                                       "",
		"<":                                      "<",
	} {
		if got := strings.Join(Paragraphs(in), "|"); got != want {
			t.Errorf("Paragraphs(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestTrimFurniture(t *testing.T) {
	authors := []string{"Ada Example", "Ben Sample"}
	in := []string{
		"the-title-of-a-piece", "The title of a piece", "By Ada Example and Ben Sample", "The Blog February 10, 2025 • 5:08 pm ET",
		"In February 2025 the argument begins.", "It ends here.",
		"Ada Example is a fellow at an institute.", "Further reading", "Another piece ›",
	}
	got := strings.Join(TrimFurniture(in, "The Title of a Piece", authors), "|")
	if want := "In February 2025 the argument begins.|It ends here."; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	for _, tail := range []string{"Image: a flag. REUTERS", "The post A appeared first on B.", "Follow us on X", "Source: Source", "© Outlet"} {
		if got := TrimFurniture([]string{"Body.", tail}, "", nil); len(got) != 1 {
			t.Errorf("%q stays", tail)
		}
	}
	for _, only := range [][]string{{"The title"}, {"Image: x"}, {}} {
		if got := TrimFurniture(only, "The title", nil); len(got) != len(only) {
			t.Errorf("%q became %q", only, got)
		}
	}
}
