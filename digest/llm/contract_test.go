package llm

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"standpoint/digest/stance"
	"standpoint/digest/topic"
)

func TestGoodAnswer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e := newEndpoint(t, always(good))
		c, end := e.client(t)
		defer end()
		o, n, err := c.Begin(10).Ask(t.Context(), fair())
		if err != nil {
			t.Fatal(err)
		}
		want := stance.Opinion{
			From: "tiny", Relevant: true, Stance: "wine", Also: []topic.StanceKey{"either"}, Confidence: stance.High,
			Evidence: fair().Excerpts[1:2],
		}
		if diff := cmp.Diff(want, o); diff != "" || n != 2 {
			t.Errorf("%d requests, -want +got:\n%s", n, diff)
		}
		q := e.questions()[0]
		if q.Model != "tiny" || q.Temperature != 0 || q.Stream || q.MaxTokens < 500 || q.Format.Type != "json_schema" || !q.Format.Schema.Strict {
			t.Errorf("asked %+v", q)
		}
		if e.auth[0] != "Bearer "+key {
			t.Errorf("authorization %q", e.auth[0])
		}
	})
}

// TestMisbehaviour holds the client to its promise for each way in which an
// endpoint is known to misbehave: no opinion, one clear line, in bounded time and
// with a bounded number of requests.
func TestMisbehaviour(t *testing.T) {
	status := func(code int, header ...string) func(int, http.ResponseWriter, *http.Request) {
		return func(_ int, w http.ResponseWriter, _ *http.Request) {
			for i := 0; i+1 < len(header); i += 2 {
				w.Header().Set(header[i], header[i+1])
			}
			w.WriteHeader(code)
			_, _ = w.Write([]byte(`{"error":{"message":"so it is,\n` + key + `"}}`))
		}
	}
	raw := func(contentType, body string) func(int, http.ResponseWriter, *http.Request) {
		return func(_ int, w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", contentType)
			_, _ = w.Write([]byte(body))
		}
	}
	noJSON := "its answer is not the JSON object that was asked for"
	for name, row := range map[string]struct {
		answer   func(int, http.ResponseWriter, *http.Request)
		want     string
		requests int
		stops    bool // for the rest of the run, at the first such answer
	}{
		"no choices":           {raw("application/json", `{"choices":[]}`), "no choices", 1, false},
		"HTML with 200":        {raw("text/html", "<!doctype html><title>Log in</title>"), "a web page: is llm.base_url", 1, false},
		"cut response":         {raw("application/json", `{"choices":[{"message":{"content":"{\"evid`), "cut off or no JSON", 1, false},
		"cut answer":           {always(good[:40]), noJSON, 1, false},
		"absurd number":        {always(strings.Replace(good, `["2"]`, `[8.5e46506]`, 1)), "quotes what the piece does not say", 1, false},
		"absurd confidence":    {always(strings.Replace(good, `"high"`, `92918`, 1)), noJSON, 1, false},
		"prose":                {always("The author clearly wants wine."), noJSON, 1, false},
		"prose around it":      {always("Here it is: " + good + " I hope that helps."), noJSON, 1, false},
		"a list":               {always("[" + good + "]"), noJSON, 1, false},
		"null":                 {always("null"), noJSON, 1, false},
		"no relevance":         {always(strings.Replace(good, `"relevant":true,`, "", 1)), noJSON, 1, false},
		"unknown confidence":   {always(strings.Replace(good, "high", "total", 1)), noJSON, 1, false},
		"empty answer":         {always("  "), "its answer is empty", 1, false},
		"refusal":              {raw("application/json", `{"choices":[{"message":{"content":null,"refusal":"I cannot."}}]}`), "declines to answer", 1, false},
		"content filter":       {func(_ int, w http.ResponseWriter, _ *http.Request) { finishes(w, "", "content_filter") }, "declines to answer", 1, false},
		"unknown label":        {always(strings.Replace(good, `"wine"`, `"beer"`, 1)), `the label "beer"`, 1, false},
		"unknown also":         {always(strings.Replace(good, "either", "be\\u0007er", 1)), `the label "be er"`, 1, false},
		"foreign quote":        {always(strings.Replace(good, `"2"`, `"Only beer will save the fair."`, 1)), "quotes what the piece does not say", 1, false},
		"good and foreign":     {always(strings.Replace(good, `"2"`, `"2","Only beer will save the fair."`, 1)), "quotes what the piece does not say", 1, false},
		"no such sentence":     {always(strings.Replace(good, `"2"`, `"4"`, 1)), "quotes what the piece does not say", 1, false},
		"sentence zero":        {always(strings.Replace(good, `"2"`, `0`, 1)), "quotes what the piece does not say", 1, false},
		"a word for a quote":   {always(strings.Replace(good, `"2"`, `"wine"`, 1)), "quotes what the piece does not say", 1, false},
		"an object as quote":   {always(strings.Replace(good, `"2"`, `{"n":2}`, 1)), "quotes what the piece does not say", 1, false},
		"no evidence":          {always(strings.Replace(good, `"2"`, "", 1)), "has no evidence", 1, false},
		"too much evidence":    {always(strings.Replace(good, `"2"`, strings.Repeat(`"2",`, 99)+`"2"`, 1)), noJSON, 1, false},
		"cut by tokens":        {func(_ int, w http.ResponseWriter, _ *http.Request) { finishes(w, good[:30], "length") }, "limit of tokens, twice", 2, false},
		"unknown model":        {status(404), `does not know the model "tiny"`, 1, true},
		"wrong key":            {status(401), "does not accept the key; put a valid one into the variable that llm.key_env names", 1, true},
		"forbidden":            {status(403), "does not accept the key", 1, true},
		"no such format":       {status(400), "status 400: so it is, [hidden]", 1, false},
		"too many":             {status(429, "Retry-After", "7"), "status 429: so it is, [hidden]", 3, false},
		"overloaded":           {status(503), "status 503: so it is", 3, false},
		"overloaded till noon": {status(503, "Retry-After", "3600"), "asks to be left alone for 1h0m0s", 1, true},
		"a date to wait for": {
			status(503, "Retry-After", "Mon, 02 Mar 2026 09:00:00 GMT", "Date", "Mon, 02 Mar 2026 07:00:00 GMT"),
			"asks to be left alone for 2h0m0s", 1, true,
		},
		"redirect":          {status(307, "Location", "https://elsewhere.example/v1/chat/completions"), "redirects to elsewhere.example, which is not followed", 1, true},
		"redirect as 302":   {status(302, "Location", "/login"), "redirects to 127.0.0.1:11434", 1, true},
		"redirect with key": {status(307, "Location", "https://"+key+".example/"), "redirects to [hidden].example, which", 1, true},
		"stream":            {raw("text/event-stream", "data: {}\n\n"), "streams its answer", 1, false},
		"hidden stream":     {raw("application/json", "data: {\"choices\":[]}\n\ndata: [DONE]\n\n"), "streams its answer", 1, false},
		"endless body":      {endless, "more than 1048576 bytes", 1, false},
		"slow drip":         {drip, "no answer within 1m0s", 1, false},
		"hangs":             {func(_ int, _ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }, "no answer within 1m0s", 1, false},
		"reset":             {reset, "EOF", 3, false},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				e := newEndpoint(t, row.answer)
				c, end := e.client(t)
				defer end()
				run := c.Begin(100)
				began := time.Now()
				o, n, err := run.Ask(t.Context(), fair())
				if err == nil {
					t.Fatalf("an opinion: %+v", o)
				}
				if !strings.Contains(err.Error(), row.want) || strings.Contains(err.Error(), "\n") || strings.Contains(err.Error(), key) {
					t.Errorf("got %q, want a line with %q", err, row.want)
				}
				if n != row.requests || len(e.questions()) != n || run.Spent() != n {
					t.Errorf("%d requests were made, %d told, %d spent; want %d", len(e.questions()), n, run.Spent(), row.requests)
				}
				if took := time.Since(began); took > 2*time.Minute {
					t.Errorf("it took %v", took)
				}
				_, _, err = run.Ask(t.Context(), fair())
				if stopped := errors.Is(err, ErrStopped); stopped != row.stops {
					t.Errorf("asked on: %v", err)
				}
			})
		})
	}
}

