package web

import (
	"net/http"
	"strings"
	"time"

	"standpoint/digest/store"
	"standpoint/digest/token"
)

// confirmPage is what the holder of a confirmation's link sees.
type confirmPage struct {
	State   store.RequestState
	Action  string // of the button
	Address string // masked
	Choose  string // where a reader chooses what the letter is like
	Join    string // the form; empty: there is none
	Contact string
}

// confirm shows a request with its button, or, when that was pressed, makes a
// reader. The link alone changes nothing, since programs that look for malware
// follow it, too.
func (rd *readers) confirm(w http.ResponseWriter, r *http.Request) {
	text := r.PathValue("token")
	n, err := rd.Keys.Verify(token.Confirm, text)
	if err != nil {
		rd.badLink(w, r)
		return
	}
	now := rd.Now()
	request, until := token.SplitDated(n)
	subscriber, state := int64(0), store.RequestExpired
	if now.Before(until) {
		if r.Method == http.MethodPost {
			if wait := rd.acts.wait(network(rd.client(r)), now); wait > 0 {
				rd.slowDown(w, r, wait)
				return
			}
			subscriber, state, err = rd.Store.Confirm(r.Context(), request, now)
		} else {
			subscriber, state, err = rd.Store.Requested(r.Context(), request, now)
		}
	}
	if err != nil {
		rd.fault(w, r, err)
		return
	}
	p := confirmPage{State: state, Action: rd.base() + "/confirm/" + text, Contact: rd.Frame.ReplyTo}
	if rd.SignUp {
		p.Join = rd.base() + "/subscribe"
	}
	title, status := "Confirm", http.StatusOK
	switch state {
	case store.RequestDone:
		title, p.Choose = "You are a reader", rd.chooseLink(subscriber)
	case store.RequestExpired, store.RequestVoid:
		title, status = "This link is no longer good", http.StatusGone
	}
	if p.Address, err = rd.masked(r, subscriber); err != nil {
		rd.fault(w, r, err)
		return
	}
	rd.show(w, r, status, "confirm", page{Title: title, Private: true, Body: p})
}

// badLink answers a token that is none of ours for this purpose. It does not say
// why: whoever tries tokens would like to know.
func (s *Site) badLink(w http.ResponseWriter, r *http.Request) {
	s.message(w, r, http.StatusNotFound, message{Heading: "This link is not good", Text: []string{
		"It may be broken, or too old. Please copy it from the mail once more, as a whole.",
		"If that does not help, write to " + s.Frame.ReplyTo + ".",
	}})
}

// chosenWithin is how long a link to a reader's choices is good.
const chosenWithin = 24 * time.Hour

func (s *Site) chooseLink(subscriber int64) string {
	return s.base() + "/choose/" + s.Keys.Sign(token.Choose, token.Dated(subscriber, s.Now().Add(chosenWithin)))
}

// masked is a subscriber's address as its owner knows it and nobody else does.
func (s *Site) masked(r *http.Request, subscriber int64) (string, error) {
	if subscriber == 0 {
		return "", nil
	}
	reader, ok, err := s.Store.Subscriber(r.Context(), subscriber)
	if err != nil || !ok {
		return "", err
	}
	return mask(reader.Address), nil
}

// mask leaves the first letters of an address, and the last part of its domain.
func mask(address string) string {
	local, domain, _ := strings.Cut(address, "@")
	first := func(s string) string {
		for _, r := range s {
			return string(r) + "…"
		}
		return "…"
	}
	masked := first(local) + "@" + first(domain)
	if dot := strings.LastIndexByte(domain, '.'); dot >= 0 {
		masked += domain[dot:]
	}
	return masked
}
