package config

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
)

const (
	day  = 24 * time.Hour
	week = 7 * day
)

// Duration is a span of time, never negative. Its text is Go's, with the units
// d (24 hours) and w (7 days) besides, largest unit first: "90s", "1h30m",
// "8d", "2w3d".
type Duration time.Duration

// Std returns the duration as the standard library's type.
func (d Duration) Std() time.Duration { return time.Duration(d) }

// String returns the shortest text that UnmarshalText reads back: whole weeks
// from two on, then whole days, else Go's form without zero parts.
func (d Duration) String() string {
	std := time.Duration(d)
	switch {
	case std >= 2*week && std%week == 0:
		return fmt.Sprintf("%dw", std/week)
	case std >= day && std%day == 0:
		return fmt.Sprintf("%dd", std/day)
	}
	text := std.String()
	if strings.HasSuffix(text, "m0s") {
		text = strings.TrimSuffix(text, "0s")
	}
	if strings.HasSuffix(text, "h0m") {
		text = strings.TrimSuffix(text, "0m")
	}
	return text
}

// MarshalText returns the text of String.
func (d Duration) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads a duration. The error names the text and what is wrong
// with it; it does not say how to mend it.
func (d *Duration) UnmarshalText(text []byte) error {
	parsed, err := parseDuration(string(text))
	if err != nil {
		return err
	}
	*d = Duration(parsed)
	return nil
}

func parseDuration(text string) (time.Duration, error) {
	if strings.HasPrefix(text, "-") {
		return 0, fmt.Errorf("%q is negative", text)
	}
	if _, err := strconv.ParseFloat(text, 64); err == nil && text != "0" {
		return 0, fmt.Errorf("%q has no unit", text)
	}
	rest, total := text, time.Duration(0)
	for _, unit := range []struct {
		letter string
		length time.Duration
	}{{"w", week}, {"d", day}} {
		count, after, ok := strings.Cut(rest, unit.letter)
		if !ok {
			continue
		}
		n, err := strconv.ParseUint(count, 10, 32)
		if err != nil {
			return 0, noDuration(text, err)
		}
		const most = uint64(1<<63 - 1)
		if n > (most-uint64(total))/uint64(unit.length) {
			return 0, fmt.Errorf("%q is too long", text)
		}
		total += time.Duration(n) * unit.length
		rest = after
	}
	if rest == "" && rest != text {
		return total, nil
	}
	part, err := time.ParseDuration(rest)
	if err != nil || part < 0 {
		return 0, fmt.Errorf("%q is no duration", text)
	}
	if total+part < total {
		return 0, fmt.Errorf("%q is too long", text)
	}
	return total + part, nil
}

func noDuration(text string, err error) error {
	if errors.Is(err, strconv.ErrRange) {
		return fmt.Errorf("%q is too long", text)
	}
	return fmt.Errorf("%q is no duration", text)
}
