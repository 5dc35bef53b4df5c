package bounce_test

import (
	"errors"
	"io"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"standpoint/digest/bounce"
)

func TestMessages(t *testing.T) {
	const line = "From bounces@example.org Mon Mar  2 07:08:02 2026\n"
	long := strings.Repeat("x", bounce.MaxSize+9)
	for name, c := range map[string]struct {
		file string
		want []string
	}{
		"one message":      {"Subject: a\n\nb\n\n" + line, []string{"Subject: a\n\nb\n\n" + line}},
		"from a pipe":      {line + "Subject: a\n\nb\n", []string{line + "Subject: a\n\nb\n"}},
		"two":              {line + "A: a\n\nb\n\n" + line + "C: c\n\nd", []string{line + "A: a\n\nb\n\n", line + "C: c\n\nd"}},
		"in CR LF":         {line + "A: a\r\n\r\n" + line + "C: c\r\n", []string{line + "A: a\r\n\r\n", line + "C: c\r\n"}},
		"a letter's line":  {line + "A: a\n\nFrom here on, all is well.\nFrom x 2026\n", []string{line + "A: a\n\nFrom here on, all is well.\nFrom x 2026\n"}},
		"nothing":          {"", []string{""}},
		"too long":         {long, []string{long[:bounce.MaxSize]}},
		"too long in mbox": {line + long + "\n\n" + line + "C: c\n", []string{(line + long)[:bounce.MaxSize], line + "C: c\n"}},
	} {
		var got []string
		for m, err := range bounce.Messages(strings.NewReader(c.file)) {
			if err != nil {
				t.Error(err)
			}
			got = append(got, string(m))
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: %d messages: %.200q", name, len(got), got)
		}
	}
	broken := errors.New("broken")
	for _, begin := range []string{"", line} {
		var last error
		for _, err := range bounce.Messages(io.MultiReader(strings.NewReader(begin), iotest.ErrReader(broken))) {
			last = err
		}
		if !errors.Is(last, broken) {
			t.Errorf("after %q: %v", begin, last)
		}
	}
}
