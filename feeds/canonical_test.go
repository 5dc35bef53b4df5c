package feeds

import (
	"fmt"
	"strings"
	"testing"
)

func TestClean(t *testing.T) {
	for raw, want := range map[string]string{
		"HTTPS://Example.ORG:443/A/b/?utm_source=rss&utm_medium=feed#top": "https://example.org/A/b/",
		"http://example.org:80":                               "http://example.org/",
		"http://example.org:8080/x":                           "http://example.org:8080/x",
		"https://example.org/?id=41&fbclid=x&lang=en":         "https://example.org/?id=41&lang=en",
		"https://example.org/a?b=2&a=1":                       "https://example.org/a?b=2&a=1",
		"https://user:secret@example.org/":                    "https://example.org/",
		" https://example.org/a\n":                            "https://example.org/a",
		"https://example.org/a b":                             "https://example.org/a%20b",
		"https://example.org/a?q=\"b c\"é":                    "https://example.org/a?q=%22b%20c%22%C3%A9",
		"https://example.org/a/../b":                          "https://example.org/b",
		"https://example.org./a":                              "https://example.org/a",
		"https://example.org/#!/piece/7":                      "https://example.org/#!/piece/7",
		"https://example.org/a?mc_cid=1&mc_eid=2&_ga=3&gclid": "https://example.org/a",
		"https://example.org/a?ref=rss":                       "https://example.org/a",
		"https://example.org/a?ref=chapter2":                  "https://example.org/a?ref=chapter2",
		"https://example.org/a?wt_mc=rss.ho.beitrag":          "https://example.org/a",
		"https://[2001:db8::1]:443/a":                         "https://[2001:db8::1]/a",
		"https://україна.example/стаття":                      "https://xn--80aa2annq7l.example/%D1%81%D1%82%D0%B0%D1%82%D1%82%D1%8F",
		"":                           "",
		"/relative":                  "",
		"//example.org/a":            "",
		"javascript:alert(1)":        "",
		"java\nscript:alert(1)":      "",
		"JAVASCRIPT:alert(1)":        "",
		"data:text/html,x":           "",
		"mailto:a@example.org":       "",
		"file:///etc/passwd":         "",
		"https://":                   "",
		"https:example.org":          "",
		"https://exa\u202emple.org/": "",
		"https://example.org/\x00":   "",
		"https://a\"b/":              "",
		"https://example.org/" + strings.Repeat("x", maxURL): "",
	} {
		if got := Clean(raw); got != want {
			t.Errorf("Clean(%q) = %q, want %q", raw, got, want)
		}
	}
}

func TestKey(t *testing.T) {
	same := [][]string{
		{
			"https://example.org/a/b", "http://example.org/a/b/", "https://www.example.org/a/b?utm_source=x#y", "HTTPS://EXAMPLE.org:443/a/b?", "https://example.org/a/%62",
			"https://example.org/a/c/../b", "https://example.org/a/b?&utm_term=2&",
		},
		{"https://example.org/?id=41", "https://example.org?id=41&utm_campaign=z", "http://www.example.org/?fbclid=1&id=41"},
		{"https://example.org/?a=1&b=2", "https://example.org/?b=2&a=1"},
		{"https://example.org/?q=a%20b", "https://example.org/?q=a+b"},
		{"https://example.org/%c3%a9", "https://example.org/%C3%A9", "https://example.org/é"},
		{"https://example.org", "https://example.org/", "http://example.org:80/"},
	}
	seen := map[string]int{}
	for i, group := range same {
		for _, raw := range group {
			key := Key(raw)
			if key == "" || key != Key(group[0]) {
				t.Errorf("Key(%q) = %q, want %q", raw, key, Key(group[0]))
			}
			if j, ok := seen[key]; ok && j != i {
				t.Errorf("groups %d and %d share the key %q", i, j, key)
			}
			seen[key] = i
		}
	}
	for _, raw := range []string{"", "x", "javascript:alert(1)", "/a"} {
		if got := Key(raw); got != "" {
			t.Errorf("Key(%q) = %q", raw, got)
		}
	}
	if Key("https://example.org/a?id=41") == Key("https://example.org/a?id=42") || Key("https://example.org/A") == Key("https://example.org/a") {
		t.Error("different pieces share a key")
	}
}

// TestTwelveTrackers is one piece under twelve addresses.
func TestTwelveTrackers(t *testing.T) {
	for i, p := range []string{"utm_source", "utm_medium", "utm_campaign", "utm_term", "utm_content", "utm_id", "fbclid", "gclid", "mc_cid", "mc_eid", "_hsenc", "mkt_tok"} {
		raw := fmt.Sprintf("https://example.org/piece?id=41&%s=%d", p, i)
		if got := Clean(raw); got != "https://example.org/piece?id=41" {
			t.Errorf("Clean(%q) = %q", raw, got)
		}
	}
}
