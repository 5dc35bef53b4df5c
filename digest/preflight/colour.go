package preflight

import (
	"math"
	"strconv"
	"strings"
)

// colour is red, green and blue, 0 to 255.
type colour [3]uint8

func (c colour) String() string {
	const hex = "0123456789abcdef"
	out := []byte("#")
	for _, v := range c {
		out = append(out, hex[v>>4], hex[v&15])
	}
	return string(out)
}

// inverted is the colour under full inversion.
func (c colour) inverted() colour { return colour{255 - c[0], 255 - c[1], 255 - c[2]} }

// vivid reports whether the colour is more than a grey, an ink or a paper: one
// that can carry a meaning.
func (c colour) vivid() bool {
	return int(max(c[0], c[1], c[2]))-int(min(c[0], c[1], c[2])) > 32
}

// pure reports whether the colour is black or white without a rest.
func (c colour) pure() bool { return c == colour{} || c == colour{255, 255, 255} }

// parseColour reads "#rgb", "#rrggbb", "rgb(…)", black and white.
func parseColour(s string) (colour, bool) {
	switch s = strings.ToLower(strings.TrimSpace(s)); {
	case s == "black":
		return colour{}, true
	case s == "white":
		return colour{255, 255, 255}, true
	case strings.HasPrefix(s, "#") && len(s) == 4:
		s = "#" + strings.Repeat(s[1:2], 2) + strings.Repeat(s[2:3], 2) + strings.Repeat(s[3:4], 2)
	case strings.HasPrefix(s, "rgb(") && strings.HasSuffix(s, ")"):
		return decimal(s[len("rgb(") : len(s)-1])
	}
	if !strings.HasPrefix(s, "#") || len(s) != 7 {
		return colour{}, false
	}
	n, err := strconv.ParseUint(s[1:], 16, 32)
	return colour{uint8(n >> 16), uint8(n >> 8), uint8(n)}, err == nil
}

func decimal(s string) (colour, bool) {
	var c colour
	parts := strings.FieldsFunc(s, func(r rune) bool { return r == ',' || r == ' ' })
	if len(parts) != len(c) {
		return c, false
	}
	for i, p := range parts {
		n, err := strconv.ParseUint(p, 10, 8)
		if err != nil {
			return c, false
		}
		c[i] = uint8(n)
	}
	return c, true
}

// contrast is WCAG 2.2's contrast ratio, 1 to 21.
func contrast(a, b colour) float64 {
	x, y := luminance(a), luminance(b)
	return (max(x, y) + 0.05) / (min(x, y) + 0.05)
}

func luminance(c colour) float64 {
	sum := 0.0
	for i, weight := range []float64{0.2126, 0.7152, 0.0722} {
		v := float64(c[i]) / 255
		if v <= 0.04045 {
			v /= 12.92
		} else {
			v = math.Pow((v+0.055)/1.055, 2.4)
		}
		sum += weight * v
	}
	return sum
}
