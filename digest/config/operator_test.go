package config

import (
	"strings"
	"testing"
)

func TestOperator(t *testing.T) {
	for line, want := range map[string]string{
		"listen: 127.0.0.1:9310":                    "",
		"listen: \"[::1]:9310\"":                    "",
		"listen: 127.0.0.2:1":                       "",
		"listen: localhost:9310":                    "not an address of this machine alone",
		"listen: 0.0.0.0:9310":                      "not an address of this machine alone",
		"listen: \":9310\"":                         "not an address of this machine alone",
		"listen: \"[::]:9310\"":                     "not an address of this machine alone",
		"listen: 192.0.2.1:9310":                    "not an address of this machine alone",
		"listen: 127.0.0.1":                         "no address with a port",
		"listen: \"9310\"":                          "no address with a port",
		"listen: 127.0.0.1:0":                       "is no port",
		"listen: 127.0.0.1:65536":                   "is no port",
		"listen: 127.0.0.1:http":                    "is no port",
		"ping: https://ping.example.org/token":      "",
		"ping: https://10.1.2.3/token":              "",
		"ping: http://127.0.0.1:8000/token":         "",
		"ping: http://localhost/token":              "",
		"ping: http://ping.example.org/token":       "in the clear",
		"ping: ftp://ping.example.org":              "no web address",
		"ping: ping.example.org":                    "no web address",
		"ping: https://me:secret@ping.example.org/": "user or password",
		"mail: ops@example.org":                     "",
		"mail: Operations <ops@example.org>":        "no plain mail address",
		"mail: nobody":                              "no plain mail address",
		"mial: ops@example.org":                     "unknown key",
	} {
		c, err := parse("config.yaml", []byte(good+"operator:\n  "+line+"\n"))
		if err != nil {
			t.Fatal(err)
		}
		var found []string
		for _, p := range c.validate(nil) {
			found = append(found, p.String())
		}
		got := strings.Join(found, "\n")
		if want == "" && got != "" || !strings.Contains(got, want) || strings.Contains(got, "secret@") {
			t.Errorf("%s: %q, want %q", line, got, want)
		}
	}
}
