package config

import (
	"strings"
	"testing"
)

func TestKeepTexts(t *testing.T) {
	for value, want := range map[string]string{
		"400d": "", "60d": "", "0": "", "0s": "", "2000d": "",
		"59d": "at least 60d", "1h": "at least 60d", "60": "has no unit", "-60d": "is negative",
	} {
		_, _, err := load(t, good+"keep_texts: "+value+"\n")
		if (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", value, err)
		}
	}
}
