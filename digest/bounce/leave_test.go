package bounce_test

import (
	"slices"
	"strings"
	"testing"

	"standpoint/digest/bounce"
)

// A reader's token is taken from where a mail came to and from its subject, and
// from nothing that the mail says besides.
func TestLeavers(t *testing.T) {
	other := strings.Repeat("b", 39)
	at := "digest+unsubscribe+" + mark + "@example.org"
	for name, c := range map[string]struct {
		mail string
		want []string
	}{
		"to":                    {"From: r@example.net\nTo: <" + at + ">\n\n", []string{mark}},
		"upper case, a name":    {"To: \"Leave, now\" <" + strings.ToUpper(at) + ">\n\nbye\n", []string{mark}},
		"a folded field":        {"To: somebody@example.net,\n\t" + at + "\n\n", []string{mark}},
		"cc":                    {"To: a@example.net\nCc: " + at + "\n\n", []string{mark}},
		"by the server":         {"To: undisclosed-recipients:;\nDelivered-To: " + at + "\n\n", []string{mark}},
		"original":              {"X-Original-To: " + at + "\n\n", []string{mark}},
		"envelope":              {"Envelope-To: " + at + "\n\n", []string{mark}},
		"forwarded":             {"X-Forwarded-To: " + at + "\n\n", []string{mark}},
		"subject":               {"To: digest@example.org\nSubject: Re: leave " + mark + "\n\n", []string{mark}},
		"encoded subject":       {"To: digest@example.org\nSubject: =?utf-8?q?leave_" + mark + "?=\n\n", []string{mark}},
		"two, the first first":  {"To: x+" + other + "@example.org, " + at + ", " + at + "\nSubject: leave " + mark + "\n\n", []string{other, mark}},
		"made at a click":       {"To: " + at + "\nAuto-Submitted: auto-generated\n\n", []string{mark}},
		"from":                  {"From: " + at + "\nReply-To: " + at + "\nTo: digest@example.org\n\n", nil},
		"in the text":           {"To: digest@example.org\nSubject: help\n\n" + at + "\nleave " + mark + "\n", nil},
		"no token":              {"To: digest+unsubscribe@example.org\nSubject: unsubscribe\n\n", nil},
		"too long":              {"To: x+a" + mark + "@example.org\nSubject: leave " + mark + "a\n\n", nil},
		"an answer":             {"To: " + at + "\nAuto-Submitted: auto-replied\n\n", nil},
		"an older answer":       {"To: " + at + "\nX-Autoreply: yes\n\n", nil},
		"out of office":         {"To: " + at + "\nAuto-Submitted: auto-generated\nSubject: Automatic reply: unsubscribe\n\n", nil},
		"null sender":           {"Return-Path: <>\nTo: " + at + "\n\n", nil},
		"a bounce of the leave": {"From: MAILER-DAEMON@mx.example\nTo: " + at + "\nSubject: Undelivered Mail Returned to Sender\n\n", nil},
		"a receipt":             {"To: " + at + "\nContent-Type: multipart/report; boundary=b\n\n--b\nContent-Type: message/disposition-notification\n\nDisposition: x; displayed\n\n--b--\n", nil},
		"a report": {"To: " + at + "\nContent-Type: multipart/report; boundary=b\n\n--b\nContent-Type: message/delivery-status\n\n" +
			"Final-Recipient: rfc822; x@example.net\nAction: failed\nStatus: 5.1.1\n\n--b--\n", nil},
	} {
		if got := bounce.Parse([]byte(c.mail)).Leavers; !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
	flood := bounce.Parse([]byte("To: " + strings.Repeat("x+"+mark+"@a, x+"+other+"@a, ", 5000) + "\n\n"))
	if len(flood.Leavers) > 16 {
		t.Errorf("%d tokens of one mail", len(flood.Leavers))
	}
}
