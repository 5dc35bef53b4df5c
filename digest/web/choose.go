package web

import (
	"context"
	"net/http"
	"net/url"
	"slices"

	"standpoint/digest"
	"standpoint/digest/render"
	"standpoint/digest/store"
	"standpoint/digest/token"
	"standpoint/digest/topic"
)

// chooseBody is the page of a reader's choices.
type chooseBody struct {
	State     leaveStanding
	Note      string // what was done just now; empty: nothing
	Action    string
	Leave     string
	Join      string
	Address   string // masked
	Name      string
	Short     bool
	Languages []choice
	Stances   []choice
	Outlets   []choice
	Picked    int // outlets
}

// choice is a box to tick.
type choice struct {
	Value, Name, Shape string
	On                 bool
}

// languages are those that letters speak, with the one on that a tag asks for.
func languages(tag string) []choice {
	var out []choice
	on, _ := render.LanguageOf(tag)
	for _, l := range render.Languages() {
		out = append(out, choice{Value: l.Tag, Name: l.Name, On: l == on})
	}
	return out
}

// picked is the value of the choice that is on.
func picked(all []choice) string {
	for _, c := range all {
		if c.On {
			return c.Value
		}
	}
	return ""
}

// chooser returns whose choices a request's token opens. When nobody's, it has
// answered.
func (rd *readers) chooser(w http.ResponseWriter, r *http.Request) (int64, bool) {
	n, err := rd.Keys.Verify(token.Choose, r.PathValue("token"))
	if err != nil {
		rd.badLink(w, r)
		return 0, false
	}
	id, until := token.SplitDated(n)
	if !rd.Now().Before(until) {
		rd.message(w, r, http.StatusGone, message{Heading: "This page was open for too long", Text: []string{
			"Please open the link for leaving or changing at the end of any letter: it leads here.",
		}})
		return 0, false
	}
	return id, true
}

func (rd *readers) choosePage(w http.ResponseWriter, r *http.Request) {
	if id, ok := rd.chooser(w, r); ok {
		rd.showChoices(w, r, id, "")
	}
}

// choose stores what a reader chose, or pauses, or goes on.
func (rd *readers) choose(w http.ResponseWriter, r *http.Request) {
	fields, ok := rd.fields(w, r)
	if !ok {
		return
	}
	id, ok := rd.chooser(w, r)
	if !ok {
		return
	}
	if wait := rd.acts.wait(network(rd.client(r)), rd.Now()); wait > 0 {
		rd.slowDown(w, r, wait)
		return
	}
	var note string
	var err error
	switch act := fields.Get("act"); {
	case id == 0: // a proof's: there is nobody to store it for
	case act == "pause" || act == "resume":
		note, err = rd.rest(r.Context(), id, act)
	case act == "save":
		note, err = rd.save(r.Context(), id, fields)
	}
	if err != nil {
		rd.fault(w, r, err)
		return
	}
	rd.showChoices(w, r, id, note)
}

// save stores the choices of somebody who is on the list. Of stances and outlets
// those that do not exist are left out.
func (rd *readers) save(ctx context.Context, id int64, fields url.Values) (note string, err error) {
	reader, ok, err := rd.Store.Subscriber(ctx, id)
	if err != nil || standing(id, reader, ok) == standsOff {
		return "", err
	}
	names, err := rd.outlets(ctx, reader.Wish)
	if err != nil {
		return "", err
	}
	wish := digest.Wish{Short: fields.Get("letter") == "short", Language: reader.Wish.Language}
	if fields.Has("language") {
		wish.Language = picked(languages(fields.Get("language")))
	}
	for _, s := range rd.Pack.Stances {
		if slices.Contains(fields["stance"], string(s.Key)) {
			wish.Stances = append(wish.Stances, s.Key)
		}
	}
	for _, n := range names {
		if slices.Contains(fields["outlet"], n) {
			wish.Outlets = append(wish.Outlets, n)
		}
	}
	err = rd.Store.Choose(ctx, id, line(fields.Get("name"), 100), wish)
	return "Your choices are kept. They hold from the next letter on.", err
}

// outlets are the names of the sources that are read, and of those that a reader
// chose before they were taken out.
func (rd *readers) outlets(ctx context.Context, wish digest.Wish) ([]string, error) {
	sources, err := rd.Store.Sources(ctx)
	if err != nil {
		return nil, err
	}
	var names []string
	for _, s := range sources {
		names = append(names, s.Name)
	}
	slices.Sort(names)
	for _, n := range wish.Outlets {
		if !slices.Contains(names, n) {
			names = append(names, n)
		}
	}
	return slices.Compact(names), nil
}

func (rd *readers) showChoices(w http.ResponseWriter, r *http.Request, id int64, note string) {
	reader, ok, err := rd.Store.Subscriber(r.Context(), id)
	if err != nil {
		rd.fault(w, r, err)
		return
	}
	names, err := rd.outlets(r.Context(), reader.Wish)
	if err != nil {
		rd.fault(w, r, err)
		return
	}
	b := rd.choices(id, reader, ok, names)
	b.Note, b.Action = note, rd.base()+"/choose/"+r.PathValue("token")
	status := http.StatusOK
	if b.State == standsOff {
		status = http.StatusGone
	}
	rd.show(w, r, status, "choose", page{Title: "Your letter", Private: true, Body: b})
}

func (rd *readers) choices(id int64, reader store.Subscriber, ok bool, outlets []string) chooseBody {
	b := chooseBody{
		State: standing(id, reader, ok), Leave: rd.base() + "/leave/" + rd.Keys.Sign(token.Leave, id),
		Name: reader.Name, Short: reader.Wish.Short, Languages: languages(reader.Wish.Language),
	}
	if ok {
		b.Address = mask(reader.Address)
	}
	if rd.SignUp {
		b.Join = rd.base() + "/subscribe"
	}
	for _, s := range rd.Pack.Stances {
		b.Stances = append(b.Stances, choice{string(s.Key), s.Name, s.Shape, slices.Contains(reader.Wish.Stances, topic.StanceKey(s.Key))})
	}
	for _, n := range outlets {
		c := choice{Value: n, Name: n, On: slices.Contains(reader.Wish.Outlets, n)}
		if c.On {
			b.Picked++
		}
		b.Outlets = append(b.Outlets, c)
	}
	return b
}
