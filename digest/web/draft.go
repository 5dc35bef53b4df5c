package web

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"standpoint/digest/store"
	"standpoint/digest/token"
	"standpoint/digest/topic"
)

// Drafts is what the editor's page can have done. Revision is that of the draft
// which the editor saw: store.ErrRevised says that it is another by now.
type Drafts struct {
	Approve func(ctx context.Context, edition, revision int) error
	Hold    func(ctx context.Context, edition int, why string) error
	// Correct notes a correction, which is done later: it may take a while.
	Correct func(ctx context.Context, o store.Order, revision int) error
	Drop    func(ctx context.Context, edition, revision int, item int64, why string) error
	Restore func(ctx context.Context, edition, revision int, item int64) error
}

// Refusal is why something that the editor asked for cannot be, in words for the
// editor.
type Refusal struct{ Why string }

func (e *Refusal) Error() string { return e.Why }

// longestWhy bounds the editor's reason, in characters.
const longestWhy = 500

// drafting adds the editor's pages. GET shows and POST acts, so that whatever
// follows all links of a mail changes nothing.
func (s *Site) drafting(mux *http.ServeMux) {
	mux.HandleFunc("GET /draft/{token}", s.edited(func(w http.ResponseWriter, r *http.Request, a store.Approval) {
		s.draft(w, r, http.StatusOK, a, draftView{})
	}))
	mux.HandleFunc("GET /draft/{token}/letter", s.edited(s.draftLetter))
	mux.HandleFunc("POST /draft/{token}", s.edited(s.draftAct))
}

// edited finds the edition that the editor's token opens.
func (s *Site) edited(next func(http.ResponseWriter, *http.Request, store.Approval)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		n, err := s.Keys.Verify(token.Editor, r.PathValue("token"))
		if err != nil {
			s.message(w, r, http.StatusNotFound, message{Heading: "This link is not good", Text: []string{"It may be cut short. The whole of it is in the mail with the draft."}})
			return
		}
		a, ok, err := s.Store.Approval(r.Context(), int(n))
		switch {
		case err != nil:
			s.fault(w, r, err)
		case !ok:
			s.message(w, r, http.StatusNotFound, message{Heading: "There is no such draft"})
		default:
			next(w, r, a)
		}
	}
}

// draftLetter shows the draft as readers would see it on the web.
func (s *Site) draftLetter(w http.ResponseWriter, r *http.Request, a store.Approval) {
	e, err := s.Store.Edition(r.Context(), a.Edition)
	if err != nil {
		s.fault(w, r, err)
		return
	}
	e.Window.From, e.Window.To = e.Window.From.In(s.Zone), e.Window.To.In(s.Zone)
	page, err := s.Renderer.Page(e, s.Frame)
	if err != nil {
		s.fault(w, r, err)
		return
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Security-Policy", withStyles(page))
	h.Set("X-Robots-Tag", "noindex, nofollow")
	h.Set("Cache-Control", "no-store")
	if r.Method != http.MethodHead {
		_, _ = w.Write([]byte(page))
	}
}

// draftAct does what a button of the page says.
func (s *Site) draftAct(w http.ResponseWriter, r *http.Request, a store.Approval) {
	if err := r.ParseForm(); err != nil {
		s.message(w, r, http.StatusBadRequest, message{Heading: "This form cannot be read"})
		return
	}
	seen, err := strconv.Atoi(r.PostFormValue("revision"))
	if err != nil || seen < 1 {
		s.message(w, r, http.StatusBadRequest, message{Heading: "This form is not whole", Text: []string{"Please go back to the draft and try again."}})
		return
	}
	bad := s.draftDo(r, a.Edition, seen)
	refusal, refused := errors.AsType[*Refusal](bad)
	view, status := draftView{}, http.StatusConflict
	switch {
	case bad == nil:
		http.Redirect(w, r, s.base()+"/draft/"+r.PathValue("token"), http.StatusSeeOther)
		return
	case errors.Is(bad, store.ErrNoDraft): // the page says what happened
	case errors.Is(bad, store.ErrRevised):
		view.Seen = seen
		view.Problem = "The draft has changed since you saw it, and nothing was done. Please look at it again."
	case errors.Is(bad, store.ErrNoPiece):
		view.Problem = "The draft has no such piece any more."
	case errors.Is(bad, store.ErrBusy):
		view.Problem = "Corrections are being worked on. Please try again in a minute."
	case refused:
		view.Problem, status = refusal.Why, http.StatusUnprocessableEntity
	default:
		s.fault(w, r, bad)
		return
	}
	a, _, err = s.Store.Approval(r.Context(), a.Edition)
	if err != nil {
		s.fault(w, r, err)
		return
	}
	s.draft(w, r, status, a, view)
}

func (s *Site) draftDo(r *http.Request, edition, seen int) error {
	// What was begun is done whether or not the editor's browser waits for it.
	ctx := context.WithoutCancel(r.Context())
	why := reason(r.PostFormValue("why"))
	item, _ := strconv.ParseInt(r.PostFormValue("item"), 10, 64)
	do := r.PostFormValue("do")
	if why == "" && slices.Contains([]string{"hold", "correct", "drop"}, do) {
		return &Refusal{"Please say why, for the record."}
	}
	switch do {
	case "approve":
		return s.Drafts.Approve(ctx, edition, seen)
	case "hold":
		return s.Drafts.Hold(ctx, edition, why)
	case "drop":
		return s.Drafts.Drop(ctx, edition, seen, item, why)
	case "restore":
		return s.Drafts.Restore(ctx, edition, seen, item)
	case "undo":
		return s.Drafts.Correct(ctx, store.Order{Edition: edition, Item: item, Undo: true}, seen)
	case "correct":
		key := topic.StanceKey(r.PostFormValue("stance"))
		if key == offSubject {
			key = ""
		} else if _, known := s.Pack.Stance(key); !known {
			return &Refusal{"Please choose where the piece stands."}
		}
		return s.Drafts.Correct(ctx, store.Order{Edition: edition, Item: item, Stance: key, Why: why}, seen)
	}
	return &Refusal{"The form asks for nothing that is known here."}
}

// offSubject stands for no stance in the page's forms.
const offSubject = "irrelevant"

// reason makes one line of what the editor wrote, of bounded length.
func reason(s string) string {
	text := []rune(strings.Join(strings.Fields(strings.ToValidUTF8(s, "\uFFFD")), " "))
	return string(text[:min(len(text), longestWhy)])
}

// draft shows the editor's page.
func (s *Site) draft(w http.ResponseWriter, r *http.Request, status int, a store.Approval, v draftView) {
	ctx := r.Context()
	e, err := s.Store.Edition(ctx, a.Edition)
	if err == nil {
		v.dropped, err = s.Store.DroppedFrom(ctx, a.Edition)
	}
	if err == nil && a.Open() {
		v.aside, err = s.Store.SetAside(ctx, a.Edition)
	}
	if err == nil {
		v.log, err = s.Store.ApprovalLog(ctx, a.Edition)
	}
	if err == nil {
		v.orders, err = s.Store.Orders(ctx, a.Edition)
	}
	if err != nil {
		s.fault(w, r, err)
		return
	}
	v.fill(s, a, e, r.PathValue("token"))
	s.show(w, r, status, "draft", page{Title: v.Heading, Kind: "draft", Private: true, Body: v})
}

// at writes a moment for the editor.
func (s *Site) at(t time.Time) string { return t.In(s.Zone).Format("Mon 2 Jan 2006, 15:04 MST") }
