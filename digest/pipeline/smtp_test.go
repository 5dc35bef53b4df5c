package pipeline_test

import (
	"context"
	"io"
	"log"
	"maps"
	"net"
	netmail "net/mail"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	gosmtp "github.com/emersion/go-smtp"

	"standpoint/digest/mail"
	"standpoint/digest/pipeline"
	"standpoint/digest/store"
)

// server is a real SMTP server on loopback.
type server struct {
	*gosmtp.Server
	port int
	down func() // ends it

	mu     sync.Mutex
	taken  map[string][]string // Message-IDs by reader
	conns  int
	most   int                   // connections that are granted at once; 0: any number
	onRcpt func(to string) error // nil accepts
	onData func(to string) error // after the final dot; nil accepts
}

// serve starts a server; on port 0 the system chooses one.
func serve(t testing.TB, port int) *server {
	t.Helper()
	s := &server{taken: map[string][]string{}}
	s.Server = gosmtp.NewServer(gosmtp.BackendFunc(func(*gosmtp.Conn) (gosmtp.Session, error) {
		s.mu.Lock()
		defer s.mu.Unlock()
		if s.most > 0 && s.conns >= s.most {
			return nil, &gosmtp.SMTPError{Code: 421, EnhancedCode: gosmtp.EnhancedCode{4, 7, 0}, Message: "too many connections"}
		}
		s.conns++
		return &conversation{server: s}, nil
	}))
	s.Domain, s.ErrorLog = "localhost", log.New(io.Discard, "", 0)
	l, err := net.ListenTCP("tcp", &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: port})
	must(t, err)
	s.port = l.Addr().(*net.TCPAddr).Port
	var done sync.WaitGroup
	done.Go(func() { _ = s.Serve(l) })
	s.down = sync.OnceFunc(func() { l.Close(); s.Close(); done.Wait() }) // Close alone overlooks a listener that is not served yet
	t.Cleanup(s.down)
	return s
}

func (s *server) got() map[string][]string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return maps.Clone(s.taken)
}

type conversation struct {
	*server
	to string
}

func (c *conversation) Reset() {}

func (c *conversation) Logout() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.conns--
	return nil
}

func (c *conversation) Mail(string, *gosmtp.MailOptions) error { return nil }

func (c *conversation) Rcpt(to string, _ *gosmtp.RcptOptions) error {
	c.to = to
	if c.onRcpt != nil {
		return c.onRcpt(to)
	}
	return nil
}

func (c *conversation) Data(r io.Reader) error {
	m, err := netmail.ReadMessage(r)
	if err != nil {
		return err
	}
	if c.onData != nil {
		if err := c.onData(c.to); err != nil {
			return err
		}
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.taken[c.to] = append(c.taken[c.to], m.Header.Get("Message-Id"))
	return nil
}

// over makes the worker deliver to a server on the port.
func over(t testing.TB, w *world, port, sessions int) {
	t.Helper()
	s, err := mail.NewSMTP(mail.Options{Host: "127.0.0.1", Port: port, TLS: mail.NoTLS, Timeout: 10 * time.Second})
	must(t, err)
	w.Carrier = pipeline.Carrier{
		Sessions: sessions,
		Open:     func(ctx context.Context) (pipeline.Session, error) { return s.Dial(ctx) },
	}
}

func wantCount(t testing.TB, p pipeline.Published, want map[store.DeliveryState]int) {
	t.Helper()
	if n := len(p.Outcomes); n == 0 || !maps.Equal(p.Outcomes[n-1].Count, want) {
		t.Errorf("outcomes %+v, want %v", p.Outcomes, want)
	}
}

func TestRecipientsEndAsTheServerSays(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 20, "one")
	w.web.add("one", piece("a", 1))
	s := serve(t, 0)
	later := true
	s.onRcpt = func(to string) error {
		s.mu.Lock()
		defer s.mu.Unlock()
		switch {
		case to == "reader3@example.org":
			return &gosmtp.SMTPError{Code: 550, EnhancedCode: gosmtp.EnhancedCode{5, 1, 1}, Message: "no such user"}
		case to == "reader5@example.org" && later:
			return &gosmtp.SMTPError{Code: 451, EnhancedCode: gosmtp.EnhancedCode{4, 7, 1}, Message: "greylisted"}
		}
		return nil
	}
	over(t, w, s.port, 2)
	w.gather(t)
	p := w.publish(t)
	wantCount(t, p, map[store.DeliveryState]int{store.Accepted: 18, store.Refused: 1, store.Deferred: 1})
	if p.Outcomes[0].Finished {
		t.Error("finished with a deferred reader")
	}
	s.mu.Lock()
	later = false
	s.mu.Unlock()
	w.wait(time.Minute)
	p = w.publish(t)
	wantCount(t, p, map[store.DeliveryState]int{store.Accepted: 19, store.Refused: 1})
	if p.Edition != nil || !p.Outcomes[0].Finished {
		t.Errorf("published %+v", p)
	}
	for to, ids := range s.got() {
		if len(ids) != 1 {
			t.Errorf("%s got %d letters", to, len(ids))
		}
	}
}

