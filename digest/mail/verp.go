package mail

import (
	"errors"
	"fmt"
	"strings"
)

// maxLocal is the longest local part (RFC 5321 §4.5.3.1.1).
const maxLocal = 64

// envelope is the sender on the envelope. Each letter has its own, so that
// whatever comes back says by its address which letter it is about (VERP): the
// list's address for bounces with the reader's part behind a plus sign, which
// most servers deliver to that address's mailbox (subaddressing, RFC 5233).
func (c *Composer) envelope(reader string) string {
	if reader == "" || !c.verp {
		return c.bounces.Address
	}
	return returning(c.bounces.Address, reader)
}

// returning is the address for bounces with the mark of one message in it.
func returning(bounces, mark string) string {
	local, host, _ := cutLast(bounces, '@')
	return local + "+" + mark + "@" + host
}

// checkBounces refuses an address that SPF could not vouch for in From's name
// (S8), or that has no room for a reader's part.
func checkBounces(bounces, from string) error {
	local, host, _ := cutLast(bounces, '@')
	switch {
	case !aligned(host, domain(from)):
		return fmt.Errorf("bounces: %s is neither %s nor above or below it", host, domain(from))
	case strings.ContainsAny(local, "+\" "):
		return errors.New("bounces: want a plain local part, without + and quotes")
	case len(local)+len("+")+FoldedLength > maxLocal:
		return fmt.Errorf("bounces: the part before the @ is longer than %d characters", maxLocal-FoldedLength-len("+"))
	}
	return nil
}
