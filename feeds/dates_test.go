package feeds

import (
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
		"":                              none,
		"yesterday":                     none,
		"Thu, 04 Jul 1776 18:30:02 GMT": none,
		"0001-01-01T00:00:00Z":          none,
		"9999-12-31T23:59:59Z":          none,
		"Thu, 13 Dec 2103 18:30:02 GMT": none,
		"12":                            none,
		"99999999999999999999":          none,
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
