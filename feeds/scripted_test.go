package feeds

import (
	"bufio"
	"context"
	"fmt"
	"net"
	"net/http"
	"testing"
	"time"
)

// scripted answers all connections of c by the handler, over pipes, so that in
// a synctest bubble no time passes but the script's. The handler writes the raw
// answer; the connection is closed when it returns.
func scripted(t *testing.T, c *Client, answer func(w net.Conn, r *http.Request)) {
	t.Helper()
	c.opts.Pause = 500 * time.Millisecond
	c.transport.DialContext = func(context.Context, string, string) (net.Conn, error) {
		client, server := net.Pipe()
		go func() {
			defer server.Close()
			r, err := http.ReadRequest(bufio.NewReader(server))
			if err == nil {
				answer(server, r)
			}
		}()
		return client, nil
	}
}

// reply writes a whole answer with the headers given as lines.
func reply(w net.Conn, status int, headers, body string) {
	fmt.Fprintf(w, "HTTP/1.1 %d X\r\nConnection: close\r\nContent-Length: %d\r\n%s\r\n%s", status, len(body), headers, body)
}
