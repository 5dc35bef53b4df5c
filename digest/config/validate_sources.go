package config

import (
	"fmt"
	"net/url"
	"strconv"
	"strings"

	"standpoint/feeds"
)

func (v *validator) sources() {
	if len(v.c.Sources) == 0 {
		v.fail("sources", "there is no source", "list at least one feed under sources, as config.example.yaml does")
	}
	names, addresses := map[feeds.SourceID]int{}, map[string]int{}
	for i, s := range v.c.Sources {
		at := v.c.doc.entry("sources", i)
		id := feeds.NewSourceID(s.Name)
		v.name(at, s.Name, id)
		v.country(at, s.Country)
		v.reading(at, s)
		address, ok := v.feedURL(at, s.URL)
		if first, twice := names[id]; twice && id != "" {
			v.twice(at+".name", "two sources are named "+quote(s.Name), "name", first,
				"give each its own name; letters' case and punctuation do not count")
		} else {
			names[id] = i
		}
		if first, twice := addresses[address]; twice && ok {
			v.twice(at+".url", "two sources have this feed", "url", first, "delete one of them")
		} else {
			addresses[address] = i
		}
	}
}

// twice fails for the second of two equal entries and names the line of the
// first, which is given by its place in Sources.
func (v *validator) twice(path, message, key string, first int, mend string) {
	if line, _ := v.c.Where(v.c.doc.entry("sources", first) + "." + key); line > 0 {
		message += fmt.Sprintf(", the first at line %d", line)
	}
	v.fail(path, message, mend)
}

func (v *validator) name(at, name string, id feeds.SourceID) {
	switch {
	case strings.TrimSpace(name) == "":
		v.fail(at+".name", "a source without a name", "add name: the outlet's name as readers shall see it")
	case id == "":
		v.fail(at+".name", "a source's name needs a letter or a digit", "write the outlet's name as readers shall see it")
	case !oneLine(name):
		v.fail(at+".name", "a source's name must be one line of text", "write the outlet's name as readers shall see it")
	}
}

func (v *validator) country(at, country string) {
	upper := strings.ToUpper(country)
	letters := len(upper) == 2 && strings.Trim(upper, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == ""
	switch {
	case country == "":
	case upper == "UK":
		v.fail(at+".country", `country "UK" is not the code of the United Kingdom`, "write GB")
	case !letters:
		v.fail(at+".country", fmt.Sprintf("country %s is no code of two letters", quote(country)),
			"write the ISO 3166 code, e.g. PL or GB, or leave the key out")
	}
}

// reading checks how a source is to be read. What the selectors mean is for the
// package that takes pages apart.
func (v *validator) reading(at string, s Source) {
	if !oneLine(s.Folder) {
		v.fail(at+".folder", "a source's folder must be one line of text", `write it on one line, levels apart by " / "`)
	}
	if s.Text != "" && s.Text != TextAuto && s.Text != TextFeed && s.Text != TextPage {
		v.fail(at+".text", choice("text", string(s.Text)), "write auto, feed or page")
	}
	for i, pattern := range s.LeaveOut {
		if !strings.HasPrefix(pattern, "/") || len(pattern) < 2 || !oneLine(pattern) || strings.ContainsAny(pattern, " ?#") {
			v.fail(fmt.Sprintf("%s.leave_out[%d]", at, i), "leave_out "+quote(pattern)+" is no part of a path",
				"write it with its slash in front, e.g. /events/")
		}
	}
}

// feedURL checks a feed's address and returns the form in which two spellings
// of the same address are equal.
func (v *validator) feedURL(at, raw string) (same string, ok bool) {
	at += ".url"
	if raw == "" {
		v.fail(at, "a source without an address", "add url: the address of the feed, beginning with https://")
		return "", false
	}
	u, err := url.Parse(raw)
	scheme, rest, _ := strings.Cut(raw, ":")
	switch {
	case strings.ContainsAny(raw, " \t\n"):
		v.fail(at, "the address has a space or a line break in it", "write the address alone; a remark goes behind #")
	case strings.EqualFold(scheme, "feed"):
		v.fail(at, "the address begins with feed:, which is a browser's notation",
			"write https:// instead")
	case err == nil && u.User != nil || redactUserinfo(raw) != raw:
		v.fail(at, "the address has a user or password in it, which would end up in the store, the logs and the backups",
			"use an address that needs no password")
	case err != nil:
		v.fail(at, "the address cannot be read: "+strings.TrimPrefix(reasonURL(err), "net/url: "), "copy it again from the browser")
	case u.Scheme == "" || u.Host == "" && !strings.HasPrefix(rest, "/"):
		v.fail(at, "the address lacks its beginning, https://", "write https://"+strings.TrimLeft(raw, "/:"))
	case u.Scheme != "http" && u.Scheme != "https":
		v.fail(at, "the address is not one of the web", "write an https:// or http:// address")
	case u.Hostname() == "":
		v.fail(at, "the address names no host", "write it in full, e.g. https://www.cer.eu/rss.xml")
	case !validPort(u.Port()):
		v.fail(at, "the address has an impossible port", "ports are 1 to 65535; leave it out for the usual one")
	default:
		path := strings.TrimSuffix(u.EscapedPath(), "/")
		return strings.ToLower(u.Host) + path + "?" + u.RawQuery, true
	}
	return "", false
}

func reasonURL(err error) string {
	if e, ok := err.(*url.Error); ok {
		return e.Err.Error()
	}
	return err.Error()
}

func validPort(port string) bool {
	if port == "" {
		return true
	}
	n, err := strconv.ParseUint(port, 10, 16)
	return err == nil && n > 0
}
