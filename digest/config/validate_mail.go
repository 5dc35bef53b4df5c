package config

import (
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/mail"
	"os"
	"runtime"
	"strings"
	"time"
	"unicode"
)

func (v *validator) mail() {
	m := v.c.Mail
	if m.From == "" {
		v.fail("mail.from", "mail.from is missing: the digest needs a sender",
			`write e.g. from: Standpoint <digest@example.org>, with an address of your own domain`)
	} else {
		v.sender("mail.from", m.From)
	}
	if m.ReplyTo != "" {
		v.sender("mail.reply_to", m.ReplyTo)
	}
	if m.Unsubscribe != "" {
		v.bare("mail.unsubscribe", m.Unsubscribe)
	}
	if m.ListID != "" && !listID(m.ListID) {
		v.fail("mail.list_id", fmt.Sprintf("mail.list_id %s is no list identifier", quote(m.ListID)),
			"write words of letters, digits and hyphens with dots between, e.g. digest.example.org, without brackets")
	}
	if strings.ContainsFunc(m.Postal, func(r rune) bool { return unicode.IsControl(r) && r != '\n' }) {
		v.fail("mail.postal", "mail.postal has a control character in it", "write plain lines of text")
	}
	if m.Delivery != DeliveryOutbox && m.Delivery != DeliverySMTP {
		v.fail("mail.delivery", choice("mail.delivery", string(m.Delivery)), "write outbox or smtp")
	}
	if m.Unknown != UnknownResend && m.Unknown != UnknownReport {
		v.fail("mail.unknown", choice("mail.unknown", string(m.Unknown)), "write resend or report")
	}
	if m.GiveUp < Duration(time.Hour) || m.GiveUp > Duration(30*day) {
		v.fail("mail.give_up", fmt.Sprintf("mail.give_up is %s, but must be 1h to 30d", m.GiveUp), "write how long to try, e.g. 3d")
	}
	if m.RetryNow != 0 {
		v.between("mail.retry_now", m.RetryNow, maxRetryNow)
	}
	if m.FeedbackID != "" && (len(m.FeedbackID) < 5 || len(m.FeedbackID) > 15 || strings.Trim(strings.ToLower(m.FeedbackID), letters+"_") != "") {
		v.fail("mail.feedback_id", fmt.Sprintf("mail.feedback_id %s is no name for Gmail's reports", quote(m.FeedbackID)),
			`write 5 to 15 letters, digits, hyphens and underscores, or "" for none`)
	}
}

// sender accepts an address with or without a name (RFC 5322, section 3.4).
func (v *validator) sender(path, text string) {
	if _, err := mail.ParseAddress(text); err != nil || !oneLine(text) {
		v.fail(path, fmt.Sprintf("%s is no mail address: %s", path, quote(text)),
			`write address@domain or Name <address@domain>; a name with a comma or dot needs quotes: '"Standpoint, Ltd." <digest@example.org>'`)
	}
}

// bare accepts an address without a name and returns whether it did.
func (v *validator) bare(path, text string) bool {
	a, err := mail.ParseAddress(text)
	if err == nil && a.Address == text && oneLine(text) {
		return true
	}
	mend := "write it as reader@example.org"
	if err == nil {
		mend = "write the address alone: " + a.Address
	} else if rest, ok := strings.CutPrefix(text, "mailto:"); ok {
		mend = "write it without mailto: " + rest
	}
	v.fail(path, quote(text)+" is no plain mail address", mend)
	return false
}

// letters are those of a DNS label (RFC 1123, section 2.1), in lower case.
const letters = "abcdefghijklmnopqrstuvwxyz0123456789-"

// listID reports whether the text is a list-id without brackets (RFC 2919,
// section 2): a dot-atom with at least two parts, up to 255 bytes.
func listID(text string) bool {
	parts := strings.Split(text, ".")
	for _, part := range parts {
		if part == "" || strings.Trim(strings.ToLower(part), letters+"_") != "" {
			return false
		}
	}
	return len(parts) > 1 && len(text) <= 255
}

