// Package feeds reads sources: a conditional GET of each feed, its parsing into
// Items, and the canonical form of an item's address.
//
// It refuses what is no feed, what is too large or too deep, and any address
// that leads into a private network. It promises that an Item's texts are plain
// and its links are http or https, and that one bad feed fails alone, with an
// error that names it. It keeps no state: validators and items go to the caller.
package feeds
