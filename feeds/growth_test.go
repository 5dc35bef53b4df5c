package feeds

import (
	"fmt"
	"os"
	"runtime"
	"strings"
	"testing"
)

// TestGrowth has documents in which something that stands once is read again
// for each item. None may cost much more than its size.
func TestGrowth(t *testing.T) {
	if os.Getenv("LONG") == "" {
		t.Skip("long: see make long")
	}
	const items = 5_000
	base := "https://example.org/" + strings.Repeat("x", 3900) + "/"
	var authors strings.Builder
	for i := range 2_000 {
		fmt.Fprintf(&authors, "<author><name>Ada %c%d</name></author>", 'A'+i%26, i)
	}
	hrefs := strings.Repeat("&lt;a href='x'>", 20)
	rss := func(head, item string) string {
		return "<rss" + head + strings.Repeat("<item>"+item+"</item>", items) + "</channel></rss>"
	}
	atom := func(attr, head, entry string) string {
		return `<feed xmlns="http://www.w3.org/2005/Atom"` + attr + ">" + head + strings.Repeat("<entry>"+entry+"</entry>", items) + "</feed>"
	}
	broken := strings.Repeat("<item><title>x</i></item>", 2*items) // each by itself, after all together
	var spaces strings.Builder
	for i := range maxNamespaces - 1 {
		fmt.Fprintf(&spaces, " xmlns:n%d='u%[1]d'", i)
	}
	large := " a='" + strings.Repeat("x", 60_000) + "'>"
	for name, doc := range map[string]string{
		"declarations":           rss("><channel>", "<?xml version='1.0' encoding='koi8-r'?><?xml encoding='koi8-r'?><title>x</title>"),
		"large tags around":      "<rss" + large + strings.Repeat("<channel"+large, 20) + broken,
		"namespaces":             rss(spaces.String()+"><channel>", strings.Repeat("<a/>", 40)),
		"long link of the site":  rss("><channel><link>"+base+"</link>", "<link>x</link>"),
		"long base in RSS":       rss(` xml:base="`+base+`"><channel>`, "<link>x</link>"),
		"long base in Atom":      atom(` xml:base="`+base+`"`, "", "<link href='x'/>"),
		"long base in contents":  atom(` xml:base="`+base+`"`, "", "<content type='html'>"+hrefs+"</content>"),
		"short base in contents": atom(` xml:base="https://example.org/a/"`, "", "<content type='html'>"+hrefs+"</content>"),
		"authors of the feed":    atom("", authors.String(), "<id>1</id>"),
		"JSON":                   `{"version":"https://jsonfeed.org/version/1","home_page_url":"` + base + `","items":[{"id":"0"}` + strings.Repeat(`,{"id":"1","url":"x"}`, items) + "]}",
	} {
		t.Run(name, func(t *testing.T) {
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			got, err := Parse([]byte(doc), "", "https://example.org/feed?"+strings.Repeat("q", 3900), "s")
			runtime.ReadMemStats(&after)
			if err != nil {
				checkError(t, err)
			}
			if mib := (after.TotalAlloc - before.TotalAlloc) >> 20; mib > 300 {
				t.Errorf("%d MiB allocated for %d KiB", mib, len(doc)>>10)
			}
			size := 0
			for _, it := range got.Items {
				size += len(it.URL)
			}
			if size > 1<<20 {
				t.Errorf("%d KiB of addresses from %d KiB", size>>10, len(doc)>>10)
			}
		})
	}
}
