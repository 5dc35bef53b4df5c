package web_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"standpoint/digest/store"
	"standpoint/digest/web"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// serve starts a server for one test and returns its address.
func serve(t *testing.T, h http.Handler) string {
	t.Helper()
	l, err := web.Loopback("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := web.Serve(l, h, slog.New(slog.DiscardHandler))
	t.Cleanup(func() {
		http.DefaultClient.CloseIdleConnections()
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return "http://" + l.Addr().String()
}

func ask(t *testing.T, method, address string) (*http.Response, string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, address, nil)
	if err != nil {
		t.Fatal(err)
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer, string(body)
}

func TestLoopbackOnly(t *testing.T) {
	for _, addr := range []string{"", ":0", "0.0.0.0:0", "[::]:0", "192.0.2.1:80", "localhost:0", "127.0.0.1", "example.org:80"} {
		if l, err := web.Loopback(addr); err == nil {
			l.Close()
			t.Errorf("listens at %q", addr)
		}
	}
}

func TestHealth(t *testing.T) {
	t.Parallel()
	dead, reasons := error(nil), []string(nil)
	o := web.Operator{
		Alive: func() error { return dead }, Ready: func(context.Context) []string { return reasons },
		Metrics: web.NewMetrics(func(context.Context, *web.Figures) error { return nil }),
	}
	base := serve(t, o.Handler())
	expect := func(method, path string, status int, want string) {
		t.Helper()
		answer, body := ask(t, method, base+path)
		if answer.StatusCode != status || body != want {
			t.Errorf("%s %s: %d %q, want %d %q", method, path, answer.StatusCode, body, status, want)
		}
	}
	expect("GET", "/healthz", 200, "ok\n")
	expect("GET", "/readyz", 200, "ok\n")
	dead, reasons = errors.New("the job loop stands still"), []string{"the store\ndoes not answer", "no gathering since Monday"}
	expect("GET", "/healthz", 503, "the job loop stands still\n")
	expect("GET", "/readyz", 503, "the store does not answer\nno gathering since Monday\n")
	expect("HEAD", "/readyz", 503, "")
	for _, method := range []string{"POST", "PUT", "DELETE", "OPTIONS", "TRACE"} {
		expect(method, "/readyz", 405, "only GET and HEAD\n")
	}
	expect("GET", "/", 404, "404 page not found\n")
	expect("GET", "/debug/pprof/", 404, "404 page not found\n")
	if answer, _ := ask(t, "POST", base+"/metrics"); answer.Header.Get("Allow") != "GET, HEAD" {
		t.Errorf("Allow: %q", answer.Header.Get("Allow"))
	}
	expect("GET", "/"+strings.Repeat("x", 32<<10), 431, "431 Request Header Fields Too Large")
}

// A line of the exposition format without metadata.
var sample = regexp.MustCompile(`^[a-z_]+(\{[a-z_]+="[^"]*"(,[a-z_]+="[^"]*")*\})? [-+0-9.eE]+$`)

func TestMetrics(t *testing.T) {
	db, err := store.Open(t.Context(), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.AddSubscriber(t.Context(), store.Subscriber{Address: "ann@example.org", Added: time.Unix(1, 0)}); err != nil {
		t.Fatal(err)
	}
	m := web.NewMetrics(func(ctx context.Context, f *web.Figures) error {
		f.Gauge("standpoint_odd", 1, "name", "a \"b\" \\ c\nd")
		f.Time("standpoint_never", time.Time{})
		return f.Store(ctx, db, time.Unix(2, 0))
	})
	m.Build("1.2.3", "go1.26")
	for range 2 {
		m.Job("gather", 1500*time.Millisecond, false, time.Unix(100, 0))
	}
	m.Job("gather", time.Second, true, time.Unix(200, 0))
	_, body := ask(t, "GET", serve(t, web.Operator{Metrics: m}.Handler())+"/metrics")
	for _, want := range []string{
		"standpoint_up 1", `standpoint_odd{name="a \"b\" \\ c\nd"} 1`,
		`standpoint_build_info{version="1.2.3",go="go1.26"} 1`,
		`standpoint_job_runs_total{job="gather",outcome="done"} 2`, `standpoint_job_runs_total{job="gather",outcome="failed"} 1`,
		`standpoint_job_seconds_total{job="gather"} 4`, `standpoint_job_last_end_timestamp_seconds{job="gather"} 200`,
		`standpoint_feeds{state="failing"} 0`, `standpoint_pieces{state="ready"} 0`, "standpoint_edition_last_number 0",
		`standpoint_deliveries{state="accepted"} 0`, `standpoint_subscribers{state="active"} 1`, "standpoint_editions_unfinished 0",
		"process_resident_memory_bytes ", "go_goroutines ",
	} {
		if !strings.Contains("\n"+body, "\n"+want) {
			t.Errorf("%s is missing", want)
		}
	}
	if strings.Contains(body, "@") || strings.Contains(body, "standpoint_never") {
		t.Error("an address, or a time that never was, is in the figures")
	}
	for line := range strings.Lines(body) {
		if line = strings.TrimSpace(line); strings.HasPrefix(line, "standpoint_") && !strings.HasPrefix(line, "standpoint_odd") && !sample.MatchString(line) {
			t.Errorf("no figure: %s", line)
		}
	}
	db.Close()
	if _, body := ask(t, "GET", serve(t, web.Operator{Metrics: m}.Handler())+"/metrics"); !strings.HasPrefix(body, "standpoint_up 0\n") || !strings.Contains(body, "standpoint_job_runs_total") {
		t.Errorf("with a store that does not answer: %.80s", body)
	}
}

// An answer in hand is finished, and a client that says nothing keeps nobody.
func TestClose(t *testing.T) {
	t.Parallel()
	began, finish := make(chan struct{}), make(chan struct{})
	l, err := web.Loopback("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := web.Serve(l, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		close(began)
		<-finish
		fmt.Fprint(w, "whole")
	}), slog.New(slog.DiscardHandler))
	mute, err := net.Dial("tcp", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer mute.Close()
	conn, err := net.Dial("tcp", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	fmt.Fprint(conn, "GET / HTTP/1.1\r\nHost: x\r\n\r\n")
	<-began
	closed := make(chan error)
	go func() { closed <- s.Close() }()
	close(finish)
	answer, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	if body, err := io.ReadAll(answer.Body); err != nil || string(body) != "whole" {
		t.Errorf("%q, %v", body, err)
	}
	if err := <-closed; err != nil {
		t.Error(err)
	}
}

// roundTrip answers pings from a list of statuses; 0 is no answer.
type roundTrip struct {
	statuses []int
	asked    int
}

func (r *roundTrip) RoundTrip(q *http.Request) (*http.Response, error) {
	status := r.statuses[r.asked]
	r.asked++
	if q.Method != http.MethodGet || q.Header.Get("User-Agent") != "Standpoint/test" || status == 0 {
		return nil, errors.New("connection refused")
	}
	return &http.Response{StatusCode: status, Body: http.NoBody, Header: http.Header{"Location": {"https://elsewhere.example"}}, Request: q}, nil
}

func TestPing(t *testing.T) {
	for _, row := range []struct {
		statuses []int
		asked    int
		want     string
	}{
		{[]int{200}, 1, ""},
		{[]int{204}, 1, ""},
		{[]int{0, 500, 200}, 3, ""},
		{[]int{500, 0, 404}, 3, "ping ping.example.org: status 404"},
		{[]int{0, 0, 0}, 3, "ping ping.example.org: connection refused"},
		{[]int{302, 302, 302}, 3, "ping ping.example.org: status 302"},
	} {
		synctest.Test(t, func(t *testing.T) {
			start, answers := time.Now(), &roundTrip{statuses: row.statuses}
			err := web.Ping(t.Context(), answers, "https://ping.example.org/secret-token", "Standpoint/test")
			got := ""
			if err != nil {
				got = err.Error()
			}
			if got != row.want || answers.asked != row.asked || time.Since(start) > time.Minute {
				t.Errorf("%v: %q after %d tries and %v, want %q after %d", row.statuses, got, answers.asked, time.Since(start), row.want, row.asked)
			}
		})
	}
}

func TestPingEndsWithTheContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		start := time.Now()
		if err := web.Ping(ctx, &roundTrip{statuses: []int{0, 0, 0}}, "https://ping.example.org", "Standpoint/test"); err == nil || time.Since(start) > time.Second {
			t.Errorf("%v after %v", err, time.Since(start))
		}
	})
}
