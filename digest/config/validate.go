package config

import (
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"
	"unicode"
)

// Bounds of durations. A request or step that takes longer hangs; a single run
// that retries longer is the daemon's work.
const (
	maxTimeout  = 10 * time.Minute
	maxRetryNow = time.Hour
	leastKeep   = Duration(60 * day)
)

// validator collects what is wrong with decoded values.
type validator struct {
	c        *Config
	problems []Problem
}

// validate returns all problems, with those that decoding found, and stores the
// warnings.
func (c *Config) validate(cron Cron) []Problem {
	v := &validator{c: c}
	v.problems = c.doc.problems
	v.paths()
	c.resolve(c.doc.file)
	v.basics()
	v.schedule(cron)
	v.sources()
	v.edition()
	v.fetch()
	v.llm()
	v.mail()
	v.dkim()
	v.bounce()
	v.smtp()
	v.web()
	v.approval()
	v.operator()
	v.subscribers()
	c.warnings = sorted(c.warnings)
	return v.problems
}

// fail adds a problem, unless the same value or the block around it has one
// already: what follows from a first mistake only hides it.
func (v *validator) fail(path, message, mend string) {
	if len(v.problems) >= maxProblems {
		return
	}
	for _, p := range v.problems {
		if p.Path == "" {
			continue
		}
		if within(path, p.Path) || within(p.Path, path) || path == p.meant {
			return
		}
	}
	v.problems = append(v.problems, v.c.doc.problem(path, message, mend))
}

func (v *validator) warn(path, message, mend string) {
	if len(v.c.warnings) < maxProblems {
		v.c.warnings = append(v.c.warnings, v.c.doc.problem(path, message, mend))
	}
}

// within reports whether a path is another or lies in its block.
func within(path, block string) bool {
	rest, ok := strings.CutPrefix(path, block)
	return ok && (rest == "" || rest[0] == '.' || rest[0] == '[')
}

func (v *validator) basics() {
	c := v.c
	if c.Topic == "" {
		v.fail("topic", "topic is empty", "name a built-in pack, or delete the line for "+Defaults().Topic)
	}
	if c.State == "" {
		v.fail("state", "state is empty", `name a folder, or delete the line for "state"`)
	}
	if _, err := time.LoadLocation(c.Zone); err != nil || c.Zone == "" || c.Zone == "Local" {
		v.fail("zone", fmt.Sprintf("zone %s is no time zone", quote(c.Zone)), "write an IANA name such as Europe/Brussels, with its capitals, or UTC")
	}
	if c.Lookback <= 0 {
		v.fail("lookback", "lookback must be more than zero", "write how old a first piece may be, e.g. 8d")
	}
	if c.KeepTexts != 0 && c.KeepTexts < leastKeep {
		v.fail("keep_texts", "keep_texts must be at least 60d, since reprints are known by the texts of the last 60 days",
			"write a time from 60d on, or 0 to keep them for ever")
	}
	if c.PublicURL != "" {
		u, err := url.Parse(c.PublicURL)
		switch {
		case err != nil || u.Scheme != "https" || u.Hostname() == "" || u.User != nil || strings.ContainsAny(c.PublicURL, "?#"):
			v.fail("public_url", "public_url must be empty or an https address without user, ? and #",
				`write e.g. https://digest.example.org, or ""`)
		case strings.HasSuffix(c.PublicURL, "/"):
			v.fail("public_url", "public_url ends in a slash", "write "+strings.TrimRight(c.PublicURL, "/"))
		case len(c.PublicURL) > 200 || strings.Trim(strings.ToLower(c.PublicURL), letters+"._~/:%") != "":
			v.fail("public_url", "public_url has characters that cannot stand in a mail's header as they are, or more than 200",
				"write a host outside ASCII in its form that begins with xn--, and a plain path")
		case c.Mail.Delivery == DeliverySMTP && c.Web.Listen == "":
			v.warn("public_url", "letters will link to public_url, and web.listen is empty: Standpoint answers nothing there",
				"write under web.listen where the daemon is to answer, and lead public_url there; or leave public_url empty")
		}
	}
}

