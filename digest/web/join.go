package web

import (
	"errors"
	"io"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"sync"
	"time"
	"unicode"

	"standpoint/digest"
	"standpoint/digest/store"
	"standpoint/digest/token"
)

// wording is the version of the sentence that readers agree to, as the form has
// it. A test holds both against each other.
const wording = "form-1"

// How soon after it was shown a form may come back: robots are quicker, or keep it.
const (
	soonest = 2 * time.Second
	latest  = 24 * time.Hour
)

// readers answers those who join, choose and leave.
type readers struct {
	*Site
	// Mail to somebody who may not have asked for it is what must not be had in
	// bulk: by one client, nor by many at once.
	joins, allJoins *limiter
	acts            *limiter
	origin          *http.CrossOriginProtection
	alike           sync.Once // the log says once that all clients look alike
}

// mostClients bounds the memory of a limiter to a few megabytes.
const mostClients = 10_000

// joining registers the pages for readers. None asks for a cookie: what its form
// may do stands in its address, which is the reader's own, so there is nothing that
// another site could make a browser do in the reader's name.
func (s *Site) joining(mux *http.ServeMux) {
	rd := &readers{
		Site:  s,
		joins: newLimiter(3*time.Minute, 10, mostClients), allJoins: newLimiter(time.Second, 100, 1),
		acts: newLimiter(time.Second, 60, mostClients), origin: http.NewCrossOriginProtection(),
	}
	if u, err := url.Parse(s.Frame.Web); err == nil && u.Host != "" {
		// A proxy may ask under another name than the browser does. A public
		// address that is no origin was refused with the configuration.
		_ = rd.origin.AddTrustedOrigin(u.Scheme + "://" + u.Host)
	}
	mux.HandleFunc("GET /subscribe", rd.joinPage)
	mux.HandleFunc("POST /subscribe", rd.join)
	mux.HandleFunc("GET /confirm/{token}", rd.confirm)
	mux.HandleFunc("POST /confirm/{token}", rd.confirm)
	mux.HandleFunc("GET /leave/{token}", rd.leavePage)
	mux.HandleFunc("POST /leave/{token}", rd.leave)
	mux.HandleFunc("GET /choose/{token}", rd.choosePage)
	mux.HandleFunc("POST /choose/{token}", rd.choose)
}

// joinForm is the form as it is shown.
type joinForm struct {
	Action, Stamp string
	Address, Name string
	Short         bool
	Languages     []choice
	Again         string // why the whole form is shown again; empty: it is not
	BadAddress    string // what is wrong with the address; empty: nothing
	Sender        string
	Contact       string
}

func (rd *readers) joinPage(w http.ResponseWriter, r *http.Request) {
	if !rd.SignUp {
		rd.message(w, r, http.StatusNotFound, message{
			Heading: "There is no form here", Text: []string{"New readers are added by the editor: " + rd.Frame.ReplyTo},
		})
		return
	}
	rd.showForm(w, r, http.StatusOK, joinForm{Languages: languages("")})
}

func (rd *readers) showForm(w http.ResponseWriter, r *http.Request, status int, f joinForm) {
	f.Action, f.Stamp = rd.base()+"/subscribe", rd.Keys.Sign(token.Stamp, rd.Now().Unix())
	f.Sender, f.Contact = rd.Frame.Sender, rd.Frame.ReplyTo
	p := page{Title: "Subscribe", Body: f}
	if status == http.StatusOK {
		p.Canonical = rd.Frame.Web + "/subscribe"
	}
	rd.show(w, r, status, "subscribe", p)
}

