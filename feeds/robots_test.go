package feeds

import (
	"strings"
	"testing"
	"time"
)

func TestRobotsRules(t *testing.T) {
	for _, row := range []struct {
		name, file string
		closed     string // paths, with a blank between
		open       string
	}{
		{"empty", "", "", "/ /a"},
		{"everything", "User-agent: *\nDisallow: /", "/ /a /a?b=c", ""},
		{"nothing", "User-agent: *\nDisallow:\n", "", "/ /a"},
		{"a folder", "User-agent: *\r\nDisallow: /private/\r\n", "/private/ /private/x", "/private /a/private/"},
		{"a prefix", "user-agent:*\ndisallow:/pri # half", "/private /pri", "/p /Private"},
		{"somebody else", "User-agent: Other\nDisallow: /\n", "", "/a"},
		{"us before all", "User-agent: *\nDisallow: /\n\nUser-agent: standpoint\nDisallow: /x\n", "/x", "/a"},
		{"us before all, emptily", "User-agent: *\nDisallow: /\nUser-agent: Standpoint\nDisallow:\n", "", "/a"},
		{"us with a version", "User-agent: Standpoint/2.0\nDisallow: /x\n", "/x", "/a"},
		{"one whose name begins like ours", "User-agent: Stand\nDisallow: /\nUser-agent: Standpoints\nDisallow: /\n", "", "/a"},
		{"several names", "User-agent: Other\nUser-agent: Standpoint\nDisallow: /x\n", "/x", "/a"},
		{"names with a blank line and a sitemap between", "User-agent: Standpoint\n\nSitemap: https://example.org/s\nUser-agent: Other\nDisallow: /x\n", "/x", "/a"},
		{"groups are one", "User-agent: *\nDisallow: /a\n\nUser-agent: Other\nDisallow: /o\n\nUser-agent: *\nDisallow: /b\n", "/a /b", "/o"},
		{"longest wins", "User-agent: *\nDisallow: /a\nAllow: /a/public\nDisallow: /a/public/not\n", "/a/x /a/public/not", "/a/public /a/public/x"},
		{"allow wins a draw", "User-agent: *\nDisallow: /a\nAllow: /a\nAllow: /b\nDisallow: /b\n", "", "/a /b"},
		{"stars", "User-agent: *\nDisallow: /*/draft*.html\n", "/x/draft-1.html /x/y/draft.html?a=b", "/draft.html /x/draft.pdf"},
		{"the end", "User-agent: *\nDisallow: /*.pdf$\nDisallow: /exact$\n", "/a.pdf /b.pdf.pdf /exact", "/a.pdf?x /exactly"},
		{"the end after a star", "User-agent: *\nDisallow: /a*b*c$\n", "/abc /a-b-c-c", "/ac /abcd"},
		{"stars count as long", "User-agent: *\nAllow: /a*.html\nDisallow: /a/b.html\n", "/a/b.html", "/a/c.html"},
		{"query", "User-agent: *\nDisallow: /*?print=\n", "/a?print=1", "/a /a?x=1"},
		{"escapes", "User-agent: *\nDisallow: /%7Ejoe\nDisallow: /caf%c3%a9\nDisallow: /a%2fb\n", "/~joe /%7ejoe /café /caf%C3%A9 /a%2Fb", "/a/b"},
		{"unescaped letters", "User-agent: *\nDisallow: /café\n", "/caf%C3%A9", "/cafe"},
		{"an escaped star", "User-agent: *\nDisallow: /a%2Ab\nDisallow: /c%24\n", "/a*b /c$", "/axb /c"},
		{"no slash", "User-agent: *\nDisallow: private\n", "/private", "/a"},
		{"odd lines", "Disallow: /early\nnonsense\nCrawl-delay: soon\nUser-agent: *\nCrawl-delay: later\nnoindex: /n\nDisallow : /x\n: /y\nDisallow", "/x", "/early /n /y /a"},
		{"a byte order mark", "\ufeffUser-agent: *\nDisallow: /\n", "/a", ""},
		{"a web page", "<!doctype html><p>User-agent: * Disallow: /</p>", "", "/a"},
		{"binary", "\x00\xff\xfe:\x01\nUser-agent: *\nDisallow: /x\x00\n", "/x%00", "/x"},
	} {
		r := parseRobots([]byte(row.file), Product)
		for _, path := range strings.Fields(row.closed) {
			if r.allow(path) {
				t.Errorf("%s: %s is open", row.name, path)
			}
		}
		for _, path := range strings.Fields(row.open) {
			if !r.allow(path) {
				t.Errorf("%s: %s is closed", row.name, path)
			}
		}
	}
}

func TestCrawlDelay(t *testing.T) {
	for value, want := range map[string]time.Duration{
		"": 0, "2": 2 * time.Second, "0.5": 500 * time.Millisecond, "10": 10 * time.Second, "3600": 10 * time.Second, "1e300": 10 * time.Second,
		"Inf": 10 * time.Second, "-1": 0, "NaN": 0, "soon": 0, "5 s": 0,
	} {
		if got := parseRobots([]byte("User-agent: *\nCrawl-delay: "+value+"\n"), Product).delay; got != want {
			t.Errorf("%q: %v, want %v", value, got, want)
		}
	}
	if got := parseRobots([]byte("User-agent: Other\nCrawl-delay: 9\nUser-agent: *\nDisallow: /x\n"), Product).delay; got != 0 {
		t.Errorf("the delay for another program is ours: %v", got)
	}
}

// TestRobotsHostile has the largest file that is read, full of the costliest
// rules, and an address made for them.
func TestRobotsHostile(t *testing.T) {
	line := "Disallow: /*a*b*c*d*e$\n"
	file := []byte("User-agent: *\n" + strings.Repeat(line, maxRobotsBytes/len(line)))
	begin := time.Now()
	r := parseRobots(file, Product)
	if !r.allow("/" + strings.Repeat("abcd", maxURL/4)) {
		t.Error("closed")
	}
	if took := time.Since(begin); took > 3*time.Second {
		t.Errorf("took %v", took)
	}
	if r.size() > 2<<20 {
		t.Errorf("%d bytes", r.size())
	}
}

func FuzzRobots(f *testing.F) {
	f.Add("User-agent: *\nDisallow: /*a$\nAllow: /%zz\nCrawl-delay: 1", "/a%")
	f.Fuzz(func(t *testing.T, file, path string) {
		r := parseRobots([]byte(file), Product)
		r.allow(path)
		if r.delay < 0 || r.delay > maxCrawlDelay {
			t.Errorf("delay %v", r.delay)
		}
		if normalPath(normalPath(path)) != normalPath(path) {
			t.Errorf("%q has no normal form: %q", path, normalPath(path))
		}
	})
}
