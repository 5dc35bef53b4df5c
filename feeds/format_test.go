package feeds

import "testing"

func TestFormat(t *testing.T) {
	for want, doc := range map[string]string{
		"RSS 2.0":       `<rss version="2.0"><channel><title>T</title></channel></rss>`,
		"RSS 0.91":      `<rss version="0.91"><channel><title>T</title></channel></rss>`,
		"RSS":           `<rss><channel><title>T</title></channel></rss>`,
		"RSS 1.0 (RDF)": `<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"><channel><title>T</title></channel></rdf:RDF>`,
		"Atom 1.0":      `<feed xmlns="http://www.w3.org/2005/Atom"><title>T</title></feed>`,
		"JSON Feed 1.1": `{"version": "https://jsonfeed.org/version/1.1", "title": "T", "items": []}`,
	} {
		got, err := Parse([]byte(doc), "", "https://example.org/", "t")
		if err != nil || got.Format != want {
			t.Errorf("%q, want %q: %v", got.Format, want, err)
		}
	}
}