func (v *validator) smtp() {
	s := v.c.Mail.SMTP
	v.number("mail.smtp.port", s.Port, 1, 65535)
	v.number("mail.smtp.connections", s.Connections, 1, 20)
	v.number("mail.smtp.per_connection", s.PerConnection, 1, 10000)
	v.rate("mail.smtp.per_second", s.PerSecond)
	v.number("mail.smtp.per_domain.connections", s.PerDomain.Connections, 0, 20)
	v.rate("mail.smtp.per_domain.per_second", s.PerDomain.PerSecond)
	v.number("mail.smtp.max_errors", s.MaxErrors, 1, 10000)
	v.between("mail.smtp.timeout", s.Timeout, maxTimeout)
	if s.TLS != TLSStartTLS && s.TLS != TLSImplicit && s.TLS != TLSNone {
		v.fail("mail.smtp.tls", choice("mail.smtp.tls", string(s.TLS)), "write starttls, implicit or none")
	}
	if s.PasswordEnv != "" && !isEnvName(s.PasswordEnv) {
		v.fail("mail.smtp.password_env", "mail.smtp.password_env is no name of an environment variable; is it the password itself?",
			"write the name of the variable, e.g. STANDPOINT_SMTP_PASSWORD, and put the password there")
	}
	if v.c.Mail.Delivery == DeliverySMTP {
		v.server(s)
		v.secret(s)
	}
}

// rate checks a number of letters a second; NaN is in no range.
func (v *validator) rate(path string, n float64) {
	if !(n >= 0 && n <= 10000) || n > 0 && n < 0.001 {
		v.fail(path, fmt.Sprintf("%s is %v, but must be 0 (any number) or 0.001 to 10000", path, n), "write how many letters may go out in a second, e.g. 5")
	}
}

func (v *validator) server(s SMTP) {
	switch {
	case s.Host == "":
		v.fail("mail.smtp.host", "mail.smtp.host is missing, but mail.delivery is smtp",
			"write the name of the mail server, or set mail.delivery to outbox")
	case !validHost(s.Host):
		v.fail("mail.smtp.host", fmt.Sprintf("mail.smtp.host %s is no host name", quote(s.Host)),
			"write the name alone, e.g. smtp.example.org; the port has a key of its own")
	}
	if s.TLS == TLSNone && s.Host != "" && !loopback(s.Host) {
		v.fail("mail.smtp.tls", "mail.smtp.tls none would send mail and password in the clear to another machine",
			"write starttls or implicit; none is for a server on this machine, such as 127.0.0.1")
	}
	if s.TLS == TLSImplicit && s.Port == 587 || s.TLS == TLSStartTLS && s.Port == 465 {
		v.warn("mail.smtp.port", fmt.Sprintf("port %d does not usually go with tls: %s", s.Port, s.TLS),
			"587 usually goes with starttls, 465 with implicit")
	}
}

// validHost accepts a name or an IP address, without port and brackets.
func validHost(host string) bool {
	return net.ParseIP(host) != nil || !strings.ContainsAny(host, ":/@[]<>") && oneLine(host) && !strings.Contains(host, " ")
}

func loopback(host string) bool {
	ip := net.ParseIP(host)
	return strings.EqualFold(host, "localhost") || ip != nil && ip.IsLoopback()
}

// secret makes sure that the password can be had before the first mail needs
// it; the password itself is not kept.
func (v *validator) secret(s SMTP) {
	if s.Username == "" {
		return
	}
	path, mend := "mail.smtp.password_env", "set it for the process, or name a file with mail.smtp.password_file"
	if s.PasswordFile != "" {
		path, mend = "mail.smtp.password_file", "put the password alone into that file, readable for the user that runs standpoint"
	} else if s.PasswordEnv == "" {
		mend = "name a variable with mail.smtp.password_env, or a file with mail.smtp.password_file"
	}
	if _, written := v.c.doc.places[path]; !written {
		path = "mail.smtp.username"
	}
	if _, err := s.Secret(); err != nil {
		text := err.Error()
		if _, ok := errors.AsType[*fs.PathError](err); ok {
			text = "the password file " + s.PasswordFile + ": " + reason(err)
		}
		v.fail(path, "no password for mail.smtp.username: "+text, mend)
		return
	}
	if s.PasswordFile == "" || runtime.GOOS == "windows" {
		return
	}
	if info, err := os.Stat(s.PasswordFile); err == nil && info.Mode().Perm()&0o004 != 0 {
		v.warn("mail.smtp.password_file", "every user of this machine can read the password file", "chmod 600 "+s.PasswordFile)
	}
}

func (v *validator) subscribers() {
	seen := map[string]bool{}
	for i, address := range v.c.Subscribers {
		at := v.c.doc.entry("subscribers", i)
		if !v.bare(at, address) {
			continue
		}
		if seen[strings.ToLower(address)] {
			v.warn(at, fmt.Sprintf("%q is listed twice", address), "delete one of the lines; one copy is sent")
		}
		seen[strings.ToLower(address)] = true
	}
	if file := v.c.SubscribersFile; file != "" {
		if err := readable(file); err != nil {
			v.fail("subscribers_file", fmt.Sprintf("subscribers_file %s: %s", file, reason(err)),
				`name a text file with one address a line, or write ""`)
		}
	}
}
