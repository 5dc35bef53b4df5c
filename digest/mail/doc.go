// Package mail makes the letter that one reader gets, and hands it over: to a
// mail server, or to a folder where a person can look at it first.
//
// What it does. A [Composer] turns one edition into a message for each reader:
// the body is encoded once; To, Message-ID and the token of the reader's own
// links differ, and the signatures over them ([DKIMKey]). [SMTP] hands messages
// over one by one on kept connections, [Outbox] writes them as .eml files. It is
// the only package that knows go-mail: go-mail writes the MIME and speaks the
// protocol, go-msgauth signs what came of it, this package decides what is signed
// and what an answer means.
//
// What it refuses. A connection without verified TLS, unless the server is on
// this very machine; an address, subject or name that would add a header or
// hide text in one; a letter without both parts; a List-ID on localhost; a
// signature of a domain that does not vouch for the sender's.
//
// What it promises. The same edition, reader, token and date give the same bytes
// and the same Message-ID, for ever and on every machine. Only a signature tells
// when it was made (its t=, and so its b=): a letter that is made again is signed
// anew. Every hand-over ends in exactly one [Outcome]; Unknown is said only when
// the final dot may have left and no answer came. A context that ends takes the
// connection with it. No error text of this package carries a reader's address.
package mail
