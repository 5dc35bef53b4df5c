package pipeline_test

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"standpoint/digest"
	"standpoint/digest/mail"
	"standpoint/digest/pipeline"
	"standpoint/digest/store"
	"standpoint/digest/token"
)

// BenchmarkSend hands letters of an edition of about 27 KB over to a server
// in this process. "worker" is what a run does: four sessions and the whole
// ledger, a row on disk before and after each hand-over; "wishes" is the same where
// half of the readers wish another letter. "session" is one session
// without a ledger; "wire" is the least that can be done, the same bytes written
// on one connection by a client that thinks of nothing. Quote their ratios.
func BenchmarkSend(b *testing.B) {
	const readers = 5000
	for _, each := range []struct {
		name string
		send func(b *testing.B, w *world, sink *counter)
	}{
		{"wire", sendWire},
		{"session", sendSession},
		{"worker", sendWorker},
		{"wishes", sendWishes},
	} {
		b.Run(each.name, func(b *testing.B) {
			for b.Loop() {
				b.StopTimer()
				w, sink := sendWorld(b, readers), count(b)
				over(b, w, sink.port, 4)
				b.StartTimer()
				each.send(b, w, sink)
				if n := sink.letters.Load(); n != readers {
					b.Fatalf("%d letters for %d readers", n, readers)
				}
				b.ReportMetric(float64(sink.bytes.Load())/readers/1000, "KB/letter")
			}
			b.ReportMetric(float64(b.N*readers)/b.Elapsed().Seconds(), "letters/s")
		})
	}
}

// sendWorld has the pieces of a full week in its store.
func sendWorld(b *testing.B, readers int) *world {
	w := newWorld(b, readers, "one", "two", "three")
	keys, err := token.NewKeys(token.Key{ID: 1, Secret: bytes.Repeat([]byte{7}, token.SecretSize)})
	must(b, err)
	w.Keys = keys
	for i := range 7 {
		w.web.add([]string{"one", "two", "three"}[i%3], piece(fmt.Sprint("p", i), i+1))
	}
	w.gather(b)
	return w
}

func sendWorker(b *testing.B, w *world, _ *counter) {
	p := w.publish(b)
	wantCount(b, p, map[store.DeliveryState]int{store.Accepted: 5000})
}

// sendWishes is the worker's run where every other reader wishes something, one of
// as many letters as the pieces allow.
func sendWishes(b *testing.B, w *world, sink *counter) {
	b.StopTimer()
	for id := int64(1); id <= 5000; id += 2 {
		wish := digest.Wish{Outlets: []string{[]string{"ONE", "TWO", "THREE"}[id%3]}, Short: id%5 == 0}
		must(b, w.Store.Choose(b.Context(), id, "", wish))
	}
	b.StartTimer()
	sendWorker(b, w, sink)
}

// messages yields the letters that the worker would send.
func messages(b *testing.B, w *world, each func(*mail.Message)) {
	b.StopTimer()
	d, err := w.Draft(b.Context())
	must(b, err)
	c, err := w.Composer(d)
	must(b, err)
	b.StartTimer()
	for i := range 5000 {
		m, err := c.Message(w.Personal(mail.Recipient{ID: int64(i + 1), Address: fmt.Sprintf("reader%d@example.org", i)}))
		must(b, err)
		each(m)
	}
}

func sendSession(b *testing.B, w *world, _ *counter) {
	var session pipeline.Session
	messages(b, w, func(m *mail.Message) {
		var err error
		if session == nil {
			session, err = w.Carrier.Open(context.Background())
			must(b, err)
		}
		must(b, session.Send(context.Background(), m))
	})
	must(b, session.Close())
}

func sendWire(b *testing.B, w *world, sink *counter) {
	conn, err := net.Dial("tcp", fmt.Sprint("127.0.0.1:", sink.port))
	must(b, err)
	defer conn.Close()
	in, body := bufio.NewReader(conn), []byte(nil)
	ask := func(text []byte) {
		_, err := conn.Write(text)
		must(b, err)
		_, err = in.ReadSlice('\n')
		must(b, err)
	}
	ask(nil)
	ask([]byte("HELO localhost\r\n"))
	messages(b, w, func(m *mail.Message) {
		if body == nil { // one for all
			var text bytes.Buffer
			_, err := m.WriteTo(&text)
			must(b, err)
			body = append(text.Bytes(), "\r\n.\r\n"...)
		}
		ask([]byte("MAIL FROM:<digest@example.org>\r\n"))
		ask([]byte("RCPT TO:<reader@example.org>\r\n"))
		ask([]byte("DATA\r\n"))
		ask(body)
	})
}

// counter is the least of a mail server (RFC 5321): it takes all and counts.
type counter struct {
	port           int
	letters, bytes atomic.Int64
}

func count(b *testing.B) *counter {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	must(b, err)
	c := &counter{port: l.Addr().(*net.TCPAddr).Port}
	var all sync.WaitGroup
	all.Go(func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			all.Go(func() { defer conn.Close(); c.serve(conn) })
		}
	})
	b.Cleanup(func() { l.Close(); all.Wait() })
	return c
}

func (c *counter) serve(conn net.Conn) {
	in := bufio.NewReaderSize(conn, 64<<10)
	_ = conn.SetDeadline(time.Now().Add(5 * time.Minute))
	say := func(text string) { _, _ = io.WriteString(conn, text+"\r\n") }
	say("220 here")
	for {
		line, err := in.ReadSlice('\n')
		if err != nil {
			return
		}
		switch verb, _, _ := strings.Cut(strings.TrimSpace(string(line)), " "); strings.ToUpper(verb) {
		case "EHLO":
			say("250-here\r\n250-8BITMIME\r\n250-PIPELINING\r\n250 ENHANCEDSTATUSCODES")
		case "DATA":
			say("354 go on")
			for {
				line, err := in.ReadSlice('\n')
				if err != nil {
					return
				}
				if bytes.Equal(line, []byte(".\r\n")) {
					break
				}
				c.bytes.Add(int64(len(line)))
			}
			c.letters.Add(1)
			say("250 2.0.0 taken")
		case "QUIT":
			say("221 bye")
			return
		default:
			say("250 2.0.0 fine")
		}
	}
}
