package web

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"net/url"

	"standpoint/digest/store"
	"standpoint/digest/token"
)

// leaveStanding is how the holder of a link for leaving stands to the list.
type leaveStanding string

const (
	standsOn     leaveStanding = "on"
	standsPaused leaveStanding = "paused"
	standsOff    leaveStanding = "off"
	justLeft     leaveStanding = "left"
	standsNobody leaveStanding = "nobody" // the link of a proof
)

// leaveBody is the page for leaving.
type leaveBody struct {
	State   leaveStanding
	Note    string // what was done just now; empty: nothing
	Action  string
	Address string // masked
	Choose  string
	Join    string // the form for coming back; empty: there is none
	Contact string
}

// leaver returns whom a request's token lets leave. When nobody, it has answered.
func (rd *readers) leaver(w http.ResponseWriter, r *http.Request) (int64, bool) {
	id, err := rd.Keys.Verify(token.Leave, r.PathValue("token"))
	if err != nil {
		rd.badLink(w, r)
		return 0, false
	}
	return id, true
}

func (rd *readers) leavePage(w http.ResponseWriter, r *http.Request) {
	if id, ok := rd.leaver(w, r); ok {
		rd.showLeave(w, r, id, leaveBody{})
	}
}

// leave takes a reader off the list: by the button of the page, or at one click in
// a mail program, for whose provider the answer is plain text, at once and without
// a redirect (RFC 8058, section 3.2; S11). Providers send from few addresses, many
// readers' clicks at a time, so that nothing here is limited by client: a click
// that is no news costs no write.
func (rd *readers) leave(w http.ResponseWriter, r *http.Request) {
	body, ok := rd.body(w, r)
	if !ok {
		return
	}
	id, ok := rd.leaver(w, r)
	if !ok {
		return
	}
	// What is broken is left out.
	fields, _ := url.ParseQuery(string(body))
	act := fields.Get("act")
	switch {
	case oneClick(body):
		if _, err := rd.Store.Leave(r.Context(), id, "one click", rd.Now()); err != nil {
			rd.fault(w, r, err)
			return
		}
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		w.Header().Set("Cache-Control", "no-store")
		fmt.Fprintln(w, "unsubscribed")
	case act == "leave":
		if _, err := rd.Store.Leave(r.Context(), id, "by link", rd.Now()); err != nil {
			rd.fault(w, r, err)
			return
		}
		rd.showLeave(w, r, id, leaveBody{State: justLeft})
	case act == "pause" || act == "resume":
		note, err := rd.rest(r.Context(), id, act)
		if err != nil {
			rd.fault(w, r, err)
			return
		}
		rd.showLeave(w, r, id, leaveBody{Note: note})
	default:
		w.WriteHeader(http.StatusBadRequest)
		fmt.Fprintln(w, "nothing was asked for: open this address and press a button, or send List-Unsubscribe=One-Click")
	}
}

// oneClick says whether a body is that of RFC 8058, section 3.1, however it is
// encoded and whatever type its sender gives it.
func oneClick(body []byte) bool {
	low := bytes.ToLower(body)
	return bytes.Contains(low, []byte("list-unsubscribe")) &&
		(bytes.Contains(low, []byte("one-click")) || bytes.Contains(low, []byte("one%2dclick")))
}

// rest pauses a reader or ends that, and says what was done.
func (rd *readers) rest(ctx context.Context, id int64, act string) (note string, err error) {
	if act == "pause" {
		done, err := rd.Store.PauseReader(ctx, id)
		if done {
			note = "You get no letters until you go on."
		}
		return note, err
	}
	done, err := rd.Store.ResumeReader(ctx, id)
	if done {
		note = "You get letters again."
	}
	return note, err
}

func (rd *readers) showLeave(w http.ResponseWriter, r *http.Request, id int64, b leaveBody) {
	b.Action, b.Contact = rd.base()+"/leave/"+r.PathValue("token"), rd.Frame.ReplyTo
	if rd.SignUp {
		b.Join = rd.base() + "/subscribe"
	}
	reader, ok, err := rd.Store.Subscriber(r.Context(), id)
	if err != nil {
		rd.fault(w, r, err)
		return
	}
	b.Choose = rd.chooseLink(id)
	if ok {
		b.Address = mask(reader.Address)
	}
	if b.State == "" || id == 0 || !ok { // of who was erased there is no address to name
		b.State = standing(id, reader, ok)
	}
	title := "Leave"
	switch b.State {
	case justLeft:
		title = "You have left"
	case standsOff:
		title = "You are not on the list"
	}
	rd.show(w, r, http.StatusOK, "leave", page{Title: title, Private: true, Body: b})
}

func standing(id int64, reader store.Subscriber, ok bool) leaveStanding {
	switch {
	case id == 0:
		return standsNobody
	case ok && reader.State == "active":
		return standsOn
	case ok && reader.State == "paused":
		return standsPaused
	}
	return standsOff
}
