// Package digest is the domain: what an edition is and how it is composed from
// judged pieces. It does no I/O and reads no clock.
package digest
