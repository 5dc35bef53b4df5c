package main

import (
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

// Each link to the web side in the mail with a draft leads somewhere, while the
// edition itself is not to be found there yet.
func TestLinksOfADraftsMail(t *testing.T) {
	t.Parallel()
	now := nextMonday().Add(-time.Hour)
	o, dir, link, _ := drafting(t, &now, "required")
	mails, err := filepath.Glob(filepath.Join(dir, "state", "outbox", "editor", "*.eml"))
	check(t, err)
	mail, err := os.ReadFile(mails[0])
	check(t, err)
	text := strings.NewReplacer("=\r\n", "", "=3D", "=").Replace(string(mail))
	answers := func(path string) int {
		w := httptest.NewRecorder()
		o.readers.ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, nil))
		return w.Code
	}
	seen := map[string]bool{}
	for _, m := range regexp.MustCompile(`https://digest\.example\.org(/[\w./-]+)`).FindAllStringSubmatch(text, -1) {
		seen[m[1]] = true
		if code := answers(m[1]); code != http.StatusOK {
			t.Errorf("%s: %d", m[1], code)
		}
	}
	if !seen[link] || !seen[link+"/letter"] || strings.Count(text, link+"/letter") < 2 { // in both parts
		t.Errorf("the links %v lack the draft's own", seen)
	}
	if code := answers("/editions/1"); code != http.StatusNotFound {
		t.Errorf("the edition is there: %d", code)
	}
}
