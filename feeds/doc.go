// Package feeds reads sources: a conditional GET of each feed, its parsing into
// Items, and the canonical form of an item's address.
//
// It refuses what is no feed, what is too large or too deep, and any address
// that leads into a private network. It promises that an Item's texts are plain
// and its links are http or https, and that one bad feed fails alone, with an
// error that names it. It asks politely: few requests at once to one host,
// robots.txt before a page, and a name that says whom to write to. Validators,
// items and due times go to the caller; a Client only remembers what
// robots.txt files said.
package feeds
