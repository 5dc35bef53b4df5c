package config

import (
	"testing"
	"time"
)

func TestDuration(t *testing.T) {
	for text, want := range map[string]time.Duration{
		"0": 0, "0s": 0, "90s": 90 * time.Second, "1h30m": 90 * time.Minute, "1.5h": 90 * time.Minute,
		"7d": week, "8d": 8 * day, "8w": 8 * week, "1w2d": 9 * day, "1w2d3h": 9*day + 3*time.Hour,
		"1d12h30m": 36*time.Hour + 30*time.Minute, "250ms": 250 * time.Millisecond, "15250w": 15250 * week,
	} {
		var got Duration
		if err := got.UnmarshalText([]byte(text)); err != nil || got.Std() != want {
			t.Errorf("%s: got %v, %v; want %v", text, got.Std(), err, want)
		}
		var again Duration
		if err := again.UnmarshalText([]byte(got.String())); err != nil || again != got {
			t.Errorf("%s is written as %s, which reads as %v, %v", text, got, again.Std(), err)
		}
	}
}

func TestDurationRefuses(t *testing.T) {
	for text, want := range map[string]string{
		"":                     `"" is no duration`,
		"-1h":                  `"-1h" is negative`,
		"-8d":                  `"-8d" is negative`,
		"8":                    `"8" has no unit`,
		"1.5":                  `"1.5" has no unit`,
		"7 days":               `"7 days" is no duration`,
		"d":                    `"d" is no duration`,
		"1d2w":                 `"1d2w" is no duration`,
		"1.5d":                 `"1.5d" is no duration`,
		"1d-1h":                `"1d-1h" is no duration`,
		"1d1d":                 `"1d1d" is no duration`,
		"+1d":                  `"+1d" is no duration`,
		"weekly":               `"weekly" is no duration`,
		"99999w":               `"99999w" is too long`,
		"99999999999d":         `"99999999999d" is too long`,
		"15250w2562047h":       `"15250w2562047h" is too long`,
		"9999999999999999999h": `"9999999999999999999h" is no duration`,
		"1e3":                  `"1e3" has no unit`,
	} {
		var d Duration
		if err := d.UnmarshalText([]byte(text)); err == nil || err.Error() != want {
			t.Errorf("%q: got %v (%v), want %s", text, err, d, want)
		}
	}
}

func TestDurationString(t *testing.T) {
	for d, want := range map[time.Duration]string{
		0: "0s", time.Minute: "1m", 2 * time.Hour: "2h", 90 * time.Minute: "1h30m", week: "7d", 2 * week: "2w",
		8 * day: "8d", 36 * time.Hour: "36h", time.Hour + time.Second: "1h0m1s",
	} {
		if got := Duration(d).String(); got != want {
			t.Errorf("%v: got %s, want %s", d, got, want)
		}
	}
}
