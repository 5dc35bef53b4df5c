package feeds

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
)

func TestUserAgent(t *testing.T) {
	for _, row := range []struct{ program, contact, want string }{
		{"Standpoint/0.3", "https://example.org/about", "Standpoint/0.3 (weekly digest of think tanks; +https://example.org/about)"},
		{"Standpoint/0.3", "desk@example.org", "Standpoint/0.3 (weekly digest of think tanks; +mailto:desk@example.org)"},
		{"Standpoint/0.3", "mailto:desk@example.org", "Standpoint/0.3 (weekly digest of think tanks; +mailto:desk@example.org)"},
		{"Standpoint/0.3", "", "Standpoint/0.3 (weekly digest of think tanks)"},
		{"Standpoint/v0 (devel)\r\nX: y", " https://example.org/a b(c)\r\nBcc: x", "Standpoint/v0develXy (weekly digest of think tanks; +https://example.org/a%20b%28c%29Bcc:%20x)"},
		{"", "https://example.org/über;\\\"", "Standpoint (weekly digest of think tanks; +https://example.org/%C3%BCber%3B%5C%22)"},
		{"/", strings.Repeat("x", 500), "Standpoint (weekly digest of think tanks)"},
	} {
		if got := UserAgent(row.program, row.contact); got != row.want {
			t.Errorf("UserAgent(%q, %q) = %q, want %q", row.program, row.contact, got, row.want)
		}
	}
}

// TestUserAgentSent shows what a server sees: the operator's own header before
// ours, and a request whatever the config says.
func TestUserAgentSent(t *testing.T) {
	seen := make(chan string, 4)
	srv := serve(t, func(w http.ResponseWriter, r *http.Request) {
		seen <- r.UserAgent()
		fmt.Fprint(w, smallFeed)
	})
	for _, row := range []struct {
		options Options
		want    string
	}{
		{Options{}, "Standpoint (weekly digest of think tanks)"},
		{Options{Contact: "https://example.org/about"}, "Standpoint (weekly digest of think tanks; +https://example.org/about)"},
		{Options{UserAgent: "Mine/1.0 (x)", Contact: "https://example.org/about"}, "Mine/1.0 (x)"},
		{Options{UserAgent: "Mine\r\nX-Injected: 1\x00"}, "MineX-Injected: 1"},
		{Options{UserAgent: " \n"}, "Standpoint (weekly digest of think tanks)"},
	} {
		if _, err := newTestClient(t, row.options).Fetch(t.Context(), Source{ID: "s", URL: srv.URL}, Validators{}); err != nil {
			t.Fatal(err)
		}
		if got := <-seen; got != row.want {
			t.Errorf("%+v: the server saw %q, want %q", row.options, got, row.want)
		}
	}
}
