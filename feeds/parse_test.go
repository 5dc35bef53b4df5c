package feeds

import (
	"encoding/binary"
	"strings"
	"testing"
	"unicode/utf16"

	"golang.org/x/net/html/charset"
)

// TestRepair breaks one feed of three items in many ways.
func TestRepair(t *testing.T) {
	const head = `<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"><channel><title>Café</title>`
	const one = `<item><title>Один</title><link>https://example.org/1</link></item>`
	const two = `<item><title>Two</title><link>https://example.org/2</link></item>`
	const three = `<item><title>Three</title><link>https://example.org/3</link></item>`
	const tail = `</channel></rss>`
	const whole = head + one + two + three + tail
	latin := func(s string) string { return strings.NewReplacer("Café", "Caf\xe9", "Один", "Odin").Replace(s) }
	for name, row := range map[string]struct {
		doc, contentType string
		items            int
		first            string
	}{
		"whole":                      {whole, "", 3, "Один"},
		"charset only in HTTP":       {encode(t, "windows-1251", strings.ReplaceAll(strings.ReplaceAll(whole, ` encoding="UTF-8"`, ""), "é", "e")), "text/xml; charset=windows-1251", 3, "Один"},
		"wrong charset in HTTP":      {whole, "text/xml; charset=iso-8859-1", 3, "Один"},
		"stray windows-1252 quote":   {strings.Replace(whole, "Один", "Don\x92t", 1), "", 3, "Don’t"},
		"no declaration, latin 1":    {latin(strings.Replace(whole, `<?xml version="1.0" encoding="UTF-8"?>`, "", 1)), "", 3, "Odin"},
		"unknown label":              {strings.Replace(whole, "UTF-8", "klingon", 1), "", 3, "Один"},
		"declares utf-16, is utf-8":  {strings.Replace(whole, "UTF-8", "UTF-16", 1), "", 3, "Один"},
		"declares latin 1, is utf-8": {strings.Replace(whole, "UTF-8", "ISO-8859-1", 1), "", 3, "Один"},
		"utf-16 with mark":           {wide(whole, "\xff\xfe", true), "", 3, "Один"},
		"utf-16 big endian":          {wide(whole, "\xfe\xff", false), "", 3, "Один"},
		"utf-16 without mark":        {wide(whole, "", false), "", 3, "Один"},
		"byte order mark":            {"\ufeff" + whole, "", 3, "Один"},
		"blank lines first":          {"\n\n  " + whole, "", 3, "Один"},
		"comment first":              {"<!-- " + strings.Repeat("x", 6000) + " -->" + whole, "", 3, "Один"},
		"PHP warning first":          {"<br />\n<b>Warning</b>: Cannot modify header in <b>/x.php</b> on line 7<br />\n" + whole, "", 3, "Один"},
		"NUL bytes":                  {strings.ReplaceAll(whole, "Two", "T\x00wo"), "", 3, "Один"},
		"control characters":         {strings.ReplaceAll(whole, "Two", "T\x08wo"), "", 3, "Один"},
		"reference to a control":     {strings.ReplaceAll(whole, "Two", "T&#8;&#x1F;wo"), "", 3, "Один"},
		"bare ampersands":            {strings.ReplaceAll(whole, "example.org/2", "example.org/?a=1&b=2&copy=3"), "", 3, "Один"},
		"undefined entity":           {strings.ReplaceAll(whole, "Two", "Two&nbsp;&hellip;&nonsense;"), "", 3, "Один"},
		"less-than in a text":        {strings.ReplaceAll(whole, "Two", "1 < 2"), "", 3, "Один"},
		"double dash in a comment":   {strings.Replace(whole, "<item>", "<!-- a -- b --><item>", 1), "", 3, "Один"},
		"one item broken":            {strings.ReplaceAll(whole, "<title>Two</title>", `<title a b"c="<>Two</title`), "", 3, "Один"},
		"cut in an item":             {head + one + two + "<item><title>Thr", "", 2, "Один"},
		"cut in a tag":               {head + one + two + "<item><titl", "", 2, "Один"},
		"cut between items":          {head + one + two + three, "", 3, "Один"},
		"cut in the head":            {`<?xml version="1.0"?><rss><channel><title>Caf`, "", 0, ""},
		"html within a description":  {strings.ReplaceAll(whole, "</item>", "<description><p>One<br>two <img src=x></p></description></item>"), "", 3, "Один"},
		"wrong nesting":              {strings.ReplaceAll(whole, "<title>Two</title>", "<title><b>Two</title></b>"), "", 3, "Один"},
		"lower entities in JSON":     {"\ufeff" + `{"version":"https://jsonfeed.org/version/1.1","items":[{"id":"1","title":"Один"}]}`, "", 1, "Один"},
		"upper-case tags":            {strings.NewReplacer("<item>", "<ITEM>", "</item>", "</ITEM>").Replace(whole), "", 3, "Один"},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := Parse([]byte(row.doc), row.contentType, "https://example.org/feed", "s")
			if err != nil || len(got.Items) != row.items {
				t.Fatalf("%d items, want %d: %+v, %v", len(got.Items), row.items, got, err)
			}
			if len(got.Items) > 0 && got.Items[0].Title != row.first {
				t.Errorf("first title %q, want %q", got.Items[0].Title, row.first)
			}
			for _, it := range got.Items {
				checkClean(t, it)
			}
		})
	}
}

