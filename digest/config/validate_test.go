package config

import (
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"standpoint/feeds"
)

// every returns a reader of cron expressions that fire at a distance.
func every(gap time.Duration) Cron {
	return func(string, *time.Location) (func(time.Time) time.Time, error) {
		return func(t time.Time) time.Time { return t.Add(gap) }, nil
	}
}

func TestCron(t *testing.T) {
	never := func(string, *time.Location) (func(time.Time) time.Time, error) {
		return func(time.Time) time.Time { return time.Time{} }, nil
	}
	invalid := func(expr string, _ *time.Location) (func(time.Time) time.Time, error) {
		return nil, errors.New(`"` + expr + `" is no cron expression: give five fields`)
	}
	text := good + "schedule:\n  gather: \"1 2 3 4 5\"\n  publish: \"5 4 3 2 1\"\n"
	for name, row := range map[string]struct {
		text string
		cron Cron
		want string
	}{
		"weekly":     {text, every(week), ""},
		"daily":      {text, every(day), ""},
		"spring day": {text, every(23 * time.Hour), ""},
		"hourly":     {text, every(time.Hour), `config.yaml:8: schedule.publish: "5 4 3 2 1" fires more than once a day`},
		"minutely": {text, every(time.Minute), `config.yaml:7: schedule.gather: "1 2 3 4 5" fires more often than every five minutes` +
			"\n" + `config.yaml:8: schedule.publish: "5 4 3 2 1" fires more than once a day`},
		"standstill": {text, every(0), `config.yaml:7: schedule.gather: "1 2 3 4 5" fires more often than every five minutes` +
			"\n" + `config.yaml:8: schedule.publish: "5 4 3 2 1" fires more than once a day`},
		"never": {text, never, `config.yaml:7: schedule.gather: "1 2 3 4 5" never fires` +
			"\n" + `config.yaml:8: schedule.publish: "5 4 3 2 1" never fires`},
		"invalid": {text, invalid, `config.yaml:7: schedule.gather: "1 2 3 4 5" is no cron expression: give five fields` +
			"\n" + `config.yaml:8: schedule.publish: "5 4 3 2 1" is no cron expression: give five fields`},
		"defaults": {good, invalid, `config.yaml: schedule.gather: "23 */3 * * *" is no cron expression: give five fields` +
			"\n" + `config.yaml: schedule.publish: "7 7 * * 1" is no cron expression: give five fields`},
		"unchecked": {text, nil, ""},
		"zones": {
			good + "schedule:\n  gather: \"TZ=UTC\"\n  publish: \"CRON_TZ=Europe/Kyiv 7 7 * * 1\"\n", every(week),
			"config.yaml:7: schedule.gather names a time zone of its own" +
				"\nconfig.yaml:8: schedule.publish names a time zone of its own",
		},
		"late":   {good + "schedule:\n  max_lateness: 59m\n", every(week), "config.yaml:7: schedule.max_lateness is 59m, but must be 1h to 4w"},
		"later":  {good + "schedule:\n  max_lateness: 5w\n", every(week), "config.yaml:7: schedule.max_lateness is 5w, but must be 1h to 4w"},
		"latest": {good + "schedule:\n  max_lateness: 4w\n", every(week), ""},
		"blank":  {good + "schedule:\n  gather: \"\"\n  publish: \" \"\n", nil, "config.yaml:7: schedule.gather is empty\nconfig.yaml:8: schedule.publish is empty"},
	} {
		t.Run(name, func(t *testing.T) {
			c, err := parse("config.yaml", []byte(row.text))
			if err != nil {
				t.Fatal(err)
			}
			var lines []string
			for _, p := range sorted(c.validate(row.cron)) {
				first, _, _ := strings.Cut(p.String(), "\n")
				lines = append(lines, first)
			}
			if got := strings.Join(lines, "\n"); got != row.want {
				t.Errorf("got\n%s\nwant\n%s", got, row.want)
			}
		})
	}
}

func TestPaths(t *testing.T) {
	text := good + "topic: %\nstate: ../elsewhere\nsubscribers_file: config.yaml\n"
	for topic, want := range map[string]string{
		"my-pack": "my-pack", "./pack": "/pack", "packs/one": "/packs/one", ".pack": "/.pack", "/abs/pack": "/abs/pack",
	} {
		c, folder, err := load(t, strings.Replace(text, "%", topic, 1))
		if err != nil {
			t.Fatal(err)
		}
		if got := strings.TrimPrefix(c.Topic, folder); got != want {
			t.Errorf("%s: got %s, want %s", topic, got, want)
		}
		if c.SubscribersFile != folder+"/config.yaml" || !c.HasSubscribers() {
			t.Errorf("subscribers_file %s", c.SubscribersFile)
		}
	}
}

