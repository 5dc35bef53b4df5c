package mail

import (
	"bytes"
	"mime/quotedprintable"
	"strings"
	"testing"
)

const (
	testMark  = "mark-mark-MARK_MARK-0123456789ab"
	testToken = "TokenTokenTokenTokenTokenToken-_"
)

// A soft line break can fall at any place of the mark, and before and after it.
func TestSlotsAtEverySoftBreak(t *testing.T) {
	for pad := range 160 {
		text := strings.Repeat("x", pad) + testMark + strings.Repeat("y", 100) + testMark
		var b bytes.Buffer
		w := quotedprintable.NewWriter(&b)
		if _, err := w.Write([]byte(text)); err != nil || w.Close() != nil {
			t.Fatal(err)
		}
		places, times := slots(b.Bytes(), testMark)
		if times != 2 {
			t.Fatalf("pad %d: %d places, want 2", pad, times)
		}
		want := strings.ReplaceAll(text, testMark, testToken)
		got := new(bytes.Buffer)
		if _, err := got.ReadFrom(quotedprintable.NewReader(bytes.NewReader(fill(b.Bytes(), places, testToken)))); err != nil || got.String() != want {
			t.Fatalf("pad %d: %q, %v", pad, got, err)
		}
	}
}

func TestSlotsTakesTheMarkAlone(t *testing.T) {
	for text, want := range map[string]int{
		"": 0, testMark[:31]: 0, testMark[:16] + "\r\n" + testMark[16:]: 0, testMark[:16] + "= \r\n" + testMark[16:]: 0,
		testMark[:5] + "=\r\n=\r\n" + testMark[5:]: 0, "mark-" + testMark: 1, testMark + testMark: 2,
		testMark[:1] + "=\r\n" + testMark[1:9] + "=\r\n" + testMark[9:]: 1, strings.ToLower(testMark): 0,
	} {
		if _, got := slots([]byte(text), testMark); got != want {
			t.Errorf("%q: %d places, want %d", text, got, want)
		}
	}
	if places, n := slots([]byte("text"), ""); places != nil || n != 0 {
		t.Error("an empty mark has places")
	}
}
