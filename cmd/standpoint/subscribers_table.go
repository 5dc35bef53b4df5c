package main

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"standpoint/digest/store"
)

// columns are what a table can have: by its name here the names in the first line,
// without space and signs, the best first. Some are what other list programs
// write.
var columns = map[string][]string{
	"email":      {"email", "emailaddress", "mail", "mailaddress", "subscriberemail", "address", "emailadresse", "mailadresse", "adresse"},
	"name":       {"name", "fullname", "displayname"},
	"first name": {"firstname", "givenname", "vorname"},
	"last name":  {"lastname", "surname", "familyname", "nachname"},
	"state":      {"subscriptionstatus", "status", "state"},
	"origin":     {"origin"},
	"added":      {"added"},
	"language":   {"language", "lang"},
	"letter":     {"letter"},
	"stances":    {"stances"},
	"outlets":    {"outlets"},
	"asked":      {"consentasked", "consentdate", "optintime"},
	"source":     {"consentsource"},
	"wording":    {"consentwording"},
	"client":     {"consentclient", "optinip"},
	"confirmed":  {"consentconfirmed", "confirmtime"},
	"reason":     {"suppressedreason"},
	"why":        {"suppressedwhy"},
	"since":      {"suppressedsince"},
}

// importState turns the states, here and in other list programs, into ours. Whoever
// is in another one has left there, and must not be written to.
func importState(word string) (state string, reason store.Reason, ok bool) {
	switch strings.ToLower(word) {
	case "", "active", "enabled", "subscribed", "confirmed":
		return "active", "", true
	case "pending", "unconfirmed":
		return "pending", "", true
	case "paused":
		return "paused", "", true
	case "left", "unsubscribed":
		return "", store.ReasonLeft, true
	case "bounced":
		return "", store.ReasonBounce, true
	case "complained":
		return "", store.ReasonComplaint, true
	case "suppressed":
		return "", store.ReasonOperator, true
	}
	return "", "", false
}

// column finds a column by its names; -1: there is none.
func column(header []string, names []string) int {
	keys := make([]string, len(header))
	for i, cell := range header {
		keys[i] = strings.NewReplacer(" ", "", "-", "", "_", "").Replace(strings.ToLower(bare(cell)))
	}
	for _, name := range names {
		if i := slices.Index(keys, name); i >= 0 {
			return i
		}
	}
	return -1
}

// table knows which column holds what, and reads one row after the other.
type table struct {
	at    map[string]int // by the names of columns
	offer offer
	row   []string
}

func newTable(header []string, offer offer) *table {
	t := &table{at: map[string]int{}, offer: offer}
	for name, names := range columns {
		if i := column(header, names); i >= 0 {
			t.at[name] = i
		}
	}
	return t
}

// cell is the row's field in a column; empty where there is none.
func (t *table) cell(name string) string {
	if i, ok := t.at[name]; ok && i < len(t.row) {
		return strings.TrimSpace(t.row[i])
	}
	return ""
}

// entry makes a reader of a row; ok is false for an empty one. A field of several
// lines with an address in it is no field: a quotation mark was left open.
func (t *table) entry(at int, row []string) (entry listedReader, ok bool, err error) {
	t.row = row
	empty := true
	for _, field := range row {
		empty = empty && strings.TrimSpace(field) == ""
		if _, rest, many := strings.Cut(field, "\n"); many && strings.ContainsRune(rest, '@') {
			return listedReader{}, false, fmt.Errorf("line %d: a field goes on over lines with other addresses: a quotation mark is not closed", at)
		}
	}
	if empty {
		return listedReader{}, false, nil
	}
	reader, err := t.reader()
	return listedReader{line: at, reader: reader, err: err}, true, nil
}

// reader reads the row, or says why it is refused.
func (t *table) reader() (r store.Incoming, err error) {
	address := t.cell("email")
	state, reason, ok := importState(t.cell("state"))
	switch {
	case address == "":
		return r, errors.New("has no address")
	case !ok:
		return r, fmt.Errorf("is not active (%s) where the table comes from", short(t.cell("state"), 40))
	case len(address) > longestLine:
		return r, errLongLine
	case !t.readable():
		return r, errNotUTF8
	}
	if r.Subscriber, err = parseReader(address); err != nil {
		return r, err
	}
	if name := cleanName(orElse(t.cell("name"), t.cell("first name")+" "+t.cell("last name"))); name != "" {
		r.Name = name
	}
	r.State, r.Reason = state, reason
	if word := store.Reason(t.cell("reason")); reason == "" && suppressedBy(word) != "" && word != store.ReasonErased {
		r.Reason = word // who has not confirmed can be suppressed, too
	}
	if t.cell("origin") == string(store.FromForm) {
		r.Origin = store.FromForm
	}
	if r.Wish, err = t.offer.wish(t.cell); err != nil {
		return r, err
	}
	return r, t.record(&r)
}

// readable says whether all that is used of the row is text.
func (t *table) readable() bool {
	for _, i := range t.at {
		if i < len(t.row) && !utf8.ValidString(t.row[i]) {
			return false
		}
	}
	return true
}
