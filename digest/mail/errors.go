package mail

import (
	"context"
	"errors"
	"fmt"
	"net/textproto"
	"slices"
	"strings"
)

// Outcome is how a hand-over ended, as far as we can know.
type Outcome string

// The outcomes. Only Accepted and Refused are certain and final.
const (
	Accepted Outcome = "accepted" // the server took the message over (2xx after the final dot)
	Refused  Outcome = "refused"  // the server said never (5xx)
	Deferred Outcome = "deferred" // the server said later (4xx), or the connection failed before the final dot
	Unknown  Outcome = "unknown"  // the final dot may have been sent, and no answer came back
)

// OutcomeOf reads the outcome from what Send returned. An error that is no
// SendError left the message with us, so it is Deferred.
func OutcomeOf(err error) Outcome {
	if err == nil {
		return Accepted
	}
	if e, ok := errors.AsType[*SendError](err); ok {
		return e.Outcome
	}
	return Deferred
}

// SendError says why one message was not accepted.
type SendError struct {
	Outcome  Outcome // never Accepted
	Stage    string  // where it ended: "MAIL", "RCPT", "DATA", "content" or "end of data"
	Code     int     // SMTP reply code (RFC 5321 §4.2); 0: the server said nothing
	Enhanced string  // status code like "5.1.1" (RFC 3463 §2); may be empty
	Reply    string  // the server's own words in one line, at most 300 runes, the reader's address taken out
	Err      error   // what failed on our side of the wire; nil when the server answered
}

// Error gives stage, outcome and the server's words.
func (e *SendError) Error() string {
	s := fmt.Sprintf("hand over at %s: %s", e.Stage, e.Outcome)
	if e.Code != 0 {
		s += fmt.Sprintf(": %d %s", e.Code, e.Reply)
	}
	if e.Err != nil {
		s += ": " + e.Err.Error()
	}
	return s
}

// Unwrap gives the network's or the context's error.
func (e *SendError) Unwrap() error { return e.Err }

// Policy reports that the fault is probably ours and the next reader would meet
// it too: a security or policy answer (RFC 3463 §3.8, X.7.X, as a permanent
// failure), a demand for authentication (530, 535, 538), our own sender address
// refused (S18), or a refusal to relay in words alone, as from Exim. Such an answer says nothing about the reader.
func (e *SendError) Policy() bool {
	if e.Outcome != Refused {
		return false
	}
	switch e.Code {
	case 530, 534, 535, 538: // RFC 4954 §6
		return true
	}
	return e.Stage == stageMail || strings.HasPrefix(e.Enhanced, "5.7.") || oursByCode(e.Enhanced) ||
		e.Stage == stageRcpt && e.Enhanced == "" && e.says("relay not permitted", "relaying", "relay access", "relay denied", "unable to relay",
			"authentication required", "authentication is required")
}

// says looks for words in lower case in the server's.
func (e *SendError) says(any ...string) bool {
	reply := strings.ToLower(e.Reply)
	return slices.ContainsFunc(any, func(words string) bool { return strings.Contains(reply, words) })
}

// oursByCode knows the two address codes that speak of the sender (RFC 3463 §3.2).
func oursByCode(enhanced string) bool { return enhanced == "5.1.7" || enhanced == "5.1.8" }

// BadAddress reports that the reader's address takes no mail and never will: an
// address status (RFC 3463 §3.2, X.1.X but for those of the sender), a mailbox
// that is disabled (5.2.1), or a plain 550 at RCPT, which says no more than
// "mailbox unavailable" (RFC 5321 §4.2.3), unless its words blame the letter or us. It is never true where Policy is.
func (e *SendError) BadAddress() bool {
	switch {
	case e.Outcome != Refused || e.Policy():
		return false
	case e.Enhanced == "":
		return e.Stage == stageRcpt && e.Code == 550 && !e.says("spam", "blacklist", "black list", "blocklist", "block list", "blocked", "policy", "sender")
	}
	return strings.HasPrefix(e.Enhanced, "5.1.") || e.Enhanced == "5.2.1"
}

// OfReader reports a temporary answer to RCPT: greylisting, a full mailbox. It
// is of this reader alone, and the usual way of some servers.
func (e *SendError) OfReader() bool {
	return e.Outcome == Deferred && e.Stage == stageRcpt && e.Code != 0 && e.Code != 421
}

// SetupError says that there is no way to the server, or to the folder, for any
// message: it concerns the run, not a reader. What was being sent is still ours.
type SetupError struct {
	Where string // the mail server with its port, or the folder
	Step  string // "dial", "TLS", "greeting", "EHLO", "STARTTLS" or "AUTH"; "write" for a folder
	Code  int    // SMTP reply code; 0: the server said nothing
	Reply string // the server's own words, as in SendError
	Err   error  // nil when the server answered
}

// Error gives place, step and cause.
func (e *SetupError) Error() string {
	s := e.Where + ": " + e.Step
	if e.Code != 0 {
		s += fmt.Sprintf(": %d %s", e.Code, e.Reply)
	}
	if e.Err != nil {
		s += ": " + e.Err.Error()
	}
	return s
}

// Unwrap gives the cause.
func (e *SetupError) Unwrap() error { return e.Err }

// Temporary reports that waiting may help: the server is away or busy, rather
// than set up otherwise than our config says.
func (e *SetupError) Temporary() bool {
	if e.Code != 0 {
		return e.Code/100 == 4
	}
	return e.Step == "dial" || e.Step == "greeting" || errors.Is(e.Err, errStalled) || errors.Is(e.Err, context.Canceled)
}

// answer takes a server's reply out of an error; code 0 means that there was
// none. The code decides, never the text: go-mail's own test for a temporary
// failure looks at the first letter of the text, and so takes a lost connection
// for a permanent one.
func answer(err error) (code int, enhanced, reply string) {
	e, ok := errors.AsType[*textproto.Error](err)
	if !ok {
		return 0, "", ""
	}
	// Every line of a long reply may repeat the status code (RFC 2034 §4), or
	// only the last one has it. Its class is the reply's, or it is none.
	var words []string
	for line := range strings.SplitSeq(e.Msg, "\n") {
		first, rest, _ := strings.Cut(line, " ")
		if isEnhanced(first) && int(first[0]-'0') == e.Code/100 {
			enhanced, line = first, rest
		}
		words = append(words, line)
	}
	return e.Code, enhanced, clean(enhanced+" "+strings.Join(words, " "), maxReply)
}

// isEnhanced reports class.subject.detail (RFC 3463 §2).
func isEnhanced(s string) bool {
	part := strings.Split(s, ".")
	if len(part) != 3 || (part[0] != "2" && part[0] != "4" && part[0] != "5") {
		return false
	}
	for _, p := range part[1:] {
		if p == "" || len(p) > 3 || strings.Trim(p, "0123456789") != "" {
			return false
		}
	}
	return true
}

// answered reports an error that is a server's reply.
func answered(err error) bool {
	_, ok := errors.AsType[*textproto.Error](err)
	return ok
}
