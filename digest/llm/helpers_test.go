package llm

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"standpoint/digest/stance"
	"standpoint/digest/topic"
)

const key = "open-sesame"

func cheese(t testing.TB) *topic.Pack {
	t.Helper()
	pack, err := topic.Load(fstest.MapFS{
		"pack.yaml": {Data: []byte(`key: cheese-or-wine
name: Cheese or wine
question: What should the village fair be about?
stances:
  - {key: cheese, name: Cheese, short: Cheese, test: For cheese above all., colour: "#000001", dark: "#fffff1", shape: "■"}
  - {key: wine, name: Wine, short: Wine, test: For wine above all., colour: "#000002", dark: "#fffff2", shape: "●"}
  - {key: either, name: Either, short: Either, test: Takes no side., colour: "#000003", dark: "#fffff3", shape: "○", neutral: true}
`)},
		"cues.txt":       {Data: []byte("[anchor]\n1 fair\n")},
		"examples.jsonl": {},
	})
	if err != nil {
		t.Fatal(err)
	}
	return pack
}

// piece has its sentences, one a line, as excerpts.
func piece(title string, sentences ...string) Piece {
	p := Piece{Title: title, Text: strings.Join(sentences, "\n")}
	at := 0
	for _, s := range sentences {
		p.Excerpts = append(p.Excerpts, stance.Quote{Text: s, Start: at, End: at + len(s)})
		at += len(s) + 1
	}
	return p
}

func fair() Piece {
	return piece("The fair", "The fair comes round again in the month of May.", "What it needs is better wine from our own cellars.",
		"Some say that cheese would do, and they are wrong.")
}

// endpoint is an HTTP server within the test: without sockets, so that a test's
// clock can run ahead of the world's.
type endpoint struct {
	*httptest.Server
	conns chan net.Conn
	done  chan struct{}
	once  sync.Once
	mu    sync.Mutex
	asked []request
	auth  []string
}

// newEndpoint answers the nth question, from 1, by what answer does.
func newEndpoint(t testing.TB, answer func(n int, w http.ResponseWriter, r *http.Request)) *endpoint {
	t.Helper()
	e := &endpoint{conns: make(chan net.Conn), done: make(chan struct{})}
	e.Server = &httptest.Server{Listener: e, Config: &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var q request
		body, err := io.ReadAll(r.Body)
		if err == nil {
			err = json.Unmarshal(body, &q)
		}
		if err != nil || r.Method != http.MethodPost || r.URL.Path != "/v1/chat/completions" {
			t.Errorf("%s %s: %v", r.Method, r.URL, err)
		}
		e.mu.Lock()
		e.asked, e.auth = append(e.asked, q), append(e.auth, r.Header.Get("Authorization"))
		n := len(e.asked)
		e.mu.Unlock()
		answer(n, w, r)
	})}}
	e.Start()
	return e
}

// questions are those that were put so far.
func (e *endpoint) questions() []request {
	e.mu.Lock()
	defer e.mu.Unlock()
	return slices.Clone(e.asked)
}

func (e *endpoint) Accept() (net.Conn, error) {
	select {
	case c := <-e.conns:
		return c, nil
	case <-e.done:
		return nil, net.ErrClosed
	}
}

func (e *endpoint) Close() error {
	e.once.Do(func() { close(e.done) })
	return nil
}

func (e *endpoint) Addr() net.Addr { return &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 11434} }

func (e *endpoint) dial(ctx context.Context, _, _ string) (net.Conn, error) {
	ours, theirs := net.Pipe()
	select {
	case e.conns <- theirs:
		return ours, nil
	case <-e.done:
		return nil, net.ErrClosed
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// client returns a client of the endpoint, and what ends both.
func (e *endpoint) client(t testing.TB) (*Client, func()) {
	t.Helper()
	c, err := New(cheese(t), Options{
		BaseURL: "http://127.0.0.1:11434/v1/", Model: "tiny", Key: key, Transport: &http.Transport{DialContext: e.dial},
	})
	if err != nil {
		t.Fatal(err)
	}
	return c, func() {
		c.Close()
		e.CloseClientConnections()
		e.Server.Close()
	}
}

// says answers with a completion of that content.
func says(w http.ResponseWriter, content string) { finishes(w, content, "stop") }

func finishes(w http.ResponseWriter, content, reason string) {
	quoted, _ := json.Marshal(content)
	w.Header().Set("Content-Type", "application/json")
	fmt.Fprintf(w, `{"id":"x","object":"chat.completion","choices":[{"index":0,"finish_reason":%q,"message":{"role":"assistant","content":%s}}]}`, reason, quoted)
}

// says, always the same.
func always(content string) func(int, http.ResponseWriter, *http.Request) {
	return func(_ int, w http.ResponseWriter, _ *http.Request) { says(w, content) }
}

const good = `{"evidence":["2"],"relevant":true,"primary":"wine","also":["either"],"confidence":"high"}`