func TestServerThatIsDown(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 4, "one")
	a, b := piece("a", 1), piece("b", -2)
	w.web.add("one", a)
	s := serve(t, 0)
	s.down()
	over(t, w, s.port, 2)
	w.gather(t)
	p, err := w.Publish(t.Context())
	if err == nil || p.Edition == nil {
		t.Errorf("published %+v, %v", p, err)
	}
	wantCount(t, p, map[store.DeliveryState]int{store.Planned: 4})
	// More comes, but no rival is made while the first edition cannot leave.
	w.wait(3 * time.Hour)
	w.web.add("one", b)
	w.gather(t)
	if p, err := w.Publish(t.Context()); err == nil || p.Edition != nil || len(w.editions(t)) != 1 {
		t.Errorf("published %+v, %v", p, err)
	}
	up := serve(t, s.port)
	p = w.publish(t)
	if len(p.Outcomes) != 2 || !p.Outcomes[0].Finished || !p.Outcomes[1].Finished || len(w.editions(t)) != 2 {
		t.Errorf("published %+v", p)
	}
	for to, ids := range up.got() {
		if len(ids) != 2 || ids[0] == ids[1] {
			t.Errorf("%s got %v", to, ids)
		}
	}
}

func TestPolicyBlamesNoReader(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 5, "one")
	w.web.add("one", piece("a", 1))
	s := serve(t, 0)
	asked := 0
	s.onRcpt = func(string) error {
		asked++
		return &gosmtp.SMTPError{Code: 550, EnhancedCode: gosmtp.EnhancedCode{5, 7, 1}, Message: "not from you"}
	}
	over(t, w, s.port, 1)
	w.gather(t)
	p, err := w.Publish(t.Context())
	if err == nil || asked != 1 {
		t.Errorf("%d readers were tried, %v", asked, err)
	}
	wantCount(t, p, map[store.DeliveryState]int{store.Deferred: 1, store.Planned: 4})
	s.onRcpt = nil
	w.wait(2 * time.Hour)
	wantCount(t, w.publish(t), map[store.DeliveryState]int{store.Accepted: 5})
}

// Many servers grant one client few connections. Those that it grants do the
// work.
func TestServerThatGrantsFewerSessions(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 30, "one")
	w.web.add("one", piece("a", 1))
	s := serve(t, 0)
	s.most = 1
	over(t, w, s.port, 4)
	w.gather(t)
	wantCount(t, w.publish(t), map[store.DeliveryState]int{store.Accepted: 30})
	if got := s.got(); len(got) != 30 {
		t.Errorf("%d readers got a letter", len(got))
	}
}

func TestOutbox(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 3, "one")
	w.web.add("one", piece("a", 1))
	outbox := mail.Outbox{Dir: filepath.Join(t.TempDir(), "outbox")}
	w.Carrier = pipeline.Carrier{
		Sessions: 1, Shelve: outbox.Write,
		Open: func(ctx context.Context) (pipeline.Session, error) { return outbox.Dial(ctx) },
	}
	w.gather(t)
	wantCount(t, w.publish(t), map[store.DeliveryState]int{store.Accepted: 3})
	for _, name := range []string{"edition.html", "edition.txt", "edition.json", "0001.eml", "0002.eml", "0003.eml"} {
		if info, err := os.Stat(filepath.Join(outbox.Dir, "edition-0001", name)); err != nil || info.Size() == 0 {
			t.Errorf("%s: %v", name, err)
		}
	}
}