func endless(_ int, w http.ResponseWriter, r *http.Request) {
	chunk := []byte(strings.Repeat(" ", 64<<10))
	for r.Context().Err() == nil {
		if _, err := w.Write(chunk); err != nil {
			return
		}
	}
}

func drip(_ int, w http.ResponseWriter, r *http.Request) {
	for r.Context().Err() == nil {
		if _, err := w.Write([]byte(" ")); err != nil {
			return
		}
		w.(http.Flusher).Flush()
		time.Sleep(time.Second)
	}
}

func reset(_ int, w http.ResponseWriter, _ *http.Request) {
	conn, _, err := w.(http.Hijacker).Hijack()
	if err == nil {
		_ = conn.Close()
	}
}

// TestHealing: what may pass is asked again, after the time that was asked for.
func TestHealing(t *testing.T) {
	for name, row := range map[string]struct {
		first    func(int, http.ResponseWriter, *http.Request)
		requests int
		waits    time.Duration
	}{
		"too many": {func(_ int, w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Retry-After", "20")
			w.WriteHeader(http.StatusTooManyRequests)
		}, 3, 20 * time.Second},
		"overloaded": {func(_ int, w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusServiceUnavailable) }, 3, time.Second},
		"reset":      {reset, 3, time.Second},
		"cut":        {func(_ int, w http.ResponseWriter, _ *http.Request) { finishes(w, good[:30], "length") }, 3, 0},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				e := newEndpoint(t, func(n int, w http.ResponseWriter, r *http.Request) {
					if n == 1 {
						row.first(n, w, r)
						return
					}
					says(w, good)
				})
				c, end := e.client(t)
				defer end()
				began := time.Now()
				o, n, err := c.Begin(10).Ask(t.Context(), fair())
				if err != nil || o.Stance != "wine" || n != row.requests || time.Since(began) != row.waits {
					t.Errorf("%+v, %d requests in %v, %v", o, n, time.Since(began), err)
				}
				if name == "cut" && e.questions()[1].MaxTokens <= e.questions()[0].MaxTokens {
					t.Errorf("no more room: %d, %d", e.questions()[0].MaxTokens, e.questions()[1].MaxTokens)
				}
			})
		})
	}
}

