package feeds

import (
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// long makes a feed of n items, about 5 KiB each, with something between them
// and a tail behind the last.
func long(n int, between, tail string) string {
	var b strings.Builder
	b.WriteString(`<?xml version="1.0"?><rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>Long &amp; wide</title><link>https://example.org/</link><language>en-GB</language><ttl>30</ttl>`)
	for i := range n {
		fmt.Fprintf(&b, "<item><title>Piece %d</title><link>/p/%d</link><guid>%d</guid><dc:creator>Ada Example</dc:creator><pubDate>Sat, 21 Nov 2026 10:00:00 GMT</pubDate><description><![CDATA[%s]]></description></item>%s",
			i, i, i, strings.Repeat(fmt.Sprintf("<p>Sentence %d of this piece has a few words.</p>", i), 100), between)
	}
	return b.String() + tail + "</channel></rss>"
}

// TestWalk holds what is read in parts against what is read as a whole.
func TestWalk(t *testing.T) {
	if os.Getenv("LONG") == "" {
		t.Skip("long: see make long")
	}
	whole := long(450, "\n", "\n")
	for name, row := range map[string]struct {
		doc    string
		groups bool
	}{
		"whole":             {whole, true},
		"small":             {long(3, "\n", "\n"), false},
		"bare ampersand":    {strings.Replace(whole, "<title>Piece 200<", "<title>A & B <", 1), true},
		"title at the end":  {strings.Replace(long(450, "", "<title>Behind</title>"+strings.Repeat("<x>1</x>", 1250)), "<title>Long &amp; wide</title>", "", 1), false},
		"much between":      {long(450, "<skipped>1234567890</skipped>", ""), false},
		"breaks off":        {whole[:len(whole)-300], false},
		"another encoding":  {strings.Replace(whole, `version="1.0"?`, `version="1.0" encoding="utf-16"?`, 1), false},
		"nothing but items": {strings.NewReplacer("<rss", "<item", "</rss", "</item").Replace(whole), false},
	} {
		want, wantErr := Parse([]byte(row.doc), "", "https://example.org/", "s")
		var got Parsed
		var items []Item
		got, err := Walk([]byte(row.doc), "", "https://example.org/", "s", func(i Item) { items = append(items, i) })
		got.Items = items
		if !reflect.DeepEqual(want, got) || (err == nil) != (wantErr == nil) { // a difference takes long to look for
			t.Errorf("%s: %v, want %v; -whole +parts:\n%.2000s", name, err, wantErr, cmp.Diff(want, got))
		}
		_, groups := (&parser{}).divide([]byte(row.doc))
		if (len(groups) > 1) != row.groups {
			t.Errorf("%s: %d parts", name, len(groups))
		}
	}
}

// TestWalkRepairsOnePart reads a feed of which one part has what XML forbids.
func TestWalkRepairsOnePart(t *testing.T) {
	doc := strings.Replace(long(450, "\n", "\n"), "<title>Piece 200<", "<title>Piece \x93 200<", 1)
	n := 0
	got, err := Walk([]byte(doc), "", "https://example.org/", "s", func(Item) { n++ })
	if err != nil || n != 450 || !got.Repaired || got.Incomplete {
		t.Errorf("%d items, %+v, %v", n, got, err)
	}
}

func TestWalkOfRealFeeds(t *testing.T) {
	files, err := filepath.Glob("../../shared/feeds/real/*.xml")
	if err != nil || len(files) == 0 {
		t.Skip("no real feeds beside the repository")
	}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		want, wantErr := Parse(data, "", "", "s")
		n := 0
		_, err = Walk(data, "", "", "s", func(Item) { n++ })
		if n != len(want.Items) || (err == nil) != (wantErr == nil) {
			t.Errorf("%s: %d items, want %d; %v", file, n, len(want.Items), err)
		}
	}
}
