package config

import (
	"fmt"
	"strings"
)

// redact hides what looks like a password in a line of the file: operators
// paste messages into tickets, and a password in the wrong place is exactly
// what some messages are about.
func redact(line string) string {
	return redactKey(redactUserinfo(line))
}

// quote returns a value for a message: quoted, cut, without passwords.
func quote(value string) string {
	return fmt.Sprintf("%q", cutRunes(redactUserinfo(value), 80))
}

// redactUserinfo hides user and password before the host of every address in
// the text (RFC 3986, section 3.2.1), with a scheme or without.
func redactUserinfo(text string) string {
	var b strings.Builder
	for {
		end := strings.IndexAny(text, " \t\"'")
		if end < 0 {
			b.WriteString(redactAddress(text))
			return b.String()
		}
		b.WriteString(redactAddress(text[:end]))
		b.WriteByte(text[end])
		text = text[end+1:]
	}
}

// redactAddress hides the user and password of one address. A password may hold
// a raw slash, so where there is a colon it looks beyond the authority; a path
// such as /@name alone is left in sight.
func redactAddress(text string) string {
	if strings.HasPrefix(text, "mailto:") {
		return text
	}
	scheme, rest, ok := strings.Cut(text, "://")
	if !ok {
		scheme, rest = "", text
	} else {
		scheme += "://"
	}
	authority := rest
	if i := strings.IndexAny(rest, "/?#"); i >= 0 {
		authority = rest[:i]
	}
	at := -1
	if ok {
		at = strings.LastIndex(authority, "@")
	}
	if at < 0 && strings.Contains(authority, ":") {
		at = strings.LastIndex(rest, "@")
	}
	if at < 0 {
		return text
	}
	return scheme + hidden + rest[at:]
}

// redactKey hides the value of the first key in the line that sounds like a
// secret. The keys that only say where the secret is stay in sight, unless the
// name of the variable looks like the secret itself.
func redactKey(line string) string {
	for i := range len(line) {
		if line[i] != ':' && line[i] != '=' {
			continue
		}
		key := strings.ToLower(strings.TrimRight(line[:i], " \t\"'"))
		key = key[strings.LastIndexFunc(key, func(r rune) bool {
			return r != '_' && r != '-' && (r < '0' || r > '9') && (r < 'a' || r > 'z')
		})+1:]
		value, _, _ := strings.Cut(line[i+1:], " #")
		value = strings.Trim(strings.TrimSpace(value), `"'`)
		if value == "" || !soundsSecret(key) || key == "password_file" || (key == "password_env" || key == "key_env") && showsEnv(value) {
			continue
		}
		return line[:i+1] + " " + hidden
	}
	return line
}

// soundsSecret includes the usual misspellings of password.
func soundsSecret(key string) bool {
	for _, word := range []string{"pass", "pasw", "pwd", "secret", "token", "credential", "apikey", "api_key"} {
		if strings.Contains(key, word) {
			return true
		}
	}
	return key == "key" || key == "key_env" || strings.HasSuffix(key, "_key") || strings.HasSuffix(key, "-key")
}

// isEnvName reports whether the text is a portable name of an environment
// variable (POSIX.1-2017, XBD 8.1), in either case.
func isEnvName(text string) bool {
	for i, r := range text {
		letter := r == '_' || 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z'
		if !letter && (i == 0 || r < '0' || r > '9') {
			return false
		}
	}
	return text != ""
}

// showsEnv reports whether the name of a variable may be shown. One with small
// letters is as likely the password, put there by mistake.
func showsEnv(name string) bool {
	return isEnvName(name) && name == strings.ToUpper(name)
}