func TestBreaker(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		bad := true
		e := newEndpoint(t, func(_ int, w http.ResponseWriter, _ *http.Request) {
			if bad {
				says(w, "prose")
				return
			}
			says(w, good)
		})
		c, end := e.client(t)
		defer end()
		run := c.Begin(100)
		ask := func() error {
			_, _, err := run.Ask(t.Context(), fair())
			return err
		}
		_, _ = ask(), ask()
		bad = false
		if err := ask(); err != nil {
			t.Fatal(err)
		}
		bad = true
		for n := range inARow {
			err := ask()
			if told := strings.HasSuffix(err.Error(), "; no more is asked in this run"); told != (n == inARow-1) {
				t.Errorf("failure %d: %v", n+1, err)
			}
		}
		bad = false
		asked := len(e.questions())
		if err := ask(); !errors.Is(err, ErrStopped) || len(e.questions()) != asked {
			t.Errorf("asked on: %v", err)
		}
		if _, _, err := c.Begin(100).Ask(t.Context(), fair()); err != nil {
			t.Errorf("the next run: %v", err)
		}
	})
}

func TestBudget(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e := newEndpoint(t, always(good))
		c, end := e.client(t)
		defer end()
		run := c.Begin(5)
		done := make(chan error)
		for range 4 { // at the same time: none may spend what another has
			go func() {
				_, _, err := run.Ask(t.Context(), fair())
				done <- err
			}()
		}
		var told, stopped, fine int
		for range 4 {
			switch err := <-done; {
			case err == nil:
				fine++
			case errors.Is(err, ErrStopped):
				stopped++
			case strings.Contains(err.Error(), "the budget of 5 requests is spent"):
				told++
			default:
				t.Error(err)
			}
		}
		if fine != 2 || told != 1 || stopped != 1 || run.Spent() != 4 {
			t.Errorf("%d fine, %d told, %d stopped, %d spent", fine, told, stopped, run.Spent())
		}
	})
}

// TestEndOfRun: a run that is told to end waits for no endpoint.
func TestEndOfRun(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e := newEndpoint(t, func(_ int, _ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
		c, end := e.client(t)
		defer end()
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		began := time.Now()
		_, _, err := c.Begin(10).Ask(ctx, fair())
		if !errors.Is(err, ctx.Err()) || ctx.Err() == nil || time.Since(began) != time.Second {
			t.Errorf("%v after %v", err, time.Since(began))
		}
	})
}
