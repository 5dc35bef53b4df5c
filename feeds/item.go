package feeds

import "time"

// Item is one entry of a feed, cleaned: texts are plain, links are absolute
// http or https, times are UTC. Nothing in it has been judged yet.
type Item struct {
	Source    SourceID
	GUID      string    // as the feed gave it; empty when it gave none
	URL       string    // absolute http(s) link as the feed gave it; may be empty
	Title     string    // plain text, one line, at most 500 runes
	Authors   []string  // as the feed gave them; may be empty
	Published time.Time // zero when the feed gave no usable date
	Updated   time.Time // zero when unknown
	Language  string    // BCP 47 as the feed claims; may be empty
	Teaser    string    // plain text of the summary, one line, at most 1,000 runes; may be empty
	Text      string    // plain text of the whole piece, paragraphs apart by a blank line; empty when the feed carries only a teaser
}

// Validators are what a server gave to ask "has it changed?" with
// (RFC 9110, section 8.8). They are stored in the transaction that stores the
// items they came with.
type Validators struct {
	ETag         string
	LastModified string
}