// paths refuses what a shell would expand and the file system takes literally.
func (v *validator) paths() {
	c := v.c
	for path, value := range map[string]string{
		"topic": c.Topic, "state": c.State, "subscribers_file": c.SubscribersFile,
		"mail.smtp.password_file": c.Mail.SMTP.PasswordFile, "edition.templates": c.Edition.Templates,
	} {
		v.literal(path, value)
	}
	for i, k := range c.Mail.DKIM {
		v.literal(c.doc.entry("mail.dkim", i)+".key_file", k.KeyFile)
	}
}

// literal refuses a path that a shell would read otherwise.
func (v *validator) literal(path, value string) {
	if strings.HasPrefix(value, "~") || strings.Contains(value, "$") {
		v.fail(path, path+": ~ and $ are not expanded", "write the whole path, or one relative to this file's folder")
	}
}

func (v *validator) fetch() {
	f := v.c.Fetch
	if f.Pages != PagesAuto && f.Pages != PagesNever {
		v.fail("fetch.pages", choice("fetch.pages", string(f.Pages)), "write auto or never")
	}
	v.between("fetch.timeout", f.Timeout, maxTimeout)
	v.number("fetch.parallel", f.Parallel, 1, 256)
	v.number("fetch.tell_after", f.TellAfter, 1, 1000)
	if !oneLine(f.UserAgent) {
		v.fail("fetch.user_agent", "fetch.user_agent must be one line of text", `write it on one line, or "" for the built-in one`)
	}
	if f.Contact != "" && !isContact(f.Contact) {
		v.fail("fetch.contact", "fetch.contact is neither an https nor a mailto address",
			"write e.g. https://digest.example.org/about or mailto:digest@example.org")
	}
	if f.Proxy != "" {
		u, err := url.Parse(f.Proxy)
		if err != nil || u.Hostname() == "" || u.Scheme != "http" && u.Scheme != "https" && u.Scheme != "socks5" {
			v.fail("fetch.proxy", "fetch.proxy is no address of a proxy", `write e.g. http://proxy.example.org:3128 or socks5://127.0.0.1:1080, or "" for none`)
		}
	}
}

func isContact(address string) bool {
	u, err := url.Parse(address)
	if err != nil || strings.ContainsAny(address, " ()<>") {
		return false
	}
	return u.Scheme == "https" && u.Hostname() != "" || u.Scheme == "mailto" && strings.Contains(u.Opaque, "@")
}

// between refuses a duration of zero and one above the bound.
func (v *validator) between(path string, d Duration, most time.Duration) {
	if d <= 0 || d.Std() > most {
		v.fail(path, fmt.Sprintf("%s is %s, but must be above 0 and at most %s", path, d, Duration(most)),
			"write a duration in that range")
	}
}

func (v *validator) number(path string, n, least, most int) {
	if n < least || n > most {
		v.fail(path, fmt.Sprintf("%s is %d, but must be %d to %d", path, n, least, most), "write a number in that range")
	}
}

func choice(path, value string) string {
	return fmt.Sprintf("%s cannot be %s", path, quote(value))
}

// oneLine reports whether the text has no line break and no other control
// character, which could end a header early.
func oneLine(text string) bool {
	return !strings.ContainsFunc(text, unicode.IsControl)
}

// resolve makes relative paths start at the folder of the file.
func (c *Config) resolve(file string) {
	folder := filepath.Dir(file)
	for _, path := range []*string{&c.State, &c.SubscribersFile, &c.Mail.SMTP.PasswordFile, &c.Mail.Bounce.Maildir, &c.Mail.UnsubscribeMaildir, &c.Edition.Templates} {
		*path = under(folder, *path)
	}
	for i := range c.Mail.DKIM {
		c.Mail.DKIM[i].KeyFile = under(folder, c.Mail.DKIM[i].KeyFile)
	}
	if strings.HasPrefix(c.Topic, ".") || strings.ContainsAny(c.Topic, `/\`) {
		c.Topic = under(folder, c.Topic)
		if !strings.ContainsRune(c.Topic, filepath.Separator) {
			// Join has cleaned ./pack to what looks like a built-in pack's name.
			c.Topic = "." + string(filepath.Separator) + c.Topic
		}
	}
}

func under(folder, path string) string {
	if path == "" || filepath.IsAbs(path) {
		return path
	}
	return filepath.Join(folder, path)
}

// readable returns why the file cannot be read, or nil.
func readable(path string) error {
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	if info.IsDir() {
		return errors.New("is a folder")
	}
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	return file.Close()
}
