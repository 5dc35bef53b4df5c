package feeds

import (
	"strings"
	"testing"
	"time"
)

// TestCutAnywhere breaks off documents at every byte. One that lacks an item
// must say so: its validators would hide the rest for ever.
func TestCutAnywhere(t *testing.T) {
	const rich = `<item><title>T <![CDATA[<b>]]> &amp; &#8217; 1 < 2 <?php echo "a>b"; ?><!-- <item> --></title><link a='x>"y'>https://example.org/1</link></item>`
	for name, doc := range map[string]string{
		"RSS":  `<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a "b">]><rss version="2.0"><channel><title>F</title>` + rich + rich + "<item><title>x <?x << </title></item></channel></rss>",
		"RDF":  `<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"><channel><title>F</title></channel>` + rich + rich + "</rdf:RDF>",
		"Atom": `<feed xmlns="http://www.w3.org/2005/Atom"><title>F</title><entry><id>1</id><content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>x<br/></p></div></content></entry><entry><id>2</id><title>b</title></entry></feed>`,
		"JSON": `{"version":"https://jsonfeed.org/version/1.1","items":[{"id":"1","title":"a"},{"id":"2","title":"b"}]}`,
	} {
		t.Run(name, func(t *testing.T) {
			whole, err := Parse([]byte(doc), "", "https://example.org/feed", "s")
			if err != nil || len(whole.Items) != strings.Count(doc, "<title>T ")+strings.Count(doc, "<title>x")+strings.Count(doc, `"id"`)+strings.Count(doc, "<id>") {
				t.Fatalf("the whole document: %+v, %v", whole, err)
			}
			begun := strings.IndexAny(doc, "<{") + 10
			for n := begun; n < len(doc); n++ {
				got, err := Parse([]byte(doc[:n]), "", "https://example.org/feed", "s")
				if err == nil && !got.Incomplete && len(got.Items) < len(whole.Items) {
					t.Errorf("%d items of %d, and no word of it, from %q", len(got.Items), len(whole.Items), doc[max(0, n-60):n])
				}
			}
		})
	}
}

// TestUnclosedInstructions has what looks like processing instructions and
// never ends: text, wherever it stands, that takes no item with it.
func TestUnclosedInstructions(t *testing.T) {
	const head, item, tail = "<rss><channel><title>F</title>", "<item><title>x</title></item>", "</channel></rss>"
	for name, doc := range map[string]string{
		"within an item":   head + item + "<item><title>x <?x << </title></item>" + item + tail,
		"between items":    head + item + "<?x << " + item + item + tail,
		"closed too early": head + item + tail + item + item + tail,
	} {
		t.Run(name, func(t *testing.T) {
			got, err := Parse([]byte(doc), "", "", "s")
			if err != nil || len(got.Items) != 3 || got.Incomplete || !got.Repaired {
				t.Errorf("%+v, %v", got, err)
			}
		})
	}
	start := time.Now()
	if _, err := Parse([]byte(head+strings.Repeat("<?x>", 300_000)+item+tail), "", "", "s"); err != nil {
		t.Fatal(err)
	}
	if took := time.Since(start); took > 5*time.Second { // the end of each was looked for up to the end of the document
		t.Errorf("300,000 of them took %v", took)
	}
}
