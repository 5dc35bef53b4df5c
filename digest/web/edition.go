package web

import (
	"context"
	"net/http"
	"strings"

	"standpoint/digest"
	"standpoint/digest/render"
)

// numbered answers for an edition's page, or for its JSON.
func (a *archive) numbered(w http.ResponseWriter, r *http.Request) {
	name, isJSON := strings.CutSuffix(r.PathValue("name"), ".json")
	n, ok := number(name)
	if !ok {
		a.missing(w, r)
		return
	}
	if isJSON {
		a.answer(w, r, r.URL.Path, longer, func(ctx context.Context) (*answer, error) { return a.json(ctx, n) })
		return
	}
	a.answer(w, r, r.URL.Path, longer, func(ctx context.Context) (*answer, error) { return a.edition(ctx, n) })
}

// edition makes an edition's page from the model that its readers were mailed.
func (a *archive) edition(ctx context.Context, number int) (*answer, error) {
	e, err := a.Store.PublicEdition(ctx, number)
	if err != nil {
		return nil, err
	}
	told, err := a.Store.ToldOf(ctx, number)
	if err != nil {
		return nil, err
	}
	languages, err := a.Store.Languages(ctx, number)
	if err != nil {
		return nil, err
	}
	page, err := a.Renderer.WebPage(e.Edition, a.Frame, render.Around{
		Base: a.base(), Previous: e.Previous, Next: e.Next, NoIndex: a.NoIndex, SignUp: a.SignUp,
		Since: digest.Since(a.Pack, e.Edition, told), Languages: languages,
	})
	if err != nil {
		return nil, err
	}
	out := newAnswer("text/html; charset=utf-8", []byte(page))
	out.policy = withStyles(page)
	return out, nil
}

func (a *archive) json(ctx context.Context, number int) (*answer, error) {
	e, err := a.Store.PublicEdition(ctx, number)
	if err != nil {
		return nil, err
	}
	data, err := render.JSON(e.Edition)
	if err != nil {
		return nil, err
	}
	return newAnswer("application/json", data), nil
}