// TestTopicStaysAPath: cleaning must not make a path of the working directory
// look like a built-in pack's name.
func TestTopicStaysAPath(t *testing.T) {
	t.Chdir(t.TempDir())
	for topic, want := range map[string]string{"./pack": "./pack", ".pack": "./.pack", ".": "./.", "pack": "pack"} {
		if err := os.WriteFile("config.yaml", []byte(good+"topic: "+topic+"\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		c, err := Load("config.yaml", nil)
		if err != nil {
			t.Fatal(err)
		}
		if c.Topic != filepath.FromSlash(want) {
			t.Errorf("%s: got %s, want %s", topic, c.Topic, want)
		}
	}
}

func TestWhereAndFault(t *testing.T) {
	c, _, err := load(t, good)
	if err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]int{
		"sources": 1, "sources[0]": 2, "sources[0].url": 3, "sources[0].country": 2, "mail.smtp.host": 4, "mail.from": 5, "topic": 0, "": 0,
	} {
		if line, _ := c.Where(path); line != want {
			t.Errorf("%s: line %d, want %d", path, line, want)
		}
	}
	fault := c.Fault("sources[0].url", "no such feed", "ask them")
	want := ":3: no such feed\n   3 |     url: https://www.cer.eu/rss.xml\n     |          ^^^^^^^^^^^^^^^^^^^^^^^^^^\n     = ask them"
	if !strings.HasSuffix(fault.Error(), want) {
		t.Errorf("got\n%s\nwant\n%s", fault, want)
	}
	if got := Defaults().Fault("topic", "unknown", ""); got.Error() != "config: unknown" {
		t.Errorf("without a file: %v", got)
	}
}

func TestValues(t *testing.T) {
	c, _, err := load(t, strings.Replace(good, "url:", "country: gb\n    url:", 1)+"zone: Europe/Kyiv\n")
	if err != nil {
		t.Fatal(err)
	}
	want := []feeds.Source{{ID: "cer", Name: "CER", Country: "GB", URL: "https://www.cer.eu/rss.xml"}}
	if got := c.FeedSources(); !reflect.DeepEqual(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	if c.Location().String() != "Europe/Kyiv" || (Config{Zone: "nowhere"}).Location() != time.UTC {
		t.Error("the wrong zone")
	}
	if from := c.From(); from.Address != "digest@example.org" || (Config{}).From().Address != "" {
		t.Errorf("from %v", from)
	}
}

func TestWarnings(t *testing.T) {
	c, _, err := load(t, good+"  delivery: smtp\n  smtp:\n    host: smtp.example.org\n    tls: implicit\n"+
		"subscribers:\n  - a@example.org\n  - A@example.org\n")
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, w := range c.Warnings() {
		got = append(got, w.Message)
	}
	want := []string{"port 587 does not usually go with tls: implicit", `"A@example.org" is listed twice`}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestNearest(t *testing.T) {
	top, smtp := keysOf(typeAt("")), keysOf(typeAt("mail.smtp"))
	for _, row := range []struct {
		key   string
		known []string
		want  string
	}{
		{"ulr", keysOf(typeAt("sources[0]")), "url"},
		{"schedul", top, "schedule"},
		{"Sources", top, "sources"},
		{"subscriber_file", top, "subscribers_file"},
		{"subscribres", top, "subscribers"},
		{"prot", smtp, "port"},
		{"tsl", smtp, "tls"},
		{"user_name", smtp, "username"},
		{"foo", top, ""},
		{"smtp", top, ""},
		{"", top, ""},
		{"x", smtp, ""},
	} {
		if got := Nearest(row.key, row.known); got != row.want {
			t.Errorf("%s: got %q, want %q", row.key, got, row.want)
		}
	}
}

// FuzzParse: no text makes the reader panic.
func FuzzParse(f *testing.F) {
	f.Add([]byte(good))
	f.Add([]byte("a: &a [*a]\nsources: [{name: x}, , *a]\n<<: *a\n? [x]\n: y\n"))
	f.Add([]byte("mail: {smtp: {port: x, timeout: [1]}, from: |\n a\n}\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		c, err := parse("config.yaml", data)
		if err != nil {
			_ = err.Error()
			return
		}
		for _, p := range c.validate(nil) {
			_ = p.String()
		}
		_ = c.FeedSources()
	})
}
