package preflight

import "regexp"

// patterns are the forms that rules look for, compiled once for a message.
type patterns struct {
	fieldName, encodedWord, messageID, angled, listID *regexp.Regexp

	noReply, online *regexp.Regexp

	url, numbered, markup, leftover, format *regexp.Regexp
}

func newPatterns() *patterns {
	re := regexp.MustCompile
	return &patterns{
		fieldName:   re(`^[!-9;-~]+$`), // RFC 5322 §3.6.8
		encodedWord: re(`=\?[^?\s]*\?[^?\s]*\?[^?]*\?=`),
		messageID:   re(`^<[^\s<>@]+@[^\s<>@]+>$`),
		angled:      re(`<([^<>]*)>`),
		listID:      re(`<([A-Za-z0-9_.-]+\.[A-Za-z0-9_-]+)>$`),

		noReply: re(`(?i)\b(do[-_.]?not|no)[-_.]?reply\b`),
		online:  re(`(?i)^(view|read|open|see|show)\b.{0,20}\b(browser|online|on the web)\b|^web (copy|version)$|^on the web$`),

		url:      re(`(?i)(?:https?://|mailto:)[^\s<>"“”]+`),
		numbered: re(`^ *\d+\. +(\S.*)$`),
		markup:   re(`&(?:#\d+|#x[0-9a-fA-F]+|amp|lt|gt|quot|apos|nbsp|[lr]squo|[lr]dquo|ndash|mdash|hellip);|</?(?:p|br|a|b|i|div|td|tr|table|span|strong|em|h[1-6])(?:\s[^<>]*)?/?>`),
		leftover: re(`\{\{[^{}]*\}\}|\{\{|<no value>|&lt;no value&gt;|ZgotmplZ`),
		format:   re(`%![a-zA-Z]?\(`),
	}
}
