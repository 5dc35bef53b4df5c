package feeds

import (
	"fmt"
	"strings"
	"time"
)

// Class says what kind of thing went wrong, for health tables and for tests.
type Class string

// The classes of error. Each has one mend that an operator can try.
const (
	ClassDNS         Class = "dns"        // the name has no address, or no server knew
	ClassConnect     Class = "connect"    // refused, reset, or broken off
	ClassTLS         Class = "tls"        // certificate or handshake
	ClassTimeout     Class = "timeout"    // not done within Options.Timeout
	ClassClientError Class = "4xx"        // answered that the request is at fault (RFC 9110, section 15.5)
	ClassServerError Class = "5xx"        // answered that the server is (section 15.6)
	ClassStatus      Class = "status"     // answered with another HTTP status that is no success
	ClassRedirect    Class = "redirect"   // too many hops, or a hop that leads nowhere
	ClassRefused     Class = "refused"    // not http or https, or an address in a private network
	ClassTooLarge    Class = "too large"  // more decompressed bytes, elements or levels than allowed
	ClassEmpty       Class = "empty"      // a body without a single visible byte
	ClassNotFeed     Class = "not a feed" // a web page or another document
	ClassBotWall     Class = "bot wall"   // a page meant to keep programs out
	ClassUnparsable  Class = "unparsable" // a feed that not even the repair could read
	ClassNotPage     Class = "not a page" // a PDF, a picture: nothing to take text from
	ClassRobots      Class = "robots"     // the site's robots.txt keeps us off the page, or could not be read (RFC 9309)
	ClassCancelled   Class = "cancelled"  // the caller gave up
)

// Error is what Fetch, Page and Parse return. Its text is one line that names
// the source, says what happened and, where there is one, the mend. It never
// carries control characters, passwords or unbounded text of a server.
type Error struct {
	Op         string        // "fetch", "parse" or "page"
	Subject    string        // the source's ID, or the page's address
	Class      Class         // never empty
	Status     int           // HTTP status; 0 when none came
	RetryAfter time.Duration // how long the server asked us to stay away (RFC 9110, section 10.2.3), at most 24 h; 0 when it did not
	Feeds      []string      // feeds that a web page advertises in the feed's stead, at most 5
	Detail     string        // what happened, one line
	Mend       string        // what to try; may be empty
	Err        error         // the cause; may be nil
}

// Error is "op subject: detail; mend".
func (e *Error) Error() string {
	s := e.Op + " " + e.Subject + ": " + e.Detail
	if e.Mend != "" {
		s += "; " + e.Mend
	}
	return s
}

// Unwrap gives the cause.
func (e *Error) Unwrap() error { return e.Err }

// Temporary reports whether the same request may succeed later: time-outs,
// broken connections, a name server in trouble, and the statuses 408, 425, 429
// and 5xx (RFC 9110, section 15; RFC 8470; RFC 6585), also as the answer for
// robots.txt. A 404 or a refusal by the guard or by robots.txt will not heal by
// waiting.
func (e *Error) Temporary() bool {
	switch e.Class {
	case ClassTimeout, ClassConnect, ClassCancelled:
		return true
	case ClassDNS:
		return isTemporaryDNS(e.Err)
	case ClassClientError, ClassServerError, ClassBotWall, ClassRobots:
		return temporaryStatus(e.Status)
	default:
		return false
	}
}

// Gone reports whether the server said that the address is gone for good and
// asked to forget it: 410 (RFC 9110, section 15.5.11).
func (e *Error) Gone() bool { return e.Status == 410 }

func temporaryStatus(status int) bool {
	return status == 408 || status == 425 || status == 429 || status >= 500
}

// visible makes text from outside fit for one line of an error or a log: no
// control or format characters, at most limit runes.
func visible(s string, limit int) string {
	s = strings.Map(func(r rune) rune {
		if hidden(r) {
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, ""))
	return cut(strings.Join(strings.Fields(s), " "), limit)
}

// seconds prints a waiting time as people say it.
func seconds(d time.Duration) string {
	s := fmt.Sprint(d.Round(100 * time.Millisecond))
	for _, zero := range []string{"m0s", "h0m"} { // as in 1h0m0s
		if strings.HasSuffix(s, zero) {
			s = s[:len(s)-2]
		}
	}
	return s
}
