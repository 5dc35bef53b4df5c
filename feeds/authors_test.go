package feeds

import (
	"strings"
	"testing"
)

func TestAuthors(t *testing.T) {
	for raw, want := range map[string]string{
		"Ada Example":                "Ada Example",
		"By Ada Example":             "Ada Example",
		"Ada Example and Ben Sample": "Ada Example|Ben Sample",
		"Ada Example, Ben Sample & Carl von der Test": "Ada Example|Ben Sample|Carl von der Test",
		"Ada Example, Ben Sample, and Cy Third":       "Ada Example|Ben Sample|Cy Third",
		"Ada Example; Ben Sample":                     "Ada Example|Ben Sample",
		"Олена Приклад":                               "Олена Приклад",
		"Example, Ada":                                "Example, Ada",
		"Centre for Peace and Security":               "Centre for Peace and Security",
		"Ada Example, Institute of Examples":          "Ada Example, Institute of Examples",
		"Editors":                                     "Editors",
		"noreply@example.org":                         "",
		"https://example.org/ada":                     "",
		"<a href='/ada'>Ada Example</a>":              "Ada Example",
		"Ada Example\r\nBcc: x@example.org":           "Ada Example Bcc: x@example.org",
		"":                                            "",
	} {
		if got := strings.Join(Authors(raw), "|"); got != want {
			t.Errorf("Authors(%q) = %q, want %q", raw, got, want)
		}
	}
	if got := Authors("Ada Example", "ada example", "Ben Sample"); len(got) != 2 {
		t.Errorf("doubles stay: %q", got)
	}
}
