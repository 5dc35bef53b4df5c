package config

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"go.yaml.in/yaml/v4"
)

const password = "open sesame"

func withSMTP(more string) string {
	return good + "  delivery: smtp\n  smtp:\n    host: 127.0.0.1\n    username: digest\n" + more
}

// prints returns all the ways in which a value is likely to be printed.
func prints(t *testing.T, value any) string {
	t.Helper()
	asJSON, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	asYAML, err := yaml.Dump(value)
	if err != nil {
		t.Fatal(err)
	}
	var log bytes.Buffer
	slog.New(slog.NewJSONHandler(&log, nil)).Info("x", "value", value)
	slog.New(slog.NewTextHandler(&log, nil)).Info("x", "value", value)
	return fmt.Sprintf("%v %+v %#v %s %q %x %d", value, value, value, value, value, value, value) +
		string(asJSON) + string(asYAML) + log.String()
}

func hides(t *testing.T, text string) {
	t.Helper()
	if strings.Contains(text, "sesame") || strings.Contains(text, fmt.Sprintf("%x", "sesame")) {
		t.Errorf("the password is shown: %s", text)
	}
}

func TestSecretIsNeverPrinted(t *testing.T) {
	t.Setenv("STANDPOINT_SMTP_PASSWORD", password)
	c, _, err := load(t, withSMTP(""))
	if err != nil {
		t.Fatal(err)
	}
	s, err := c.Mail.SMTP.Secret()
	if err != nil || s.Reveal() != password {
		t.Fatalf("got %v, %v", s, err)
	}
	hides(t, prints(t, c))
	hides(t, prints(t, s))
	hides(t, prints(t, &s))
	hides(t, prints(t, struct{ S Secret }{s}))
	hides(t, fmt.Sprintf("%v %+v %#v", struct{ s Secret }{s}, struct{ s Secret }{s}, struct{ s Secret }{s}))
}

func TestSecretFile(t *testing.T) {
	file := filepath.Join(t.TempDir(), "password")
	for name, row := range map[string]struct {
		content string
		want    string
		err     string
	}{
		"plain":   {password, password, ""},
		"newline": {password + "\n", password, ""},
		"windows": {password + "\r\n", password, ""},
		"spaces":  {" " + password + " ", " " + password + " ", ""},
		"empty":   {"\n", "", " is empty"},
		"two":     {password + "\nsecond\n", "", " has more than one line"},
		"long":    {strings.Repeat("sesame", 1000), "", " is longer than 4096 bytes"},
	} {
		t.Run(name, func(t *testing.T) {
			if err := os.WriteFile(file, []byte(row.content), 0o600); err != nil {
				t.Fatal(err)
			}
			s, err := SMTP{Username: "digest", PasswordFile: file}.Secret()
			if s.Reveal() != row.want || (err == nil) != (row.err == "") {
				t.Fatalf("got %q, %v", s.Reveal(), err)
			}
			if err != nil {
				hides(t, err.Error())
				if !strings.HasSuffix(err.Error(), row.err) {
					t.Errorf("got %v", err)
				}
			}
		})
	}
}

func TestNoUserNoSecret(t *testing.T) {
	s, err := SMTP{PasswordFile: "no-such-file"}.Secret()
	if err != nil || s.Reveal() != "" {
		t.Errorf("got %q, %v", s.Reveal(), err)
	}
}

// TestFileWins: the file beside the configuration is taken before the variable,
// and is warned of when others can read it.
func TestFileWins(t *testing.T) {
	t.Setenv("STANDPOINT_SMTP_PASSWORD", "another")
	folder := t.TempDir()
	config, file := filepath.Join(folder, "config.yaml"), filepath.Join(folder, "password")
	text := withSMTP("    password_file: password\n")
	for path, content := range map[string]string{config: text, file: password} {
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	c, err := Load(config, nil)
	if err != nil || len(c.Warnings()) > 0 {
		t.Fatal(err, c.Warnings())
	}
	if s, err := c.Mail.SMTP.Secret(); err != nil || s.Reveal() != password {
		t.Errorf("got %q, %v", s.Reveal(), err)
	}
	if err := os.Chmod(file, 0o644); err != nil {
		t.Fatal(err)
	}
	c, err = Load(config, nil)
	if err != nil || len(c.Warnings()) != 1 {
		t.Fatal(err, c.Warnings())
	}
	want := config + ":10: every user of this machine can read the password file\n" +
		"  10 |     password_file: password\n" +
		"     |                    ^^^^^^^^\n" +
		"     = chmod 600 " + file
	if got := c.Warnings()[0].String(); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestRedact(t *testing.T) {
	for line, want := range map[string]string{
		"url: https://www.cer.eu/rss.xml":          "url: https://www.cer.eu/rss.xml",
		"url: https://joe:sesame@cer.eu/rss":       "url: https://[hidden]@cer.eu/rss",
		"url: https://sesame@cer.eu/rss":           "url: https://[hidden]@cer.eu/rss",
		"url: 'https://joe:ses/ame@cer.eu/rss'":    "url: 'https://[hidden]@cer.eu/rss'",
		"url: joe:sesame@cer.eu/rss # remark":      "url: [hidden]@cer.eu/rss # remark",
		"url: https://medium.com/@somebody/feed":   "url: https://medium.com/@somebody/feed",
		"from: Standpoint <digest@example.org>":    "from: Standpoint <digest@example.org>",
		"unsubscribe: mailto:leave@example.org":    "unsubscribe: mailto:leave@example.org",
		"password: sesame":                         "password: [hidden]",
		"  - paswd : sesame":                       "  - paswd : [hidden]",
		`smtp: {host: h, "password": sesame}`:      `smtp: {host: h, "password": [hidden]`,
		"# pass the salt  password: sesame":        "# pass the salt  password: [hidden]",
		"  API_KEY: sesame":                        "  API_KEY: [hidden]",
		"password_env: STANDPOINT_SMTP_PASSWORD":   "password_env: STANDPOINT_SMTP_PASSWORD",
		"password_env: sesame":                     "password_env: [hidden]",
		"password_file: /run/secret":               "password_file: /run/secret",
		"password:":                                "password:",
		"url: https://a.example/?token=sesame":     "url: https://a.example/?token= [hidden]",
		"url: https://a.example/passport/feed.xml": "url: https://a.example/passport/feed.xml",
	} {
		if got := redact(line); got != want {
			t.Errorf("%s\n got %s\nwant %s", line, got, want)
		}
	}
}
