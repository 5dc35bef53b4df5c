package feeds

import (
	"strings"
	"testing"
)

// hostileItem is one item within a feed, and what is expected of it.
type hostileItem struct {
	item  string
	check func(Item) bool
}

// inFeed puts an item into a feed.
func inFeed(item string) string {
	return `<?xml version="1.0"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:feedburner="http://rssnamespace.org/feedburner/ext/1.0"><channel><title>T</title><link>https://example.org/</link><item>` + item + `</item></channel></rss>`
}

func hostileItems() map[string]hostileItem {
	return map[string]hostileItem{
		"script in the title":     {"<title><![CDATA[Hi<script>alert(1)</script>]]></title>", func(i Item) bool { return i.Title == "Hi" }},
		"header in the title":     {"<title>Hi&#13;&#10;Bcc: x@example.org</title>", func(i Item) bool { return i.Title == "Hi Bcc: x@example.org" }},
		"title of 10,000":         {"<title>" + strings.Repeat("long ", 2000) + "</title>", func(i Item) bool { return len(i.Title) <= 500 && strings.HasSuffix(i.Title, "…") }},
		"bidi override":           {"<title>Hi &#x202E;txt.exe</title>", func(i Item) bool { return i.Title == "Hi txt.exe" }},
		"javascript link":         {"<title>T</title><link>javascript:alert(1)</link>", func(i Item) bool { return i.URL == "" }},
		"javascript behind blank": {"<title>T</title><link> java&#10;script:alert(1)</link>", func(i Item) bool { return i.URL == "" }},
		"data link":               {"<title>T</title><link>data:text/html,x</link>", func(i Item) bool { return i.URL == "" }},
		"javascript permalink":    {"<title>T</title><guid>javascript:alert(1)</guid>", func(i Item) bool { return i.URL == "" && i.GUID != "" }},
		"permalink":               {"<title>T</title><guid>https://example.org/p</guid>", func(i Item) bool { return i.URL == "https://example.org/p" }},
		"no permalink":            {`<title>T</title><guid isPermaLink="false">https://example.org/p</guid>`, func(i Item) bool { return i.URL == "" && i.GUID == "https://example.org/p" }},
		"relative link":           {"<title>T</title><link>a/b</link>", func(i Item) bool { return i.URL == "https://example.org/a/b" }},
		"unsafe base":             {`<title>T</title><link xml:base="javascript:alert(1)">x</link>`, func(i Item) bool { return i.URL == "" || strings.HasPrefix(i.URL, "https://example.org/") }},
		"original link":           {"<title>T</title><link>https://proxy.example/x</link><feedburner:origLink>https://example.org/x</feedburner:origLink>", func(i Item) bool { return i.URL == "https://example.org/x" }},
		"nested cdata":            {"<title><![CDATA[A <![CDATA[ B ]]> C]]></title>", func(i Item) bool { return strings.HasPrefix(i.Title, "A") }},
		"tracking pixel":          {`<title>T</title><description>&lt;img src="https://spy.example/1.gif" width="1"&gt;Text.</description>`, func(i Item) bool { return i.Teaser == "Text." }},
		"year 1":                  {"<title>T</title><pubDate>Mon, 01 Jan 0001 00:00:00 GMT</pubDate>", func(i Item) bool { return i.Published.IsZero() }},
		"year 9999":               {"<title>T</title><pubDate>Fri, 31 Dec 9999 23:59:59 GMT</pubDate>", func(i Item) bool { return i.Published.IsZero() }},
		"several creators":        {"<title>T</title><dc:creator>Ada Example</dc:creator><dc:creator>Ben Sample</dc:creator>", func(i Item) bool { return len(i.Authors) == 2 }},
		"huge guid":               {"<title>T</title><guid>" + strings.Repeat("x", 100_000) + "</guid>", func(i Item) bool { return len(i.GUID) <= maxURL }},
		"huge link":               {"<title>T</title><link>https://example.org/" + strings.Repeat("x", 100_000) + "</link>", func(i Item) bool { return i.URL == "" }},
		"doubly escaped":          {"<title>Zelensky&amp;amp;rsquo;s plan</title>", func(i Item) bool { return i.Title == "Zelensky’s plan" }},
		"hidden characters":       {"<title>N&#x200D;A&#x200B;TO</title>", func(i Item) bool { return i.Title == "NATO" }},
	}
}

// TestHostileItems holds each item against what Item promises, whatever stands
// in the feed.
func TestHostileItems(t *testing.T) {
	for name, row := range hostileItems() {
		t.Run(name, func(t *testing.T) {
			got, err := Parse([]byte(inFeed(row.item)), "", "https://example.org/feed", "s")
			if err != nil || len(got.Items) != 1 {
				t.Fatalf("%d items, %v", len(got.Items), err)
			}
			checkClean(t, got.Items[0])
			checkItem(t, got.Items[0])
			if !row.check(got.Items[0]) {
				t.Errorf("%+v", got.Items[0])
			}
		})
	}
}

// TestEntities shows that neither entity bombs nor external entities do
// anything.
func TestEntities(t *testing.T) {
	for _, doc := range []string{
		`<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]><rss><channel><item><title>x &b; y</title></item></channel></rss>`,
		`<?xml version="1.0"?><!DOCTYPE l [<!ENTITY x SYSTEM "file:///etc/passwd">]><rss><channel><item><title>x &x; y</title></item></channel></rss>`,
	} {
		got, err := Parse([]byte(doc), "", "", "s")
		if err != nil || len(got.Items) != 1 || strings.Contains(got.Items[0].Title, "aaaa") || strings.Contains(got.Items[0].Title, "root") {
			t.Errorf("%+v, %v", got, err)
		}
	}
}
