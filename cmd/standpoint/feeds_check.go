package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"net/url"
	"os"
	"strings"

	"standpoint/digest/config"
	"standpoint/feeds"
)

// maxFeedFile is the size of the largest file that is looked at, in bytes.
const maxFeedFile = 64 << 20

func feedsCheckCommand() command {
	return command{
		name: "feeds check", args: "[URL or FILE]", does: "Try a feed and explain what comes; without an argument, try all sources.",
		example: "standpoint feeds check https://www.cer.eu/rss.xml",
		prepare: func(flags *flag.FlagSet) func(context.Context, *environment, []string) error {
			path, asJSON := configFlag(flags), jsonFlag(flags)
			return func(ctx context.Context, env *environment, args []string) error {
				c := feedCheck{env: env, path: *path, json: *asJSON}
				flags.Visit(func(f *flag.Flag) { c.named = c.named || f.Name == "config" })
				switch {
				case len(args) > 1:
					return usage("one at a time: standpoint feeds check URL")
				case len(args) == 0:
					return c.all(ctx)
				case isAddress(args[0]):
					return c.address(ctx, args[0])
				default:
					return c.file(args[0])
				}
			}
		},
	}
}

func isAddress(s string) bool {
	scheme, rest, ok := strings.Cut(s, "://")
	return ok && scheme != "" && rest != "" && !strings.ContainsAny(scheme, "/. ")
}

// feedCheck is one call of feeds check.
type feedCheck struct {
	env   *environment
	path  string // of the config
	named bool   // by --config
	json  bool
}

// config is the configuration as far as fetching needs it: without a file, the
// defaults.
func (c feedCheck) config() (config.Config, error) {
	if _, err := os.Stat(c.path); errors.Is(err, fs.ErrNotExist) && !c.named {
		return config.Defaults(), nil
	}
	return config.Load(c.path, cron)
}

func (c feedCheck) address(ctx context.Context, address string) error {
	cfg, err := c.config()
	if err != nil {
		return err
	}
	client := (&settings{Config: cfg}).client()
	defer client.Close()
	c.env.stderr.Status("asking " + short(feeds.Redact(address), 70))
	got, err := client.Fetch(ctx, feeds.Source{ID: feeds.SourceID(hostOf(address)), URL: address}, feeds.Validators{})
	c.env.stderr.Status("")
	if ctx.Err() != nil {
		return ctx.Err()
	}
	r := reportOf(got, err)
	r.URL = feeds.Redact(address)
	return c.print(r)
}

func (c feedCheck) file(name string) error {
	body, err := readFeedFile(name)
	if errors.Is(err, fs.ErrNotExist) && strings.Contains(name, ".") && !strings.HasPrefix(name, ".") {
		return fmt.Errorf("%w; for an address write https:// in front", err)
	}
	if err != nil {
		return err
	}
	r := newReport()
	p, err := feeds.Walk(body, "", "", "", r.count)
	r.read(feeds.Fetched{
		Format: p.Format, Title: p.Title, Repaired: p.Repaired, Incomplete: p.Incomplete,
		Fresh: p.TTL, FreshBy: "ttl", SkipHours: p.SkipHours,
	}, err)
	r.File = name
	if err != nil && strings.Contains(r.Error, "<opml>") {
		r.Mend = "it is a list of feeds: standpoint feeds import " + name
	}
	return c.print(*r)
}

// readFeedFile reads a file of bounded size.
func readFeedFile(name string) ([]byte, error) {
	file, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return nil, err
	}
	if info.IsDir() {
		return nil, fmt.Errorf("%s is a folder: name a file or an address", name)
	}
	body := make([]byte, 0, min(info.Size(), maxFeedFile)+512)
	for in := io.LimitReader(file, maxFeedFile+1); ; {
		n, err := in.Read(body[len(body):cap(body)])
		body = body[:len(body)+n]
		switch {
		case len(body) > maxFeedFile:
			return nil, fmt.Errorf("%s is larger than %d MiB, which no feed is", name, maxFeedFile>>20)
		case err == io.EOF:
			return body, nil
		case err != nil:
			return nil, err
		}
		if len(body) == cap(body) {
			body = append(body, 0)[:len(body)]
		}
	}
}

func hostOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return strings.TrimPrefix(u.Hostname(), "www.")
}

// print prints the report; a feed that is of no use is an error.
func (c feedCheck) print(r feedReport) error {
	out := plain{c.env.stdout}
	if c.json {
		if err := printJSON(out, r); err != nil {
			return err
		}
	} else if err := r.print(out, clock{c.env.now(), c.env.now().Location()}); err != nil {
		return err
	}
	if r.Usable {
		return nil
	}
	return fmt.Errorf("check %s: %s", line(r.URL+r.File), r.reason())
}
