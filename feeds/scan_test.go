package feeds

import (
	"bytes"
	"encoding/xml"
	"io"
	"testing"
)

// decoderDepth is how deep encoding/xml nests a document until its end or its
// error, when it is as lenient as in gofeed.
func decoderDepth(doc []byte) (deepest int) {
	d := xml.NewDecoder(bytes.NewReader(doc))
	d.Strict = false
	d.CharsetReader = func(_ string, r io.Reader) (io.Reader, error) { return r, nil }
	depth := 0
	for {
		tok, err := d.Token()
		if err != nil {
			return deepest
		}
		switch tok.(type) {
		case xml.StartElement:
			depth++
			deepest = max(deepest, depth)
		case xml.EndElement:
			depth--
		}
	}
}

// FuzzScan holds survey against encoding/xml: what the decoder, and gofeed with
// it, nests deeper than survey sees would get past the limit.
func FuzzScan(f *testing.F) {
	for _, s := range []string{
		smallFeed, "<a><b/><c>", `<a b="<c>"><d>`, `<a b='>'><c>`, "<a><!-- <b> --><c>", "<!DOCTYPE a [<!ENTITY b '<c>'> <!-- > -->]><d><e>", "<a><![CDATA[<b>]]><c>",
		"<?xml version='1.0'?><a><?b <c> ?><d>", "<a></b><c></a><d>", "<a b=c><d e>", "<a b==\"><c>", "< a><b>", "<a/ ><b>", "<é><b:c>", "<a b='\"'><c d=\"'\">", "<a <b>>", "<!<a>><b>", "<a/b><c>", "<!\"><a>", "<!><a>", "<!'><!--<a>-->", "<!a <!--><b>",
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, doc []byte) {
		o, err := survey(doc)
		if err != nil {
			return
		}
		if d := decoderDepth(doc); d > o.depth {
			t.Errorf("the decoder nests %d deep, survey saw %d: %q", d, o.depth, doc)
		}
	})
}
