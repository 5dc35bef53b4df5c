package mail

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
)

// How long a reader's tokens are: that of a web address, and the folded one of a
// mail address, which has small letters and digits alone. The mark that holds a
// token's place in a letter is as long, so that no line changes its length when
// one takes the other's.
const (
	TokenLength  = 32
	FoldedLength = 39
)

// slot is a place in an encoded letter that takes n characters of a reader's
// token, from one of them on. A mark that a soft line break parts makes two.
type slot struct{ at, from, n int }

// slots finds the mark in quoted-printable text. Its characters are written as
// they are (RFC 2045 §6.7 rule 2), but a soft line break may fall between any
// two of them (rule 5).
func slots(text []byte, mark string) (found []slot, times int) {
	if mark == "" {
		return nil, 0
	}
	for at := 0; ; {
		next := bytes.IndexByte(text[at:], mark[0])
		if next < 0 {
			return found, times
		}
		at += next
		pieces, end := match(text, at, mark)
		if pieces == nil {
			at++
			continue
		}
		found, times, at = append(found, pieces...), times+1, end
	}
}

// match returns the pieces of a mark that begins at a place, and where it ends;
// nil where there is none.
func match(text []byte, at int, mark string) (pieces []slot, end int) {
	const soft = "=\r\n"
	piece := slot{at: at}
	for i := range len(mark) {
		if i > 0 && bytes.HasPrefix(text[at:], []byte(soft)) {
			at += len(soft)
			pieces, piece = append(pieces, piece), slot{at: at, from: i}
		}
		if at >= len(text) || text[at] != mark[i] {
			return nil, 0
		}
		at, piece.n = at+1, piece.n+1
	}
	return append(pieces, piece), at
}

// fill returns a copy of the text with the token in its places, or the text
// itself where there are none.
func fill(text []byte, places []slot, token string) []byte {
	if len(places) == 0 {
		return text
	}
	text = bytes.Clone(text)
	for _, s := range places {
		copy(text[s.at:s.at+s.n], token[s.from:])
	}
	return text
}

// checkMark refuses what cannot hold the place of a token: of a folded one, or of
// one for the web.
func checkMark(s string, folds bool) error {
	if folds {
		return checkFolded(s)
	}
	return checkToken(s)
}

// checkFolded refuses what would need quotes in a mail address, or change with
// its case; none is fine.
func checkFolded(s string) error {
	switch {
	case s == "":
		return nil
	case len(s) != FoldedLength:
		return fmt.Errorf("%d characters, want %d", len(s), FoldedLength)
	case strings.Trim(s, "abcdefghijklmnopqrstuvwxyz0123456789") != "":
		return errors.New("characters that are no small letters and digits")
	}
	return nil
}

// checkToken refuses what would change a letter's length, or need an encoding in
// the body, in a header or in an address.
func checkToken(s string) error {
	const urlSafe = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
	switch {
	case s == "":
		return errors.New("none, and each reader's letter needs one")
	case len(s) != TokenLength:
		return fmt.Errorf("%d characters, want %d", len(s), TokenLength)
	case strings.Trim(s, urlSafe) != "":
		return errors.New("characters that are not URL-safe")
	}
	return nil
}
