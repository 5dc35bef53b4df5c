package config

import (
	"strings"
	"testing"
)

func TestWebAndApproval(t *testing.T) {
	const public = "public_url: https://digest.example.org\n"
	for name, c := range map[string]struct{ more, want string }{
		"loopback":       {public + "web:\n  listen: 127.0.0.1:8080\n", ""},
		"all addresses":  {public + "web:\n  listen: \":8080\"\n", ""},
		"six":            {public + "web:\n  listen: \"[::1]:8080\"\n  proxies: [\"10.0.0.0/8\", \"fd00::1\"]\n", ""},
		"no public":      {"web:\n  listen: 127.0.0.1:8080\n", "web.listen needs public_url"},
		"no port":        {public + "web:\n  listen: 127.0.0.1\n", "is no address with a port"},
		"port 0":         {public + "web:\n  listen: 127.0.0.1:0\n", "is no port"},
		"name":           {public + "web:\n  listen: localhost:8080\n", `"localhost" is no address`},
		"operator's":     {public + "web:\n  listen: 127.0.0.1:8080\noperator:\n  listen: 127.0.0.1:8080\n", "are the same"},
		"proxy":          {"web:\n  proxies: [caddy]\n", `"caddy" is neither an address nor a network`},
		"window":         {"approval:\n  mode: window\n  editor: ed@example.org\n  window: 5m\n", ""},
		"operator edits": {"approval:\n  mode: required\noperator:\n  mail: op@example.org\n", ""},
		"nobody edits":   {"approval:\n  mode: required\n", "needs an editor"},
		"short window":   {"approval:\n  window: 1m\n", "must be 5m to 7d"},
		"unknown mode":   {"approval:\n  mode: always\n", "write none, window or required"},
		"no maildir":     {"mail:\n  unsubscribe_maildir: config.yaml\n", "mail.unsubscribe_maildir"},
	} {
		t.Run(name, func(t *testing.T) {
			text := good + c.more
			if strings.HasPrefix(c.more, "mail:") { // one block of each name
				text = strings.Replace(good, "mail:\n", c.more, 1)
			}
			_, _, err := load(t, text)
			switch {
			case c.want == "" && err != nil:
				t.Fatal(err)
			case c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)):
				t.Errorf("error %v, want %q", err, c.want)
			}
		})
	}
}
