package store

import (
	"strings"
	"unicode"

	"standpoint/feeds"
)

// identities returns the key of each item's address, empty where the address
// does not tell pieces apart: the bare host, which some feeds give for every
// item, and a page that lists several pieces of one document.
func identities(items []feeds.Item) []string {
	keys := make([]string, len(items))
	first := make(map[string]feeds.Item, len(items))
	listing := make(map[string]bool)
	for i, a := range items {
		key := feeds.Key(a.URL)
		if isBare(key) {
			continue
		}
		keys[i] = key
		o, again := first[key]
		if !again {
			first[key] = a
		} else if titleKey(o.Title) != titleKey(a.Title) && (o.GUID != a.GUID || a.GUID == "") {
			listing[key] = true
		}
	}
	for i, key := range keys {
		if listing[key] {
			keys[i] = ""
		}
	}
	return keys
}

// markTwice finds the items that may be the same piece as one before them in the
// document: those alone need to be looked up once more when that one is stored.
func markTwice(arrivals []arrival) {
	type kind struct{ key, guid, title string } // one of them
	seen := make(map[kind]bool, 3*len(arrivals))
	for i := range arrivals {
		a := &arrivals[i]
		for _, k := range []kind{{key: a.key}, {guid: a.GUID}, {title: a.titleKey}} {
			// An item without address and GUID is known by its title, be it empty.
			if k == (kind{}) && (a.key != "" || a.GUID != "") {
				continue
			}
			a.twice = a.twice || seen[k]
			seen[k] = true
		}
	}
}

// selectKnown finds the piece of the source that this is, with the hash of what
// the feed last said of it. A piece has three keys and publishers change each of
// them, so two that agree outweigh one that does not:
//
//   - one address: the same piece, whatever its GUID now is;
//   - one GUID: the same piece, unless address and title both differ, as in
//     feeds that number their items from one each day;
//   - one title: the same piece where neither GUID nor address can tell, or
//     where it came out at the same moment, as after a move to another host,
//     which changes both.
//
// Each line finds its piece through an index, however many pieces share a GUID
// or a title: a feed may give all its items the same. The plus sign keeps SQLite
// from walking over all pieces of the source in place of looking the address up,
// and length(key) from planning anew for each key whether it is the empty one.
const selectKnown = `
	SELECT id, said FROM items WHERE id = coalesce(
		(SELECT id FROM items WHERE +source = ?1 AND key = ?3 AND ?3 <> '' LIMIT 1),
		(SELECT id FROM items WHERE source = ?1 AND guid = ?2 AND ?2 <> '' AND title_key = ?4 LIMIT 1),
		(SELECT id FROM items WHERE source = ?1 AND guid = ?2 AND ?2 <> '' AND length(key) = 0 LIMIT 1),
		(SELECT id FROM items WHERE source = ?1 AND guid = ?2 AND ?2 <> '' AND ?3 = '' LIMIT 1),
		(SELECT id FROM items WHERE source = ?1 AND title_key = ?4 AND ?2 = '' AND ?3 = '' LIMIT 1),
		(SELECT id FROM items WHERE source = ?1 AND title_key = ?4 AND ?4 <> '' AND published = ?5 AND ?5 <> '' LIMIT 1))`

// isBare says whether an address key names a host without a path or query.
func isBare(key string) bool {
	_, rest, ok := strings.Cut(key, "://")
	if !ok {
		rest = key
	}
	return !strings.ContainsAny(strings.TrimSuffix(rest, "/"), "/?")
}

// titleKey is what remains of a title when case, spaces and punctuation do not
// count.
func titleKey(title string) string {
	var b strings.Builder
	b.Grow(len(title))
	for r := range essence(title) {
		b.WriteRune(r)
	}
	return b.String()
}

// essence yields the letters and digits of a text, in lower case.
func essence(text string) func(func(rune) bool) {
	return func(yield func(rune) bool) {
		for _, r := range text {
			switch {
			case 'a' <= r && r <= 'z', '0' <= r && r <= '9':
			case 'A' <= r && r <= 'Z':
				r += 'a' - 'A'
			case r < 0x80 || !unicode.IsLetter(r) && !unicode.IsDigit(r):
				continue
			default:
				r = unicode.ToLower(r)
			}
			if !yield(r) {
				return
			}
		}
	}
}

// said is a hash of what a feed says of a piece, so that a change shows. Case,
// spaces and punctuation do not count. It is never 0. (FNV-1a, over runes.)
func said(item feeds.Item) int64 {
	const offset, prime = 14695981039346656037, 1099511628211
	h := uint64(offset)
	for _, s := range []string{item.Title, item.Teaser, item.Text} {
		for r := range essence(s) {
			h = (h ^ uint64(r)) * prime
		}
		h *= prime // where one ends and the next begins
	}
	return int64(h | 1)
}