// join takes the form. Its answer, and the time it takes, are the same whoever the
// address belongs to.
func (rd *readers) join(w http.ResponseWriter, r *http.Request) {
	if !rd.SignUp {
		rd.joinPage(w, r)
		return
	}
	if rd.foreign(r) {
		rd.message(w, r, http.StatusForbidden, message{Heading: "This came from another site", Text: []string{"Please use the form here."}, Link: &pageLink{"Subscribe", rd.base() + "/subscribe"}})
		return
	}
	fields, ok := rd.fields(w, r)
	if !ok {
		return
	}
	f := joinForm{Address: line(fields.Get("address"), 320), Name: line(fields.Get("name"), 100), Short: fields.Get("letter") == "short", Languages: languages(fields.Get("language"))}
	if fields.Get("website") != "" { // no person sees this field
		rd.showSent(w, r, f.Address)
		return
	}
	if f.Again = rd.badStamp(fields.Get("stamp")); f.Again != "" {
		rd.showForm(w, r, http.StatusUnprocessableEntity, f)
		return
	}
	address, why := rd.recipient(f.Address)
	if why != "" {
		f.BadAddress = why
		rd.showForm(w, r, http.StatusUnprocessableEntity, f)
		return
	}
	client, now := rd.client(r), rd.Now()
	if rd.isProxy(client) {
		rd.alike.Do(func() {
			rd.Log.Warn("the reverse proxy does not say who asks, so limits take all readers for one", "mend", "let it add X-Forwarded-For")
		})
	}
	wait := rd.joins.wait(network(client), now)
	if wait == 0 {
		wait = rd.allJoins.wait(netip.Prefix{}, now)
	}
	if wait > 0 {
		rd.slowDown(w, r, wait)
		return
	}
	request := store.Request{Address: address, Name: f.Name, Wish: digest.Wish{Short: f.Short, Language: picked(f.Languages)}, Wording: wording, At: now}
	if rd.KeepClient {
		request.Client = client.String()
	}
	if err := rd.Store.Ask(r.Context(), request); err != nil {
		rd.fault(w, r, err)
		return
	}
	if rd.Wake != nil {
		rd.Wake(r.Context())
	}
	rd.showSent(w, r, f.Address)
}

// foreign says whether another site's page sent a form. Browsers too old to say so
// call the origin of our own pages null, whose policy names no referrer (Fetch,
// "append a request Origin header").
func (rd *readers) foreign(r *http.Request) bool {
	old := r.Header.Get("Sec-Fetch-Site") == "" && r.Header.Get("Origin") == "null"
	return !old && rd.origin.Check(r) != nil
}

func (rd *readers) showSent(w http.ResponseWriter, r *http.Request, address string) {
	rd.message(w, r, http.StatusOK, message{Heading: "Look into your mailbox", Text: []string{
		"If " + address + " takes our mail, one with a link is on its way. Open the link and press the button there: only then are you a reader.",
		"It should be there in a few minutes; look among the spam, too. If it does not come, ask again in an hour.",
	}})
}

// badStamp says why a form is to be sent once more, or nothing.
func (rd *readers) badStamp(stamp string) string {
	shown, err := rd.Keys.Verify(token.Stamp, stamp)
	age := rd.Now().Sub(time.Unix(shown, 0))
	switch {
	case err != nil || age > latest:
		return "This form was open for too long. Everything is still there: please send it once more."
	case age < soonest:
		return "That was quicker than we expect of people. Everything is still there: please send it once more."
	}
	return ""
}

// recipient checks an address and returns it as mail needs it, or what is wrong.
func (rd *readers) recipient(typed string) (address, why string) {
	if typed == "" {
		return "", "Please write your mail address here."
	}
	address, err := rd.Recipient(typed)
	if err != nil {
		return "", err.Error() + "."
	}
	if _, domain, _ := strings.Cut(address, "@"); !strings.Contains(domain, ".") {
		return "", "After the @ a domain such as example.org is missing."
	}
	return address, ""
}

// fields reads a form. When it cannot, it has answered.
func (rd *readers) fields(w http.ResponseWriter, r *http.Request) (url.Values, bool) {
	body, ok := rd.body(w, r)
	if !ok {
		return nil, false
	}
	// What is broken is left out, and missed by those who need it.
	fields, _ := url.ParseQuery(string(body))
	return fields, true
}

func (rd *readers) body(w http.ResponseWriter, r *http.Request) ([]byte, bool) {
	body, err := io.ReadAll(r.Body)
	if err == nil {
		return body, true
	}
	status := http.StatusBadRequest
	if _, long := errors.AsType[*http.MaxBytesError](err); long {
		status = http.StatusRequestEntityTooLarge
	}
	rd.message(w, r, status, message{Heading: "This did not come in whole", Text: []string{"Please go back and try again."}})
	return nil, false
}

// line makes one line of at most so many characters of what somebody wrote,
// without what cannot be seen.
func line(s string, most int) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r), unicode.IsControl(r):
			return ' '
		case r == unicode.ReplacementChar, unicode.In(r, unicode.Cf, unicode.Co, unicode.Cs):
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, ""))
	s = strings.Join(strings.Fields(s), " ")
	if r := []rune(s); len(r) > most {
		s = string(r[:most])
	}
	return s
}
