package feeds

import (
	"strconv"
	"strings"
	"time"
	"unicode"
)

// FindDate finds the first date that is written out in a line, as pages print
// it under a headline: "Von A | 7. März 2025, 14:30 Uhr". Months may be named in
// English, German, French, Polish or Ukrainian; of dates in digits it knows
// 2025-03-07, 2025/3/7 and 7.3.2025, and not 3/7/2025, which means two things. A
// time of the day counts when it follows at once. at is where the date begins.
// The time is zero when there is none between 1990 and 2100; without a zone it
// is taken for UTC.
func FindDate(line string) (t time.Time, at int) {
	if !strings.Contains(line, "20") && !strings.Contains(line, "199") && !strings.Contains(line, "2100") {
		return time.Time{}, 0 // no year: most lines
	}
	words := dateWords(line)
	for i := range words {
		year, month, day := words.date(i)
		if day == 0 {
			continue
		}
		t := time.Date(year, month, day, 0, 0, 0, 0, time.UTC)
		if t.Day() == day {
			return words.clock(i+3, t), words[i].at
		}
	}
	return time.Time{}, 0
}

// dateWord is a run of letters or of digits, and what stands before it.
type dateWord struct {
	text, before string
	at           int
}

type dateTokens []dateWord

// dateWords takes the first few dozen words of a line apart.
func dateWords(line string) (out dateTokens) {
	start, end := -1, 0 // of the current word; end of the last one
	var digits bool
	flush := func(i int) {
		if start >= 0 && len(out) < 40 {
			out = append(out, dateWord{line[start:i], line[end:start], start})
			end = i
		}
		start = -1
	}
	for i, r := range line {
		digit := '0' <= r && r <= '9'
		if !digit && !unicode.IsLetter(r) {
			flush(i)
			continue
		}
		if start >= 0 && digit != digits {
			flush(i)
		}
		if start < 0 {
			start, digits = i, digit
		}
	}
	flush(len(line))
	return withoutOrdinals(out)
}

// withoutOrdinals leaves out the letters of "3rd" and "1er".
func withoutOrdinals(words dateTokens) dateTokens {
	out := words[:0]
	for _, w := range words {
		switch w.text {
		case "st", "nd", "rd", "th", "er", "ère":
			if w.before == "" {
				continue
			}
		case "of", "de":
			continue
		}
		out = append(out, w)
	}
	return out
}

// date is the date that begins at word i; day is 0 when there is none.
func (w dateTokens) date(i int) (year int, month time.Month, day int) {
	if i+2 >= len(w) {
		return 0, 0, 0
	}
	a, b, c := w[i].number(), w[i+1].number(), w[i+2].number()
	first, second := MonthNamed(w[i].text), MonthNamed(w[i+1].text)
	switch sep := w[i+1].before; {
	case a > 0 && second > 0:
		year, month, day = c, second, a
	case first > 0 && b > 0:
		year, month, day = c, first, b
	case len(w[i].text) == 4 && sep == w[i+2].before && (sep == "-" || sep == "/" || sep == "."):
		year, month, day = a, time.Month(b), c
	case len(w[i+2].text) == 4 && sep == "." && w[i+2].before == ".":
		year, month, day = c, time.Month(b), a
	}
	if year < 1990 || year > 2100 || month < 1 || month > 12 || day < 1 || day > 31 {
		return 0, 0, 0
	}
	return year, month, day
}

// clock adds the time of the day that begins at word i, or one word later.
func (w dateTokens) clock(i int, t time.Time) time.Time {
	for _, k := range []int{i, i + 1} {
		if k+1 >= len(w) || w[k+1].before != ":" || len(w[k+1].text) != 2 {
			continue
		}
		hour, minute := w[k].number(), w[k+1].number()
		if hour < 0 || hour > 23 || minute < 0 || minute > 59 {
			return t
		}
		for _, next := range w[k+2 : min(k+4, len(w))] {
			switch strings.ToLower(next.text) {
			case "pm":
				hour = hour%12 + 12
			case "am":
				hour %= 12
			}
			if sign := strings.TrimSpace(next.before); len(next.text) == 4 && (sign == "+" || sign == "-") {
				zone := next.number()
				offset := time.Duration(zone/100)*time.Hour + time.Duration(zone%100)*time.Minute
				if sign == "+" {
					offset = -offset
				}
				t = t.Add(offset)
			}
		}
		return t.Add(time.Duration(hour)*time.Hour + time.Duration(minute)*time.Minute)
	}
	return t
}

// number is -1 for what is none, or is too long to be part of a date.
func (w dateWord) number() int {
	if n, err := strconv.Atoi(w.text); err == nil && len(w.text) <= 4 {
		return n
	}
	return -1
}
