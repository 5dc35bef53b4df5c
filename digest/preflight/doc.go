// Package preflight holds a finished letter, the DNS records behind it and the web side that it links to against the rules of
// mail to lists, and says no.
//
// Its messages quote the rules by number (S1 to S46); a finding is an error where the letter is malformed, injected, leaking,
// oversize or unverifiable, or lacks a way to leave, and a warning where the operator has not set something up.
// It imports none of the packages that compose and send: what builds the letter cannot vouch for it.
package preflight
