// Package token makes and checks what stands in a reader's own links: signed,
// opaque, of one length, and good for one purpose only.
//
// A token names a subscriber by number and nothing else. Who has it can do what
// its purpose says and no more; who has not cannot make one, nor turn one for a
// purpose or a subscriber into another. Tokens in letters do not expire: a letter
// may be read years later, and its link for leaving must still work. They end with
// their key. Where a date is right it is signed as a part of the number (Dated).
//
// The same key, purpose and subscriber give the same token, so that a letter
// that is made again has the same links.
package token

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base32"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// Length is how many characters a token has, all of the URL-safe base64
// alphabet (RFC 4648 §5).
const Length = 32

// SecretSize is the least size of a key's secret in bytes.
const SecretSize = 32

// A token is 24 bytes: the key's number, the subscriber's number under a mask,
// and a MAC, of whose 120 bits nobody guesses enough.
const (
	numberAt = 1
	macAt    = numberAt + 8
	size     = 24
)

// Purpose is what a token is good for.
type Purpose string

// The purposes. Their words are signed, so that none may ever change.
const (
	// Leave takes the subscriber off the list.
	Leave Purpose = "leave"
	// Place is good for nothing: such a token holds the place of the readers'
	// own in a letter while it is rendered, and its number is the edition's. A
	// feed cannot know it beforehand and write it into a title.
	Place Purpose = "place"
	// Return shows that a bounce or a complaint is about a letter that we sent to
	// the subscriber. Its number is that of Letter.
	Return Purpose = "return"
	// Confirm makes a reader out of who asked to be one. Its number is that of the
	// request (store.Consent), with the hour up to which it is good: see Dated.
	Confirm Purpose = "confirm"
	// Asked shows that a bounce or a complaint is about the mail that asked somebody to
	// confirm. Its number is that of the request.
	Asked Purpose = "asked"
	// Choose opens a subscriber's own choices: what the letter is like, pausing and
	// going on. Dated: the page for leaving gives one, good for a day.
	Choose Purpose = "choose"
	// Editor opens an edition's draft: approve, hold, correct, drop. Its number is
	// the edition's. It is good for as long as the edition waits.
	Editor Purpose = "editor"
	// Stamp dates a form, against robots that send it at once or keep it. Its number
	// is the second in which the form was shown, since 1970.
	Stamp Purpose = "stamp"
)

// FoldedLength is how long a folded token is: letters in either case, and digits.
const FoldedLength = 39

// ErrInvalid says that a text is no token of ours for this purpose. It does not
// say why, since whoever tries tokens would like to know.
var ErrInvalid = errors.New("no valid token")

// Key is a secret with the number by which tokens name it.
type Key struct {
	ID     uint8 // 1 to 255
	Secret []byte
}

// NewSecret returns a new secret from the system's source of randomness.
func NewSecret() []byte {
	secret := make([]byte, SecretSize)
	_, _ = rand.Read(secret) // never fails: the runtime ends the program instead
	return secret
}

// Keys sign with the newest key and check with all of them. Their zero value
// knows no token. They never change and may be used from many goroutines.
type Keys struct {
	keys []Key // newest first
}

// NewKeys takes the keys, the newest first; at least one. Old ones are kept for
// as long as their links shall work.
func NewKeys(newestFirst ...Key) (Keys, error) {
	if len(newestFirst) == 0 {
		return Keys{}, errors.New("token keys: there is none")
	}
	seen := map[uint8]bool{}
	for _, k := range newestFirst {
		switch {
		case k.ID == 0 || seen[k.ID]:
			return Keys{}, fmt.Errorf("token keys: number %d is zero, or given twice", k.ID)
		case len(k.Secret) < SecretSize:
			return Keys{}, fmt.Errorf("token keys: key %d has %d bytes, want %d", k.ID, len(k.Secret), SecretSize)
		}
		seen[k.ID] = true
	}
	return Keys{keys: newestFirst}, nil
}

