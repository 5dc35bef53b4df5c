// Package topic holds topic packs: a debate as data, and whether a piece
// belongs to it.
package topic
