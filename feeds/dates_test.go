package feeds

import (
	"strconv"
	"testing"
	"time"
)

func TestDate(t *testing.T) {
	const none = "0001-01-01T00:00:00Z"
	for raw, want := range map[string]string{
		"Mon, 01 Sep 2025 10:00:00 +0200":         "2025-09-01T08:00:00Z",
		"Mon, 1 Sep 2025 10:00:00 GMT":            "2025-09-01T10:00:00Z",
		"Mon, 01 Sept 2025 10:00:00 +0000":        "2025-09-01T10:00:00Z",
		"Fri, 09/05/2025 - 10:30":                 "2025-09-05T10:30:00Z",
		"09/05/2025 - 10:30":                      "2025-09-05T10:30:00Z",
		"Mon, 01 Sep 2025 10:00:00 +0000 (UTC)":   "2025-09-01T10:00:00Z",
		"Mon, 01 Sep 2025 10:00:00 (UTC)":         "2025-09-01T10:00:00Z",
		"5 Sep 2025 08:00 UTC":                    "2025-09-05T08:00:00Z",
		"Sun, 15 Dec 2024 12:15 PM":               "2024-12-15T12:15:00Z",
		"1518478934":                              "2018-02-12T23:42:14Z",
		"1518478934000":                           "2018-02-12T23:42:14Z",
		"Mon, 01 Sep 2025 10:00:00 MSK":           "2025-09-01T07:00:00Z",
		"Mon, 01 Sep 2025 10:00:00 EEST":          "2025-09-01T07:00:00Z",
		"Mon, 01 Sep 2025 10:00:00 EST":           "2025-09-01T15:00:00Z",
		"2025-09-01T10:00:00.123+03:00":           "2025-09-01T07:00:00.123Z",
		"2025-09-01 10:00:00":                     "2025-09-01T10:00:00Z",
		"2025-09-01":                              "2025-09-01T00:00:00Z",
		"September 1, 2025":                       "2025-09-01T00:00:00Z",
		"  Mon,  01 Sep\n2025 10:00:00   +0000  ": "2025-09-01T10:00:00Z",
		"2025/05/19":                              "2025-05-19T00:00:00Z",
		"Freitag, 7. März 2025, 14:30 Uhr":        "2025-03-07T14:30:00Z",
		"7 mars 2025 10:00:00 +0100":              "2025-03-07T09:00:00Z",
		"1er août 2025":                           "2025-08-01T00:00:00Z",
		"15 września 2025":                        "2025-09-15T00:00:00Z",
		"12 вересня 2025 р., 14:30":               "2025-09-12T14:30:00Z",
		"31 листопада 2025":                       none,
		"13 Monate":                               none,
		"03/07/2025":                              none,
		"":                                        none,
		"yesterday":                               none,
		"Thu, 04 Jul 1776 18:30:02 GMT":           none,
		"0001-01-01T00:00:00Z":                    none,
		"9999-12-31T23:59:59Z":                    none,
		"Thu, 13 Dec 2103 18:30:02 GMT":           none,
		"12":                                      none,
		"99999999999999999999":                    none,
	} {
		if got := Date(raw, nil).Format(time.RFC3339Nano); got != want {
			t.Errorf("Date(%q) = %s, want %s", raw, got, want)
		}
	}
	parsed := time.Date(2025, 9, 1, 12, 0, 0, 0, time.FixedZone("", 7200))
	if got := Date("le premier septembre", &parsed); !got.Equal(parsed) || got.Location() != time.UTC {
		t.Errorf("gofeed's reading became %v", got)
	}
}

// TestFindDate reads lines as pages print them under a headline.
func TestFindDate(t *testing.T) {
	for line, want := range map[string]string{
		"By Otto Beispiel and Ida Ejemplo · 14 October 2025":      "2025-10-14 00:00 at 36",
		"New Atlantis February 10, 2025 • 5:08 pm ET":             "2025-02-10 17:08 at 13",
		"Published on the 3rd of May, 2025 at 12:05 am":           "2025-05-03 00:05 at 17",
		"Von G. Muster | 7. Jänner 2025":                          "2025-01-07 00:00 at 16",
		"Publié le 1er décembre 2025 à 10:15":                     "2025-12-01 10:15 at 11",
		"Aktualności, 3 maja 2025 r.":                             "2025-05-03 00:00 at 14",
		"Опубліковано 30 червня 2025":                             "2025-06-30 00:00 at 25",
		"Updated 2025-03-07 and again":                            "2025-03-07 00:00 at 8",
		"Stand: 7.3.2025":                                         "2025-03-07 00:00 at 7",
		"12 minutes in May 1812":                                  "",
		"Chapter 3, 4 and 2025":                                   "",
		"31 February 2025":                                        "",
		"3/7/2025":                                                "",
		"may 20 people come on 4 June 2025? Yes":                  "2025-06-04 00:00 at 22",
		"":                                                        "",
		"1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 2025": "",
	} {
		got := ""
		if d, at := FindDate(line); !d.IsZero() {
			got = d.Format("2006-01-02 15:04") + " at " + strconv.Itoa(at)
		}
		if got != want {
			t.Errorf("FindDate(%q) = %q, want %q", line, got, want)
		}
	}
}
