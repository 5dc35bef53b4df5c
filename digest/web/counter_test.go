package web_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"standpoint/digest/mail"
	"standpoint/digest/store"
	"standpoint/digest/token"
	"standpoint/digest/web"
)

// counter is a site with its handler, whose clock the test sets.
type counter struct {
	*web.Site
	h     http.Handler
	now   time.Time
	woken atomic.Int32
}

func newCounter(t testing.TB) *counter {
	t.Helper()
	return newCounterIn(t, t.TempDir())
}

func newCounterIn(t testing.TB, dir string) *counter {
	t.Helper()
	c := &counter{Site: newSiteIn(t, dir), now: noon}
	c.Now = func() time.Time { return c.now }
	c.Recipient = func(typed string) (string, error) {
		a, err := mail.ParseReader(typed)
		return a.Address, err
	}
	c.Wake = func(context.Context) { c.woken.Add(1) }
	c.h = c.Handler()
	return c
}

// do sends a request and returns the answer's status and body.
func (c *counter) do(r *http.Request) (int, string, http.Header) {
	w := httptest.NewRecorder()
	c.h.ServeHTTP(w, r)
	return w.Code, w.Body.String(), w.Header()
}

func (c *counter) get(path string) (int, string) {
	status, body, _ := c.do(httptest.NewRequest(http.MethodGet, path, nil))
	return status, body
}

func (c *counter) post(path string, fields url.Values) (int, string) {
	status, body, _ := c.do(form(path, fields))
	return status, body
}

func form(path string, fields url.Values) *http.Request {
	r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(fields.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return r
}

// stamp is what a form has that was shown so long ago.
func (c *counter) stamp(ago time.Duration) string {
	return c.Keys.Sign(token.Stamp, c.now.Add(-ago).Unix())
}

func (c *counter) filled(address string) url.Values {
	return url.Values{"address": {address}, "name": {"Ada"}, "letter": {"short"}, "language": {"fr"}, "stamp": {c.stamp(time.Minute)}, "website": {""}}
}

// asked takes the mail that a request gave cause for.
func (c *counter) asked(t testing.TB) (store.Confirmation, bool) {
	t.Helper()
	m, err := c.Store.ClaimConfirmation(t.Context(), c.now)
	return m, err == nil
}
