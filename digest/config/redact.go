package config

import "strings"

// redact hides what looks like a password in a line of the file: operators
// paste messages into tickets, and a password in the wrong place is exactly
// what some messages are about.
func redact(line string) string {
	return redactKey(redactUserinfo(line))
}

// redactUserinfo hides user and password in a web address (RFC 3986, section
// 3.2.1). A password may hold a raw slash, so with a colon it looks beyond the
// authority.
func redactUserinfo(line string) string {
	head, rest, ok := strings.Cut(line, "://")
	if !ok {
		return line
	}
	end := len(rest)
	if i := strings.IndexAny(rest, " \t\"'"); i >= 0 {
		end = i
	}
	authority := rest[:end]
	if slash := strings.IndexAny(authority, "/?#"); slash >= 0 {
		authority = authority[:slash]
	}
	at := strings.LastIndex(authority, "@")
	if at < 0 && strings.Contains(authority, ":") {
		at = strings.LastIndex(rest[:end], "@")
	}
	if at < 0 {
		return head + "://" + redactUserinfo(rest)
	}
	return head + "://" + hidden + redactUserinfo(rest[at:])
}

// redactKey hides the value of a key that sounds like a secret. The two keys
// that only say where the secret is are shown, unless the name of the variable
// looks like the password itself.
func redactKey(line string) string {
	lower := strings.ToLower(line)
	for _, word := range []string{"pass", "passw", "pwd", "secret", "token", "credential", "apikey", "api_key"} {
		at := strings.Index(lower, word)
		if at < 0 {
			continue
		}
		colon := strings.IndexAny(line[at:], ":=")
		if colon < 0 {
			continue
		}
		key := strings.TrimRight(lower[at:at+colon], " \"'")
		value, _, _ := strings.Cut(line[at+colon+1:], " #")
		value = strings.Trim(strings.TrimSpace(value), `"'`)
		if value == "" || key == "password_file" || key == "password_env" && isEnvName(value) {
			continue
		}
		return line[:at+colon+1] + " " + hidden
	}
	return line
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