// None says that there is no key to sign with.
func (k Keys) None() bool { return len(k.keys) == 0 }

// Equal says whether both sign alike and take the same tokens.
func (k Keys) Equal(other Keys) bool {
	return slices.EqualFunc(k.keys, other.keys, func(a, b Key) bool { return a.ID == b.ID && hmac.Equal(a.Secret, b.Secret) })
}

// Sign makes the token of a subscriber; subscriber 0 is nobody, for proofs.
// Without keys it is empty.
func (k Keys) Sign(p Purpose, subscriber int64) string {
	if k.None() {
		return ""
	}
	return base64.RawURLEncoding.EncodeToString(k.sign(p, subscriber))
}

// SignFolded makes the token for a place where its case may get lost, such as
// the local part of an address (RFC 5321 §2.4 asks to keep it; not all do).
// Without keys it is empty.
func (k Keys) SignFolded(p Purpose, subscriber int64) string {
	if k.None() {
		return ""
	}
	return strings.ToLower(folded.EncodeToString(k.sign(p, subscriber)))
}

// folded is base32 (RFC 4648 §6) without padding.
var folded = base32.StdEncoding.WithPadding(base32.NoPadding)

func (k Keys) sign(p Purpose, subscriber int64) []byte {
	var raw [size]byte
	key := k.keys[0]
	raw[0] = key.ID
	mac := key.mac(p, subscriber)
	copy(raw[macAt:], mac)
	// The mask hides how many subscribers there are and who came when (S10).
	binary.BigEndian.PutUint64(raw[numberAt:], uint64(subscriber)^key.mask(raw[macAt:]))
	return raw[:]
}

// Verify returns the subscriber whom a token names, or ErrInvalid. It takes the
// same time for every wrong MAC.
func (k Keys) Verify(p Purpose, token string) (subscriber int64, err error) {
	raw, err := base64.RawURLEncoding.DecodeString(token)
	if err != nil || len(token) != Length || len(raw) != size {
		return 0, ErrInvalid
	}
	return k.verify(p, raw)
}

// VerifyFolded is Verify for what SignFolded made, in either case.
func (k Keys) VerifyFolded(p Purpose, token string) (subscriber int64, err error) {
	if len(token) != FoldedLength {
		return 0, ErrInvalid
	}
	raw, err := folded.DecodeString(strings.ToUpper(token))
	// The last character has three bits too many: one spelling is ours.
	if err != nil || len(raw) != size || !strings.EqualFold(folded.EncodeToString(raw), token) {
		return 0, ErrInvalid
	}
	return k.verify(p, raw)
}

func (k Keys) verify(p Purpose, raw []byte) (subscriber int64, err error) {
	for _, key := range k.keys {
		if key.ID != raw[0] {
			continue
		}
		subscriber = int64(binary.BigEndian.Uint64(raw[numberAt:]) ^ key.mask(raw[macAt:]))
		if hmac.Equal(raw[macAt:], key.mac(p, subscriber)) {
			return subscriber, nil
		}
	}
	return 0, ErrInvalid
}

// mac signs purpose, key number and subscriber. The purpose comes last, so that
// no two inputs run together.
func (k Key) mac(p Purpose, subscriber int64) []byte {
	h := hmac.New(sha256.New, k.Secret)
	var head [10]byte
	head[0], head[1] = 's', k.ID
	binary.BigEndian.PutUint64(head[2:], uint64(subscriber))
	h.Write(head[:])
	h.Write([]byte(p))
	return h.Sum(nil)[:size-macAt]
}

// mask is another function of the same secret: its input begins otherwise.
func (k Key) mask(mac []byte) uint64 {
	h := hmac.New(sha256.New, k.Secret)
	h.Write([]byte{'m', k.ID})
	h.Write(mac)
	return binary.BigEndian.Uint64(h.Sum(nil))
}
