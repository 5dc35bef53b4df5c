package web

import (
	"context"
	"errors"

	"standpoint/digest/render"
	"standpoint/digest/store"
)

// homeView is the home page.
type homeView struct {
	SignUp   bool
	About    string
	Question string
	Newest   *render.FrontView // nil before the first edition
	Stances  []render.StanceView
}

const about = render.Paper + " reads what think tanks publish, keeps the pieces that take part in one debate, and sorts them by what their authors are for, with the sentences that show it. " +
	"Each edition goes out by mail and stays here for good."

// home makes the home page: what this is, and the newest edition.
func (a *archive) home(ctx context.Context) (*answer, error) {
	v := homeView{About: about, SignUp: a.SignUp, Question: a.Pack.Question, Stances: render.Stances(a.Pack)}
	switch e, err := a.Store.PublicEdition(ctx, 0); {
	case errors.Is(err, store.ErrNoEdition):
	case err != nil:
		return nil, err
	default:
		front := a.Renderer.Front(e.Edition, a.Frame)
		v.Newest = &front
	}
	return a.html("home", page{
		Title: render.Paper + ": " + a.Pack.Name, Kind: "home", Body: inBase[homeView]{a.base(), v}, Canonical: a.public("/"),
		Description: "What think tanks write on " + a.Pack.Name + ", by where their authors stand.",
	})
}