func encode(t *testing.T, label, s string) string {
	t.Helper()
	enc, _ := charset.Lookup(label)
	out, err := enc.NewEncoder().String(s)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// wide is s in UTF-16 behind a byte order mark, which may be empty.
func wide(s, bom string, little bool) string {
	var order binary.AppendByteOrder = binary.BigEndian
	if little {
		order = binary.LittleEndian
	}
	out := []byte(bom)
	for _, u := range utf16.Encode([]rune(s)) {
		out = order.AppendUint16(out, u)
	}
	return string(out)
}

func TestNoFeed(t *testing.T) {
	for doc, class := range map[string]Class{
		"":                        ClassEmpty,
		" \r\n\ufeff":             ClassEmpty,
		"Not found":               ClassNotFeed,
		"{}":                      ClassNotFeed,
		`{"error":"gone"}`:        ClassNotFeed,
		`["a"]`:                   ClassUnparsable,
		`{"version":`:             ClassUnparsable,
		"<note><to>x</to></note>": ClassNotFeed,
		"<!doctype html><html><body><rss></rss></body></html>":               ClassNotFeed,
		"<html><form><input type=\"password\"></form></html>":                ClassNotFeed,
		"<html><head><title>Just a moment...</title></head></html>":          ClassBotWall,
		"<opml><body><outline xmlUrl='https://example.org/'/></body></opml>": ClassNotFeed,
		"<urlset><url><loc>https://example.org/</loc></url></urlset>":        ClassNotFeed,
		"\x1f\x8bbroken":        ClassUnparsable,
		"%PDF-1.7":              ClassNotFeed,
		"\x89PNG\r\n\x1a\n\x00": ClassNotFeed,
	} {
		_, err := Parse([]byte(doc), "", "https://example.org/", "s")
		faultOf(t, err, class)
		if !strings.HasPrefix(err.Error(), "parse s: ") {
			t.Errorf("%q: %v", doc, err)
		}
	}
}

// TestTexts settles when a feed carries the whole piece.
func TestTexts(t *testing.T) {
	sentence := "The guarantee would rest on forces in place and on money that is promised for years to come. "
	paragraph := strings.Repeat(sentence, 5) // 85 words
	for name, row := range map[string]struct {
		summary, content string
		whole            bool
	}{
		"content beside a summary": {"A summary.", "<p>" + paragraph + "</p><p>" + paragraph + "</p><p>End.</p>", true},
		"short content":            {"A summary.", "<p>" + paragraph + "</p>", false},
		"content that breaks off":  {"A summary.", "<p>" + paragraph + "</p><p>" + paragraph + "[…]</p>", false},
		"content with a link on":   {"A summary.", "<p>" + paragraph + "</p><p>" + paragraph + "</p><p>Continue reading The piece →</p>", false},
		"content like the summary": {paragraph + paragraph + "More.", "<p>" + paragraph + "</p><p>" + paragraph + "</p>", false},
		"content without summary":  {"", "<p>" + paragraph + "</p><p>" + paragraph + "</p>", true},
		"very long description":    {"<p>" + strings.Repeat(paragraph, 3) + "</p><p>" + strings.Repeat(paragraph, 3) + "</p>", "", true},
		"long description":         {"<p>" + paragraph + "</p><p>" + paragraph + "</p>", "", false},
		"nothing":                  {"", "", false},
		"the same in both":         {"<p>" + strings.Repeat(paragraph, 6) + "</p>", "<p>" + strings.Repeat(paragraph, 6) + "</p>", true},
	} {
		t.Run(name, func(t *testing.T) {
			teaser, text := texts(row.summary, row.content, "Title", nil)
			if (text != "") != row.whole {
				t.Errorf("text of %d words, whole %v", len(strings.Fields(text)), row.whole)
			}
			if (row.summary+row.content != "") != (teaser != "") {
				t.Errorf("teaser %q", teaser)
			}
		})
	}
	_, text := texts("", "<p>"+paragraph+"</p>\n<ul><li>"+paragraph+"</li><li>Third.</li></ul>", "Title", nil)
	if parts := strings.Split(text, "\n\n"); len(parts) != 3 || parts[2] != "Third." {
		t.Errorf("paragraphs %q", parts)
	}
}

func TestLanguage(t *testing.T) {
	for in, want := range map[string]string{"en": "en", "en_us": "en-US", "EN-gb": "en-GB", "uk-UA": "uk-UA", "zh-Hant": "zh-Hant", "": "", "x": "", "english": "", "e\nn": "", " de ": "de"} {
		if got := Language(in); got != want {
			t.Errorf("Language(%q) = %q, want %q", in, got, want)
		}
	}
}
