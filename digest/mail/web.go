package mail

import (
	"errors"
	"net/url"
	"strings"

	"golang.org/x/net/idna"
)

// LeaveURL is where the holder of a token leaves, on the web side at an address.
func LeaveURL(web, token string) string { return web + "/leave/" + token }

// archiveURL is where the editions are, on the web side at an address.
func archiveURL(web string) string { return web + "/editions" }

// CheckWeb refuses an address of the web side that could not stand in a header
// between angle brackets and in a letter as it is: it must be https (RFC 8058
// §3.1), written in plain characters, and short enough for a line.
func CheckWeb(web string) error {
	const plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~/:%"
	u, err := url.Parse(web)
	switch {
	case err != nil || u.Scheme != "https" || u.Hostname() == "" || u.User != nil:
		return errors.New("not an https address")
	case strings.Trim(web, plain) != "":
		return errors.New("characters other than letters, digits and -._~/:%; write a host outside ASCII as xn--")
	case strings.HasSuffix(web, "/"):
		return errors.New("a slash at its end")
	case len(web) > 200:
		return errors.New("longer than 200 characters")
	}
	if _, err := idna.Lookup.ToASCII(u.Hostname()); err != nil {
		return errors.New("not a usable host")
	}
	return nil
}

// checkFeedback refuses what is no sender's name for a Feedback-ID: Gmail wants
// 5 to 15 characters, and a colon parts its fields.
func checkFeedback(id string) error {
	const plain = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
	if id != "" && (len(id) < 5 || len(id) > 15 || strings.Trim(id, plain) != "") {
		return errors.New("want 5 to 15 letters, digits, '-' and '_'")
	}
	return nil
}
