package web_test

import (
	"net/url"
	"strings"
	"testing"
	"time"
)

// A reader chooses; what does not exist is left out, and what was chosen shows.
func TestChoose(t *testing.T) {
	c := newCounter(t)
	id := c.reader(t, "ada@example.org")
	link := c.chooseLink(id)
	stance := string(c.Pack.Stances[1].Key)
	fields := url.Values{"act": {"save"}, "letter": {"short"}, "name": {" Ada  Reader\r\n"}, "stance": {stance, "no-such", "<script>"}, "outlet": {"Nowhere"}, "language": {"uk"}}
	if status, body := c.post(link, fields); status != 200 || !strings.Contains(body, "Your choices are kept") || !strings.Contains(body, `value="`+stance+`" checked`) || !strings.Contains(body, `value="Ada Reader"`) {
		t.Errorf("%d %s", status, body)
	}
	s, _, err := c.Store.Subscriber(t.Context(), id)
	if err != nil || !s.Wish.Short || len(s.Wish.Stances) != 1 || len(s.Wish.Outlets) != 0 || s.Name != "Ada Reader" || s.Wish.Language != "uk" {
		t.Errorf("%+v, %v", s, err)
	}
	for _, row := range []struct{ sent, want string }{{"no-such", "en"}, {"fr", "fr"}, {"", "en"}, {"de", "de"}} {
		c.post(link, url.Values{"act": {"save"}, "letter": {"short"}, "name": {s.Name}, "language": {row.sent}})
		if s, _, err := c.Store.Subscriber(t.Context(), id); err != nil || s.Wish.Language != row.want {
			t.Errorf("%q: %+v, %v", row.sent, s, err)
		}
	}
	if _, body := c.get(link); !strings.Contains(body, `<option value="de" lang="de" selected>Deutsch</option>`) {
		t.Errorf("the page does not show the language: %s", body)
	}
	// A page that was open before there were languages has no such field.
	c.post(link, url.Values{"act": {"save"}, "letter": {"short"}, "name": {s.Name}})
	if s, _, err := c.Store.Subscriber(t.Context(), id); err != nil || s.Wish.Language != "de" {
		t.Errorf("an old page: %+v, %v", s, err)
	}
	for _, row := range []struct{ act, state string }{{"pause", "paused"}, {"pause", "paused"}, {"resume", "active"}, {"nonsense", "active"}, {"", "active"}} {
		if status, _ := c.post(link, url.Values{"act": {row.act}}); status != 200 || c.state(t, id) != row.state {
			t.Errorf("%s: %d %s", row.act, status, c.state(t, id))
		}
	}
	if again, _, err := c.Store.Subscriber(t.Context(), id); err != nil || !again.Wish.Short || again.Name != s.Name {
		t.Errorf("another button changed the choices: %+v, %v", again, err)
	}
	if _, err := c.Store.Leave(t.Context(), id, "by link", c.now); err != nil {
		t.Fatal(err)
	}
	if status, body := c.post(link, fields); status != 410 || !strings.Contains(body, "not on the list") {
		t.Errorf("%d %s", status, body)
	}
	c.now = c.now.Add(26 * time.Hour)
	if status, body := c.get(link); status != 410 || !strings.Contains(body, "open for too long") {
		t.Errorf("%d %s", status, body)
	}
}
