package main

import (
	"regexp"
	"strings"
	"testing"
)

// The demo's archive can be walked through until somebody interrupts it.
func TestDemoServe(t *testing.T) {
	t.Parallel()
	p, out := child(t, t.TempDir(), "demo", "--serve", "--dir", "demo")
	out.wait(t, "The archive, until you interrupt this: http://127.0.0.1:", 1)
	base := regexp.MustCompile(`this: (http://127\.0\.0\.1:\d+)/`).FindStringSubmatch(out.String())[1]
	status, home := get(t, base+"/")
	if status != 200 || !strings.Contains(home, `href="/editions/1"`) || !strings.Contains(home, `href="/subscribe"`) {
		t.Errorf("%d %s", status, home)
	}
	status, edition := get(t, base+"/editions/1")
	piece := regexp.MustCompile(`href="(/pieces/\d+)"`).FindStringSubmatch(edition)
	if status != 200 || piece == nil {
		t.Fatalf("%d, no link to a piece:\n%s", status, edition)
	}
	for path, want := range map[string]string{
		piece[1]: "Where it stands", "/editions": "All editions", "/method": "The Tin Compass", "/editions.atom": base + "/editions/1", "/editions/1.json": `"number": 1`, "/subscribe": "<form",
	} {
		if status, page := get(t, base+path); status != 200 || !strings.Contains(page, want) {
			t.Errorf("%s: %d, lacks %q:\n%s", path, status, want, page)
		}
	}
	stop(t, p, out)
}
