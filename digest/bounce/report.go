package bounce

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"strings"
)

// MaxSize is how much of a message is read, in bytes. What a server says stands
// at the beginning; behind it is the letter that it returns.
const MaxSize = 1 << 20

// Kind says what a report means for the address.
type Kind string

// The kinds. Hard, Soft and Complaint say something against an address; Policy
// is a refusal that is not the reader's fault.
const (
	Hard      Kind = "hard bounce"   // the address takes no mail, for good
	Soft      Kind = "soft bounce"   // given up on, but the address may work again
	Policy    Kind = "policy bounce" // the letter or its sender was refused
	Delayed   Kind = "delayed"       // the server goes on trying
	Delivered Kind = "delivered"     // delivered, or passed on to where nothing comes back from
	Unclear   Kind = "unclear"       // a server's notice of which we cannot make out more
	Complaint Kind = "complaint"     // the reader called the letter spam
	Notice    Kind = "notice"        // an answer that nobody wrote: on vacation, read, moved, not spam
	Challenge Kind = "challenge"     // asks the sender to prove to be human
	Leave     Kind = "leave"         // a reader leaves; Parse never says so, since only the keys' holder can tell a good token
	Ordinary  Kind = "ordinary mail"
)

// Recipient is what a report says of one address.
type Recipient struct {
	Address string // as it was given by the sender, or as the server had it at last; may be empty
	Final   string // where the server wanted to deliver to; may be empty
	Kind    Kind
	Status  string // as in RFC 3463, such as 5.1.1; may be empty
	Detail  string // the server's own words on one line, without addresses
}

// Report is a message that came back.
type Report struct {
	// ID is the same for the same message: a hash of its Message-ID, or else of
	// its text.
	ID         string
	Kind       Kind
	Recipients []Recipient // of a bounce
	Detail     string      // of all others: the kind of complaint, the subject of a note
	// Marks are the texts that may be the signed mark of one of our letters, those
	// of the report's own address first. None is checked.
	Marks []string
	// Leavers are the texts that may be the signed token of a reader who wants to
	// leave. None is checked. A machine's report has none.
	Leavers []string
}

// Read parses a message, or as much of it as MaxSize allows.
func Read(r io.Reader) (Report, error) {
	raw, err := io.ReadAll(io.LimitReader(r, MaxSize))
	if err != nil {
		return Report{}, err
	}
	return Parse(raw), nil
}

// Parse makes out what a message is.
func Parse(raw []byte) Report {
	if len(raw) > MaxSize {
		raw = raw[:MaxSize]
	}
	m := parse(raw)
	r := Report{ID: identity(m), Marks: marks(m)}
	if !(r.feedback(m) || r.statusNotice(m) || r.receipt(m) || r.plain(m) || r.answer(m)) {
		r.Kind = Ordinary
	}
	if r.Kind == Ordinary || r.Kind == Notice {
		r.Leavers = leavers(m)
	}
	return r
}

// For is what the report says of one address. A server that passed the letter on
// may know only where it went: then all that it says is about this address, and
// one success among failures means that something arrived.
func (r Report) For(address string) Recipient {
	if len(r.Recipients) == 0 {
		return Recipient{Kind: r.Kind, Detail: r.Detail}
	}
	best := Recipient{}
	for _, each := range r.Recipients {
		if strings.EqualFold(each.Address, address) || strings.EqualFold(each.Final, address) {
			if best.Kind == "" || weight(each.Kind) > weight(best.Kind) {
				best = each
			}
		}
	}
	if best.Kind != "" {
		return best
	}
	return mildest(r.Recipients)
}

func mildest(all []Recipient) Recipient {
	best := all[0]
	for _, each := range all {
		if weight(each.Kind) < weight(best.Kind) {
			best = each
		}
	}
	return best
}

// weight orders the kinds by how much they say against an address.
func weight(k Kind) int {
	return map[Kind]int{Delivered: 1, Delayed: 2, Unclear: 3, Policy: 4, Soft: 5, Hard: 6}[k]
}

// bounced sets the recipients; the kind of the whole is that of the worst.
func (r *Report) bounced(all []Recipient) {
	r.Recipients = all
	for _, each := range all {
		if weight(each.Kind) > weight(r.Kind) {
			r.Kind = each.Kind
		}
	}
}

func identity(m *part) string {
	h := sha256.New()
	if id := strings.TrimSpace(m.get("Message-ID")); id != "" {
		io.WriteString(h, "id\x00"+id)
	} else {
		io.WriteString(h, "text\x00"+cmp.Or(m.get("Date"), "")+"\x00")
		h.Write(m.raw)
	}
	return hex.EncodeToString(h.Sum(nil)[:16])
}
