package web

import (
	"context"
	"fmt"
	"math"
	"net/http"
	"net/url"
	"time"

	"standpoint/digest/render"
	"standpoint/digest/store"
)

// methodView is the method page.
type methodView struct {
	Question string
	Stances  []render.StanceView
	Rules    []string
	Accuracy string
	Talk     string // whom to write to; empty: not told
	Sources  []sourceView
	At       string // when the sources' health was looked at
}

// sourceView is a source with its health in plain words. Of its address it has
// the host alone, since the rest may hold a secret.
type sourceView struct {
	Name, Country, Host, Health string
	Well                        bool
}

// method answers with the method page. The health of sources changes with every
// visit to one, so the page is made anew every five minutes rather than with the
// archive.
func (a *archive) method(w http.ResponseWriter, r *http.Request) {
	now := a.Now()
	key := fmt.Sprintf("method %d", now.Unix()/int64(shortly/time.Second))
	a.answer(w, r, key, shortly, func(ctx context.Context) (*answer, error) { return a.methodAt(ctx, now) })
}

func (a *archive) methodAt(ctx context.Context, now time.Time) (*answer, error) {
	known, err := a.Store.Health(ctx, now)
	if err != nil {
		return nil, err
	}
	v := methodView{
		Question: a.Pack.Question, Stances: render.Stances(a.Pack), Rules: render.Rules(),
		Accuracy: a.Renderer.Accuracy(a.Pack.Measured), Talk: a.Frame.ReplyTo, At: now.In(a.Zone).Format("2 January 2006"),
	}
	for _, h := range known {
		v.Sources = append(v.Sources, a.source(h))
	}
	return a.html("method", page{
		Title: "Method", Kind: "method", Body: inBase[methodView]{a.base(), v}, Canonical: a.public("/method"),
		Description: "What the stances mean, how pieces are chosen and ordered, how often the labels hold, and what is read.",
	})
}

func (a *archive) source(h store.Health) sourceView {
	v := sourceView{Name: render.Name(h.Name), Country: h.Country}
	if u, err := url.Parse(h.URL); err == nil {
		v.Host = u.Hostname()
	}
	v.Health, v.Well = a.health(h)
	return v
}

// health says in plain words how a source stands.
func (a *archive) health(h store.Health) (words string, well bool) {
	day := func(t time.Time) string { return t.In(a.Zone).Format("2 January 2006") }
	switch {
	case !h.Paused.IsZero():
		return "not read since " + day(h.Paused), false
	case !h.Gone.IsZero():
		return "closed by the outlet on " + day(h.Gone), false
	case h.Failures > 0 && !h.FailingSince.IsZero():
		return "could not be read since " + day(h.FailingSince), false
	case h.Contacted.IsZero():
		return "not read yet", false
	case h.Silent:
		return "read; nothing new since " + day(h.Latest), true
	}
	switch n := int(math.Round(h.Weekly)); {
	case n > 1:
		return fmt.Sprintf("read; about %d pieces a week", n), true
	case h.Weekly > 0:
		return "read; about one piece a week, or less", true
	}
	return "read; nothing new in four weeks", true
}
